"""The gaps: what is missing is named, and what is there is not."""

from hypothesis import given, settings

from scanner.matrix.gaps import Gaps, gaps_of
from scanner.matrix.promises import Promises
from scanner.posture import Posture
from tests.engine.matrix.postures import postures, promises
from tests.engine.matrix.world import CATALOGUE, MODEL, PROMISES, SAMPLE, TODAY


def gaps(posture: Posture = SAMPLE, said: Promises = PROMISES) -> Gaps:
    return gaps_of(posture, MODEL, CATALOGUE, said, TODAY)


@settings(max_examples=25, deadline=None)
@given(postures, promises)
def test_what_was_decided_is_no_gap(posture: Posture, said: Promises) -> None:
    found = gaps(posture, said)
    decided = {
        (each.group.provider, each.group.account, each.group.responsibility.duty)
        for each in posture.counted
        if each.group.status in ("fail", "pass", "excepted")
    }
    assert not decided & {(each.provider, each.account, each.duty) for each in found.uncovered}
    failing = {each.group.responsibility.duty for each in posture.counted if each.group.status == "fail"}
    assert {each.duty for each in found.unowned} <= failing
    assert found.violated == len(failing)
    described = {each.type for each in found.undescribed}
    assert not described & set(MODEL.types)


def test_each_sort_of_gap() -> None:
    found = gaps()
    assert [each.duty for each in found.unowned] == ["data.public-access"]
    public = next(each for each in found.uncovered if (each.account, each.duty) == ("2222", "data.public-access"))
    assert (public.why[0].why, public.needs) == ("denied", ("store:GetPolicy",))
    assert ("mill", "network.ingress") in {(each.provider, each.duty) for each in found.unchecked}
    assert ("lab", "network.ingress") not in {(each.provider, each.duty) for each in found.unchecked}
    store = next(each for each in found.unchecked_types if each.type == "lab.storage.store")
    assert (store.resources, store.duties, store.checked_at_all) == (12, ("data.recoverability",), True)
    assert [(each.type, each.resources) for each in found.undescribed] == [("lab.new.gadget", 1)]
    assert [each.scope.account for each in found.partly_read] == ["2222"]
    assert [each.duty for each in found.overdue_attestations] == ["delivery.iac-assurance"]
    assert [each.provider for each in found.overdue_documents] == ["lab"]
    assert [each.provider for each in found.undocumented] == ["mill"]
