"""What lint says of owners, seen against findings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from scanner.accountability.explain import matched
from scanner.accountability.lint import Lint
from tests.engine.accountability.office import CHECKS, DUTIES, TODAY, finding, load, responsibility


def remarks(folder: Path, owners: Any, *findings: Any) -> list[str]:
    loaded = load(folder, {"owners": owners}).owners
    assert loaded is not None
    lint = Lint(loaded)
    for each in findings:
        lint.see(each)
    return [remark.text for remark in lint.remarks()]


def test_a_rule_that_an_earlier_one_covers_never_decides(tmp_path: Path) -> None:
    owners = {
        "rules": [
            {"match": {"duty": "data.*"}, "owner": "ann", "backup": "bob"},
            {"match": {"duty": "data.public-access", "name": "b1"}, "owner": "bob", "backup": "ann"},
        ]
    }
    assert [text for text in remarks(tmp_path, owners) if "never decides" in text]


def test_one_who_owns_more_than_half_of_all_duties_is_named(tmp_path: Path) -> None:
    owners = {
        "rules": [
            {"match": {"duty": "data.*"}, "owner": "bob", "backup": "ann"},
            {"match": {"duty": "*"}, "owner": "ann", "backup": "bob"},
        ]
    }
    results = [msgspec.structs.replace(finding(), responsibility=responsibility(duty)) for duty in DUTIES]
    assert not [text for text in remarks(tmp_path, owners, *results) if "owns" in text]
    owners["rules"].reverse()
    assert [text for text in remarks(tmp_path, owners, *results) if "ann owns 4 of 4 violated duties" in text]


def test_a_tag_that_names_its_owner_as_backup_gives_none(tmp_path: Path) -> None:
    owners = {"from_tags": {"owner": "team", "backup": "env"}}
    (text,) = remarks(tmp_path, owners, finding(tags={"team": "ann", "env": "Ann"}))
    assert "ann has no backup" in text
    assert not remarks(tmp_path, owners, finding(tags={"team": "ann", "env": "bob"}))


def test_a_tag_that_names_nobody_is_told(tmp_path: Path) -> None:
    owners = {"from_tags": {"owner": "team"}, "teams": {"ann": {"backup": "bob"}}}
    found = remarks(tmp_path, owners, finding(tags={"team": "anne"}))
    assert any("team=anne of the resource names nobody" in text for text in found)
    assert any("nobody owns it" in text for text in found)


def test_an_exception_of_which_nothing_fails_is_told_from_one_that_could_not_be_judged(tmp_path: Path) -> None:
    match = {"check": sorted(CHECKS), "name": "b1"}
    entry = {"match": match, "ticket": "T", "approver": "eve", "owner": "ann", "reason": "So.", "expires": str(TODAY)}
    exceptions = load(tmp_path, {"exceptions": {"exceptions": [entry]}}).exceptions
    assert exceptions is not None
    (one,) = exceptions.entries
    assert matched(exceptions, [finding(name="b2")]) == {one: {}}
    assert matched(exceptions, [finding(status="pass"), finding(status="unknown")]) == {one: {"pass": 1, "unknown": 1}}
