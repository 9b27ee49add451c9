"""A browser for tests of the page: Debian's chromium, driven by Playwright."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine.report.html.browsing import ARGUMENTS, CHROMIUM, Visit


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The browser; its tests are left out, with a word, where there is none."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is absent: pip install ourside[services]"
    )
    if not Path(CHROMIUM).exists():
        pytest.skip(f"{CHROMIUM} is absent: apt-get install chromium")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Any, tmp_path: Path) -> Iterator[Visit]:
    """Opens pages, and at the end holds them to their word: one request, and not a word in the console."""
    visit = Visit(browser, tmp_path)
    yield visit
    visit.close()
