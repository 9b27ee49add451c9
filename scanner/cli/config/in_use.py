"""The file of options that the running command reads: the option that names it, and what has come from it."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from scanner.document import Document

OFF = "off"
READ = f"{__name__}.document"
"""Where a command's context keeps the file that it has read."""


class ConfigOption(click.Option):
    """The option that names the file; it knows which options of its command the file may set."""

    def __init__(self, *args: Any, only: Collection[str] | None = None, but: Collection[str] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.only, self.but = only, but

    def sets(self, key: str) -> bool:
        """Whether the file sets the option of a key."""
        return key not in self.but and (self.only is None or key in self.only)


def document_in_use() -> Document | None:
    """The file that the running command has its options from; None where there is none."""
    ctx = click.get_current_context(silent=True)
    found: Document | None = ctx.meta.get(READ) if ctx else None
    return found


def written_at(name: str) -> str:
    """`file:line: ` where the value of an option of the running command comes from a file, for errors; else nothing."""
    ctx, document = click.get_current_context(silent=True), document_in_use()
    if ctx is None or document is None or ctx.get_parameter_source(name) is not ParameterSource.DEFAULT_MAP:
        return ""
    return f"{document.path}:{document.line_at(name.replace('_', '-'))}: "
