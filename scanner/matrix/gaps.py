"""What is missing: duties without a check, without an owner, without an answer; promises that have run out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import msgspec

from scanner.facts import Why
from scanner.matrix.catalogue import Catalogue
from scanner.matrix.cell import Cause, Cell, NotAsked
from scanner.matrix.columns import Column
from scanner.matrix.matrix import Heritage, Matrix, Rows, matrix_of
from scanner.matrix.promises import Attested, Inherited, Promises
from scanner.matrix.standing import Coverage, PartlyRead, Violated, partly_read_of
from scanner.posture import Posture
from scanner.responsibility.model import Duty, ResponsibilityModel


class Unchecked(msgspec.Struct, frozen=True, kw_only=True):
    """A duty that no installed check judges anything of a provider for."""

    provider: str
    duty: str
    in_play: bool
    """Whether something there is known to carry it."""
    attest_only: bool
    """Whether no configuration could show it."""


class Uncovered(msgspec.Struct, frozen=True, kw_only=True):
    """A duty in play of which nothing was decided somewhere."""

    provider: str
    account: str
    name: str
    """What people call the account."""
    duty: str
    why: tuple[Cause, ...]
    needs: tuple[str, ...]
    """Permissions that would answer, as far as they are known."""


class UncheckedType(msgspec.Struct, frozen=True, kw_only=True):
    """A resource type in the inventory that carries duties for which no check judges it."""

    provider: str
    type: str
    resources: int
    duties: tuple[str, ...]
    checked_at_all: bool
    """Whether it is judged for other duties."""


class Undescribed(msgspec.Struct, frozen=True, kw_only=True):
    """A resource type that nobody described, so that the default rule decides."""

    provider: str
    type: str
    resources: int
    results: int


class Gaps(msgspec.Struct, frozen=True, kw_only=True):
    """All of it."""

    coverage: Coverage
    unowned: tuple[Violated, ...]
    """Violated duties in which something lacks an owner or a backup."""
    violated: int
    """Violated duties."""
    unchecked: tuple[Unchecked, ...]
    uncovered: tuple[Uncovered, ...]
    unchecked_types: tuple[UncheckedType, ...]
    undescribed: tuple[Undescribed, ...]
    partly_read: tuple[PartlyRead, ...]
    overdue_attestations: tuple[Attested, ...]
    overdue_documents: tuple[Inherited, ...]
    undocumented: tuple[Heritage, ...]
    """Layers that are left to a provider without a document that says so."""
    inventory_known: bool
    taken_at: datetime
    origin: str


def gaps_of(
    posture: Posture,
    model: ResponsibilityModel,
    catalogue: Catalogue,
    promises: Promises,
    today: date,
    rows: Rows = Rows(),  # noqa: B008  # frozen
) -> Gaps:
    """What is missing in a posture."""
    clouds = matrix_of(posture, model, catalogue, promises, "cloud", today, rows)
    accounts = matrix_of(posture, model, catalogue, promises, "account", today, rows)
    wanted = {each.duty.id for row in clouds.layers for each in row.duties}
    return Gaps(
        coverage=clouds.coverage,
        unowned=tuple(one for one in clouds.violated if one.without_owner or one.without_backup),
        violated=len(clouds.violated),
        unchecked=tuple(_unchecked(clouds, catalogue)),
        uncovered=tuple(_uncovered(accounts, posture, catalogue)),
        unchecked_types=tuple(_types(posture, model, catalogue, wanted)),
        undescribed=tuple(_undescribed(posture, model)),
        partly_read=partly_read_of(posture),
        overdue_attestations=tuple(one for one in promises.attested if one.until < today and one.duty in wanted),
        overdue_documents=tuple(one for one in promises.inherited if one.late(today)),
        undocumented=tuple(one for one in clouds.heritage if one.document is None),
        inventory_known=bool(posture.inventory),
        taken_at=posture.taken_at,
        origin=posture.origin,
    )


def _cells(matrix: Matrix) -> Iterator[tuple[Duty, Column, Cell]]:
    for row in matrix.layers:
        for each in row.duties:
            for column, cell in zip(matrix.columns, each.cells, strict=True):
                yield each.duty, column, cell


def _unchecked(clouds: Matrix, catalogue: Catalogue) -> Iterator[Unchecked]:
    for duty, column, cell in _cells(clouds):
        (provider,) = column.key
        # Somebody's word does not make a check; what vouches for the duty until when stands in the matrix.
        if duty.id not in catalogue.of_provider.get(provider, ()) and cell.state not in ("provider", "attested"):
            yield Unchecked(
                provider=provider,
                duty=duty.id,
                in_play=bool(cell.duties_in_play),
                attest_only=duty.assess == "attest",
            )


NO_GAP: frozenset[Why | NotAsked] = frozenset({"not-in-play", "none-seen", "provider-objects-only"})


def _uncovered(accounts: Matrix, posture: Posture, catalogue: Catalogue) -> Iterator[Uncovered]:
    asked = _kinds_asked(posture, catalogue)
    for duty, column, cell in _cells(accounts):
        if cell.state == "not-assessed" and cell.duties_in_play and not {each.why for each in cell.causes} <= NO_GAP:
            provider, account = column.key
            kinds = asked.get((provider, account, duty.id), set())
            whys = {cause.why for cause in cell.causes}
            needs = (
                need
                for gap in posture.gaps
                if (gap.provider, gap.account) == (provider, account) and gap.kind in kinds and gap.why in whys
                for need in gap.needs
            )
            yield Uncovered(
                provider=provider,
                account=account,
                name=column.title,
                duty=duty.id,
                why=cell.causes,
                needs=tuple(dict.fromkeys(needs)),
            )


def _kinds_asked(posture: Posture, catalogue: Catalogue) -> dict[tuple[str, str, str], set[str]]:
    """By account and duty, the kinds of what was asked for without an answer."""
    kinds: dict[tuple[str, str, str], set[str]] = {}
    for counted in posture.counted:
        group = counted.group
        if group.status == "unknown":
            key = (group.provider, group.account, group.responsibility.duty)
            kinds.setdefault(key, set()).update(catalogue.kinds.get(group.check, ()))
    return kinds


def _types(
    posture: Posture, model: ResponsibilityModel, catalogue: Catalogue, wanted: set[str]
) -> Iterator[UncheckedType]:
    for (provider, each), resources in _stock(posture).items():
        kind = model.types.get(each)
        lacking = tuple(d for d in kind.duties if d in wanted and not catalogue.judges(each, d)) if kind else ()
        if lacking:
            yield UncheckedType(
                provider=provider,
                type=each,
                resources=resources,
                duties=lacking,
                checked_at_all=bool(catalogue.duties.get(each)),
            )


def _undescribed(posture: Posture, model: ResponsibilityModel) -> Iterator[Undescribed]:
    stock = _stock(posture)
    results: dict[tuple[str, str], int] = {}
    for counted in posture.counted:
        group = counted.group
        if group.responsibility.confidence == "default-rule" and group.type:
            results[group.provider, group.type] = results.get((group.provider, group.type), 0) + counted.count
    for provider, each in dict.fromkeys((*stock, *results)):
        if each not in model.types and each.rpartition(".")[0] not in model.service_models:
            yield Undescribed(
                provider=provider,
                type=each,
                resources=stock.get((provider, each), 0),
                results=results.get((provider, each), 0),
            )


def _stock(posture: Posture) -> dict[tuple[str, str], int]:
    stock: dict[tuple[str, str], int] = {}
    for count in posture.inventory:
        if count.resources:
            key = (count.provider, count.type)
            stock[key] = stock.get(key, 0) + count.resources
    return stock
