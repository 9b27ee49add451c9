"""Small checks over the paper cloud, its shared responsibility, and scanning in a line."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from scanner.check import Check, Reason, Reasons, check
from scanner.collect import Collection
from scanner.document import parse
from scanner.evaluate import Evaluation, Tally
from scanner.facts import Unread, every
from scanner.finding import Finding
from scanner.model import Estate, Resource, Scope
from scanner.plan import Plan
from scanner.provider import Target
from scanner.responsibility.load import load_model
from scanner.responsibility.model import ProviderDocument, ResponsibilityModel
from scanner.schedule import Limits
from scanner.snapshot import lines
from tests.engine import papercloud
from tests.engine.office import Papers
from tests.engine.papercloud import (
    KINDS,
    Answers,
    Camera,
    Clerk,
    Container,
    Drawer,
    Folder,
    Office,
    PaperSession,
    Sheet,
    Team,
)

Body = TypeVar("Body", bound=Callable[..., Reasons])
TAKEN_AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
QUICK = Limits(attempt=5, call=10, pause=0.0005)

DUTY = "runtime.patching"


def explained(function: Body) -> Body:
    function.__doc__ = "All is well.\n\nElse it is not.\n\nFix: mend it.\n\nReferences:\n  https://paper.example/"
    return function


@check("drawer-open", severity="critical", reads=[Container.access], duty="data.public-access")
@explained
def drawer_open(container: Container) -> Reasons:
    for access in container.access.by("anyone").to("read"):
        yield Reason(f"{access.via} lets {access.text} read")


@check("drawer-label", severity="low", reads=[Container.label], duty="data.classification")
@explained
def drawer_label(container: Container) -> Reasons:
    if not container.label:
        yield Reason("it has no label")


@check("drawer-keys", severity="medium", reads=[Drawer.keys, Drawer.made, Drawer.lock], duty=DUTY)
@explained
def drawer_keys(drawer: Drawer) -> Reasons:
    if drawer.lock == "on" and any(key.spare for key in drawer.keys):
        yield Reason("a spare key fits")
    if (drawer.taken_at - drawer.made).days > 2000:
        yield Reason("it is old")


@check("folder-red", severity="info", reads=[Folder.colour], duty=DUTY)
@explained
def folder_red(folder: Folder) -> Reasons:
    if folder.colour == "red":
        yield Reason("it is red")


@check("sheet-signed", severity="high", reads=[Sheet.signed], duty=DUTY)
@explained
def sheet_signed(sheet: Sheet) -> Reasons:
    if not sheet.signed:
        yield Reason("nobody signed it")


@check("clerk-badge", severity="high", reads=[Clerk.badge, Clerk.used], duty="identity.strong-authentication")
@explained
def clerk_badge(clerk: Clerk) -> Reasons:
    if not clerk.badge:
        yield Reason("no badge")
    if clerk.used is None:
        yield Reason("never seen")


@check("clerk-mighty", severity="high", reads=[Clerk.mighty], duty="identity.least-privilege")
@explained
def clerk_mighty(clerk: Clerk) -> Reasons:
    for name in clerk.mighty:
        yield Reason(f"{name} allows all")


@check(
    "camera-films-open", severity="high", reads=[Camera.on, Camera.films / Drawer.access], duty="logging.audit-trail"
)
@explained
def camera_films_open(camera: Camera) -> Reasons:
    if not camera.on:
        yield Reason("it is off")
    if camera.films is not None:
        for access in camera.films.access.by("anyone").to("read"):
            yield Reason(f"its drawer is open to {access.text}")


@check("office-watched", severity="high", reads=[every(Camera, Camera.on)], duty="logging.audit-trail")
@explained
def office_watched(office: Office) -> Reasons:
    if not any(camera.on for camera in office.every(Camera)):
        yield Reason("no camera is on")


@check("office-sealed", severity="low", reads=[Office.sealed], duty="network.ingress")
@explained
def office_sealed(office: Office) -> Reasons:
    if not office.sealed:
        yield Reason("it is not sealed")


@check("team-used", severity="low", reads=[every(Clerk, Clerk.teams)], duty="identity.lifecycle")
@explained
def team_used(team: Team) -> Reasons:
    if not any(team.uid == other.uid for clerk in team.every(Clerk) for other in clerk.teams):
        yield Reason("nobody is in it")


CHECKS: tuple[Check[Any], ...] = (
    drawer_open,
    drawer_label,
    drawer_keys,
    folder_red,
    sheet_signed,
    clerk_badge,
    clerk_mighty,
    camera_films_open,
    office_watched,
    office_sealed,
    team_used,
)

_DOCUMENT = """
provider: paper
account_type: {title: Paper office, ocsf_type_id: 99, resource_type: paper.office.office}
sources: [{id: paper-srm, title: Paper, url: https://paper.example/shared, read: 2026-01-31}]
types:
- {id: paper.office.office, model: control-plane, customer: c, provider: p, duties: [], source: paper-srm}
- id: paper.shelves.drawer
  model: paas
  customer: The lock.
  provider: The wood.
  duties: [runtime.patching]
  source: paper-srm
  boundary:
  - when: {fact: lock, is: "off"}
    layer: guest-runtime
    owner: customer
    why: no lock keeps others out
    source: paper-srm
"""


@functools.cache
def model() -> ResponsibilityModel:
    return ResponsibilityModel(load_model().core, (parse(_DOCUMENT, ProviderDocument, "paper.yaml"),))


def plan_of(checks: Iterable[Check[Any]] = CHECKS, kinds: Sequence[type[Resource]] = KINDS) -> Plan:
    also = [
        (kind, fact)
        for each in checks
        for kind in kinds
        if each.applies_to(kind)
        for fact in model().boundary_facts(kind.type_id, each.duty)
    ]
    return Plan.of(checks, kinds, also)


def collection(
    session: PaperSession,
    checks: Sequence[Check[Any]] = CHECKS,
    *,
    limits: Limits = QUICK,
    scopes: Sequence[Scope] = (papercloud.scope(),),
    unread: Sequence[tuple[Scope, Unread]] = (),
    kinds: Sequence[type[Resource]] = KINDS,
) -> Collection:
    target = Target(tuple(scopes), tuple(unread))
    return Collection(plan_of(checks, kinds), session, target, TAKEN_AT, limits)


def collect(session: PaperSession, checks: Sequence[Check[Any]] = CHECKS, **options: Any) -> Estate:
    """The one estate of a scan."""
    (estate,) = collection(session, checks, **options)
    return estate


def judge(estate: Estate, checks: Sequence[Check[Any]] = CHECKS, tally: Tally | None = None) -> list[Finding]:
    return list(Evaluation(estate, checks, model(), "scan-1", tally or Tally()))


def portrait(estate: Estate) -> list[str]:
    """All that an estate holds; equal for equal estates."""
    return list(lines([estate], "0"))


def held(estate: Estate) -> dict[str, Resource]:
    """Judged resources by uid."""
    return {resource.uid: resource for resource in estate.of(Resource)}


def read(answers: Answers | Papers, checks: tuple[Check[Any], ...] = CHECKS, **session: Any) -> Estate:
    found = answers.answers() if isinstance(answers, Papers) else answers
    return collect(PaperSession({"one": found}, **session), checks)


def fact(estate: Estate, uid: str, name: str) -> Any:
    everything: Mapping[str, Resource] = {**estate.others, **held(estate)}
    return everything[uid].stored[name]
