"""Reports of what has changed, and of nothing else."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any, cast

import msgspec
import pytest

from tests.cli.conftest import Ended, Shell
from tests.cli.isles import ENTRY_POINTS, sea, write
from tests.cli.paper import install

SCAN = ("scan", "--provider", "cumulus", "--sea", "sea.json", "--history", "history.db")
ONLY = ("--only", "new,changed,reopened,resolved")
FORMS = ("--format", "table,json,ocsf", "--output", "json={0}.json,ocsf={0}.ocsf")
MENDED, GONE = "b0-moved", "b2-moved"


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Shell, dict[str, Ended]]:
    """Four looks: the first, after some has changed while an account cannot be read, when it can, and once more."""
    folder = tmp_path_factory.mktemp("only")
    shell = Shell(folder, install(folder / "site", ENTRY_POINTS))
    ended: dict[str, Ended] = {}
    for name, made in (
        ("first", sea(3)),
        ("hidden", sea(3, later=True, expired=("isle-2",))),
        ("second", sea(3, later=True)),
        ("third", sea(3, later=True)),
    ):
        write(folder, made)
        words = tuple(word.format(name) for word in FORMS)
        ended[name] = shell(*SCAN, *ONLY, *words, "--allow-partial")
        assert ended[name].code == 0, ended[name].stderr
        time.sleep(1)  # times of scans are told to the second
    return shell, ended


def lines(shell: Shell, name: str) -> list[dict[str, Any]]:
    return [msgspec.json.decode(line) for line in (shell.folder / f"{name}.json").read_text().splitlines()[:-1]]


def told(shell: Shell, name: str) -> Counter[tuple[str, str, str]]:
    """Findings by the resource's name, the status, and what became of them."""
    return Counter(
        (line["resource"]["name"], line["status"], line["lifecycle"]["state"]) for line in lines(shell, name)
    )


def test_at_first_all_that_fails_is_new_and_nothing_else_is_told(looked: tuple[Shell, dict[str, Ended]]) -> None:
    shell, ended = looked
    found = told(shell, "first")
    assert {state for _, _, state in found} == {"new"}
    assert {status for _, status, _ in found} == {"fail"}
    assert found.total() == int(ended["first"].summary["new"]) == int(ended["first"].summary["fail"])


def test_what_was_mended_changed_and_opened_is_told(looked: tuple[Shell, dict[str, Ended]]) -> None:
    shell, ended = looked
    found = told(shell, "hidden")
    assert found[MENDED, "pass", "resolved"] == 1
    assert found["b1-moved", "fail", "new"] == 1
    assert found["g1", "fail", "changed"] == 1
    assert found["g0", "fail", "new"] == 4
    assert {state for _, _, state in found} == {"new", "changed", "resolved"}
    assert ended["hidden"].summary["resolved"] == "1"


def test_what_could_not_be_read_is_resolved_only_when_it_can_be(looked: tuple[Shell, dict[str, Ended]]) -> None:
    shell, ended = looked
    accounts = {line["resource"]["account"] for line in lines(shell, "hidden")}
    assert accounts == {"isle-0", "isle-1"}, "of the third nobody knows what became of anything"
    assert int(ended["hidden"].summary["unknowable"]) > 0
    found = told(shell, "second")
    assert found[GONE, "not-applicable", "resolved"] == 1
    assert found["b2-made", "fail", "new"] == 2
    assert {name for name, _, _ in found} == {GONE, "b2-made"}
    assert ended["second"].summary["resolved"] == "1"


def test_where_nothing_has_changed_nothing_is_told(looked: tuple[Shell, dict[str, Ended]]) -> None:
    shell, ended = looked
    assert lines(shell, "third") == []
    assert (shell.folder / "third.json").read_text().startswith('{"run":')
    assert "resolved since the last look: nothing; 54 were judged" in ended["third"].stdout
    assert "Failed" not in ended["third"].stdout


def test_events_close_what_is_resolved(looked: tuple[Shell, dict[str, Ended]]) -> None:
    shell, _ = looked
    said: dict[str, Counter[tuple[str, ...]]] = {}
    for name in ("hidden", "second", "third"):
        events = [msgspec.json.decode(line) for line in (shell.folder / f"{name}.ocsf").read_text().splitlines()]
        found = [event for event in events if event["class_uid"] == 2003]
        said[name] = Counter((event["activity_name"], event["resources"][0]["name"]) for event in found)
        assert sum(event["class_uid"] == 6007 for event in events) == 3, "and which accounts were read, always"
    assert said["hidden"]["Close", MENDED] == said["second"]["Close", GONE] == 1
    assert said["hidden"]["Update", "g1"] == 1
    assert said["second"]["Create", "b2-made"] == 2
    assert not said["third"]


def test_the_page_shows_what_became_of_each(looked: tuple[Shell, dict[str, Ended]]) -> None:
    _, ended = looked
    page = ended["hidden"].stdout
    assert "Only what is new, reopened, changed or resolved since the last look: " in page
    assert "(changed; violates network.ingress)" in page
    assert "(new; violates data.public-access)" in page
    resolved = page[page.index("Resolved  1") :]
    assert MENDED in resolved
    assert "it does not fail any more" in resolved
    assert "of which are above: 2 CRITICAL, 4 HIGH" in page
    gone = ended["second"].stdout
    assert "it was not found any more" in gone[gone.index("Resolved  1") :]
    assert max(map(len, (page + gone).splitlines())) <= 100


def test_what_stands_is_told_each_time_and_what_is_unknowable_when_it_came_to_that(
    looked: tuple[Shell, dict[str, Ended]],
) -> None:
    shell, _ = looked
    write(shell.folder, sea(3, later=True, refused=("isle-2",)))
    words = (*SCAN, "--only", "standing,unknowable", "--format", "json", "--allow-partial")
    states = [
        Counter(cast("dict[str, Any]", line["lifecycle"])["state"] for line in shell(*words).findings) for _ in "12"
    ]
    assert states[0]["standing"] == states[1]["standing"] > 0
    assert states[0]["unknowable"] > 0 == states[1]["unknowable"]
