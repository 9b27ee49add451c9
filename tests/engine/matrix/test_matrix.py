"""The matrix: each cell is one state, nothing is lost or counted twice, and the provider's work is never ours."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import get_args

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.finding import Status
from scanner.matrix.catalogue import Catalogue
from scanner.matrix.cell import Cell, State
from scanner.matrix.columns import Axis, Column, key_of
from scanner.matrix.matrix import Matrix, matrix_of
from scanner.matrix.promises import Promises
from scanner.posture import Counted, Posture
from scanner.report.matrix.wording import said as said_of
from scanner.report.matrix.wording import sign_of
from scanner.responsibility.model import Duty
from tests.engine.matrix.postures import postures, promises
from tests.engine.matrix.world import CATALOGUE, MODEL, PROMISES, SAMPLE, TODAY

axes = st.sampled_from(get_args(Axis))
ORDINARY = settings(max_examples=40, deadline=None)


def matrix(posture: Posture, said: Promises = PROMISES, by: Axis = "cloud") -> Matrix:
    return matrix_of(posture, MODEL, CATALOGUE, said, by, TODAY)


def duty_cells(found: Matrix) -> Iterator[tuple[Duty, Column, Cell]]:
    for row in found.layers:
        for each in row.duties:
            for column, cell in zip(found.columns, each.cells, strict=True):
                yield each.duty, column, cell


def cell(found: Matrix, duty: str, column: str) -> Cell:
    (one,) = (each for known, there, each in duty_cells(found) if known.id == duty and there.id == column)
    return one


@ORDINARY
@given(postures, promises, axes)
def test_a_cell_is_in_one_state_and_its_results_say_which(posture: Posture, said: Promises, by: Axis) -> None:
    key = key_of(by)
    results: dict[tuple[object, str], Counter[Status]] = {}
    for each in posture.counted:
        group = each.group
        results.setdefault((key(group), group.responsibility.duty), Counter())[group.status] += each.count
    found = matrix(posture, said, by)
    for duty, column, one in duty_cells(found):
        told = results.get((column.key, duty.id), Counter())
        if told["fail"] or told["excepted"]:
            assert one.state == "violated"
            assert one.worst
        elif told["pass"]:
            assert one.state == "no-violation-found"
        else:
            assert one.state in ("attested", "not-assessed", "provider")
            assert one.duties_assessed == 0
        assert (one.state == "not-assessed") <= bool(one.causes)
        assert (one.state == "attested") <= (one.attested is not None and one.attested.until >= TODAY)


@ORDINARY
@given(postures, promises, axes)
def test_every_result_is_in_one_cell(posture: Posture, said: Promises, by: Axis) -> None:
    found = matrix(posture, said, by)
    summed: Counter[Status] = Counter()
    for _, _, one in duty_cells(found):
        counts = one.counts
        summed["fail"] += counts.failed
        summed["excepted"] += counts.excepted
        summed["pass"] += counts.passed
        summed["unknown"] += counts.unknown
        summed["not-applicable"] += counts.not_applicable
    told: Counter[Status] = Counter()
    for each in posture.counted:
        told[each.group.status] += each.count
    assert +summed == +told
    assert found.elsewhere == 0
    for row in found.layers:
        for number, folded in enumerate(row.cells):
            parts = [each.cells[number] for each in row.duties]
            assert folded.counts.asked == sum(part.counts.asked for part in parts)
            assert not parts or folded.state in {part.state for part in parts}
            if folded.state in ("no-violation-found", "attested"):
                # Good words of a layer are marked where a duty of it is not assessed.
                missing = [part for part in parts if part.state == "not-assessed" and sign_of(part) == "?"]
                assert bool(missing or folded.unchecked) == said_of(folded).endswith(" +")


@ORDINARY
@given(postures, promises, axes)
def test_what_is_the_providers_is_in_no_number(posture: Posture, said: Promises, by: Axis) -> None:
    found = matrix(posture, said, by)
    for row in found.layers:
        for one in (*row.cells, *(each for line in row.duties for each in line.cells)):
            if one.state == "provider":
                assert (one.counts.asked, one.duties_in_play, one.duties_assessed, one.worst) == (0, 0, 0, None)
        if row.layer.band == "provider-fixed":
            assert all(one.state == "provider" for one in row.cells)
        if row.layer.band == "customer-fixed":
            assert not any(one.state == "provider" for one in row.cells)
    coverage = found.coverage
    assert coverage.whole <= coverage.assessed <= coverage.in_play <= len(MODEL.duties)
    part = matrix(msgspec.structs.replace(posture, part="1 result is not in it"), said, by).coverage
    assert part == msgspec.structs.replace(coverage, whole=0), "what is left out may be open"


@ORDINARY
@given(postures, axes)
def test_what_is_not_known_never_looks_as_if_nothing_were_wrong(posture: Posture, by: Axis) -> None:
    """Were every answer refused, no cell says that no violation was found."""

    def refused(each: Counted) -> Counted:
        group = each.group
        return Counted(msgspec.structs.replace(group, status="unknown", why=("denied",)), each.count)

    unknown = msgspec.structs.replace(posture, counted=tuple(map(refused, posture.counted)))
    found = matrix(unknown, Promises(), by)
    states: set[State] = {one.state for _, _, one in duty_cells(found)}
    assert states <= {"not-assessed", "provider"}
    assert found.coverage.assessed == 0


@ORDINARY
@given(postures, st.randoms())
def test_the_order_of_results_changes_no_state(posture: Posture, random: Random) -> None:
    shuffled = list(posture.counted)
    random.shuffle(shuffled)
    other = msgspec.structs.replace(posture, counted=tuple(shuffled))
    one, two = matrix(posture, by="owner"), matrix(other, by="owner")
    assert [each.key for each in one.columns] == [each.key for each in two.columns]
    assert [(c.state, c.counts, c.worst) for _, _, c in duty_cells(one)] == [
        (c.state, c.counts, c.worst) for _, _, c in duty_cells(two)
    ]
    assert one.violated == two.violated


def test_each_sort_of_cell() -> None:
    found = matrix(SAMPLE)
    public = cell(found, "data.public-access", "lab")
    assert (public.state, public.worst, public.counts.failed, public.counts.excepted) == ("violated", "critical", 3, 1)
    assert (public.without_owner, public.without_backup, public.owners) == (1, 1, ("team-storage",))
    assert [(each.why, each.results) for each in public.causes] == [("denied", 3)]
    key = cell(found, "data.encryption-at-rest", "lab")
    assert (key.state, key.counts.decided, key.counts.asked) == ("no-violation-found", 7, 9)
    accepted = cell(found, "network.ingress", "lab")
    assert (accepted.state, accepted.counts.failed, accepted.worst) == ("violated", 0, "medium")
    assert cell(found, "data.client-side-encryption", "lab").state == "attested"
    assert cell(found, "data.recoverability", "lab").causes[0].why == "no-check"
    assert cell(found, "delivery.iac-assurance", "lab").causes[0].why == "attestation-overdue"


def test_somebodys_word_for_one_account_is_no_word_for_a_cloud() -> None:
    assert cell(matrix(SAMPLE), "delivery.drift-control", "mill").state == "attested"
    assert cell(matrix(SAMPLE, by="account"), "delivery.drift-control", "lab/1111").state == "not-assessed"
    said = PROMISES.attested[2]
    partly = Promises((msgspec.structs.replace(said, places=frozenset({("lab", "1111")})),))
    assert cell(matrix(SAMPLE, partly), "delivery.drift-control", "lab").state == "not-assessed"
    assert cell(matrix(SAMPLE, partly, "account"), "delivery.drift-control", "lab/1111").state == "attested"


def test_only_what_was_looked_for_can_be_missing() -> None:
    found = matrix(SAMPLE)
    assert cell(found, "workload.kubernetes-hardening", "lab").causes[0].why == "not-in-play"
    # No check lists what could carry it, so that an inventory without it says nothing.
    assert cell(found, "application.supply-chain", "lab").causes[0].why == "no-check"
    assert cell(found, "workload.kubernetes-hardening", "mill").causes[0].why == "no-check"


def test_who_owns_the_bare_layers_depends_on_what_is_there_and_on_what_could_be_there_unseen() -> None:
    def states(catalogue: Catalogue) -> dict[str, State]:
        found = matrix_of(SAMPLE, MODEL, catalogue, PROMISES, "cloud", TODAY)
        row = next(row for row in found.layers if row.layer.id == "managed-software")
        return {column.id: one.state for column, one in zip(found.columns, row.cells, strict=True)}

    judged = frozenset({"network.ingress"})
    seen = {"mill.compute.machine": judged, "mill.compute.cluster": judged}
    looking = replace(CATALOGUE, duties={**CATALOGUE.duties, **seen})
    assert states(CATALOGUE) == {"lab": "not-assessed", "mill": "not-assessed"}
    assert states(looking) == {"lab": "not-assessed", "mill": "provider"}


def test_what_is_inherited_is_named_with_its_document() -> None:
    found = matrix(SAMPLE)
    assert [(one.provider, one.document is None) for one in found.heritage] == [("lab", False), ("mill", True)]
    assert matrix(SAMPLE, by="owner").heritage == found.heritage


def test_where_the_line_runs() -> None:
    found = matrix(SAMPLE)
    (moved,) = found.moved
    assert (moved.duty, moved.before, moved.after, moved.resources) == (
        "data.encryption-at-rest",
        "shared",
        "customer",
        7,
    )
    (left_open,) = found.undecided
    assert (left_open.results, left_open.types) == (2, ("lab.storage.store",))


def test_what_has_to_be_known_first() -> None:
    found = matrix(SAMPLE)
    assert (found.coverage.in_play, found.coverage.assessed, found.coverage.attested) == (6, 4, 1)
    (violated,) = found.violated
    assert (violated.duty, violated.failed, violated.without_owner) == ("data.public-access", 3, 1)
    (part,) = found.partly_read
    assert (part.scope.account, part.lacks[0].needs) == ("2222", ("store:GetPolicy",))


def test_an_owners_column_holds_what_the_owner_answers_for() -> None:
    found = matrix(SAMPLE, by="owner")
    assert found.columns[0].title == "nobody"
    assert cell(found, "data.public-access", "team-storage").counts.failed == 2
    assert cell(found, "data.public-access", "").counts.failed == 1
    assert cell(found, "data.public-access", "team-identity").causes[0].why == "none-seen"
