"""Laws of settling: for all findings and all files."""

from __future__ import annotations

import tempfile
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.accountability.settle import Accountability
from scanner.finding import Finding
from scanner.ternary import Ternary, all_of
from tests.engine.accountability.office import PEOPLE, TODAY, exceptions_files, finding, findings, load, owners_files

SAID = {"owner", "backup", "channel", "owned_by", "owner_undecided"}
SETTLED = {"status", "exception", "notices", "due_days"}


def settling(owners: object = None, exceptions: object = None) -> Accountability:
    with tempfile.TemporaryDirectory() as folder:
        named = {"owners": owners, "exceptions": exceptions}
        return load(Path(folder), {name: file for name, file in named.items() if file is not None})


@settings(max_examples=50)
@given(findings(), owners_files(), exceptions_files())
def test_nothing_is_changed_but_what_the_files_say(result: Finding, owners: Any, exceptions: Any) -> None:
    settled = settling(owners, exceptions).settle(result)
    before, after = msgspec.structs.asdict(result), msgspec.structs.asdict(settled)
    changed = {name for name in before if before[name] != after[name]} - {"responsibility"}
    assert changed <= SETTLED
    owed, owing = msgspec.structs.asdict(before["responsibility"]), msgspec.structs.asdict(after["responsibility"])
    assert {name for name in owed if owed[name] != owing[name]} <= SAID
    if result.status != "fail":
        assert not changed
    assert (settled.status == "excepted") == (settled.exception is not None)


@settings(max_examples=50)
@given(findings(), owners_files(), exceptions_files())
def test_settling_again_says_the_same(result: Finding, owners: Any, exceptions: Any) -> None:
    accountability = settling(owners, exceptions)
    settled = accountability.settle(result)
    assert accountability.settle(settled) == settled
    assert accountability.settle_anew(settled) == settled
    assert (
        settling(owners, exceptions).settle_anew(msgspec.json.decode(msgspec.json.encode(settled), type=Finding))
        == settled
    )


@settings(max_examples=50)
@given(st.lists(findings(), max_size=8), owners_files(), exceptions_files())
def test_what_was_settled_before_changes_nothing(results: list[Finding], owners: Any, exceptions: Any) -> None:
    accountability = settling(owners, exceptions)
    together = [accountability.settle(result) for result in results]
    assert together == [settling(owners, exceptions).settle(result) for result in results]


@settings(max_examples=250)
@given(findings(["fail"]), owners_files())
def test_the_first_step_that_holds_decides(result: Finding, owners: Any) -> None:
    owed = settling(owners).settle(result).responsibility
    expected, open_steps = first_that_holds(result, owners)
    assert owed.owner == expected
    assert len(owed.owner_undecided) == open_steps


@settings(max_examples=150)
@given(st.data(), findings(["fail"]), owners_files(), exceptions_files())
def test_what_is_not_read_never_makes_an_exception_hold(
    data: st.DataObject, result: Finding, owners: Any, exceptions: Any
) -> None:
    accountability = settling(data.draw(st.sampled_from([owners, None])), exceptions)
    less = with_less_read(data, result)
    if accountability.settle(less).status == "excepted":
        assert accountability.settle(result).status == "excepted"


@settings(max_examples=150)
@given(findings(["fail"]), owners_files(), st.sampled_from(PEOPLE))
def test_nobody_approves_what_they_would_own_if_more_were_read(result: Finding, owners: Any, approver: str) -> None:
    entry = {"match": {"duty": "*", "uid": "*"}, "ticket": "T", "approver": approver, "owner": "dan", "reason": "So."}
    accountability = settling(owners, {"exceptions": [{**entry, "expires": str(TODAY)}]})
    if accountability.settle(with_nothing_read(result)).status == "excepted":
        assert accountability.settle(result).responsibility.owner != approver


@given(findings(["fail"]), owners_files(), exceptions_files())
def test_nobody_approves_what_they_own(result: Finding, owners: Any, exceptions: Any) -> None:
    settled = settling(owners, exceptions).settle(result)
    if settled.exception is not None:
        assert settled.exception.approver not in (settled.responsibility.owner, settled.exception.owner)


@settings(max_examples=50)
@given(findings(["fail"]), owners_files(), exceptions_files())
def test_an_exception_that_does_not_hold_leaves_the_failure(result: Finding, owners: Any, exceptions: Any) -> None:
    for entry in exceptions["exceptions"]:
        entry["expires"] = "2027-02-28"
    settled = settling(owners, exceptions).settle(result)
    assert settled.status == "fail"
    assert settled.exception is None


