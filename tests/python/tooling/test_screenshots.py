"""The pictures of README and guides show the sample as it is."""

import json

import pytest

from scripts.settings import PROJECT
from tools.screenshots import FIGURES, IMAGES, PICTURES, figures, sample, served, shown


@pytest.mark.long
def test_the_pictures_have_the_figures_of_the_sample(parsed, tmp_path, monkeypatch):
    pictured = json.loads((IMAGES / FIGURES).read_text("utf-8"))
    monkeypatch.setenv("DBT_TARGET_PATH", str(parsed(tmp_path / "target")))
    monkeypatch.setenv("DBT_EXCLUDE_RESOURCE_TYPES", "test")  # half of the nodes
    with sample() as chosen:
        if all(picture.heading or not picture.path for picture in PICTURES.values()):
            found = shown(chosen)
        else:
            with served(chosen) as address:
                found = shown(chosen, address)
    for name, lines in found.items():
        assert len(lines) > 5, name
        assert pictured.get(name) == lines, f"{name}.png: run make screenshots"
    assert pictured.keys() == found.keys()


def test_every_picture_is_taken_and_used():
    used = "".join(
        path.read_text("utf-8")
        for path in (PROJECT / "README.md", *PROJECT.glob("docs/*.md"))
    )
    assert {path.stem for path in IMAGES.glob("*.png")} == PICTURES.keys()
    for name in PICTURES:
        assert f"images/{name}.png" in used


PAGE = """
<title>2025</title><p>Made in 2026<h2>Sales &amp; more</h2>
<style>p {width: 3px}</style><svg><text>17</text></svg>
<dl><dt>Deals won</dt><dd>1,200 <span>EUR</span></dd><dt>Lost</dt><dd>none</dd></dl>
<table><caption>By month</caption><tr><th>month</th><th>sum</th></tr>
<tr><td>2025-01</td><td>masked-12ab3c</td></tr></table>
<h2>Others</h2><ul><li>no figure</li><li>3 of 4</li></ul>
"""


def test_figures_are_what_people_read():
    of_sales = ["Deals won : 1,200 EUR", "2025-01 | masked"]
    assert figures(PAGE, "Sales & more") == of_sales
    assert figures(PAGE) == ["Made in 2026", *of_sales, "3 of 4"]
    with pytest.raises(KeyError):
        figures(PAGE, "Nothing")
