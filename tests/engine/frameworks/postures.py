"""Postures of any results over the duties and checks that are installed."""

from datetime import UTC, datetime
from typing import get_args

import msgspec
from hypothesis import strategies as st

from scanner.check import SEVERITIES
from scanner.cli import doors
from scanner.cli.applying import clouds_by_check
from scanner.finding import Status
from scanner.frameworks.benchmark import read_benchmarks
from scanner.frameworks.published import all_published
from scanner.posture import Counted, Group, Posture
from scanner.record import ScopeRecord
from scanner.responsibility.attribution import Responsibility
from scanner.responsibility.load import load_model
from scanner.responsibility.resolve import resolve

PROVIDERS = doors.providers()
MODEL = load_model([each.responsibility for each in PROVIDERS.values()])
CHECKS = doors.checks()
JUDGED = clouds_by_check()
BENCHMARKS = {name: read_benchmarks(each.responsibility) for name, each in PROVIDERS.items()}
KNOWN = all_published(MODEL, BENCHMARKS, CHECKS)
TAKEN = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
OWNERS = (None, "team-storage", "=cmd|' /C calc'!A0", "\x1b[2J|<b>\u202e", "équipe ☁", "図書館" * 20)

STATUSES: tuple[Status, ...] = get_args(Status)

published = st.sampled_from(list(KNOWN.values()))


def attributed(duty: str, owner: str | None) -> Responsibility:
    found = resolve(MODEL, "", duty, lambda name: None)
    return msgspec.structs.replace(found, owner=owner)


@st.composite
def counted(draw: st.DrawFn) -> Counted:
    check = CHECKS[draw(st.sampled_from(sorted(CHECKS)))]
    status = draw(st.sampled_from(STATUSES))
    group = Group(
        provider=draw(st.sampled_from(sorted(PROVIDERS))),
        account="1",
        type="",
        check=check.id,
        severity=draw(st.sampled_from(SEVERITIES)),
        status=status,
        why=("denied",) if status == "unknown" else (),
        responsibility=attributed(check.duty, draw(st.sampled_from(OWNERS))),
    )
    return Counted(group, draw(st.integers(1, 5)))


def posture_with(results: list[Counted]) -> Posture:
    scopes = (ScopeRecord("a", ("east",), True, "aws", "1"), ScopeRecord("b", ("east",), False, "gcp", "2"))
    return Posture(counted=tuple(results), scopes=scopes, inventory=(), taken_at=TAKEN, origin="a test")


postures = st.lists(counted(), max_size=12).map(posture_with)
