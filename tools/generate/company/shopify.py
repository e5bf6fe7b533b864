"""The Shopify shop: a row per line of an order, what all share on its first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from tools.generate.company.catalogue import PRODUCTS
from tools.generate.company.headers import SHOPIFY
from tools.generate.company.shop import Order, Shop, sku
from tools.generate.company.truth import START, Person

NAMES = ("orders", "customers", "products", "transactions")
FILES = {
    "orders": "orders_export_1.csv",
    "customers": "customers_export.csv",
    "products": "products_export.csv",
    "transactions": "transactions_export_1.csv",
}
Row = dict[str, object]
SHOP_ZONE = {True: ("-0400", -4), False: ("-0500", -5)}
"""Offset in summer and in winter."""


def headers(name: str) -> list[str]:
    """Headers of an export."""
    return SHOPIFY[name]


def rows(shop: Shop, name: str, moment: datetime, since: datetime) -> Iterator[Row]:
    """The records of an export at a moment; orders are those changed since another."""
    if name == "customers":
        yield from _customers(shop, moment)
    elif name == "products":
        yield from _products()
    else:
        write = _order if name == "orders" else _transactions
        for order in shop.orders:
            if order.at <= moment and order.changed(moment) > since:
                yield from write(order, moment)


def order_id(order: Order) -> str:
    """The long number of an order."""
    return str(6_200_100_000_000 + (order.number - 1000) * 7_919)


def customer_id(person: Person) -> str:
    """The long number of a customer."""
    return str(7_310_400_000_000 + person.number * 97)


def _money(cents: int) -> str:
    return f"{cents / 100:.2f}"


def _time(moment: datetime) -> str:
    """A moment of UTC by the shop's clock, an hour later in summer."""
    spring, autumn = _sunday(moment.year, 3, 2), _sunday(moment.year, 11, 1)
    offset, hours = SHOP_ZONE[spring <= moment < autumn]
    return f"{moment + timedelta(hours=hours):%Y-%m-%d %H:%M:%S} {offset}"


def _sunday(year: int, month: int, which: int) -> datetime:
    """The hour of UTC at which the clocks change on a Sunday of a month."""
    first = datetime(year, month, 1)
    days = (6 - first.weekday()) % 7 + 7 * (which - 1)
    return first + timedelta(days=days, hours=7 if month == 3 else 6)


def _statuses(order: Order, moment: datetime) -> tuple[str, str]:
    """Financial status and fulfilment."""
    back = order.refunded(moment)
    if order.is_authorised_only:
        return "authorized", "unfulfilled"
    if not order.is_paid(moment):
        gone = order.cancelled_at is not None and order.cancelled_at <= moment
        return ("voided", "unfulfilled") if gone else ("pending", "unfulfilled")
    if back == order.total:
        return "refunded", "restocked" if order.cancelled_at else "fulfilled"
    return ("partially_refunded" if back else "paid"), "fulfilled"


def _order(order: Order, moment: datetime) -> Iterator[Row]:
    person, paid = order.person, order.is_paid(moment)
    financial, fulfilment = _statuses(order, moment)
    cancelled = order.cancelled_at and order.cancelled_at <= moment
    reference = f"c{31_000_000 + order.number}.1" if paid else ""
    whole: Row = {
        "Financial Status": financial,
        "Paid at": _time(order.paid_at) if order.paid_at and paid else "",
        "Fulfillment Status": fulfilment,
        "Accepts Marketing": ("yes", "no")[person.number % 2],
        "Currency": order.currency,
        "Subtotal": _money(order.subtotal),
        "Shipping": _money(order.shipping),
        "Taxes": _money(order.tax),
        "Total": _money(order.total),
        "Discount Code": "SPRING10" if order.discount else "",
        "Discount Amount": _money(order.discount),
        "Shipping Method": "Standard",
        "Billing Name": person.name,
        "Billing Company": _company(person),
        "Billing Zip": f"'{10_000 + person.number % 9_000:05}",
        "Billing Country": person.country,
        "Shipping Name": person.name,
        "Shipping Country": person.country,
        "Cancelled at": (
            _time(order.cancelled_at) if order.cancelled_at and cancelled else ""
        ),
        "Payment Method": order.gateway,
        "Payment Reference": reference,
        "Refunded Amount": _money(order.refunded(moment)),
        "Outstanding Balance": _money(0 if paid or cancelled else order.total),
        "Id": order_id(order),
        "Tags": "wholesale, sensors" if person.account else "",
        "Risk Level": "Low",
        "Source": ("web", "shopify_draft_order")[order.number % 5 == 0],
        "Payment ID": reference,
    }
    for place, item in enumerate(order.items):
        yield {
            "Name": f"#{order.number}",
            "Email": person.email,
            **(whole if place == 0 else {}),
            "Created at": _time(order.at),
            "Lineitem quantity": item.quantity,
            "Lineitem name": item.name,
            "Lineitem price": _money(item.cents),
            "Lineitem sku": item.sku,
            "Lineitem requires shipping": "true",
            "Lineitem taxable": "true",
            "Lineitem fulfillment status": fulfilment,
            "Vendor": "Sensors",
            "Lineitem discount": "0.00",
        }


