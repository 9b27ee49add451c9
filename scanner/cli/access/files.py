"""Files with JSON that commands about access are given; `-` is stdin."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from scanner.cli.access.items import LONGEST
from scanner.cli.access.json import read_json
from scanner.cli.exits import Exit, Stop
from scanner.questions import BadInput

STDIN = "-"


@contextmanager
def opened(path: str) -> Iterator[IO[bytes]]:
    """A file or stdin; Stop where it cannot be read."""
    if path == STDIN:
        if sys.stdin.isatty():
            print("reading JSON from the terminal; end it with Ctrl-D", file=sys.stderr)
        yield sys.stdin.buffer
        return
    try:
        file = Path(path).open("rb")  # noqa: SIM115  # closed below; only opening it may fail here
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        step = "give an existing, readable file, or `-` for stdin"
        raise Stop(Exit.USAGE, f"{path}: cannot be read ({reason}): {step}") from error
    with file:
        yield file


def read_object(path: str) -> Mapping[str, Any]:
    """The one JSON object of a file; Stop with the place where it is none."""
    name = named(path)
    with opened(path) as file:
        content = file.read(LONGEST + 1)
    if len(content) > LONGEST:
        raise Stop(Exit.USAGE, f"{name}: is longer than {LONGEST} bytes: split it, or use --batch")
    if not content.strip():
        raise Stop(Exit.USAGE, f"{name}: is empty: give one JSON object")
    try:
        value = read_json(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Stop(Exit.USAGE, f"{name}:{line}: is not UTF-8 text: save it as UTF-8") from error
    except BadInput as bad:
        raise refused(path, bad) from bad
    if not isinstance(value, Mapping):
        raise Stop(Exit.USAGE, f"{name}: is not a JSON object: give one object; a list goes to --batch")
    return value


def named(path: str) -> str:
    """A file as messages name it."""
    return "stdin" if path == STDIN else path


def refused(path: str, bad: BadInput) -> Stop:
    """What is said of an input that is not of the form that was asked for."""
    place = f" at {bad.pointer}" if bad.pointer else ""
    return Stop(Exit.USAGE, f"{named(path)}{place}: {bad.why}")
