"""What can happen: every kind of event goes somewhere in every cloud, and where it goes moves with the resource."""

from fnmatch import fnmatchcase
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.cli import doors
from scanner.cli.planning import model_of
from scanner.responsibility.attribution import Responsibility
from scanner.responsibility.boundary import Unknown
from scanner.responsibility.events import Event, by_model, load_events, named, near, where
from scanner.responsibility.exercises import load_exercises
from scanner.responsibility.model import Purpose
from scanner.responsibility.resolve import resolve
from scanner.responsibility.routing import Route, route

CLOUDS = sorted(name for name in doors.providers() if name in ("aws", "azure", "gcp"))
MODEL = model_of(CLOUDS)
EVENTS = load_events(MODEL)


def on(resource_type: str, event: Event) -> Responsibility:
    return resolve(MODEL, resource_type, event.duty, lambda name: Unknown(name, "denied"))


def routed(text: str, resource_type: str = "") -> Route:
    event = named(text, EVENTS)
    assert event is not None, text
    return route(event, MODEL, on(resource_type, event) if resource_type else None)


def test_there_are_enough_of_them() -> None:
    assert len(EVENTS) >= 25


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_every_event_goes_somewhere_in_every_cloud(event: Event) -> None:
    found = route(event, MODEL)
    assert found.acts in {("customer",), ("customer", "provider"), ("provider", "customer")}
    assert found.duty in MODEL.duties
    assert found.role
    for text in (event.title, found.reason, found.customer_part, found.provider_part):
        assert text
        assert "\n" not in text
    for cloud in CLOUDS:
        assert MODEL.contacts[cloud][event.contact].url.startswith("https://")


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_every_event_goes_somewhere_on_every_type_of_resource(event: Event) -> None:
    layer, _ = where(event, MODEL)
    for resource_type in [*MODEL.types, "nobody.knows.this"]:
        answer = on(resource_type, event)
        found = route(event, MODEL, answer)
        assert (found.acts[0] == "provider") == (found.layer_owner == "provider")
        assert len(set(found.acts)) == len(found.acts)
        assert not found.assumed
        assert found.duty == event.duty
        if layer.band != "variable":
            assert found.layer_owner == layer.band.removesuffix("-fixed")


@pytest.mark.parametrize("cloud", CLOUDS)
def test_some_first_question_of_each_event_is_answered_by_a_check(cloud: str) -> None:
    kinds = doors.provider(cloud).kinds()
    checks = [check for check in doors.checks().values() if any(map(check.applies_to, kinds))]
    for event in EVENTS.values():
        assert any(
            fnmatchcase(check.id, look.check) if look.check else check.duty == look.duty
            for look in event.look
            for check in checks
        ), event.id


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_no_question_names_a_check_that_does_not_exist(event: Event) -> None:
    for look in event.look:
        assert not look.check or any(fnmatchcase(name, look.check) for name in doors.checks()), look


@pytest.mark.parametrize(
    ("text", "first", "duty"),
    [
        ("network flood", "provider", "network.edge-protection"),
        ("ddos", "provider", "network.edge-protection"),
        ("application-layer flood", None, ""),
        ("layer 7 flood", "customer", "network.edge-protection"),
        ("stolen credential", "customer", "identity.credential-hygiene"),
        ("Stolen key", "customer", "identity.credential-hygiene"),
        ("open bucket", "customer", "data.public-access"),
        ("public snapshot", "customer", "data.public-access"),
        ("leaked secret", "customer", "application.secrets"),
        ("unpatched guest", "customer", "runtime.patching"),
        ("image flaw", "customer", "application.supply-chain"),
        ("host fault", "provider", "data.recoverability"),
        ("datacentre outage", "provider", "data.recoverability"),
        ("hypervisor flaw", "provider", "runtime.patching"),
        ("provider bulletin", "customer", "runtime.patching"),
        ("lost log", "customer", "logging.audit-trail"),
        ("suspicious sign-in", "customer", "identity.strong-authentication"),
        ("vendor breach", "customer", "identity.external-trust"),
    ],
)
def test_where_it_goes(text: str, first: str | None, duty: str) -> None:
    event = named(text, EVENTS)
    if first is None:
        assert event is None
        assert near(text, EVENTS)[0] == "application-flood"
        return
    found = routed(text)
    assert (found.acts[0], found.duty) == (first, duty)


def test_the_kind_of_service_changes_the_answer() -> None:
    machine, function = (
        routed("unpatched runtime", "aws.ec2.instance"),
        routed("unpatched runtime", "azure.web.function"),
    )
    assert (machine.layer_owner, machine.acts) == ("customer", ("customer",))
    assert (function.layer_owner, function.acts) == ("provider", ("provider", "customer"))
    assert routed("engine flaw").acts[0] == "provider"
    assert routed("engine flaw", "aws.ec2.instance").acts[0] == "customer"


def test_an_attribute_of_the_resource_changes_the_answer() -> None:
    moved = on("aws.lambda.function", EVENTS["unpatched-runtime"])
    ours = msgspec.structs.replace(moved, layer_owner="shared", boundary_rule="mode is manual: ours")
    found = route(EVENTS["unpatched-runtime"], MODEL, ours)
    assert (found.acts, found.boundary_rule) == (("customer", "provider"), "mode is manual: ours")


def test_what_depends_on_the_service_model_says_so() -> None:
    for event in EVENTS.values():
        found = route(event, MODEL)
        assert found.assumed == (len(set(by_model(event, MODEL).values())) > 1) == bool(found.depends)


def test_every_name_leads_to_its_event() -> None:
    for event in EVENTS.values():
        for name in event.names:
            assert named(name.upper().replace("-", " "), EVENTS) is event


@given(st.text())
def test_any_text_is_an_event_or_not(text: str) -> None:
    event = named(text, EVENTS)
    assert event is None or event.id in EVENTS
    assert set(near(text, EVENTS)) <= set(EVENTS)


def test_every_provider_has_all_its_doors() -> None:
    for cloud in CLOUDS:
        assert set(MODEL.contacts[cloud]) == set(get_args(Purpose))
        assert all(contact.url.startswith("https://") for contact in MODEL.contacts[cloud].values())


def test_exercises_fit_the_model_and_the_events() -> None:
    exercises = load_exercises(MODEL, EVENTS)
    assert len({exercise.id for exercise in exercises}) == len(exercises) >= 10
    for exercise in exercises:
        assert exercise.links
        assert all(link.duties for link in exercise.links)
        assert exercise.injects
