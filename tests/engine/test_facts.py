"""A fact is read, or it says why not; and nobody reads what was not declared."""

from __future__ import annotations

import copy
import pickle
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.check import Reason, Reasons, check
from scanner.evaluate import Tally
from scanner.facts import Call, Fact, Path, Reads, Relation, UndeclaredRead, Unread, UnreadFact, derived, every
from scanner.model import Estate, Example, Identity, ListingGap, Resource, View
from tests.engine import papercloud
from tests.engine.papercloud import Camera, Clerk, Container, Drawer, Office, Rule, Team
from tests.engine.rules import TAKEN_AT, explained, judge, model

DENIED = Unread("denied", ("paper:DrawerLock",), "shelves:DrawerLock", "container.lock")


def bound(resource: Resource, *reads: Any, others: tuple[Resource, ...] = ()) -> tuple[Any, View]:
    view = View(Reads.of(reads), Example(resource, others).estate())
    return resource.bound(view), view


def test_on_the_class_it_is_the_declaration_and_on_a_resource_the_value() -> None:
    assert isinstance(Drawer.lock, Fact)
    assert Drawer.lock.path() == "container.lock"
    assert Drawer.given(lock="on").lock == "on"
    assert Drawer.given(label=None).label is None


def test_an_unread_fact_raises_what_is_missing() -> None:
    with pytest.raises(UnreadFact) as raised:
        _ = Drawer.given(lock=DENIED).lock
    assert raised.value.unread == (DENIED,)


def test_a_fact_that_was_not_asked_for_names_its_call_and_permission() -> None:
    drawer, _ = bound(Drawer.given(), Drawer.lock)
    with pytest.raises(UnreadFact) as raised:
        _ = drawer.lock
    (unread,) = raised.value.unread
    assert (unread.why, unread.call, unread.needs) == ("not-collected", "shelves:DrawerLock", ("paper:DrawerLock",))


WHYS = st.sampled_from(["denied", "throttled", "failed", "unreachable", "expired", "service-off", "stale"])
UNREADS = st.builds(Unread, WHYS, st.lists(st.text(), max_size=2).map(tuple), st.text(), st.text(), st.text())


@given(st.lists(UNREADS, min_size=1, max_size=3))
def test_unread_survives_pickling_raised_or_not(unread: list[Unread]) -> None:
    raised = pickle.loads(pickle.dumps(UnreadFact(*unread)))
    assert isinstance(raised, UnreadFact)
    assert raised.unread == tuple(unread)
    assert pickle.loads(pickle.dumps(unread)) == unread


def test_an_unread_value_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        DENIED.why = "failed"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (Drawer.lock, str),
        (Drawer.keys, tuple[papercloud.Key, ...]),
        (Container.weight, int),
        (Clerk.used, datetime | None),
        (Camera.films, str | None),
        (Clerk.teams, tuple[str, ...]),
        (Clerk.mighty, tuple[str, ...]),
        (Container.heavy, bool),
    ],
    ids=lambda value: value.name if isinstance(value, Fact) else "",
)
def test_its_type_is_known(fact: Fact[Any], expected: object) -> None:
    assert fact.value_type == expected


