"""Pages made from the code are fresh, and pages written by hand lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scanner.cli.docs.pages import pages

DOCS = Path(__file__).resolve().parents[2] / "docs"
WRITTEN = [*DOCS.rglob("*.md"), DOCS.parent / "README.md"]


@pytest.mark.parametrize("name", sorted(pages()))
def test_generated_pages_are_fresh(name: str) -> None:
    page = DOCS / name
    assert page.exists(), "run: make docs"
    assert page.read_text(encoding="utf-8") == pages()[name], f"docs/{name} is stale: run `make docs`"


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_example_check_of_the_pages_is_a_check(tmp_path: Path) -> None:
    """The file that "add a check" shows works as it stands there."""
    text = (DOCS / "add-a-check.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    namespace: dict[str, object] = {"__name__": "checks.data.recoverability.example"}
    exec(compile(code, "add-a-check.md", "exec"), namespace)
    assert "unversioned" in namespace
