"""What a scan keeps of what it has read, and whether another may go on with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.cli.scan.checkpoint import READ_AGAIN, Checkpoint, Manifest
from scanner.facts import Unread, Why
from scanner.model import Estate, ListingGap, Resource
from tests.engine.office import D, Papers
from tests.engine.papercloud import KINDS, Drawer, PaperSession
from tests.engine.rules import CHECKS, TAKEN_AT, collection, portrait

BEGUN = datetime(2026, 5, 1, 12, tzinfo=UTC)
DAY = timedelta(hours=24)
NOW = Manifest(scan="scan-1", begun=BEGUN, taken_at=BEGUN, version="1.0", checks=("a", "b"), judged_by="owners")


def estate(name: str = "one", *, hidden: Why | None = None, gap: Why | None = None) -> Estate:
    """What a scan has read of an office; `hidden`: why a fact of it was not read, `gap`: why a list was not."""
    (read,) = collection(PaperSession({"one": Papers(drawers=(D("a"), D("b", policy="open"))).answers()}), CHECKS)
    drawers: list[Resource] = list(read.resources[Drawer])
    if hidden is not None:
        unread = Unread(hidden, (), "shelves:DrawerLock", "drawer.lock", "")
        drawers[0] = Drawer(drawers[0].identity, {**drawers[0].stored, "lock": unread})
    gaps = [ListingGap(Drawer, "global", Unread(gap, (), "shelves:ListDrawers", "drawer", ""))] if gap else []
    resources = {**read.resources, Drawer: drawers}
    scope = msgspec.structs.replace(read.scope, uid=f"paper:{name}", account=name)
    return Estate(scope, TAKEN_AT, resources, read.others, gaps, chosen=True)


def opened(folder: Path, now: Manifest = NOW) -> tuple[Checkpoint, list[str]]:
    folder.mkdir(exist_ok=True)
    warnings: list[str] = []
    return Checkpoint(folder, now, warnings.append), warnings


def later(**changes: object) -> Manifest:
    """The manifest of a scan that begins an hour later."""
    hour = BEGUN + timedelta(hours=1)
    manifest: Manifest = msgspec.structs.replace(NOW, **{"scan": "scan-2", "begun": hour, "taken_at": hour, **changes})
    return manifest


def test_what_was_kept_comes_back_as_it_was(tmp_path: Path) -> None:
    first, _ = opened(tmp_path)
    first.begin(resumed=False)
    whole = estate()
    first.keep(whole)
    second, warnings = opened(tmp_path, later())
    assert second.resume(DAY) == ""
    assert second.manifest.scan == "scan-1"
    (back,) = second.read_before([whole.scope, estate("two").scope], KINDS)
    assert portrait(back) == portrait(whole)
    assert back.taken_at == whole.taken_at
    assert second.done == {"paper:one"}
    assert not warnings


@pytest.mark.parametrize("why", sorted(get_args(Why)))
@pytest.mark.parametrize("where", ["hidden", "gap"])
def test_what_may_have_passed_is_read_again(tmp_path: Path, why: Why, where: str) -> None:
    assert {"throttled", "failed", "unreachable", "expired"} == READ_AGAIN
    checkpoint, _ = opened(tmp_path)
    read = estate(hidden=why) if where == "hidden" else estate(gap=why)
    checkpoint.keep(read)
    checkpoint.judged(read, {why, "denied"})
    assert checkpoint.scopes == (why not in READ_AGAIN)
    assert checkpoint.expired == (why == "expired")


def test_what_no_result_needs_is_not_read_again(tmp_path: Path) -> None:
    """There is always something that a provider fails to tell."""
    checkpoint, _ = opened(tmp_path)
    checkpoint.begin(resumed=False)
    read = estate(hidden="failed")
    checkpoint.keep(read)
    assert checkpoint.scopes == 0, "until it was judged nobody knows"
    second, _ = opened(tmp_path, later())
    assert second.resume(DAY) == ""
    assert list(second.read_before([read.scope], KINDS)) == [], "a scan that was killed meanwhile reads it again"
    whole = estate()
    second.keep(whole)
    second.judged(whole, set())
    assert [portrait(each) for each in second.read_before([read.scope], KINDS)] == [portrait(whole)]
    checkpoint.keep(read)
    checkpoint.judged(read, {"denied", "stale"})
    assert checkpoint.scopes == 1
    assert [portrait(each) for each in second.read_before([read.scope], KINDS)] == [portrait(read)]
    second.remove()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ""),
        ({"version": "1.1"}, "it was begun by ourside 1.0"),
        ({"format": 2}, "it was begun by ourside 1.0"),
        ({"checks": ("a", "b", "c")}, "it was begun with other checks"),
        ({"judged_by": "other owners"}, "the owners, exceptions, attestations or contract are others now"),
        ({"begun": BEGUN + DAY - timedelta(seconds=1)}, ""),
        ({"begun": BEGUN + DAY}, "it is older than 24 hours"),
    ],
)
def test_who_may_go_on(tmp_path: Path, changes: Mapping[str, object], said: str) -> None:
    opened(tmp_path)[0].begin(resumed=False)
    second, _ = opened(tmp_path, later(**changes))
    assert second.resume(DAY) == said
    assert second.manifest.scan == ("scan-2" if said else "scan-1")


def test_a_manifest_that_is_damaged_is_said(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"format":1')
    checkpoint, _ = opened(tmp_path)
    assert "manifest.json cannot be read" in checkpoint.resume(DAY)


@given(st.lists(st.integers(-3600, 3600), min_size=1, max_size=5))
def test_what_is_read_later_is_dated_later_whatever_the_clock_says(
    tmp_path_factory: pytest.TempPathFactory, steps: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("clock")
    checkpoint, _ = opened(folder)
    checkpoint.begin(resumed=False)
    last = NOW.taken_at
    for step in steps:
        checkpoint, _ = opened(folder, later(taken_at=last + timedelta(seconds=step)))
        assert checkpoint.resume(DAY) == ""
        assert checkpoint.manifest.taken_at > last
        assert checkpoint.manifest.taken_at >= last + timedelta(seconds=step)
        last = checkpoint.manifest.taken_at
        checkpoint.begin(resumed=True)


def test_what_an_older_scan_has_left_is_not_taken_for_a_part(tmp_path: Path) -> None:
    first, _ = opened(tmp_path)
    first.keep(estate())
    left = dict.fromkeys(tmp_path.iterdir())
    second, _ = opened(tmp_path, later())
    for path in left:
        assert path.exists()
    assert list(second.read_before([estate().scope], KINDS)) == []
    second.begin(resumed=False)
    assert not any(path.exists() for path in left)


def test_it_leads_nowhere_where_nothing_is_added(tmp_path: Path) -> None:
    first, _ = opened(tmp_path)
    first.begin(resumed=False)
    assert not first.leads_nowhere(), "it holds nothing that could grow old"
    first.keep(estate())
    assert not first.leads_nowhere()
    second, _ = opened(tmp_path, later())
    second.resume(DAY)
    assert second.leads_nowhere()
    second.keep(estate("two"))
    assert not second.leads_nowhere()


def test_what_cannot_be_written_is_said_once(tmp_path: Path) -> None:
    checkpoint, warnings = opened(tmp_path)
    broken = estate("two")
    drawers = [Drawer(each.identity, {**each.stored, "label": "\ud800"}) for each in broken.resources[Drawer]]
    broken.resources = {**broken.resources, Drawer: drawers}
    checkpoint.keep(broken)
    checkpoint.keep(estate())
    (warning,) = warnings
    assert "this scan could not be resumed" in warning
    assert "paper:two cannot be written" in warning
    assert checkpoint.scopes == 0


def test_a_disk_that_is_gone_is_said_once(tmp_path: Path) -> None:
    checkpoint, warnings = opened(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    checkpoint.begin(resumed=False)
    checkpoint.keep(estate())
    assert len(warnings) == 1
    checkpoint.remove()