def test_a_relation_knows_where_it_leads() -> None:
    assert Camera.films.target is Drawer
    assert Clerk.teams.target is Team


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        (Drawer.polished, "false"),
        (Drawer.polished, None),
        (Drawer.polished, 1),
        (Drawer.policy, "ajar"),
        (Drawer.lock, None),
        (Drawer.keys, ({"id": 1, "spare": False},)),
        (Drawer.keys, (papercloud.Key(3),)),  # type: ignore[arg-type]
        (Drawer.label, "half a \ud83d character"),
        (Drawer.made, "yesterday"),
        (Drawer.made, object()),
        (Camera.films, ("two", "drawers")),
        (Clerk.teams, "one team"),
    ],
    ids=lambda value: value.name if isinstance(value, Fact) else "",
)
def test_a_value_of_another_type_is_not_kept(fact: Fact[Any], value: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        fact.kept(value)


@given(st.text(st.characters(exclude_categories=["Cs"])), st.booleans(), st.datetimes(timezones=st.just(UTC)))
def test_what_is_kept_is_what_a_snapshot_gives_back(text: str, flag: bool, when: datetime) -> None:
    cases: list[tuple[Fact[Any], object]] = [
        (Drawer.label, text),
        (Drawer.polished, flag),
        (Drawer.keys, (papercloud.Key(text, flag),)),
        (Drawer.made, when.replace(microsecond=0)),
        (Clerk.teams, (text, text)),
    ]
    for fact, value in cases:
        kept = fact.kept(value)
        assert kept == value
        assert fact.kept_in(msgspec.Raw(msgspec.json.encode(kept))) == kept
        assert pickle.loads(pickle.dumps(kept)) == kept


def test_a_resource_is_immutable() -> None:
    drawer = Drawer.given(lock="on")
    for name in ("lock", "identity", "stored", "new"):
        with pytest.raises(AttributeError, match="immutable"):
            setattr(drawer, name, "x")
    for name in ("identity", "stored"):
        with pytest.raises(AttributeError, match="immutable"):
            delattr(drawer, name)


def test_an_example_can_only_hold_facts_of_its_kind() -> None:
    with pytest.raises(TypeError, match="colour"):
        Drawer.given(colour="red")


def test_no_fact_hides_what_every_resource_has() -> None:
    with pytest.raises(TypeError, match="region"):
        type("Odd", (Resource,), {"region": Fact[str]("Another word for it.")})


def test_facts_of_all_parents_are_facts() -> None:
    class Both(Office, Team):
        pass

    assert {"sealed", "rules"} <= Both.facts.keys()


# --- what may be read -----------------------------------------------------------------------------------------


def test_what_is_not_declared_cannot_be_read() -> None:
    drawer, _ = bound(Drawer.given(lock="on", label="x"), Drawer.lock)
    assert drawer.lock == "on"
    with pytest.raises(UndeclaredRead, match="label"):
        _ = drawer.label


def test_neither_through_a_relation_nor_among_all() -> None:
    target = Drawer.given("target", lock="on", label="x")
    camera, _ = bound(Camera.given(films=target.uid), Camera.films / Drawer.lock, others=(target,))
    assert camera.films.lock == "on"
    with pytest.raises(UndeclaredRead, match="label"):
        _ = camera.films.label
    with pytest.raises(UndeclaredRead, match="every"):
        next(camera.every(Drawer))
    office, _ = bound(Office.given(), every(Drawer, Drawer.lock), others=(target,))
    assert [drawer.lock for drawer in office.every(Drawer)] == ["on"]
    with pytest.raises(UndeclaredRead):
        _ = next(office.every(Drawer)).label


def test_nor_by_a_derived_fact() -> None:
    class Sly(Drawer):
        @derived(reads=[Drawer.lock])
        def sly(self) -> bool:
            return self.lock == "on" or self.label is None

    drawer, _ = bound(Sly.given(lock="on", label=None), Sly.sly)
    assert drawer.sly
    drawer, _ = bound(Sly.given(lock="off", label=None), Sly.sly)
    with pytest.raises(UndeclaredRead):
        _ = drawer.sly


def sly_inside(drawer: Drawer) -> Reasons:
    if drawer.label is None:
        yield Reason("no label")


def sly_reader(container: Container) -> Reasons:
    if container.heavy:
        yield Reason("heavy")


def broken(drawer: Drawer) -> Reasons:
    yield Reason("before it breaks")
    raise KeyError(drawer.lock)


def talkative(drawer: Drawer) -> Any:
    yield drawer.lock


class Heavy(Container, type_id="paper.shelves.heavy"):
    weight = Fact[int]("Its weight.").listed("weight")

    @derived(reads=[])
    def heavy(self) -> bool:
        """Reads what it does not declare."""
        return self.weight > 1


@pytest.mark.parametrize(
    ("function", "reads", "resource", "word"),
    [
        (sly_inside, [Drawer.lock], Drawer.given(lock="on", label=None), "label"),
        (sly_reader, [Container.heavy], Heavy.given(weight=3), "weight"),
        (broken, [Drawer.lock], Drawer.given(lock="on"), "KeyError"),
        (talkative, [Drawer.lock], Drawer.given(lock="on"), "not a Reason"),
    ],
)
def test_a_slip_of_ours_is_a_loud_defect_and_never_a_verdict(
    function: Callable[[Any], Reasons], reads: list[Fact[Any]], resource: Resource, word: str
) -> None:
    slip = check("slip", severity="low", reads=reads, duty="network.ingress")(explained(function))
    tally = Tally()
    (finding,) = judge(Example(resource).estate(), [slip], tally)
    assert finding.status == "unknown"
    assert finding.reasons == ()
    assert finding.unread[0].why == "failed"
    assert word in tally.defects[0]
    assert not tally.complete


def test_a_boundary_rule_over_a_broken_fact_decides_nothing_and_is_loud() -> None:
    class Broken(Drawer, type_id="paper.shelves.drawer"):
        @derived(reads=[])
        def lock(self) -> str:
            raise IndexError("no lock")

    label = check("label", severity="low", reads=[Drawer.label], duty="runtime.patching")(explained(sly_inside))
    tally = Tally()
    estate = Example(Broken.given(label="x")).estate()
    (finding,) = judge(estate, [label], tally)
    assert finding.status == "pass"
    assert finding.responsibility.boundary_rule is None
    assert "lock" in finding.responsibility.undecided[0]
    assert "IndexError" in tally.defects[0]
    assert model().boundary_facts("paper.shelves.drawer", "runtime.patching")


# --- evidence -------------------------------------------------------------------------------------------------


def test_evidence_is_what_was_read_with_the_way_to_it() -> None:
    drawer = Drawer.given("desk", lock="on", label=DENIED)
    camera, view = bound(
        Camera.given(films=drawer.uid, on=True), Camera.on, Camera.films / Drawer.lock, others=(drawer,)
    )
    assert camera.on
    assert camera.films.lock == "on"
    assert view.seen == {"on": True, "films": drawer.uid, "films.desk.lock": "on"}


def test_evidence_of_all_of_a_kind_names_each() -> None:
    office, view = bound(
        Office.given(), every(Camera, Camera.on), others=(Camera.given("a", on=True), Camera.given("b", on=False))
    )
    assert [camera.on for camera in office.every(Camera)] == [True, False]
    assert view.seen == {"a.on": True, "b.on": False}


def test_a_derived_fact_is_evidence_itself_and_computed_once() -> None:
    times: list[str] = []

    class Counted(Drawer):
        @derived(reads=[Drawer.lock])
        def locked(self) -> bool:
            times.append(self.uid)
            return self.lock == "on"

    drawer, view = bound(Counted.given(lock="on"), Counted.locked)
    assert drawer.locked
    assert drawer.bound(View(view.reads, view.estate, view.computed)).locked
    assert len(times) == 1
    assert view.seen == {"locked": True}


def test_bound_copies_of_two_threads_do_not_meet() -> None:
    cameras = [Camera.given(f"c{number}", films=f"example::container/d{number}") for number in range(20)]
    drawers = [Drawer.given(f"d{number}", lock=str(number)) for number in range(20)]
    estate = Estate(cameras[0].scope, TAKEN_AT, {Camera: cameras, Drawer: drawers})
    start = threading.Barrier(8)
    seen: list[tuple[dict[str, object], int]] = []

    def look(thread: int) -> None:
        start.wait()
        for number in range(thread, 20):
            view = View(Reads.of([Camera.films / Drawer.lock]), estate)
            films = cameras[number].bound(view).films
            assert films is not None
            assert films.lock == str(number)
            seen.append((view.seen, number))

    threads = [threading.Thread(target=look, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == sum(20 - number for number in range(8))
    for evidence, number in seen:
        assert evidence == {"films": f"example::container/d{number}", f"films.d{number}.lock": str(number)}


# --- relations ------------------------------------------------------------------------------------------------


def test_a_path_may_be_long() -> None:
    path = Clerk.teams / Team.rules / Rule.allows
    assert path == Path(Clerk.teams, Path(Team.rules, Rule.allows))
    assert Reads.of([path]).through["teams"].through["rules"].own == {"allows"}
    with pytest.raises(TypeError, match="no relation"):
        _ = Clerk.teams / Rule.allows / Rule.allows


def test_a_name_that_two_have_leads_nowhere() -> None:
    twins = [Team(Identity(Team.given().scope, f"uid {number}", "twin", "here"), {}) for number in range(2)]
    clerk, _ = bound(Clerk.given(teams=("twin",)), Clerk.teams, others=tuple(twins))
    with pytest.raises(UnreadFact):
        _ = clerk.teams
    clerk, _ = bound(Clerk.given(teams=("uid 1",)), Clerk.teams, others=tuple(twins))
    assert [team.uid for team in clerk.teams] == ["uid 1"]


def test_a_relation_leads_to_its_kind_only() -> None:
    impostor = Clerk.given("impostor")
    camera, _ = bound(Camera.given(films=impostor.uid), Camera.films, others=(impostor,))
    with pytest.raises(UnreadFact):
        _ = camera.films


def test_what_a_refused_listing_hides_names_the_refusal() -> None:
    refusal = Unread("denied", ("paper:ListDrawers",), "shelves:ListDrawers", "container")
    example = Camera.given(films="paper:drawer:x").among(gaps=[ListingGap(Drawer, "global", refusal)])
    camera = example.resource.bound(View(Reads.of([Camera.films]), example.estate()))
    assert isinstance(camera, Camera)
    with pytest.raises(UnreadFact) as raised:
        _ = camera.films
    assert raised.value.unread == (refusal,)


def test_a_call_is_told_from_another_by_what_it_is() -> None:
    assert papercloud.POLICY.wire == "shelves:DrawerPolicy"
    assert papercloud.STAFF.permissions == ("paper:AllStaff", "paper:AllStaffMore")
    assert papercloud.POLICY.per_resource
    assert not papercloud.SEAL.per_resource
    assert copy.copy(papercloud.POLICY) != Call("shelves", "DrawerPolicy")
    assert isinstance(Camera.films, Relation)
