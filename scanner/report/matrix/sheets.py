"""The matrix as CSV: as it is, as a customer responsibility matrix, and as PCI DSS asks for in 12.8.5."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.matrix.cell import Cell
from scanner.matrix.columns import Column
from scanner.matrix.matrix import Matrix
from scanner.report.csv_cells import row, several
from scanner.report.matrix.wording import causes_of, whole
from scanner.responsibility.attribution import Owner
from scanner.responsibility.model import Duty, Layer, ResponsibilityModel

NIST, PCI = "nist-800-53r5", "pci-4.0.1"
WORDS = {"customer": "Customer", "shared": "Shared", "provider": "Provider"}


def plain(matrix: Matrix) -> Iterator[str]:
    """A line for each row and column."""
    yield row(
        "layer", "layer_title", "duty", "duty_title", matrix.by, "title", "providers", "fully_read", "state",
        "violated", "worst_severity", "excepted", "decided", "asked", "unknown", "provider_objects", "why", "in_play",
        "without_owner", "without_backup", "owners", "attested_until", "attested_by", "document", "document_read",
        "types_without_check",
    )  # fmt: skip
    for layer, duty, column, cell in _cells(matrix):
        counts = cell.counts
        yield row(
            layer.id, layer.title, duty.id if duty else "", duty.title if duty else "", column.id, column.title,
            " ".join(column.providers), column.complete, cell.state, counts.failed, cell.worst, counts.excepted,
            counts.decided, counts.asked, counts.unknown, counts.not_applicable, causes_of(cell),
            bool(cell.duties_in_play), cell.without_owner, cell.without_backup, several(cell.owners),
            cell.attested.until if cell.attested else None, cell.attested.by if cell.attested else None,
            several(one.document for one in cell.inherited), several(one.reviewed for one in cell.inherited),
            " ".join(cell.unchecked),
        )  # fmt: skip


def customer_responsibility(matrix: Matrix, model: ResponsibilityModel) -> Iterator[str]:
    """A line for each duty and column, in the words of a customer responsibility matrix.

    The columns follow the CIS/CRM workbook of FedRAMP: https://www.fedramp.gov/documents-templates/
    """
    yield row(
        "Control (NIST SP 800-53 Rev. 5)", "Duty", matrix.by.title(), "Responsibility", "Customer part",
        "Provider part", "Status", "Owner",
    )  # fmt: skip
    for layer, duty, column, cell in _cells(matrix):
        where = column.title if matrix.by != "account" else f"{' '.join(column.providers)} {column.title}"
        if duty is None:
            theirs = cell.state == "provider"
            yield row(
                "", layer.title, where, WORDS["provider" if theirs else "customer"],
                "" if theirs else layer.about, layer.about if theirs else "", whole(cell), several(cell.owners),
            )  # fmt: skip
            continue
        owner = responsibility_of(model, duty, column, cell)
        yield row(
            " ".join(_controls(model, duty, NIST)), duty.id, where, WORDS[owner],
            duty.customer if owner != "provider" else "", duty.counterpart, whole(cell), several(cell.owners),
        )  # fmt: skip


def service_providers(matrix: Matrix, model: ResponsibilityModel) -> Iterator[str]:
    """A line for each requirement of PCI DSS and column: who manages it, the entity, its provider, or both.

    Requirement 12.8.5 asks for this record. Only requirements that a duty is evidence for are in it; their texts are
    the publisher's: https://www.pcisecuritystandards.org/document_library/
    """
    yield row(
        "PCI DSS 4.0.1 requirement", "Third-party service provider", matrix.by.title(), "Managed by entity",
        "Managed by TPSP", "Shared", "Entity's part", "TPSP's part", "Status", "Owner",
    )  # fmt: skip
    requirements: dict[str, list[tuple[Duty, tuple[Cell, ...]]]] = {}
    for line in matrix.layers:
        for each in line.duties:
            for requirement in _controls(model, each.duty, PCI):
                requirements.setdefault(requirement, []).append((each.duty, each.cells))
    for requirement in sorted(requirements, key=_in_order):
        members = requirements[requirement]
        for number, column in enumerate(matrix.columns):
            owners = {responsibility_of(model, duty, column, cells[number]) for duty, cells in members}
            who = next(iter(owners)) if len(owners) == 1 else "shared"
            yield row(
                requirement, " ".join(column.providers), column.title, *_crosses(who),
                " ".join(duty.customer for duty, _ in members), " ".join(duty.counterpart for duty, _ in members),
                "; ".join(f"{duty.id}: {whole(cells[number])}" for duty, cells in members),
                several(owner for _, cells in members for owner in cells[number].owners),
            )  # fmt: skip


def responsibility_of(model: ResponsibilityModel, duty: Duty, column: Column, cell: Cell) -> Owner:
    """Who operates the duty's layer: by the resources there, else by the types that could carry it.

    A duty is the customer's half of a control, so that it is never the provider's alone, whoever operates the layer.
    """
    if cell.state == "provider":
        return "provider"
    owners = set(cell.layer_owners) or {
        model.layers[duty.layer].owner_in(kind.model)
        for kind in model.types.values()
        if duty.id in kind.duties and kind.id.partition(".")[0] in column.providers
    }
    if owners == {"customer"} or (not owners and duty.shared_kind == "customer-only"):
        return "customer"
    return "shared"


def _cells(matrix: Matrix) -> Iterator[tuple[Layer, Duty | None, Column, Cell]]:
    for line in matrix.layers:
        if not line.duties:
            for column, cell in zip(matrix.columns, line.cells, strict=True):
                yield line.layer, None, column, cell
        for each in line.duties:
            for column, cell in zip(matrix.columns, each.cells, strict=True):
                yield line.layer, each.duty, column, cell


def _controls(model: ResponsibilityModel, duty: Duty, framework: str) -> tuple[str, ...]:
    return tuple(control.id for control in model.controls_of(duty.id) if control.framework == framework)


def _crosses(owner: Owner) -> tuple[str, str, str]:
    return tuple("X" if owner == each else "" for each in ("customer", "provider", "shared"))  # type: ignore[return-value]


def _in_order(requirement: str) -> tuple[tuple[int, str], ...]:
    return tuple((int(part), "") if part.isdigit() else (0, part) for part in requirement.split("."))
