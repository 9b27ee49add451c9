"""How findings name resources: a slip of ours in reading tags is a defect, never "no tags"."""

from __future__ import annotations

from collections.abc import Mapping

from scanner.facts import derived
from scanner.model import Estate, Identity, Resource
from scanner.subject import Subjects
from tests.engine.report.sample import MODEL, SCOPE, TAKEN


class Slip(Resource, kind="slip", type_id="lab.storage.slip"):
    @derived(reads=[])
    def tags(self) -> Mapping[str, str]:
        raise KeyError("Tags")


class Plain(Resource, kind="plain", type_id="lab.storage.plain"):
    pass


def test_a_slip_in_tags_is_told_as_a_defect() -> None:
    slip, plain = (kind(Identity(SCOPE, f"lab:{kind.kind}", "it", "east"), {}) for kind in (Slip, Plain))
    estate = Estate(SCOPE, TAKEN, {Slip: [slip], Plain: [plain]})
    defects: list[str] = []
    subjects = Subjects(estate, MODEL, defects)
    assert subjects.of(slip).tags is None
    assert "tags of lab:slip" in defects[0]
    assert subjects.of(plain).tags == {}
    assert len(defects) == 1
