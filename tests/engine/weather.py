"""Offices with much to ask about, and the troubles that clouds make."""

from __future__ import annotations

from scanner.facts import Unread
from scanner.model import Estate, Resource
from scanner.provider import AskFailed
from tests.engine.office import Cam, D, Papers
from tests.engine.papercloud import Asked, PaperSession, Trouble


def many(drawers: int = 60, cameras: int = 0) -> Papers:
    return Papers(
        drawers=tuple(D(f"d{number}", lock="on", policy="shut", label="x") for number in range(drawers)),
        cameras=tuple(Cam(f"c{number}", "south") for number in range(cameras)),
        sealed=True,
    )


def session(office: Papers, trouble: Trouble) -> PaperSession:
    return PaperSession({"one": office.answers()}, trouble=trouble)


def unread(estate: Estate) -> list[Unread]:
    """All facts that were not read, and all gaps."""
    facts = [fact for resource in estate.of(Resource) for fact in resource.stored.values() if isinstance(fact, Unread)]
    return facts + [gap.unread for gap in estate.gaps]


def passing(asked: Asked) -> AskFailed:
    return AskFailed("failed", "Reset", "the connection was reset", again=True)


def throttled() -> AskFailed:
    return AskFailed("throttled", "SlowDown", "too many", again=True, slow_down=True)
