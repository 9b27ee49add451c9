"""A scan that looks at a part of a scope tells nothing of the rest: not that a type is gone, not that all was read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.finding import Finding
from scanner.history import Begin, History, Looked, Read, open_history
from scanner.record import GapRecord, ScopeRecord, TypeCount
from tests.engine.history.made import CHECKS, DENIED, day, finding, scope
from tests.engine.history.places import Place

REGIONS = ("east", "west")
LOOKS = {"public-read": ("store", "key"), "versions": ("vault", "key")}
"""What each check looks at: one type of its own, and one that both look at."""
QUIET = "nobody"
"""The check of what cannot be read without a result that says so."""
Spot = tuple[str, str, str]
"""Check, type and region."""


@dataclass(frozen=True)
class Scan:
    checks: tuple[str, ...]
    restricted: bool
    counts: dict[tuple[str, str], int]
    """Resources by type and region, whether they are looked at or not."""
    denied: frozenset[Spot]
    """What cannot be read, as far as it is looked at."""
    unlisted: frozenset[Spot]
    """And among it, where the very listing is refused."""

    def looks(self, check: str, type_id: str, region: str) -> bool:
        asked = type_id in self.types if check == QUIET else check in self.checks
        return asked and (region == "east" or not self.restricted)

    @property
    def types(self) -> set[str]:
        return {each for check in self.checks for each in LOOKS[check]}

    def found(self, type_id: str) -> int:
        return sum(self.counts[type_id, region] for region in (REGIONS[:1] if self.restricted else REGIONS))

    def whole(self, type_id: str) -> bool:
        return not any(spot[1] == type_id for spot in self.unlisted if self.looks(*spot))


ASKED = {**LOOKS, QUIET: ("store", "vault", "key")}
SPOTS = st.sampled_from([(check, each, region) for check in ASKED for each in ASKED[check] for region in REGIONS])


@st.composite
def scans(draw: st.DrawFn) -> Scan:
    denied = draw(st.sampled_from([0, 0, 1, 2]).flatmap(lambda most: st.frozensets(SPOTS, max_size=most)))
    return Scan(
        draw(st.sampled_from([CHECKS, CHECKS[:1], CHECKS[1:]])),
        draw(st.sampled_from([False, False, True])),
        {(each, region): draw(st.integers(0, 3)) for each in ("store", "vault", "key") for region in REGIONS},
        denied,
        frozenset(spot for spot in denied if draw(st.booleans())),
    )


def gap(spot: Spot) -> GapRecord:
    check, each, region = spot
    return GapRecord(
        "lab",
        "1",
        region,
        f"kind-of-{each}",
        f"{check}:read",
        DENIED.needs,
        "denied",
        DENIED.detail,
        int(check != QUIET),
    )


def record(history: History, number: int, scan: Scan) -> None:
    refused = [spot for spot in sorted(scan.denied) if scan.looks(*spot)]
    of = scope(1, REGIONS[:1] if scan.restricted else REGIONS, restricted=scan.restricted)
    findings: list[Finding] = [
        finding(f"{each}-in-{region}", check, "unknown", region=region)
        for check, each, region in refused
        if check != QUIET
    ]
    listed = [TypeCount("lab", "1", each, scan.found(each)) for each in sorted(scan.types) if scan.found(each)]
    with history.scope(Begin(f"scan-{number}", day(number), of, scan.checks)) as recording:
        recording.add(findings)
        recording.finish(
            Read(
                complete=not refused,
                inventory=tuple(listed),
                gaps=tuple(map(gap, refused)),
                looked=tuple(Looked(each, f"kind-of-{each}", scan.whole(each)) for each in sorted(scan.types)),
            )
        )


def last_known(sequence: Iterable[Scan]) -> tuple[dict[str, int], set[Spot]]:
    """The reference: how many of each type, and what could not be read when its check last looked there."""
    counts: dict[str, int] = {}
    denied: set[Spot] = set()
    for scan in sequence:
        for each in scan.types:
            more = scan.restricted or not scan.whole(each)
            counts[each] = max(counts.get(each, 0) if more else 0, scan.found(each))
        denied = {spot for spot in denied if not scan.looks(*spot)} | {
            spot for spot in scan.denied if scan.looks(*spot)
        }
    return {each: count for each, count in counts.items() if count}, denied


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(scans(), min_size=1, max_size=6))
def test_what_was_not_looked_at_stays_as_it_was_last_known(place: Place, sequence: list[Scan]) -> None:
    counts, denied = last_known(sequence)
    with open_history(place.fresh()) as history:
        for number, scan in enumerate(sequence):
            record(history, number, scan)
        posture = history.posture()
    (of,) = posture.scopes
    assert {each.type: each.resources for each in posture.inventory} == counts
    assert {(each.kind, each.region) for each in posture.gaps} >= {(gap(spot).kind, spot[2]) for spot in denied}
    assert not (of.complete and denied)
    if len(sequence[-1].checks) == len(CHECKS) and not sequence[-1].restricted:
        # One that looks at all of it is believed in all.
        assert {*posture.gaps} == set(map(gap, denied))
        assert of.complete == (not denied)
    assert of.restricted == all(scan.restricted for scan in sequence)
    assert set(of.regions) == (set(REGIONS[:1]) if of.restricted else set(REGIONS))


NOTHING: dict[tuple[str, str], int] = {(each, region): 0 for each in ("store", "vault", "key") for region in REGIONS}
SOME = {**NOTHING, ("store", "east"): 2, ("vault", "west"): 3}
REFUSED = frozenset({("versions", "vault", "west")})


def known(place: Place, *recorded: tuple[int, Scan]) -> tuple[ScopeRecord, dict[str, int], list[str]]:
    with open_history(place.fresh()) as history:
        for number, scan in recorded:
            record(history, number, scan)
        posture = history.posture()
    counts = {each.type: each.resources for each in posture.inventory}
    return posture.scopes[0], counts, [each.kind for each in posture.gaps]


def test_a_narrow_scan_makes_nothing_complete(place: Place) -> None:
    all_of_it = Scan(CHECKS, False, SOME, REFUSED, frozenset())
    narrow = Scan(CHECKS[:1], False, {**SOME, ("store", "east"): 1}, frozenset(), frozenset())
    of, counts, gaps = known(place, (0, all_of_it), (1, narrow))
    assert (of.complete, counts, gaps) == (False, {"store": 1, "vault": 3}, ["kind-of-vault"])


@pytest.mark.parametrize("restricted", [False, True])
def test_a_type_is_gone_only_where_all_regions_were_listed(place: Place, restricted: bool) -> None:
    counts = known(
        place,
        (0, Scan(CHECKS, False, SOME, frozenset(), frozenset())),
        (1, Scan(CHECKS, restricted, NOTHING, frozenset(), frozenset())),
    )[1]
    assert counts == ({"store": 2, "vault": 3} if restricted else {})


def test_an_older_reading_adds_what_was_not_looked_at(place: Place) -> None:
    newer = Scan(CHECKS[:1], False, SOME, frozenset(), frozenset())
    older = Scan(CHECKS, False, {**SOME, ("store", "east"): 9}, REFUSED, frozenset())
    of, counts, gaps = known(place, (5, newer), (2, older))
    assert (of.complete, counts, gaps) == (False, {"store": 2, "vault": 3}, ["kind-of-vault"])


def test_another_check_of_the_same_type_mends_no_gap(place: Place) -> None:
    refused = frozenset({("versions", "key", "east")})
    before = Scan(CHECKS, False, SOME, refused, frozenset())
    of, _, gaps = known(place, (0, before), (1, Scan(CHECKS[:1], False, SOME, frozenset(), frozenset())))
    assert (of.complete, gaps) == (False, ["kind-of-key"])


def test_what_no_gap_explains_is_not_complete_either(place: Place) -> None:
    with open_history(place.fresh()) as history:
        begin = Begin("scan-0", day(0), scope(), CHECKS)
        with history.scope(begin) as recording:
            recording.add([finding("a", "versions", "unknown")])
            recording.finish(Read(complete=False))
        record(history, 1, Scan(CHECKS[:1], False, SOME, frozenset(), frozenset()))
        assert not history.posture().scopes[0].complete
        record(history, 2, Scan(CHECKS, False, SOME, frozenset(), frozenset()))
        assert history.posture().scopes[0].complete


def test_a_gap_in_a_region_that_was_not_chosen_stays(place: Place) -> None:
    before = Scan(CHECKS, False, SOME, REFUSED, frozenset())
    of, _, gaps = known(place, (0, before), (1, Scan(CHECKS, True, SOME, frozenset(), frozenset())))
    assert (of.complete, gaps) == (False, ["kind-of-vault"])


def test_a_refused_listing_makes_no_type_fewer(place: Place) -> None:
    before = Scan(CHECKS, False, SOME, frozenset(), frozenset())
    assert known(place, (0, before), (1, Scan(CHECKS, False, NOTHING, REFUSED, REFUSED)))[1] == {"vault": 3}


def test_a_gap_whose_text_no_table_takes_is_one_gap(place: Place) -> None:
    odd = GapRecord("lab", "1", "east", "kind-of-\ud800", "read", (), "denied", "\0\ud800", 1)
    with open_history(place.fresh()) as history:
        for number in range(2):
            with history.scope(Begin(f"scan-{number}", day(number), scope(), CHECKS[:1])) as recording:
                looked = (Looked("store", "kind-of-store", True),)
                recording.add([finding("a", CHECKS[number], "unknown")])
                recording.finish(Read(False, gaps=(odd,), looked=looked))
        assert len(history.posture().gaps) == 1