def test_equal_answers_stay_one_object() -> None:
    accountability = settling({"rules": [{"match": {"duty": "*"}, "owner": "ann"}]})
    one = finding()
    copies = [msgspec.structs.replace(one, id=f"f1:{number:032x}") for number in range(100)]
    copies += [msgspec.json.decode(msgspec.json.encode(one), type=Finding) for _ in range(100)]
    assert len({id(accountability.settle(each).responsibility) for each in copies}) == 1


def with_less_read(data: st.DataObject, result: Finding) -> Finding:
    """The same finding where some tags, or what the account lies in, were not read."""
    subject = result.resource
    within = [msgspec.structs.replace(each, tags=None) if data.draw(st.booleans()) else each for each in subject.within]
    placed = subject.placed
    if data.draw(st.booleans()):
        within, placed = within[[each.level for each in within].index("account") :], False
    tags = None if data.draw(st.booleans()) else subject.tags
    less = msgspec.structs.replace(subject, within=tuple(within), tags=tags, placed=placed)
    return msgspec.structs.replace(result, resource=less)


def with_nothing_read(result: Finding) -> Finding:
    """The same finding where no tags were read, and not what the account lies in."""
    subject = result.resource
    within = [msgspec.structs.replace(each, tags=None) for each in subject.within]
    within = within[[each.level for each in within].index("account") :]
    less = msgspec.structs.replace(subject, within=tuple(within), tags=None, placed=False)
    return msgspec.structs.replace(result, resource=less)


def first_that_holds(result: Finding, owners: Any) -> tuple[str | None, int]:
    """The owner by the words of the documentation, and how many answers were missing on the way."""
    rules = owners["rules"]
    steps: list[Any] = [rule for rule in rules if not rule.get("after_tags")]
    if "from_tags" in owners:
        tags_first = owners.get("first") == "tags"
        steps = ["tags", *steps] if tags_first else [*steps, "tags"]
        steps += [rule for rule in rules if rule.get("after_tags")]
    missing: list[object] = []
    for step in steps:
        if step == "tags":
            owner, misses = tagged(result, owners.get("teams", {}))
            missing += misses
            if owner is not None:
                return owner, len(missing)
            continue
        holds = all_of(holding(result, name, globs) for name, globs in step["match"].items())
        if holds:
            return step["owner"], len(missing)
        if holds is None:
            missing.append(step)
    return None, len(missing)


def layers_of_tags(result: Finding) -> list[Any]:
    subject = result.resource
    outwards = list(reversed(subject.within))
    own = subject.tags
    if outwards and outwards[0].uid == subject.uid:
        own, outwards = (outwards[0].tags if own is None else own), outwards[1:]
    return [own, *(each.tags for each in outwards)]


def tagged(result: Finding, teams: dict[str, Any]) -> tuple[str | None, list[object]]:
    misses: list[object] = []
    for tags in layers_of_tags(result):
        if tags is None:
            misses.append(tags)
        elif "team" in tags:
            return (tags["team"] if not teams or tags["team"] in teams else None), misses
    return None, misses


def holding(result: Finding, name: str, globs: Any) -> Ternary:
    subject, owed = result.resource, result.responsibility
    if name == "tags":
        return all_of(tag_holds(result, key, value) for key, value in globs.items())
    if name == "scope":
        return lies_in(result, globs)
    own = {"duty": owed.duty, "layer": owed.layer, "check": result.check}
    return matching(own[name] if name in own else getattr(subject, name), globs)


def tag_holds(result: Finding, key: str, globs: Any) -> Ternary:
    for tags in layers_of_tags(result):
        if tags is None:
            return None
        if key in tags:
            return matching(tags[key], globs)
    return False


def lies_in(result: Finding, globs: Any) -> Ternary:
    within = result.resource.within
    names = [each.name for each in within]
    count = len(names)
    called = ["/".join(names[start:end]) for start in range(count) for end in range(start + 1, count + 1)]
    called += [result.resource.account, *(each.uid for each in within)]
    if any(matching(text, globs) for text in called):
        return True
    return None if within[0].level == "account" else False


def matching(text: str, globs: Any) -> bool:
    return any(fnmatchcase(text, glob) for glob in ([globs] if isinstance(globs, str) else globs))
