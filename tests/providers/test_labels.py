"""Labels of recorded bodies are well formed, name what exists, and are as many as were promised.

They are not judged here: whoever knows a cloud's kinds takes `tests.providers.labels` and compares verdicts.
"""

from __future__ import annotations

import json
import typing
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from scanner.cli.doors import checks
from tests.providers import label_bodies as bodies
from tests.providers import labels as form
from tests.providers.labels import Case, Cloud, Label

CLOUDS: tuple[Cloud, ...] = ("azure", "gcp")
EVERY = [pytest.param(cloud, label, id=label.id) for cloud in CLOUDS for label in form.labels(cloud)]
OWN = [pytest.param(cloud, label, id=label.id) for cloud in CLOUDS for label in form.labels(cloud, own=True)]
RECORDED = [pytest.param(cloud, label, id=label.id) for cloud in CLOUDS for label in form.labels(cloud, own=False)]

NAMED_BEFORE_WRITTEN = {"detection-plan-off", "api-key-unrestricted", "api-key-old"}
"""Checks over one cloud's own kinds, agreed by name; each leaves this set when it is installed."""
DOCUMENTED_AT = {"azure": ("learn.microsoft.com",), "gcp": ("cloud.google.com",)}


def resolved(cloud: Cloud, label: Label) -> list[Case]:
    return list(label.cases(form.recordings(cloud)))


@pytest.mark.parametrize("cloud", CLOUDS)
def test_there_are_enough_of_them(cloud: Cloud) -> None:
    read = form.files(cloud).values()
    assert sum(len(file.labels) for file in read) >= 60
    assert sum(len(file.bodies) for file in read) >= 10
    assert sum(len(label.flips) for label in form.labels(cloud)) >= 40


@pytest.mark.parametrize("cloud", CLOUDS)
def test_most_verdicts_are_definite_and_both_sides_are_met(cloud: Cloud) -> None:
    verdicts = Counter(verdict for label in form.labels(cloud) for verdict in label.expect.values())
    for label in form.labels(cloud):
        verdicts.update(verdict for flip in label.flips for verdict in flip.expect.values())
    assert min(verdicts["fail"], verdicts["pass"]) >= 50
    assert verdicts["unknown"] < verdicts["fail"] + verdicts["pass"]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_ids_are_unique(cloud: Cloud) -> None:
    assert max(Counter(label.id for label in form.labels(cloud)).values()) == 1


@pytest.mark.parametrize(("cloud", "label"), EVERY)
def test_a_label_names_checks_that_exist(cloud: Cloud, label: Label) -> None:
    known = checks().keys() | NAMED_BEFORE_WRITTEN
    named = {*label.expect, *(check for flip in label.flips for check in flip.expect)}
    assert named <= known
    assert label.type.startswith(f"{cloud}.")


@pytest.mark.parametrize(("cloud", "label"), EVERY)
def test_a_label_explains_only_what_it_expects(cloud: Cloud, label: Label) -> None:
    assert label.expect
    assert label.why.keys() <= label.expect.keys()
    assert all(label.why.values())
    host = label.source.removeprefix("https://").partition("/")[0]
    assert host in DOCUMENTED_AT[cloud], label.source


@pytest.mark.parametrize(("cloud", "label"), EVERY)
def test_other_verdicts_are_accepted_only_beside_an_expected_one(cloud: Cloud, label: Label) -> None:
    assert label.accept.keys() <= label.expect.keys(), cloud
    assert all(label.expect[check] not in others for check, others in label.accept.items())
    for flip in label.flips:
        expect = label.expect | flip.expect
        assert flip.accept.keys() <= expect.keys(), flip.why
        assert all(expect[check] not in others for check, others in flip.accept.items()), flip.why


@pytest.mark.parametrize(("cloud", "label"), EVERY)
def test_a_flip_changes_something_and_names_only_verdicts_that_turn(cloud: Cloud, label: Label) -> None:
    assert len({flip.why for flip in label.flips}) == len(label.flips), cloud
    for flip in label.flips:
        assert flip.set or flip.remove or flip.companions is not None, flip.why
        same = {check for check, verdict in flip.expect.items() if label.expect.get(check) == verdict}
        # A verdict that stays is named where only the flip leaves no doubt about it.
        assert same <= label.accept.keys() | flip.accept.keys(), flip.why


@pytest.mark.parametrize(("cloud", "label"), OWN)
def test_a_body_of_ours_resolves_without_recordings(cloud: Cloud, label: Label, tmp_path: Path) -> None:
    cases = list(label.cases(form.Recordings(cloud, tmp_path)))
    assert len(cases) == 1 + len(label.flips)
    assert all(isinstance(case.resource, dict) and case.resource for case in cases)


@pytest.mark.parametrize(("cloud", "label"), RECORDED)
def test_a_recorded_body_is_found_and_every_flip_finds_its_place(cloud: Cloud, label: Label) -> None:
    if not form.recordings(cloud).present:
        pytest.skip("the recorded answers are not here; set OURSIDE_RECORDED to the folder that holds them")
    cases = resolved(cloud, label)
    assert len(cases) == 1 + len(label.flips)
    plain = cases[0]
    for case, flip in zip(cases[1:], label.flips, strict=True):
        if flip.set or flip.remove:
            assert json.dumps(case.resource) != json.dumps(plain.resource), f"{case.name}: it changes nothing"
        else:
            assert case.companions != plain.companions, f"{case.name}: it changes nothing"


def test_a_change_shows_in_the_answer_and_not_in_the_recording() -> None:
    label = next(label for label in form.labels("azure", own=True) if label.id == "own-storage-closed")
    plain, *_, flipped = resolved("azure", label)
    assert bodies.at(flipped.answer, "/value/0/properties/allowSharedKeyAccess") is True
    assert bodies.at(plain.answer, "/value/0/properties/allowSharedKeyAccess") is False
    assert bodies.at(label.body, "/value/0/properties/allowSharedKeyAccess") is False
    assert flipped.expect == plain.expect | {"storage-keys-accepted": "fail"}


PLAIN = {"id": "a", "operation": "o", "type": "gcp.a.b", "expect": {"c": "pass"}, "source": "https://x"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"colour": "red"},
        {"expect": {"c": "maybe"}},
        {"flips": [{"why": "w", "sett": {}}]},
        {"flips": [{"set": {}}]},
        {"with": [{"operation": "o", "index": 3}]},
    ],
)
def test_a_slip_in_a_label_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(PLAIN | wrong, Label)


def test_a_member_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "twice.yaml"
    path.write_text("labels: []\nlabels: []\n", encoding="utf-8")
    with pytest.raises(ValueError, match="twice"):
        form.read(path)


def test_what_is_not_there_is_neither_read_nor_changed() -> None:
    answer: typing.Any = {
        "items": {"zones/a": {"disks": [{"name": "d"}]}, "zones/b": {"disks": [{"name": "D"}, {"name": "e"}]}}
    }
    assert bodies.listed(answer, "e") == {"name": "e"}
    for name in ("d", "f"):
        with pytest.raises(KeyError):
            bodies.listed(answer, name)
    for pointer in ("/f", "/items/zones~1a/disks/1", "items"):
        with pytest.raises(KeyError):
            bodies.removed(answer, pointer)
        with pytest.raises(KeyError):
            bodies.at(answer, pointer)
    with pytest.raises(KeyError):
        bodies.replaced(answer, "/f/g", 1)
    bodies.replaced(answer, "/items/zones~1a/disks/-", {"name": "g"})
    assert bodies.at(answer, "/items/zones~1a/disks/1/name") == "g"
