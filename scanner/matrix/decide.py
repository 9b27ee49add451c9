"""The one state of each cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from scanner.check import SEVERITIES
from scanner.matrix.catalogue import Catalogue
from scanner.matrix.cell import UNSEEN, Cause, Cell, NotAsked, State
from scanner.matrix.columns import Column
from scanner.matrix.counts import Counts
from scanner.matrix.found import Found, Stock
from scanner.matrix.promises import Attested, Inherited, Promises, vouched
from scanner.responsibility.model import Duty, Layer, ResourceType, ResponsibilityModel

NOTHING = Found()


@dataclass(frozen=True, slots=True)
class Judge:
    """What cells are decided by, whatever was found."""

    model: ResponsibilityModel
    catalogue: Catalogue
    promises: Promises
    today: date

    def duty(self, duty: Duty, column: Column, stock: Stock, found: Found = NOTHING) -> Cell:
        """The cell of a duty: what was decided comes first, then who vouches, then why nothing is known."""
        counts = found.counts
        carriers = stock.carriers.get(duty.id, ())
        in_play = bool(carriers or counts.asked)
        layer = self.model.layers[duty.layer]
        attested, overdue = vouched(self.promises.for_duty(duty.id), column.places, self.today)
        unchecked = tuple(each for each in carriers if not self.catalogue.judges(each, duty.id))
        inherited: tuple[Inherited, ...] = ()
        causes = tuple(Cause(why, count) for why, count in found.whys.most_common())
        if counts.violations:
            state: State = "violated"
        elif counts.decided:
            state = "no-violation-found"
        elif attested:
            state = "attested"
        elif not in_play and self._is_providers(layer, column, stock):
            state, inherited, causes = "provider", self._inherited(layer, column), ()
        else:
            state = "not-assessed"
            causes = causes or (Cause(self._not_asked(duty, column, stock, found, overdue=overdue), 0),)
        return Cell(
            state=state,
            counts=counts,
            worst=found.worst,
            causes=causes,
            duties_in_play=int(in_play),
            duties_assessed=int(counts.decided > 0),
            duties_open=int(state == "not-assessed" and any(cause.why not in UNSEEN for cause in causes)),
            without_owner=found.without_owner,
            without_backup=found.without_backup,
            owners=tuple(found.owners),
            layer_owners=tuple(found.layer_owners),
            unchecked=unchecked,
            attested=attested,
            inherited=inherited,
        )

    def bare(self, layer: Layer, column: Column, stock: Stock) -> Cell:
        """The cell of a layer in which we have no duty to judge: the provider's, or nothing that a scan sees."""
        if self._is_providers(layer, column, stock):
            return Cell(state="provider", inherited=self._inherited(layer, column))
        return Cell(state="not-assessed", causes=(Cause("no-check", 0),))

    def _is_providers(self, layer: Layer, column: Column, stock: Stock) -> bool:
        """Whether a layer is the provider's for all that is there, and nothing else could be there unseen."""
        if layer.band == "provider-fixed":
            return True
        return (
            bool(stock.models)
            and all(layer.owner_in(each) == "provider" for each in stock.models)
            and stock.known
            and all(
                self.catalogue.looks_for(kind.id)
                for kind in self._kinds_of(column)
                if layer.owner_in(kind.model) != "provider"
            )
        )

    def _kinds_of(self, column: Column) -> Iterator[ResourceType]:
        return (kind for kind in self.model.types.values() if kind.id.partition(".")[0] in column.providers)

    def _inherited(self, layer: Layer, column: Column) -> tuple[Inherited, ...]:
        return tuple(
            one
            for one in self.promises.inherited
            if any(one.speaks_of(provider, layer.id) for provider in column.providers)
        )

    def _not_asked(self, duty: Duty, column: Column, stock: Stock, found: Found, *, overdue: bool) -> NotAsked:
        """Why there is not one question to the customer's side."""
        carriers = stock.carriers.get(duty.id, ())
        if overdue:
            return "attestation-overdue"
        if found.counts.not_applicable and not carriers:
            return "provider-objects-only"
        if duty.assess == "attest":
            return "attest-only"
        if carriers:
            judged = any(self.catalogue.judges(each, duty.id) for each in carriers)
            return "no-result" if judged else "no-check"
        if stock.by_owner:
            return "none-seen"
        could = [kind.id for kind in self._kinds_of(column) if duty.id in kind.duties]
        if could and stock.known and all(map(self.catalogue.looks_for, could)):
            return "not-in-play"
        if not any(duty.id in self.catalogue.of_provider.get(each, ()) for each in column.providers):
            return "no-check"
        return "none-seen" if stock.known else "no-result"


def together(cells: Sequence[Cell]) -> Cell:
    """The cell of a layer with duties, from theirs: the first state of the list that any of them has."""
    order: tuple[State, ...] = ("violated", "no-violation-found", "attested", "not-assessed", "provider")
    state = next(each for each in order if any(cell.state == each for cell in cells))
    counts = sum((cell.counts for cell in cells), Counts())
    open_ones = [cell for cell in cells if cell.counts.failed] or [cell for cell in cells if cell.counts.excepted]
    worst = min((cell.worst for cell in open_ones if cell.worst), key=SEVERITIES.index, default=None)
    attested = [cell.attested for cell in cells if cell.attested and cell.state == "attested"]
    return Cell(
        state=state,
        counts=counts,
        worst=worst,
        causes=_causes(cells),
        duties_in_play=sum(cell.duties_in_play for cell in cells),
        duties_assessed=sum(cell.duties_assessed for cell in cells),
        duties_open=sum(cell.duties_open for cell in cells),
        without_owner=sum(cell.without_owner for cell in cells),
        without_backup=sum(cell.without_backup for cell in cells),
        owners=_once(owner for cell in cells for owner in cell.owners),
        layer_owners=tuple(dict.fromkeys(owner for cell in cells for owner in cell.layer_owners)),
        unchecked=_once(each for cell in cells for each in cell.unchecked),
        attested=_ending_first(attested) if state == "attested" else None,
        inherited=tuple(dict.fromkeys(one for cell in cells for one in cell.inherited)),
    )


def _causes(cells: Sequence[Cell]) -> tuple[Cause, ...]:
    """Causes of all cells: those that left results open, the most frequent first, then what was not asked."""
    results: dict[str, Cause] = {}
    for cell in cells:
        for cause in cell.causes:
            known = results.get(cause.why)
            results[cause.why] = Cause(cause.why, cause.results + (known.results if known else 0))
    return tuple(sorted(results.values(), key=lambda cause: (-cause.results, cause.why in UNSEEN)))


def _ending_first(attested: Iterable[Attested]) -> Attested:
    return min(attested, key=lambda one: one.until)


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
