"""`ourside matrix`: what is known of each duty, by cloud, account or owner."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import click

from scanner.cli.accountability_options import accountability_options
from scanner.cli.config.options import shared_config_option
from scanner.cli.history_option import history_option
from scanner.cli.matrix.answer import row_options, table_of
from scanner.cli.sources import source_argument

if TYPE_CHECKING:
    from scanner.matrix.matrix import Matrix
    from scanner.responsibility.model import ResponsibilityModel

Format: TypeAlias = Literal["table", "markdown", "csv", "crm-csv", "pci-csv", "json"]
FORMATS: tuple[Format, ...] = ("table", "markdown", "csv", "crm-csv", "pci-csv", "json")


@click.command(context_settings={"max_content_width": 100})
@source_argument
@click.option(
    "--by", type=click.Choice(["cloud", "account", "owner"]), default="cloud", show_default=True, help="Columns."
)
@row_options
@click.option("--fold", is_flag=True, help="Layers only, their duties taken together.")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="table",
    show_default=True,
    help="crm-csv is a customer responsibility matrix; pci-csv the record of PCI DSS 12.8.5.",
)
@history_option
@accountability_options
@shared_config_option
def matrix(source: Path | None, fold: bool, form: Format, **values: Any) -> None:
    """Show who is responsible for what, and what is known of it: violated, not assessed, attested, the provider's.

    Findings come from FILE, written by `scan --format json` or `--save-snapshot`; without it, from the history.
    A check that found nothing wrong is no proof; coverage and what nobody owns stand before the table.
    """
    found, model = table_of(source, values)
    for piece in _written(found, model, form, fold=fold):
        sys.stdout.write(piece)


def _written(found: Matrix, model: ResponsibilityModel, form: Format, *, fold: bool) -> Iterator[str]:
    """The matrix in a format; only what that needs is loaded."""
    match form:
        case "table":
            from scanner.report.matrix.terminal import matrix_page
            from scanner.report.terminal import terminal_of

            yield from matrix_page(found, terminal_of(sys.stdout, os.environ), fold=fold)
        case "markdown":
            from scanner.report.matrix.markdown import matrix_markdown

            yield from matrix_markdown(found, fold=fold)
        case "json":
            from scanner.report.matrix.json import matrix_json

            yield matrix_json(found)
        case _:
            from scanner.report.matrix import sheets

            if form == "csv":
                yield from sheets.plain(found)
            elif form == "crm-csv":
                yield from sheets.customer_responsibility(found, model)
            else:
                yield from sheets.service_providers(found, model)
