"""Laws of the house: what may import what, which words and calls stand where. They read the source, all of it."""

from __future__ import annotations

import ast
import importlib.metadata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CORE = sorted((ROOT / "scanner").rglob("*.py"))
CHECKS = sorted((ROOT / "checks").rglob("*.py"))
PROVIDERS = sorted((ROOT / "providers").rglob("*.py"))
ALL = [*CORE, *CHECKS, *PROVIDERS]

SDKS = ("boto3", "botocore", "moto", "azure", "google", "werkzeug")
ROOMS_OF_SDKS = ("client", "emulator", "sinks")
EMULATION = {"emulator", "emulation"}
"""Rooms of the emulated clouds, which read our own data and no cloud's."""
CLOUD_WORDS = ("aws", "azure", "gcp", "amazon", "google", "boto", "arn:", "s3:", "cloudtrail", "iam:")
CLOCKS = {"now", "utcnow", "today", "time", "monotonic", "localtime", "gmtime"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def calls(path: Path) -> Iterator[tuple[str, str]]:
    """Calls as (what the function is an attribute of, its name)."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Attribute):
                owner = function.value
                yield (owner.id if isinstance(owner, ast.Name) else "", function.attr)
            elif isinstance(function, ast.Name):
                yield "", function.id


def code_words(path: Path) -> Iterator[tuple[int, str]]:
    """Names and texts of a module, docstrings left out."""
    module = tree(path)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(module)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(module):
        match node:
            case ast.Name(id=word) | ast.Attribute(attr=word):
                yield node.lineno, word.lower()
            case ast.Constant(value=str(word)) if id(node) not in docstrings:
                yield node.lineno, word.lower()


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_sdks_live_in_their_rooms(path: Path) -> None:
    if not any(room in path.parts for room in ROOMS_OF_SDKS):
        found = [name for name in imports(path) if name.split(".")[0] in SDKS]
        assert not found, f"{name_of(path)} imports {found}: only {ROOMS_OF_SDKS} of a provider may"


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_the_core_names_no_provider(path: Path) -> None:
    allowed = {"scanner/cli/scan/command.py"}  # the contract's help text for --demo names the clouds
    found = [
        f"line {line}: {word!r}"
        for line, word in code_words(path)
        if any(word.startswith(cloud) for cloud in CLOUD_WORDS) and name_of(path) not in allowed
    ]
    assert not found, f"{name_of(path)}: {found}"


@pytest.mark.parametrize("path", [*CHECKS, *PROVIDERS], ids=name_of)
def test_the_estate_is_the_only_clock(path: Path) -> None:
    if EMULATION.intersection(path.parts):
        return
    found = [call for call in calls(path) if call[1] in CLOCKS and call[0] in ("datetime", "date", "time", "")]
    assert not found, f"{name_of(path)}: {found}: use `taken_at`"


@pytest.mark.parametrize("path", CHECKS, ids=name_of)
def test_checks_cannot_swallow_an_unread_fact(path: Path) -> None:
    tries = [node.lineno for node in ast.walk(tree(path)) if isinstance(node, ast.Try)]
    assert not tries, f"{name_of(path)}: `try` at lines {tries}"
    found = [name for _, name in calls(path) if name in {"getattr", "hasattr", "suppress", "eval", "exec", "vars"}]
    assert not found, f"{name_of(path)}: {found}"


@pytest.mark.parametrize("path", [*CHECKS, *PROVIDERS, *CORE], ids=name_of)
def test_no_pattern_is_built_from_data(path: Path) -> None:
    """A regular expression or file pattern made of what a cloud answered can hang us: only constants are compiled."""
    if EMULATION.intersection(path.parts):
        return
    for node in ast.walk(tree(path)):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re")), args=[pattern, *_]):
                assert isinstance(pattern, ast.Constant), f"{name_of(path)}:{node.lineno}: pattern is not a constant"
    if path not in CORE:
        assert "fnmatch" not in set(imports(path)), f"{name_of(path)}: fnmatch over cloud data"


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_no_file_holds_two_ideas(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= 400, f"{name_of(path)} has {lines} lines: find the second idea in it"
    assert path.stem not in {"utils", "util", "helpers", "helper", "common", "base", "misc", "manager"}


def test_files_are_short() -> None:
    lengths = sorted(len(path.read_text(encoding="utf-8").splitlines()) for path in ALL if path.name != "__init__.py")
    assert lengths[len(lengths) // 2] <= 100


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_no_broad_except(path: Path) -> None:
    broad = [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}))
    ]
    assert not broad or path == ROOT / "scanner" / "attempt.py" or EMULATION.intersection(path.parts), (
        f"{name_of(path)}: {broad}"
    )


@pytest.mark.parametrize("package", ["scanner", "checks", "providers"])
def test_our_import_names_are_ours(package: str) -> None:
    """No installed distribution but ours brings a package of this name."""
    owners = {name for name in importlib.metadata.packages_distributions().get(package, []) if name != "ourside"}
    assert not owners


@pytest.mark.parametrize("path", [*CHECKS, *PROVIDERS], ids=name_of)
def test_plug_ins_import_the_core_by_its_doors(path: Path) -> None:
    inside = [name for name in imports(path) if name.startswith(("scanner.cli", "scanner.collect", "scanner.schedule"))]
    assert not inside, f"{name_of(path)} imports {inside}"
