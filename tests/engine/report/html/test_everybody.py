"""The page for everybody: read aloud, with the keyboard alone, in light and dark, wide and narrow."""

import importlib.resources
from typing import Any

import pytest

from tests.engine.report.html.browsing import NARROW, WIDE, Visit, found, go
from tests.engine.report.html.varied import answer, varied
from tests.engine.report.sample import report_of, sample

pytestmark = pytest.mark.services
REPORT, SHORT = varied(120), varied(24)
SIZES = {"wide": WIDE, "narrow": NARROW}


def violations(page: Any) -> list[str]:
    """What axe has to say: https://github.com/dequelabs/axe-core"""
    pytest.importorskip("axe_playwright_python", reason="axe is absent: pip install ourside[services]")
    script = importlib.resources.files("axe_playwright_python") / "axe.min.js"
    page.evaluate(script.read_text("utf-8"))
    told = page.evaluate("() => axe.run({ resultTypes: ['violations'] })")
    return [
        f"{each['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for each in told["violations"]
        for node in each["nodes"][:3]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_wrong_with_the_page(visit: Visit, scheme: str, size: str) -> None:
    page = visit.page(SHORT, size=SIZES[size], color_scheme=scheme)
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    assert violations(page) == []


@pytest.mark.parametrize(("scheme", "size"), [("light", "wide"), ("dark", "narrow")])
def test_axe_finds_nothing_wrong_with_what_is_filtered(visit: Visit, scheme: str, size: str) -> None:
    page = visit.page(
        SHORT, "#status=fail,excepted&severity=critical,low&q=read&page=1", size=SIZES[size], color_scheme=scheme
    )
    assert violations(page) == []
    go(page, "q=nothing-has-this&lack=denied:store:GetPolicy")
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_with_an_empty_page_nor_with_what_cannot_be_unpacked(visit: Visit, scheme: str) -> None:
    assert violations(visit.page(report_of([]), color_scheme=scheme)) == []
    report = sample()
    finding = next(iter(report.findings))
    old = "delete globalThis.DecompressionStream"
    assert violations(visit.page(report, f"#finding={finding.id}", before=old, color_scheme=scheme)) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_wrong_with_a_finding(visit: Visit, scheme: str, size: str) -> None:
    report = sample()
    page = visit.page(report, size=SIZES[size], color_scheme=scheme)
    one_of_each = {finding.status: finding for finding in report.findings}
    for finding in one_of_each.values():
        go(page, f"finding={finding.id}")
        assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_without_a_script(visit: Visit, scheme: str) -> None:
    """Axe is a script: it is given the page as it stands without one."""
    page = visit.page(SHORT, color_scheme=scheme)
    page.evaluate(
        """() => {
          const kept = document.querySelector("noscript");
          const inner = new DOMParser().parseFromString(kept.textContent, "text/html");
          document.querySelector(".browse").remove();
          kept.replaceWith(...inner.body.childNodes);
        }"""
    )
    assert violations(page) == []


FOCUS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const style = getComputedStyle(at);
  const box = at.getBoundingClientRect();
  return {
    tag: at.tagName, text: (at.getAttribute("aria-label") || at.innerText || at.value || "").trim().slice(0, 60),
    seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && box.width > 0 && box.height > 0,
    on: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""


def test_the_keyboard_comes_to_everything_and_is_seen_where_it_is(visit: Visit) -> None:
    page = visit.page(REPORT, size=WIDE)
    wanted = page.evaluate(
        """() => [...document.querySelectorAll("a[href], button:not(:disabled), input, summary, [tabindex='0']")]
          .filter(each => each.checkVisibility() && !each.closest("details:not([open]) > :not(summary)")).length"""
    )
    met = []
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUS)
        if at is None:
            break
        met.append(at)
    assert met[0]["text"] == "Skip to the findings"
    assert len(met) == wanted
    assert [at for at in met if not (at["seen"] and at["on"])] == []
    assert {"INPUT", "BUTTON", "A", "SUMMARY", "DIV"} <= {at["tag"] for at in met}


def test_the_skip_link_goes_to_the_findings(visit: Visit) -> None:
    page = visit.page(REPORT)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#list') !== null")


def test_filters_are_set_with_the_space_bar_and_keep_the_focus(visit: Visit) -> None:
    page = visit.page(REPORT)
    page.locator("fieldset:has(legend:text-is('Severity')) input").nth(1).focus()
    page.keyboard.press("Space")
    assert found(page) == len(answer(REPORT, {"severity": ["high"]}))
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert found(page) == len(answer(REPORT, {"severity": ["high", "medium"]}))
    page.keyboard.press("Space")
    assert found(page) == len(answer(REPORT, {"severity": ["high"]}))


def test_a_finding_is_opened_and_left_with_the_keyboard(visit: Visit) -> None:
    page = visit.page(REPORT)
    link = page.locator(".list tbody a").nth(2)
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]")
    assert page.evaluate("document.activeElement.closest('dialog') !== null")
    for _ in range(40):
        page.keyboard.press("Tab")
        inside = page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
        assert inside, "the list behind is out of reach"
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    assert link.evaluate("each => document.activeElement === each")


def test_a_column_is_sorted_with_the_keyboard(visit: Visit) -> None:
    page = visit.page(REPORT)
    page.locator(".list th button:text-is('Resource')").focus()
    page.keyboard.press("Enter")
    assert page.get_attribute(".list th:has(button:text-is('Resource'))", "aria-sort") == "ascending"
    assert page.evaluate("document.activeElement.innerText") == "Resource"


def test_counts_are_told_to_who_listens(visit: Visit) -> None:
    page = visit.page(REPORT)
    assert page.get_attribute(".found", "role") == "status"
    go(page, "severity=low")
    assert page.inner_text(".found").startswith(f"{len(answer(REPORT, {'severity': ['low']}))} findings")


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_wider_than_the_screen(visit: Visit, size: str) -> None:
    page = visit.page(sample(), size=SIZES[size])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for finding in sample().findings:
        go(page, f"finding={finding.id}")
        assert page.evaluate("(d => d.scrollWidth <= d.clientWidth)(document.querySelector('dialog'))")


def test_severity_is_a_word_and_a_shape_and_never_colour_alone(visit: Visit) -> None:
    page = visit.page(REPORT)
    for cell in page.query_selector_all(".list td.severity"):
        assert cell.inner_text().split()[0] in ("critical", "high", "medium", "low", "info")
        assert cell.query_selector("svg.shape") is not None
    shapes = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll(".severities svg.shape")]
          .map(each => [each.classList[1], each.innerHTML]))"""
    )
    assert len(set(shapes.values())) == len(shapes) == 5
