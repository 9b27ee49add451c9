"""A batch, item by item: a JSON list, or one object per line. What is broken costs one item, not the rest."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from scanner.cli.access.json import DECODER, read_json
from scanner.questions import BadInput

LONGEST = 64 * 1024 * 1024
"""Characters of one item."""
NO_END = "/-"
"""RFC 6901's place after the last element."""
_PIECE = 1 << 16
_BLANK = b" \t\r\n"
_OUTSIDE = re.compile(r'"[^"\\]*+"|["\[\]{},]')
_INSIDE = re.compile(r'["\\]')

Id = str | int | float | None


@dataclass(frozen=True, slots=True)
class Item:
    """One object of a batch, or what is wrong with it."""

    id: Id
    value: Mapping[str, Any]
    problem: BadInput | None = None


def items(file: IO[bytes]) -> Iterator[Item]:
    """The items of a batch, each as soon as it has been read."""
    number = 0
    try:
        for number, text in enumerate(_texts(file), 1):  # counts on after the last
            yield _item(text, number)
    except BadInput as bad:
        yield Item(None, {}, BadInput("", f"after item {number}: {bad.why}"))


def _item(text: str | None, number: int) -> Item:
    if text is None:
        return Item(None, {}, BadInput("", f"item {number} is longer than {LONGEST} characters"))
    try:
        value = read_json(text)
    except BadInput as bad:
        return _broken(_id_within(text), bad, number)
    if not isinstance(value, Mapping):
        return _broken(None, BadInput("", "is not an object"), number)
    id_ = _usable(value.get("id"))
    if id_ is None:
        why = "must be a text or a number" if "id" in value else "is missing"
        return _broken(None, BadInput("/id", why), number)
    return Item(id_, value)


def _broken(id_: Id, bad: BadInput, number: int) -> Item:
    """Who has no id is told which one in the batch it is."""
    return Item(id_, {}, bad if id_ is not None else BadInput(bad.pointer, f"{bad.why} (item {number} of the batch)"))


def _usable(value: object) -> Id:
    match value:
        case bool():
            return None
        case int():
            return value if -(2**63) <= value < 2**63 else None
        case str() | float():
            return value
        case _:
            return None


def _id_within(text: str) -> Id:
    """The id of an object that cannot be read as a whole, where at least that stands in it."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        for member in _elements([text]):
            key, end = DECODER.raw_decode((member or "").lstrip())
            if key == "id":
                rest = (member or "").lstrip()[end:].lstrip()
                return _usable(read_json(rest.removeprefix(":")))
    except (ValueError, RecursionError, BadInput):
        return None
    return None


def _texts(file: IO[bytes]) -> Iterator[str | None]:
    """The text of each item; None for one that is too long."""
    first = file.read(1)
    if first == codecs.BOM_UTF8[:1]:
        begin = first + file.read(2)
        first = file.read(1) if begin == codecs.BOM_UTF8 else begin
    while first and first in _BLANK:
        first = file.read(1)
    if first == b"[":
        for number, text in enumerate(_elements(_pieces(first, file))):
            if number or text is None or text.strip():  # the one blank element of an empty list is none
                yield text
    elif first:
        yield from _lines(first, file)


def _lines(first: bytes, file: IO[bytes]) -> Iterator[str | None]:
    line = _line(first, file)
    if line is not None and _goes_on(line):
        # One object over many lines, or a line that was cut: the rest of the file tells.
        rest = file.read(LONGEST).decode("utf-8", "surrogateescape")
        if not _goes_on(line + rest):
            yield line + rest
            return
        yield line
        yield from (text for text in rest.split("\n") if text.strip())
        line = ""
    while line != "\n":
        if line is None or line.strip():
            yield line
        line = _line(b"", file)


def _line(begin: bytes, file: IO[bytes]) -> str | None:
    """The next line, "\\n" alone where there is no other; None for one that is too long."""
    line = begin + file.readline(LONGEST)
    if not line:
        return "\n"
    if len(line) < LONGEST or line.endswith(b"\n"):
        return line.strip().decode("utf-8", "surrogateescape")
    while (more := file.readline(LONGEST)) and not more.endswith(b"\n"):
        pass
    return None


def _goes_on(text: str) -> bool:
    """Whether an object that begins the text does not end in it."""
    if not text.startswith("{"):
        return False
    try:
        for _ in _elements([text]):
            pass
    except BadInput as bad:
        return bad.pointer == NO_END
    return False


def _pieces(first: bytes, file: IO[bytes]) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    piece = first
    while piece:
        yield decoder.decode(piece)
        piece = file.read(_PIECE)
    yield decoder.decode(b"", final=True)


def _elements(pieces: Iterable[str]) -> Iterator[str | None]:
    """The texts of what the outermost list or object holds, found by brackets and quotes alone.

    Raises BadInput where it does not end (at NO_END), or something follows it.
    """
    depth, inside, escaped, ended = 0, False, False, False
    held = _Held()
    for piece in filter(None, pieces):
        if ended:
            _refuse_more(piece)
            continue
        at, start, escaped = int(escaped), 0, False
        while found := (_INSIDE if inside else _OUTSIDE).search(piece, at):
            at, token = found.end(), found.group()
            if token == "\\":
                at += 1
                escaped = at > len(piece)
            elif token[0] == '"':
                inside = inside != (len(token) == 1)
            elif token in "[{":
                depth += 1
                start = at if depth == 1 else start
            elif depth > 1:
                depth -= token != ","
            else:
                held.add(piece[start : found.start()])
                yield held.taken()
                start = at
                if token != ",":
                    ended = True
                    _refuse_more(piece[at:])
                    break
        if not ended:
            held.add(piece[start:])
    if not ended:
        if (text := held.taken()) is None or text.strip():
            yield text
        raise BadInput(NO_END, "the end is missing: a bracket is not closed")


def _refuse_more(text: str) -> None:
    if text.strip():
        raise BadInput("", "something follows the end")


class _Held:
    """Pieces of one element, as long as it is not too long."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.size = 0

    def add(self, piece: str) -> None:
        self.size += len(piece)
        if self.size <= LONGEST:
            self.pieces.append(piece)
        else:
            self.pieces.clear()

    def taken(self) -> str | None:
        text = "".join(self.pieces) if self.size <= LONGEST else None
        self.pieces, self.size = [], 0
        return text
