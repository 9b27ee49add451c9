"""A call that takes its parameters from an earlier answer: each resource's own, asked once, and never a made-up one."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.check import Reason, Reasons, check
from scanner.facts import Answer, Call, Fact, Unread
from scanner.model import Estate
from tests.engine.office import FULL
from tests.engine.papercloud import Asked, Clerk, PaperSession, Rule, Team
from tests.engine.rules import collect, explained, fact, plan_of


def ready(answer: Answer) -> bool:
    return bool(answer["State"] == "READY")


ORDER = Call("staff", "OrderReview", {"Of": "{it.name}"}, "paper:OrderReview", until=ready)
REVIEW = Call("staff", "Review", {"Of": "{earlier[Ticket]}"}, "paper:Review", after=ORDER, until=ready)
OPEN = Call("staff", "OpenArchive", {}, "paper:OpenArchive")
ARCHIVE = Call("staff", "Archive", {"Of": "{earlier[Ticket]}"}, "paper:Archive", after=OPEN)
PAGE = Call("staff", "ArchivePage", {"Of": "{earlier[Ticket]}/{it.name}"}, "paper:ArchivePage", after=OPEN)


class Reviewed(Clerk, type_id="paper.staff.reviewed"):
    marks = Fact[int]("Marks.").read(REVIEW, lambda a: a["Marks"])
    praise = Fact[str]("Words.").read(REVIEW, lambda a: a["Praise"])
    ticket = Fact[str]("What was ordered.").read(ORDER, lambda a: a["Ticket"])
    archived = Fact[int]("How much is archived.").read(ARCHIVE, lambda a: a["Size"])
    page = Fact[int]("Its page in the archive.").read(PAGE, lambda a: a["Page"])


@check("reviewed", severity="low", reads=[Reviewed.marks, Reviewed.praise], duty="network.ingress")
@explained
def reviewed(clerk: Reviewed) -> Reasons:
    if clerk.marks < 3:
        yield Reason(clerk.praise)


@check("ordered", severity="low", reads=[Reviewed.ticket, Reviewed.marks], duty="network.ingress")
@explained
def ordered(clerk: Reviewed) -> Reasons:
    if clerk.marks < 3:
        yield Reason(clerk.ticket)


@check("archived", severity="low", reads=[Reviewed.archived, Reviewed.page], duty="network.ingress")
@explained
def archived(clerk: Reviewed) -> Reasons:
    if clerk.archived < clerk.page:
        yield Reason("its page is missing")


NAMES = ("ann", "bob", "cid")
KINDS = (Reviewed, Team, Rule)


def answers(**changed: Any) -> dict[tuple[str, str, str], Any]:
    found: dict[tuple[str, str, str], Any] = dict(FULL.answers())
    for marks, name in enumerate(NAMES):
        found["OrderReview", "global", name] = {"State": "READY", "Ticket": f"ticket of {name}"}
        found["Review", "global", f"ticket of {name}"] = {"State": "READY", "Marks": marks, "Praise": f"{name}!"}
        found["ArchivePage", "global", f"archive/{name}"] = {"Page": marks}
    found["OpenArchive", "global", ""] = {"Ticket": "archive"}
    found["Archive", "global", "archive"] = {"Size": 7}
    return {**found, **{("OrderReview", "global", name): answer for name, answer in changed.items()}}


def scan(session: PaperSession, *checks: Any) -> Estate:
    return collect(session, checks, kinds=KINDS)


def told(estate: Estate, name: str) -> dict[str, Any]:
    return {clerk: fact(estate, f"paper:one:clerk:{clerk}", name) for clerk in NAMES}


def asked(session: PaperSession, call: Call) -> list[tuple[object, ...]]:
    return sorted(question[3:] for question in session.asked if question[1] == call.wire)


def test_each_resource_has_the_answer_to_its_own_earlier_one_and_all_is_asked_once() -> None:
    session = PaperSession({"one": answers()})
    estate = scan(session, reviewed, ordered)
    assert told(estate, "marks") == {"ann": 0, "bob": 1, "cid": 2}
    assert told(estate, "praise") == {"ann": "ann!", "bob": "bob!", "cid": "cid!"}
    assert told(estate, "ticket") == {name: f"ticket of {name}" for name in NAMES}
    assert set(session.asked.values()) == {1}
    assert asked(session, REVIEW) == [(("Of", f"ticket of {name}"),) for name in NAMES]
    assert not estate.defects


def test_an_earlier_answer_of_the_scope_is_shared_and_what_follows_it_as_its_own_parameters_say() -> None:
    session = PaperSession({"one": answers()})
    estate = scan(session, archived)
    assert told(estate, "archived") == dict.fromkeys(NAMES, 7)
    assert told(estate, "page") == {"ann": 0, "bob": 1, "cid": 2}
    assert asked(session, OPEN) == [()]
    assert asked(session, ARCHIVE) == [(("Of", "archive"),)]
    assert set(session.asked.values()) == {1}


def test_a_call_is_per_resource_where_what_it_takes_from_is() -> None:
    assert [call.per_resource for call in (ORDER, REVIEW, OPEN, ARCHIVE, PAGE)] == [True, True, False, False, True]


@pytest.mark.parametrize("denied", [ORDER, REVIEW], ids=lambda call: call.operation)
def test_a_refusal_names_the_call_that_was_refused(denied: Call) -> None:
    session = PaperSession({"one": answers()}, denied=frozenset(denied.permissions))
    estate = scan(session, reviewed)
    for unread in told(estate, "marks").values():
        assert (unread.why, unread.needs, unread.call) == ("denied", denied.permissions, denied.wire)
    assert bool(asked(session, REVIEW)) is (denied is REVIEW)


@pytest.mark.parametrize("late", [ORDER, REVIEW], ids=lambda call: call.operation)
def test_either_is_asked_again_until_it_is_ready(late: Call) -> None:
    def wait(asked: Asked) -> None:
        if asked.call is late:
            key = (late.operation, "global", str(asked.params["Of"]))
            found[key] = {**ready_answers[key], "State": "READY" if asked.times == 3 else "RUNNING"}

    found = answers()
    ready_answers = dict(found)
    session = PaperSession({"one": found}, trouble=wait)
    estate = scan(session, reviewed)
    assert told(estate, "marks") == {"ann": 0, "bob": 1, "cid": 2}
    times = {question[1]: count for question, count in session.asked.items()}
    other = REVIEW if late is ORDER else ORDER
    assert (times[late.wire], times[other.wire]) == (3, 1)


@pytest.mark.parametrize("answer", [{"State": "READY"}, {"State": "READY", "Ticket": None}])
def test_an_earlier_answer_without_what_is_taken_from_it_is_a_failure_of_that_resource_only(answer: Any) -> None:
    session = PaperSession({"one": answers(bob=answer)})
    estate = scan(session, reviewed)
    marks = told(estate, "marks")
    assert (marks["ann"], marks["cid"]) == (0, 2)
    assert isinstance(marks["bob"], Unread)
    assert marks["bob"].why == "failed"
    assert ORDER.wire in marks["bob"].detail
    assert estate.defects
    assert ("Of", "None") not in [parameter for parameters in asked(session, REVIEW) for parameter in parameters]


def test_a_call_that_takes_from_nothing_is_no_call() -> None:
    with pytest.raises(ValueError, match="staff:Review"):
        Call("staff", "Review", {"Of": "{earlier[Ticket]}"}, "paper:Review")


def test_the_plan_asks_for_the_permissions_of_both() -> None:
    assert {"paper:OrderReview", "paper:Review"} <= set(plan_of((reviewed,), KINDS).permissions())
