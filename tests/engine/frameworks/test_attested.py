"""A duty counts as attested where it is so in every account that was scanned, and not a day longer."""

from datetime import date

import msgspec
import pytest

from scanner.accountability.attestations import Attestation, Attestations
from scanner.accountability.texts import Texts
from scanner.frameworks.attested import attested_everywhere
from scanner.posture import Posture
from tests.engine.frameworks.postures import posture_with

DUTY = "governance.incident-readiness"
POSTURE = posture_with([])


def word(until: date, *scopes: str, who: str = "ann") -> Attestation:
    return Attestation("a.yaml:1", (DUTY,), None, Texts(scopes), who, date(2026, 1, 1), until, "https://wiki.example")


@pytest.mark.parametrize(
    ("scopes", "today", "provider", "found"),
    [
        (("*",), date(2026, 12, 1), "", True),
        (("1",), date(2026, 12, 1), "", False),
        (("1",), date(2026, 12, 1), "aws", True),
        (("2",), date(2026, 12, 1), "aws", False),
        (("1", "2"), date(2026, 12, 31), "", True),
        (("*",), date(2027, 1, 1), "", False),
    ],
)
def test_where_and_how_long(scopes: tuple[str, ...], today: date, provider: str, found: bool) -> None:
    attestations = Attestations(today, (word(date(2026, 12, 31), *scopes),))
    told = attested_everywhere(attestations, POSTURE, [DUTY, "data.public-access"], provider)
    assert told == ({DUTY: "attested until 2026-12-31 (ann, 2026-01-01)"} if found else {})


def test_what_ends_first_is_told() -> None:
    attestations = Attestations(date(2026, 6, 1), (word(date(2027, 5, 1), "1"), word(date(2026, 7, 1), "2", who="ben")))
    assert attested_everywhere(attestations, POSTURE, [DUTY])[DUTY].startswith("attested until 2026-07-01 (ben")


def test_nothing_scanned_is_nothing_attested() -> None:
    nowhere: Posture = msgspec.structs.replace(POSTURE, scopes=())
    attestations = Attestations(date(2026, 6, 1), (word(date(2027, 5, 1), "*"),))
    assert attested_everywhere(attestations, nowhere, [DUTY]) == {}
