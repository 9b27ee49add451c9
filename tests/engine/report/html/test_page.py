"""The page itself: one file that asks nobody, runs nothing but its own script, and is the same each time."""

import base64
import hashlib
import os
import re
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.finding import Finding
from scanner.report.html import assets, write
from scanner.report.html.assets import SCRIPTS
from tests.effort import effort
from tests.engine.report.hostile import findings
from tests.engine.report.html.reading import PACKED, Page, page_of, unpacked
from tests.engine.report.sample import report_of, sample

RENEW = "OURSIDE_RENEW_GOLDEN"
GOLDEN = Path(__file__).parent / "golden" / "sample.html"
TAGS = (
    "html head meta title link style body a header div p svg rect path circle span h1 h2 h3 nav ul li main section "
    "strong b small code table caption thead tbody tr th td details summary dl dt dd noscript footer script"
)
ATTRIBUTES = (
    "lang charset http-equiv content name rel href class id aria-label aria-labelledby aria-hidden role tabindex title "
    "scope colspan rowspan viewbox width height x y rx d cx cy r type data-title open"
)


def data_free(page: Page) -> None:
    """Every element and attribute is one of ours, and every address leads into the page."""
    assert page.problems == []
    assert page.open == []
    assert {element.tag for element in page.elements} <= set(TAGS.split())
    assert {name for element in page.elements for name in element.attributes} <= set(ATTRIBUTES.split())
    for element in page.elements:
        address = element.attributes.get("href")
        if address is not None:
            assert address.startswith("data:image/svg+xml," if element.tag == "link" else "#"), address
    assert [each.attributes for each in page.of("script") if "type" not in each.attributes] == [{}]
    assert {each.attributes.get("type") for each in page.of("script")} <= {None, "application/json", PACKED}


def test_the_page_is_whole_and_asks_nobody() -> None:
    page = page_of(sample())
    data_free(page)
    assert "url(" not in assets.style() and "@import" not in assets.style()


@settings(max_examples=effort(25))
@given(st.lists(findings(), min_size=1, max_size=8))
def test_no_text_of_a_finding_becomes_an_element_or_an_address(given_findings: list[Finding]) -> None:
    data_free(page_of(report_of(given_findings)))


def test_the_policy_lets_run_what_is_in_the_page_and_nothing_else() -> None:
    page = page_of(sample())
    (policy,) = page.of("meta", **{"http-equiv": "Content-Security-Policy"})
    rules = dict(rule.split(" ", 1) for rule in (policy.attributes["content"] or "").split("; "))
    (style,) = page.of("style")
    (script,) = [each for each in page.of("script") if not each.attributes]

    def digest(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    assert rules == {
        "default-src": "'none'",
        "script-src": digest(script.text),
        "style-src": digest(style.text),
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    heads = [element.tag for element in page.elements if element.parents == ("html", "head")]
    assert heads.index("meta") < heads.index("style")
    assert "style" not in {name for element in page.elements for name in element.attributes}


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_script_makes_no_markup_of_text(name: str) -> None:
    text = (files("scanner.report.html") / "script" / f"{name}.js").read_text("utf-8")
    for forbidden in (
        "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "createContextualFragment",
        "setHTML", "srcdoc", "eval(", "new Function", "javascript:", "import(", "fetch(", "XMLHttpRequest", "WebSocket",
        "sendBeacon", "localStorage", "</script", "<!--",
    ):  # fmt: skip
        assert forbidden not in text, f"{name}.js: {forbidden}"
    assert len(text.splitlines()) <= 250


def test_all_files_of_the_script_and_the_style_are_in_the_page() -> None:
    folder = files("scanner.report.html")
    scripts = {each.name for each in (folder / "script").iterdir()}
    styles = {each.name for each in (folder / "style").iterdir()}
    assert scripts == {f"{name}.js" for name in SCRIPTS}
    assert styles == {f"{name}.css" for name in assets.STYLES}


def test_only_two_doors_set_an_address() -> None:
    """A link is made inside the page, or to a page that a check or the model names; a download is the third."""
    text = assets.script()
    assert len(re.findall(r"href", text)) == 3
    assert text.count('setAttribute("href", `#${address}`)') == 1
    assert text.count('setAttribute("href", url)') == 1
    assert text.count("link.href = url;") == 1


def test_the_same_report_is_the_same_page() -> None:
    assert "".join(write(sample())) == "".join(write(sample()))


def test_an_empty_report_is_a_page() -> None:
    page = page_of(report_of([]))
    data_free(page)
    assert page.island("facts")["findings"] == 0
    assert "was decided: nothing" not in page.of("main")[0].words
    assert not page.of("script", **{"class": "listed"})


def test_the_page_is_what_it_was() -> None:
    """Without its style and script, which have tests and files of their own, and unpacked."""
    text = "".join(write(sample())).replace(assets.style(), "STYLE").replace(assets.script(), "SCRIPT")
    text = re.sub(f'(<script type="{PACKED}"[^>]*>)([^<]+)', lambda packed: packed[1] + unpacked(packed[2]), text)
    text = re.sub(r"'sha256-[^']+'|&#39;sha256-.*?&#39;", "DIGEST", text)
    if os.environ.get(RENEW):
        GOLDEN.write_text(text, encoding="utf-8", newline="\n")
    kept = GOLDEN.read_bytes().decode("utf-8")
    assert text == kept, f"the page has changed. If that is meant: {RENEW}=1 pytest {Path(__file__).name}, and git diff"
