"""Pages in a browser: opened from a report, watched while they are used, and asked what they show."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scanner.report import Report
from scanner.report.html import write

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
WIDE, NARROW = {"width": 1400, "height": 1000}, {"width": 390, "height": 844}


class Visit:
    """Visits to pages of one test."""

    def __init__(self, browser: Any, folder: Path) -> None:
        self._browser = browser
        self._folder = folder
        self._contexts: list[Any] = []
        self._said: list[str] = []
        self._asked: list[list[str]] = []
        self._written: dict[int, Path] = {}

    def page(
        self, report: Report, address: str = "", size: Mapping[str, int] = WIDE, before: str = "", **settings: Any
    ) -> Any:
        """The report's page, at an address within it; what is to be run before its own script."""
        if id(report) not in self._written:
            path = self._folder / f"report-{len(self._written)}.html"
            path.write_text("".join(write(report)), encoding="utf-8", errors="backslashreplace")
            self._written[id(report)] = path
        context = self._browser.new_context(viewport=dict(size), reduced_motion="reduce", **settings)
        self._contexts.append(context)
        page = context.new_page()
        if before:
            page.add_init_script(before)
        asked: list[str] = []
        self._asked.append(asked)
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: self._said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self._said.append(f"error: {error}"))
        page.on("dialog", self._refuse)
        page.goto(f"{self._written[id(report)].as_uri()}{address}")
        return page

    def _refuse(self, dialog: Any) -> None:
        self._said.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def close(self) -> None:
        """Leave all pages; AssertionError where one asked for more than itself, or had something to say."""
        for context in self._contexts:
            context.close()
        assert self._said == []
        for asked in self._asked:
            assert len(asked) == 1 and asked[0].startswith("file:"), asked


def shown(page: Any) -> list[str]:
    """Ids of the findings that stand in the list."""
    ids: list[str] = page.eval_on_selector_all(".list tbody tr[data-id]", "rows => rows.map(row => row.dataset.id)")
    return ids


def found(page: Any) -> int:
    """How many findings the page says it found."""
    words: str = page.inner_text(".found")
    return int(words.split()[0].replace(",", ""))


def go(page: Any, address: str) -> None:
    """Change the page's address, and wait until the page has followed, and unpacked what it has to."""
    page.evaluate(
        """address => new Promise(done => {
          if (location.hash === `#${address}`) return done();
          addEventListener("hashchange", () => setTimeout(done), { once: true });
          location.hash = address;
        })""",
        address,
    )
    page.wait_for_selector("dialog[aria-busy]", state="detached")
