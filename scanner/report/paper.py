"""What a page for a terminal is printed on: its width, and the few forms that its lines have."""

from __future__ import annotations

import io

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from scanner.report.cells import DIM, STRONG
from scanner.report.terminal import Terminal

PAGE_LINES = 25
GAP = 2


class Paper:
    """Lays text out for one terminal, without boxes."""

    def __init__(self, terminal: Terminal) -> None:
        self.width = terminal.width
        self._console = Console(
            file=io.StringIO(),
            width=terminal.width,
            height=PAGE_LINES,  # without both, rich asks the environment and calls a dumb terminal 80 wide
            force_terminal=terminal.colour,
            no_color=not terminal.colour,
            color_system="standard" if terminal.colour else None,
            force_jupyter=False,
            legacy_windows=False,
            markup=False,
            highlight=False,
            emoji=False,
        )

    def text(self, *parts: RenderableType) -> str:
        """The parts, one below the other."""
        with self._console.capture() as captured:
            for part in parts:
                self._console.print(part)
        return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())

    def heading(self, title: str, count: int) -> str:
        """A section's first line."""
        return "\n" + self.text(Text.assemble((title, STRONG), (f"  {count:,}", DIM)))

    @staticmethod
    def grid(*widths: int) -> Table:
        """Columns of these widths, and a last one that takes the rest."""
        grid = Table.grid(padding=(0, GAP, 0, 0))
        for width in widths:
            grid.add_column(width=width)
        grid.add_column(overflow="fold")
        return grid

    def hanging(self, text: Text, indent: int = 0) -> Padding:
        """A paragraph whose further lines are indented."""
        lines = text.wrap(self._console, max(self.width - indent - 2, 20))
        return Padding(Text("\n  ").join(lines), (0, 0, 0, indent))