def _transactions(order: Order, moment: datetime) -> Iterator[Row]:
    """Each movement of money; a later export repeats those of its orders."""
    found: list[tuple[str, datetime, int]] = []
    is_held = order.is_authorised_only or (not order.paid_at and order.cancelled_at)
    if is_held:
        found.append(("authorization", order.at, order.total))
    if order.cancelled_at and not order.paid_at:
        found.append(("void", order.cancelled_at, order.total))
    if order.paid_at:
        found.append(("sale", order.paid_at, order.total))
    found += [("refund", refund.at, refund.cents) for refund in order.refunds]
    gateways = {"Shopify Payments": "shopify_payments", "Stripe": "stripe"}
    for kind, at, cents in found:
        if at <= moment:
            yield {
                "Order": order_id(order),
                "Name": f"#{order.number}",
                "Kind": kind,
                "Gateway": gateways.get(order.gateway, "manual"),
                "Created At": _time(at),
                "Status": "success",
                "Amount": _money(cents),
                "Currency": order.currency,
            }


def _customers(shop: Shop, moment: datetime) -> Iterator[Row]:
    spent: dict[str, list[Order]] = {}
    for order in shop.orders:
        if order.at <= moment and not order.cancelled_at:
            spent.setdefault(order.person.email, []).append(order)
    for person in shop.customers:
        if person.created > moment:
            continue
        orders = spent.get(person.email, [])
        total = sum(
            order.total - order.refunded(moment)
            for order in orders
            if order.is_paid(moment)
        )
        yield {
            "Customer ID": f"'{customer_id(person)}",
            "First Name": person.first,
            "Last Name": person.last,
            "Email": person.email,
            "Accepts Email Marketing": ("yes", "no")[person.number % 2],
            "Default Address Company": _company(person),
            "Default Address Country Code": person.country,
            "Default Address Zip": f"'{10_000 + person.number % 9_000:05}",
            "Phone": f"'{person.phone}" if person.phone.startswith("+") else "",
            "Accepts SMS Marketing": "no",
            "Total Spent": _money(total),
            "Total Orders": len(orders),
            "Note": "Prefers mail,\nnot phone" if person.number % 8 == 0 else "",
            "Tax Exempt": "no",
            "Tags": "vip" if total > 200_000 else "",
        }


def _company(person: Person) -> str:
    """The firm as the person writes it, a quarter of them in full."""
    firm = person.account
    if firm is None:
        return ""
    return f"{firm.name} {firm.legal_form}" if person.number % 4 == 2 else firm.name


def _products() -> Iterator[Row]:
    """A row per variant, and one for a further image."""
    for handle, title, kind, variants in PRODUCTS:
        for place, (variant, cents) in enumerate(variants):
            first: Row = {
                "Title": title,
                "Body (HTML)": f'<p>{title}, "made here"</p>',
                "Vendor": "Sensors",
                "Type": kind,
                "Published": "true",
                "Option1 Name": "Kind",
                "Gift Card": str(handle == "gift-card").lower(),
                "Status": "active",
            }
            yield {
                "Handle": handle,
                **(first if place == 0 else {}),
                "Option1 Value": variant,
                "Variant SKU": sku(handle, place),
                "Variant Price": _money(cents),
                "Variant Requires Shipping": "true",
                "Image Src": f"https://cdn.example/{handle}-{place}.jpg",
                "Image Position": place + 1,
                "Cost per item": _money(cents * 4 // 10),
            }
        yield {
            "Handle": handle,
            "Image Src": f"https://cdn.example/{handle}-box.jpg",
            "Image Position": len(variants) + 1,
        }


BEGINNING = START - timedelta(days=1)
"""Before every order."""
