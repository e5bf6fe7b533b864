"""Words of rows that are no records: of totals, means and counts, and of footers.

What is in a first cell decides whether a row deserves a look at all; whether it is
no record depends on the rest of it (`totals`).
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

SUMS = (
    "grand total", "sub-?total", "sub total", "totals?", "total general",
    "total général", "totale", "totaal", "totaux", "sum", "sums", "summe", "gesamt",
    "gesamtsumme", "gesamtbetrag", "endsumme", "zwischensumme", "suma", "somma",
    "somme", "soma", "razem", "toplam", "yhteensä", "összesen", "итого", "всего",
    "合計", "小計", "总计", "總計",
    "report total", "page total", "overall total", "net total", "daily total",
    "monthly total", "sum total", "gesamtergebnis", "teilsumme", "insgesamt",
    "sous-?total", "sous total", "total global", "total general[e]?", "total geral",
    "totale generale", "totale complessivo", "subtotale", "totales", "subtotales",
    "sub-?totaal", "eindtotaal", "totalt", "i alt", "summa", "delsumma", "celkem",
    "spolu", "mezisoučet", "ukupno", "skupaj", "łącznie", "ogółem", "suma częściowa",
    "genel toplam", "ara toplam", "végösszeg", "общий итог", "промежуточный итог",
    "разом", "усього", "σύνολο", "합계", "총계", "소계", "総計", "总和", "合计", "小计",
    "المجموع", "tổng", "tổng cộng", "jumlah", "gesamttotal", "grand totals?",
    "sub-?totals?", "overall", "ergebnis", "teilergebnis", "total cumulé", "totalsumma",
)  # fmt: skip
MEANS = (
    "average", "avg", "mean", "median", "grand average", "durchschnitt", "mittelwert",
    "mittel", "moyenne", "promedio", "media", "média", "gemiddelde", "gennemsnit",
    "gjennomsnitt", "genomsnitt", "medel", "keskiarvo", "średnia", "průměr", "priemer",
    "átlag", "ortalama", "среднее", "середнє", "μέσος όρος", "平均", "평균",
)  # fmt: skip
COUNTS = (
    "count", "counts", "grand count", "row count", "record count", "number of records",
    "anzahl", "nombre", "recuento", "cuenta", "conteggio", "contagem", "aantal",
    "antal", "antall", "lukumäärä", "liczba", "počet", "darabszám", "sayı",
    "количество", "кількість", "件数", "개수", "计数", "数量",
)  # fmt: skip
EXTREMES = ("min", "max", "minimum", "maximum", "mín", "máx", "minimo", "massimo")
NOUNS = (
    "records?", "rows?", "entry", "entries", "items?", "results?", "lines?", "deals?",
    "opportunity", "opportunities", "opps?", "contacts?", "company", "companies",
    "accounts?", "organi[sz]ations?", "people", "persons?", "leads?", "activity",
    "activities", "sales?", "orders?", "invoices?", "payments?", "transactions?",
    "customers?", "products?", "stores?", "tasks?", "tickets?", "users?", "calls?",
    "datensatz", "datensätzen?", "datensaetze", "einträge", "eintrag",
    "zeilen?", "positionen", "kontakte?", "firmen", "aufträge", "verkäufe", "kunden",
    "produkte", "geschäfte", "treffer",
    "enregistrements?", "lignes?", "résultats?", "entrées?", "affaires?", "clients?",
    "entreprises?", "ventes?", "commandes?", "registros?", "filas?", "resultados?",
    "negocios?", "oportunidade?s?", "contactos?", "empresas?", "ventas?", "clientes?",
    "linhas?", "negócios?", "contatos?", "vendas?", "righe", "riga", "risultati",
    "elementi", "voci", "contatti", "aziende", "vendite", "regels?", "rijen",
    "resultaten", "contacten", "bedrijven", "poster", "rader", "rækker", "rekord",
    "rekord[óo]w", "rekordy", "wierszy", "wiersze", "záznamů", "záznamy", "řádků",
    "řádky", "запис[иь]", "записей", "строк[аи]?", "сделок", "сделки", "записів",
    "рядків", "件", "行", "条", "條", "筆", "건", "개", "행", "kayıt", "satır", "sor",
    "rekord", "tietuetta", "riviä", "γραμμές", "εγγραφές", "รายการ", "bản ghi", "baris",
)  # fmt: skip
"""What the records of a report are called where they are counted: `2 deals`."""
SIGN = 3
"""Characters of the first value of a line by which others are left alone."""

_WORD = re.compile(r"[^\W\d_]+")
_ALL = (*SUMS, *MEANS, *COUNTS, *EXTREMES)


def _either(words: Sequence[str]) -> str:
    return "(?i:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


MONEY = r"(?:[A-Z]{3}|(?i:s?fr|kr|zł|kč|ft|rs|lei)\.?|(?:US|[ACR]|NZ|HK)?[^\w\s])"
_OF = r"(?:for|of|per|on|für|vom|pour|del?)\s.{1,60}|net|gross|netto|brutto"
_COUNT = r"[:=]?\s*[-+]?\d[\d.,'’\s\u00a0\u202f]*(?:\s?[^\W\d_]{1,12}){0,2}"
_SCOPE = rf"\(\d+[^)]*\)|\(?{MONEY}\)?|{_COUNT}|{_OF}"
DRESS = " \t\r\n\u00a0'\"*_=~#|<>«»[]–—-.:"
"""What words for totals are set in, such as `*Total*` or `--- Total ---`."""
_LABELS = {
    kind: re.compile(rf"{_either(words)}\s*:?\s*(?:{_SCOPE})?\s*:?")
    for kind, words in
    {"sum": SUMS, "mean": MEANS, "count": COUNTS, "extreme": EXTREMES}.items()
}  # fmt: skip
_NUMBER = r"(?P<number>\d[\d.,'’\u00a0\u202f ]*)"
_NOUN = _either(NOUNS)
_HOW_MANY = _either((
    "number of", "no\\. of", "# of", "count of", "total", "total number of", "sum of",
    "anzahl(?: der)?", "nombre (?:de|d')", "n[uú]mero d[ei]", "total d[ei]", "aantal",
    "liczba", "počet", "количество", "antal", "antall", "gesamtzahl(?: der)?",
))  # fmt: skip
_IN_ALL = _either((
    "in total", "total", "found", "selected", "exported", "listed", "returned",
    "affected", "displayed", "insgesamt", "gesamt", "gefunden", "au total", "en total",
    "trouvée?s", "encontrad[oa]s", "in totale", "in totaal", "łącznie", "no total",
))  # fmt: skip
_COUNTED = (
    re.compile(
        rf"(?:(?i:showing|total|total of|insgesamt|en tout|exported)\s*:?\s*)?"
        rf"{_NUMBER}\s*{_NOUN}(?:\(s\))?(?:\s+{_IN_ALL})?"
    ),
    re.compile(rf"(?:{_HOW_MANY}\s+)?{_NOUN}(?:\s+count)?\s*[:=]\s*{_NUMBER}"),
)
_HOW_MANY_OF = re.compile(rf"{_HOW_MANY}\s+{_NOUN}\s*:?|{_NOUN}\s+(?i:count)\s*:?")
_ANY_NOUN = re.compile(rf"{_NUMBER}\s?[^\W\d_]{{2,15}}(?:\s[^\W\d_]{{2,15}})?")
_IN_BRACKETS = re.compile(rf"\(\s*{_NUMBER}\s*(?:{_NOUN}|[^\W\d_]{{1,15}})?\s*\)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_HEADING = re.compile(
    r"(?:(?P<title>[^():]{1,60}):\s+)?(?P<name>\S.{0,200}?)\s*"
    rf"(?:\(\s*{_NUMBER}\s*(?:(?P<noun>{_NOUN}(?:\(s\))?)|[^\W\d_]{{1,15}})?\s*\)"
    rf"|[:–—-]\s+{_NUMBER.replace('number', 'of')}\s*(?P<nouns>{_NOUN}))",
    re.DOTALL,
)
"""What reports write above a group: `Sam Seller (2 records)`."""
_TAIL = re.compile(
    r"(?P<of>.{1,60}?)[\s:–-]+(?i:sub-?total|totale?|totaal|ergebnis|summe)",
    re.DOTALL,
)
"""What spreadsheets write below a group: `North Total`."""
TAILS = (" total", " totale", " totaal", " ergebnis", " summe")

_BY = {
    "generated": "by|on|at|from|with|via", "created": "by|on|with", "produced": "by|on",
    "exported": "by|on|from|at", "printed": "by|on|at", "prepared": "by|for",
    "downloaded": "by|on|from", "run": "by|on|date", "report": (
        "generated|created|run|exported|printed|date|name|id|by|period|filters?|as of"
    ), "erstellt": "von|am|durch|mit", "exportiert": "von|am|aus", "gedruckt": "von|am",
    "généré": "par|le", "exporté": "par|le|de", "imprimé": "par|le", "créé": "par|le",
    "generado": "por|el|en", "exportado": "por|el|en|em", "gerado": "por|em",
    "impreso": "por|el", "creado": "por|el", "generato": "da|il", "esportato": "da|il",
    "stampato": "da|il", "gegenereerd": "door|op", "geëxporteerd": "door|op",
    "wygenerowano": "przez|w|dnia", "wygenerowane": "przez|dnia", "genererad": "av|den",
    "genereret": "af|den", "generert": "av|den", "vygenerováno": "dne|v",
    "сформировано": ".*", "создано": ".*", "сгенерировано": ".*", "出力日": ".*",
    "作成日": ".*", "作成者": ".*", "生成时间": ".*", "导出时间": ".*", "생성일": ".*",
}  # fmt: skip
_WHEN = re.compile("|".join(rf"(?i:{word}\s?(?:{by}))\b" for word, by in _BY.items()))
"""What says who or what made a report, and when; the name may be in the next cell."""
_ASIDE = r"\s*(?:[^\w\s].*)?"
_SAID = (
    r"(?:strictly |company |private and |private & )?confidential"
    rf"(?: information| data| report| document| and proprietary.*)?{_ASIDE}",
    rf"(?:streng |strikt )?vertraulich(?:e informationen)?{_ASIDE}",
    rf"(?:strictement )?confidentiel(?:le)?s?{_ASIDE}",
    rf"(?:informaci[oó]n |estrictamente )?confidencial{_ASIDE}",
    rf"(?:strettamente )?riservato{_ASIDE}", rf"(?:strikt )?vertrouwelijk{_ASIDE}",
    rf"(?:poufne|конфиденциально|конфіденційно){_ASIDE}",
    "机密.*", "機密.*", "대외비.*",
    r"(?:copyright\W*)?(?:©|\(c\))\s*(?:copyright\s*)?(?:\d{4}|\w).*",
    r"copyright\W{1,3}\d{4}.*", r".*\ball rights reserved\.?.*",
    r".*alle rechte vorbehalten.*", r".*tous droits réservés.*",
    r".*todos los derechos reservados.*", r".*todos os direitos reservados.*",
    r".*tutti i diritti riservati.*", r".*alle rechten voorbehouden.*",
    r"(?:page|seite|página|pagina|strona|strana|sida|side|sivu|страница)\s*\d+"
    r"(?:\s*(?:of|/|von|de|di|van|z|av|af|из)\s*\d+)?",
    r"第?\d+(?:/\d+)?\s*(?:页|頁|ページ)",
    r"end of (?:report|file|document|list|data|export)\W*", r"eof",
    r"ende (?:des berichts|der liste|der datei)\W*",
    r"fin (?:du rapport|del informe|du fichier|del archivo)\W*",
    r"fine (?:del rapporto|report)\W*", r"einde (?:rapport|lijst)\W*",
    r"do not (?:distribute|copy|share|forward).*",
    r"(?:for )?internal use only\W*", r"nur für den internen gebrauch\W*",
)  # fmt: skip
_FOOTER = re.compile("(?is)" + "|".join(f"(?:{said})" for said in _SAID))
_FOOTER_BEGINS = (
    *_BY, "confidential", "strictly", "company conf", "private", "vertraulich",
    "streng", "strikt", "confidentiel", "strictement", "confidencial", "información",
    "informacion", "estrictamente", "riservato", "strettamente", "vertrouwelijk",
    "poufne", "конфиденциально", "конфіденційно", "机密", "機密", "대외비", "copyright",
    "(c)", "© 1", "© 2", "© c", "©19", "©20", "all rights",
    "alle recht", "tous droits", "todos ", "tutti ", "page",
    "seite", "página", "pagina", "strona", "strana", "sida", "side", "sivu", "страница",
    "end of", "eof", "ende ", "fin d", "fine ", "einde", "do not", "for internal",
    "internal use", "nur für",
)  # fmt: skip

WHITE = " \t\r\n\v\f\u00a0\u2007\u202f\u3000\u200b\u2060\ufeff"


def _forms(pattern: str) -> set[str]:
    """Texts with which what matches a simple pattern may begin, and end."""
    pattern = re.sub(r"\[(.).*?\]\??", r"\1", pattern)
    return {
        re.sub(r"-\?|.\?", "", pattern),
        pattern.replace("?", ""),
        pattern.replace("-?", " ").replace("?", ""),
    }


_FIRST_WORDS = {
    found[0] for word in _ALL for form in _forms(word) if (found := _WORD.match(form))
}


def _cases(text: str) -> tuple[str, str, str]:
    return text.lower(), text.capitalize(), text.upper()


def _noun_ends() -> Iterator[str]:
    for noun in NOUNS:
        for form in _forms(noun):
            for text in _cases(f" {form}"):
                for dress in ("", ".", ")", " ", ":"):
                    yield (text + dress)[-SIGN:]
        if len(noun) == 1:  # `12件`
            for n in range(100):
                yield from (f"{n:02}{noun}", f"{n % 10} {noun}", f"{n % 10}{noun}")
    for n in range(10):  # `Sam Seller (2)`
        yield from (f"({n})", f" {n})", *(f"{ten}{n})" for ten in range(10)))
    for end in ("found", "total", "selected", "exported", "listed", "insgesamt"):
        yield from (end[-SIGN:], end.upper()[-SIGN:])


ENDS = frozenset(
    (form + dress)[-SIGN:]
    for tail in TAILS
    for form in (tail, tail.upper())
    for dress in ("", " ", ":", ": ", " :", "*", "**")
) | frozenset(_noun_ends())
"""What first values of lines end with, so that the lines deserve a look."""


def _signs() -> Iterator[str]:
    for word in (*_ALL, *_FOOTER_BEGINS):
        begin = word.replace("-?", "")[:SIGN]
        for text in _cases(begin):
            yield text
            for mark in DRESS:
                yield mark + text[: SIGN - 1]
                yield 2 * mark + text[: SIGN - 2]
                yield 3 * mark
    yield ""
    for one in WHITE:
        yield one
        for two in WHITE:
            yield one + two
            yield from (one + two + three for three in (*WHITE, *DRESS))


SIGNS = frozenset(_signs())


def is_blank(row: Sequence[str | None]) -> bool:
    """Whether no cell of the row holds anything but blanks."""
    return not any(cell and cell.strip(WHITE) for cell in row)


def is_suspect(cell: str | None) -> bool:
    """Whether a row in whose first or key column this is deserves a look."""
    if not cell or cell[:SIGN] in SIGNS:
        return True
    return cell[-SIGN:] in ENDS and may_be_one(cell)


def has_word(row: Sequence[str | None]) -> bool:
    """Whether a row without a first value has the word of a row that is no record."""
    if (row[0] or "").strip(WHITE):
        return False
    return any(
        cell and cell[:SIGN] in SIGNS and cell.strip(WHITE) and may_be_one(cell)
        for cell in row
    )


def may_be_one(cell: str) -> bool:
    """Whether a cell may be the word of a row that is no record."""
    text = cell.strip(DRESS)
    word = _WORD.match(text)
    if word and word[0].lower() in _FIRST_WORDS and kind_of(text) is not None:
        return True
    if text.lower().endswith(TAILS) or is_footer(cell) or makes(cell):
        return True
    return kind_of(text) in ("counted", "count") or heading(cell) is not None


def kind_of(cell: str) -> str | None:
    """What a word says of the records: sum, mean, count, extreme, tail, counted."""
    text = cell.strip(DRESS)
    if counted(text) is not None:
        return "counted"
    for kind, pattern in _LABELS.items():
        if pattern.fullmatch(text):
            return kind
    if _HOW_MANY_OF.fullmatch(text):
        return "count"
    return "tail" if _TAIL.fullmatch(text) else None


def counted(cell: str) -> str | None:
    """The number of records in a text such as `2 deals` or `Rows: 2`."""
    text = cell.strip(DRESS + "()")
    found = filter(None, (pattern.fullmatch(text) for pattern in _COUNTED))
    return next((match["number"] for match in found), None)


class Heading(NamedTuple):
    """What a text above a group of records says."""

    name: str
    """Of the group, without the title of the column and the count."""
    is_sure: bool
    """Whether a word for records is beside their number."""


def heading(cell: str) -> Heading | None:
    """The group that a text such as `Owner: Sam Seller (2 records)` heads."""
    found = _HEADING.fullmatch(cell.strip())
    if found is None or kind_of(cell) or kind_of(found["name"]):
        return None
    is_sure = bool(found["noun"] or found["nouns"])
    if not is_sure and _YEAR.fullmatch(found["number"].strip()):
        return None
    return Heading(found["name"], is_sure)


def perhaps_counted(cell: str) -> str | None:
    """The number in a text such as `2 cases`, whatever is counted."""
    found = _ANY_NOUN.fullmatch(cell.strip(DRESS + "()"))
    return found and found["number"]


def count_said(cell: str) -> str | None:
    """The number of records that a word for totals gives besides: `Total (12)`."""
    number = counted(cell)
    if number is None and (found := _IN_BRACKETS.search(cell)):
        number = found["number"]
    return None if number is None or _YEAR.fullmatch(number) else number


def stem(cell: str) -> str:
    """Of which group a text such as `North Total` says the total."""
    found = _TAIL.fullmatch(cell.strip(DRESS))
    return plain(found["of"]) if found else ""


def plain(cell: str | None) -> str:
    """A cell without what it is set in, in small letters."""
    return (cell or "").strip(DRESS).casefold()


def is_footer(cell: str) -> bool:
    """Whether a text that is alone in its row is one of what reports end with."""
    text = cell.strip(WHITE + "*=_~#-–—\"'")
    if not text:
        return False
    return bool(_FOOTER.fullmatch(text) or _WHEN.match(text))


def makes(cell: str) -> bool:
    """Whether a text is the name of what the next cell says of the report."""
    return bool(_WHEN.fullmatch(cell.strip(DRESS)))
