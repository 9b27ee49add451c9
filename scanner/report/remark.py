"""A remark about a line of a file, such as `owners.yaml:3: ...`: one line for programs, wrapped for the eye."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO

from scanner.report.terminal import terminal_of
from scanner.report.visible import visible


def remark(text: str, stream: IO[str], environment: Mapping[str, str]) -> str:
    """The text as it is written to a stream. In a file or a pipe it stays one line, so that it can be searched."""
    if not stream.isatty():
        return f"{visible(text)}\n"
    from rich.text import Text

    from scanner.report.paper import Paper

    paper = Paper(terminal_of(stream, environment))
    return paper.text(paper.hanging(Text(visible(text))))
