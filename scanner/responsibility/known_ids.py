"""Which controls a version of a framework has: stored lists of ids, and whether what we cite stands in them.

Texts of controls belong to their publishers; that a control exists is a fact. A list is a text file: a heading of
`# word: value` lines, then one id per line. The heading says of which version it is, where that can be read, on which
day it was read, and how many ids there are, so that a list that was cut or mixed up is noticed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec

from scanner.document import DataError
from scanner.responsibility.model import ResponsibilityModel

HEADING = "# "


class IdList(msgspec.Struct, frozen=True, kw_only=True):
    """The ids of all controls of one version of a framework, in its publisher's order."""

    framework: str
    version: str
    source: str
    read: date
    count: int
    note: str = ""
    """What is in it, and what is left out."""
    ids: tuple[str, ...]


def stored_lists(folder: Path | Traversable | None = None) -> Mapping[str, IdList]:
    """All stored lists by framework; DataError where one is broken."""
    folder = folder or files("scanner.responsibility") / "framework_ids"
    paths = sorted((each for each in folder.iterdir() if each.name.endswith(".txt")), key=lambda each: each.name)
    return {path.name.removesuffix(".txt"): read_list(path) for path in paths}


def read_list(path: Path | Traversable) -> IdList:
    """One list; DataError where its heading does not fit what follows, or its file's name."""
    lines = path.read_text(encoding="utf-8").splitlines()
    heading = dict(line.removeprefix(HEADING).partition(": ")[::2] for line in lines if line.startswith(HEADING))
    ids = tuple(line for line in lines if not line.startswith(HEADING))
    try:
        found = msgspec.convert({**heading, "ids": ids}, IdList, strict=False)
    except msgspec.ValidationError as error:
        raise DataError(str(path), 0, f"the heading does not say what it must: {error}") from error
    for id_, times in Counter(ids).items():
        if times > 1 or not id_ or id_ != id_.strip():
            raise DataError(str(path), lines.index(id_) + 1, f"{id_!r} is no id of its own; give each id one line")
    if found.count != len(ids):
        raise DataError(str(path), 0, f"the heading counts {found.count} ids, {len(ids)} follow: read the list again")
    if found.framework != path.name.removesuffix(".txt"):
        raise DataError(str(path), 0, f"the heading speaks of {found.framework!r}: name the file so, or mend it")
    return found


def strangers(model: ResponsibilityModel, lists: Mapping[str, IdList]) -> Iterator[str]:
    """What is cited and stands in no list of that version, each with what to mend. None where all is well."""
    for framework in model.frameworks.values():
        if framework.id not in lists:
            yield f"{framework.id}: no list of its ids is stored; add framework_ids/{framework.id}.txt"
        elif lists[framework.id].version != framework.version:
            yield (
                f"{framework.id}: the list is of version {lists[framework.id].version}, frameworks.yaml cites version "
                f"{framework.version}; read the ids of that version and check each citation"
            )
    for duty in model.duties:
        for control in model.controls_of(duty):
            if control.framework in lists and control.id not in lists[control.framework].ids:
                yield f"{control.framework}: {duty} cites {control.id!r}, which that version does not have"
