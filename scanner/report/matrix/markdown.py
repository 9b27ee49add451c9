"""The matrix in Markdown, for a wiki or a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC

from scanner.matrix.cell import Cell
from scanner.matrix.matrix import Matrix
from scanner.report.cells import counted
from scanner.report.markdown import plain, table
from scanner.report.matrix.wording import (
    LEGEND,
    coverage_words,
    document_words,
    lack_words,
    moved_words,
    older_by_day,
    said,
    sign_of,
)

PARTLY = " \\*"


def matrix_markdown(matrix: Matrix, *, fold: bool = False) -> Iterator[str]:
    """The document, section by section."""
    when = matrix.taken_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    yield f"# Responsibility by {matrix.by}\n\n{plain(matrix.origin)}, {when}\n\n"
    yield from _standing(matrix)
    yield from _table(matrix, fold=fold)
    yield from _line(matrix)
    if matrix.heritage:
        yield "\n## What you inherit\n\n"
        yield from table(("provider", "layers", "document"), [
            (plain(one.provider), ", ".join(one.layers), plain(document_words(one.document)))
            for one in matrix.heritage
        ])  # fmt: skip
    yield "\n## Legend\n\n"
    yield from (f"- `{sign}` {words}\n" for sign, words in LEGEND)


def _standing(matrix: Matrix) -> Iterator[str]:
    yield f"- **Coverage:** {coverage_words(matrix.coverage, inventory_known=matrix.inventory_known)}\n"
    violated = matrix.violated
    for word, lacking in (
        ("owner", [f"{one.duty} ({one.without_owner:,})" for one in violated if one.without_owner]),
        ("backup", [f"{one.duty} ({one.without_backup:,})" for one in violated if one.without_backup]),
    ):
        of = f"{len(lacking):,} of {counted(len(violated), 'violated duty', 'violated duties')}"
        yield f"- **Without {word}:** {of}{': ' if lacking else ''}{', '.join(lacking)}\n"
    yield f"- **Not fully read:** {len(matrix.partly_read):,} of {counted(matrix.scopes, 'scope', 'scopes')}\n"
    for part in matrix.partly_read:
        name = f"{part.scope.provider} {part.scope.name or part.scope.account or part.scope.uid}".strip()
        yield f"  - {plain(name)}: {plain(', '.join(map(lack_words, part.lacks)) or 'no cause is known')}\n"
    for day, names in older_by_day(matrix.older).items():
        yield f"- **Older readings:** not read since {day}: {plain(', '.join(names))}\n"
    if matrix.elsewhere:
        yield f"- **Left out:** {matrix.elsewhere:,} results about duties that this version does not know\n"


def _table(matrix: Matrix, *, fold: bool) -> Iterator[str]:
    yield "\n## The matrix\n\n"
    columns = [f"{plain(column.title)}{'' if column.complete else PARTLY}" for column in matrix.columns]
    lines: list[Sequence[str]] = []
    for row in matrix.layers:
        bare = fold or not row.duties
        lines.append((f"**{row.layer.id}**", *(_cell(cell) if bare else "" for cell in row.cells)))
        if not bare:
            lines += [(each.duty.id, *map(_cell, each.cells)) for each in row.duties]
    yield from table(("", *columns), lines)


def _cell(cell: Cell) -> str:
    return f"`{sign_of(cell)}` {plain(said(cell))}".rstrip()


def _line(matrix: Matrix) -> Iterator[str]:
    if not matrix.moved and not matrix.undecided:
        return
    yield "\n## Where the line runs for you\n\n"
    yield from table(("resources", "duty", "whose", "because", "types", "violations"), [
        (f"{one.resources:,}", one.duty, plain(moved_words(one)), plain(one.rule), plain(", ".join(one.types)),
         f"{one.violations:,}")
        for one in matrix.moved
    ])  # fmt: skip
    if matrix.undecided:
        yield "\nLeft open, so that the table's answer stands:\n\n"
        yield from table(("results", "duty", "what", "types"), [
            (f"{each.results:,}", each.duty, plain(each.what), plain(", ".join(each.types)))
            for each in matrix.undecided
        ])  # fmt: skip
