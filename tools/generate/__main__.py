"""Write sample deliveries: `python -m tools.generate --out DIR`."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from scripts.arguments import whole_number
from scripts.command import command
from tools.generate.company.enquiries import called
from tools.generate.company.files import SYSTEMS
from tools.generate.company.files import write as write_company
from tools.generate.company.identities import identities
from tools.generate.company.truth import Company
from tools.generate.deliveries import deliveries
from tools.generate.dirt import Fault
from tools.generate.files import write
from tools.generate.leads import DAYS, Leads
from tools.generate.leads import write as write_leads
from tools.generate.registers import write_registers
from tools.generate.sales import LAST_DAY, Shop
from tools.generate.sales_files import DAYS as SALES_DAYS
from tools.generate.sales_files import write as write_sales


@command("generate")
def main(arguments: list[str] | None = None) -> int:
    """Write the chosen deliveries into DIR/<source>; return the exit code."""
    options = _parser().parse_args(arguments)
    faults: list[Fault] = []
    for path in _written(options, faults):
        print(path)
    if options.faults:
        _write_faults(options.faults, faults)
    return 0


def _written(options: argparse.Namespace, faults: list[Fault]) -> Iterator[Path]:
    """Write source by source; the faults of the CRM's records are noted."""
    for delivery in deliveries(
        options.deliveries,
        options.scale,
        options.seed,
        options.dirt,
        options.delta,
        options.twice,
    ):
        faults += delivery.faults
        yield from write(delivery, options.out / "crm")
    company = Company(options.seed, options.company) if options.company else None
    leads = None
    if options.leads:
        known = called(company) if company else ()
        leads = Leads(options.seed, options.leads, options.days, known)
        yield from write_leads(leads, options.out / "leads")
    if options.registers:
        folder = options.out / "prospects"
        yield from write_registers(
            folder, options.registers, options.deliveries, options.seed
        )
    if company:
        yield from write_company(
            company, options.out, min(options.deliveries, 2), options.systems
        )
        if options.truth:
            _write_truth(options.truth, company, leads)
    if options.sales:
        yield from write_sales(
            Shop(options.seed, max(1, options.sales // 20)),
            options.out / "sales",
            options.sales,
            dirt=options.dirt,
            days=options.sales_days,
            by=options.by,
            fewer=options.fewer,
            extra=options.extra,
        )


def _write_faults(path: Path, faults: list[Fault]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(Fault.__dataclass_fields__))
        writer.writeheader()
        writer.writerows(map(asdict, faults))


def _write_truth(path: Path, company: Company, leads: Leads | None) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("kind", "number", "system", "record_id"))
        writer.writerows(identities(company, leads))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.generate",
        description="Write exports of a CRM, daily lists of leads and sales of shops, "
        "made of fictional people and companies; also those of HubSpot, Salesforce, "
        "Shopify, Stripe, Typeform and Meta.",
    )
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="inbox to write to"
    )
    parser.add_argument(
        "--scale",
        type=_positive,
        default=1,
        metavar="N",
        help="times 100 companies, 500 contacts, 200 opportunities and "
        "1,000 activities (default: 1)",
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="S", help="equal seeds, equal files"
    )
    parser.add_argument(
        "--dirt",
        type=_share,
        default=0.03,
        metavar="RATE",
        help="share of records with one fault each (default: 0.03)",
    )
    parser.add_argument(
        "--deliveries",
        type=whole_number(1),
        default=1,
        metavar="N",
        help="number of deliveries, the later ones with new, changed, "
        "unchanged and stale rows (default: 1)",
    )
    parser.add_argument(
        "--delta",
        type=_share,
        default=0.05,
        metavar="RATE",
        help="size of a later delivery as a share of the first (default: 0.05)",
    )
    parser.add_argument(
        "--twice",
        type=_share,
        default=0,
        metavar="RATE",
        help="share of companies and contacts that are entered a second time, "
        "a little otherwise (default: 0)",
    )
    parser.add_argument(
        "--registers",
        type=whole_number(1),
        metavar="N",
        help="also write registers of prospects to DIR/prospects, N rows each, a "
        "tenth of them changed with each delivery",
    )
    parser.add_argument(
        "--faults",
        type=Path,
        metavar="FILE",
        help="list the faults of the CRM's records in a CSV file",
    )
    parser.add_argument(
        "--leads",
        type=whole_number(0),
        default=0,
        metavar="N",
        help="write daily lists of about N leads, too (real ones: 3,700)",
    )
    parser.add_argument(
        "--days",
        type=whole_number(1),
        default=DAYS,
        metavar="N",
        help=f"number of daily lists (default: {DAYS})",
    )
    company = parser.add_argument_group("a company's HubSpot, Salesforce, ...")
    company.add_argument(
        "--company",
        type=_positive,
        metavar="N",
        help="also write what one company exports, N times about 2,000 records; of "
        "two deliveries the second a week later; some are among the --leads",
    )
    company.add_argument(
        "--systems",
        nargs="+",
        choices=SYSTEMS,
        default=SYSTEMS,
        metavar="SYSTEM",
        help=f"its systems (default: all of {', '.join(SYSTEMS)})",
    )
    company.add_argument(
        "--truth",
        type=Path,
        metavar="FILE",
        help="list in a CSV file which records are of one person or organisation",
    )
    sales = parser.add_argument_group("sales")
    sales.add_argument(
        "--sales",
        type=whole_number(0),
        default=0,
        metavar="N",
        help="write N sales and what they refer to, too",
    )
    sales.add_argument(
        "--sales-days",
        type=whole_number(1),
        default=SALES_DAYS,
        metavar="N",
        help=f"days they are spread over, up to {LAST_DAY} (default: {SALES_DAYS})",
    )
    sales.add_argument(
        "--by",
        choices=("day", "month"),
        default="month",
        help="what a file holds (default: month)",
    )
    sales.add_argument(
        "--fewer",
        type=whole_number(0),
        default=0,
        metavar="N",
        help="files that lack a mandatory column and are refused (default: 0)",
    )
    sales.add_argument(
        "--extra",
        type=whole_number(0),
        default=0,
        metavar="N",
        help="files with a column that nobody declared (default: 0)",
    )
    return parser


def _positive(text: str) -> float:
    value = float(text)
    if value <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not greater than 0")
    return value


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return value


if __name__ == "__main__":
    sys.exit(main())
