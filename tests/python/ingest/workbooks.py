"""Writes small workbooks as Excel does, from rows of cells, and odd ones."""

import io
import zipfile
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES = [
    "General",
    "yyyy\\-mm\\-dd",
    "d/m/yy h:mm",
    "h:mm:ss",
    "[h]:mm",
    "0%",
    "00000",
]
GENERAL, DAY, MOMENT, CLOCK, ELAPSED, SHARE, ZEROS = range(len(STYLES))


class Raw(str):
    """XML of a cell as it is; `{r}` is its reference."""


def number(value: object, style: int = GENERAL) -> Raw:
    return Raw(f'<c r="{{r}}" s="{style}"><v>{value}</v></c>')


def error(value: str) -> Raw:
    return Raw(f'<c r="{{r}}" t="e"><v>{value}</v></c>')


def boolean(value: bool) -> Raw:
    return Raw(f'<c r="{{r}}" t="b"><v>{int(value)}</v></c>')


def formula(text: str, value: str = "") -> Raw:
    return Raw(f'<c r="{{r}}"><f>{escape(text)}</f>{value and f"<v>{value}</v>"}</c>')


def column(at: int) -> str:
    name = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(65 + rest) + name
    return name


class Book:
    """A workbook in the making."""

    def __init__(self, is_1904: bool = False, shares: bool = True) -> None:
        self._is_1904 = is_1904
        self._shares = shares
        self._sheets: list[tuple[str, str, str]] = []
        self._strings: dict[str, int] = {}

    def sheet(
        self, name: str, rows: list, state: str = "visible", **more: str
    ) -> "Book":
        """Add a sheet; a row that is None is left out, `more` adds XML."""
        written = []
        for n, row in enumerate(rows, 1):
            cells = "".join(
                self._cell(cell, f"{column(at)}{n}")
                for at, cell in enumerate(row or ())
                if cell is not None
            )
            if row is not None:
                written.append(f'<row r="{n}">{cells}</row>')
        xml = (
            f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}">'
            f"{more.get('before', '')}<sheetData>{''.join(written)}"
            f"{more.get('below', '')}</sheetData>{more.get('after', '')}</worksheet>"
        )
        self._sheets.append((name, state, xml))
        return self

    def _cell(self, cell: object, reference: str) -> str:
        if isinstance(cell, Raw):
            return cell.replace("{r}", reference)
        if isinstance(cell, int | float):
            return number(cell).replace("{r}", reference)
        if self._shares:
            at = self._strings.setdefault(str(cell), len(self._strings))
            return f'<c r="{reference}" t="s"><v>{at}</v></c>'
        text = f'<t xml:space="preserve">{escape(str(cell))}</t>'
        return f'<c r="{reference}" t="inlineStr"><is>{text}</is></c>'

    def content(self, **parts: str | bytes) -> bytes:
        """The file; `parts` replaces members, `__` stands for `/` and `.xml`."""
        sheets, links = "", ""
        members: dict[str, str | bytes] = {"[Content_Types].xml": "<Types/>"}
        for n, (name, state, xml) in enumerate(self._sheets, 1):
            sheets += (
                f'<sheet name={quoteattr(name)} sheetId="{n}" state="{state}" '
                f'r:id="rId{n}"/>'
            )
            links += (
                f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" '
                f'Target="worksheets/sheet{n}.xml"/>'
            )
            members[f"xl/worksheets/sheet{n}.xml"] = xml
        members["_rels/.rels"] = (
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
            f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
            "</Relationships>"
        )
        flag = ' date1904="1"' if self._is_1904 else ""
        members["xl/workbook.xml"] = (
            f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><workbookPr{flag}/>'
            f"<sheets>{sheets}</sheets></workbook>"
        )
        members["xl/_rels/workbook.xml.rels"] = (
            f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>'
        )
        members["xl/sharedStrings.xml"] = (
            f'<sst xmlns="{MAIN}">'
            + "".join(f"<si><t>{escape(text)}</t></si>" for text in self._strings)
            + "</sst>"
        )
        members["xl/styles.xml"] = (
            f'<styleSheet xmlns="{MAIN}"><numFmts>'
            + "".join(
                f'<numFmt numFmtId="{164 + n}" formatCode={quoteattr(code)}/>'
                for n, code in enumerate(STYLES)
            )
            + "</numFmts><cellXfs>"
            + "".join(f'<xf numFmtId="{164 + n}"/>' for n in range(len(STYLES)))
            + "</cellXfs></styleSheet>"
        )
        for name, content in parts.items():
            members[name.replace("__", "/") + ".xml"] = content
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        return file.getvalue()


def book(rows: list, **options) -> bytes:
    """A workbook of one sheet."""
    return Book(**options).sheet("Sheet1", rows).content()
