"""YAML that people write, read strictly into a typed value.

The dialect is smaller than YAML: one document; no anchors, aliases or tags; no key twice; at most 50 levels and
1 MiB. Plain `true`, `false`, `null`, `~` and nothing are truth values and None. Everything else is text, so that
`no`, `0123`, `12:30:45` and `2026-01-01` stay what was written; it becomes a number, a date or a truth value only
where the asked type says so. Give that type as frozen Structs with `forbid_unknown_fields`, and slips in names are
found too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar, cast

import msgspec
import yaml

T = TypeVar("T")

LONGEST = 1024 * 1024
DEEPEST = 50

_PLAIN = {"true": True, "false": False, "null": None, "~": None, "": None}
_WORDS = {
    "object": "a mapping",
    "array": "a list",
    "null": "nothing",
    "str": "text",
    "bool": "true or false",
    "float": "a number",
}
_TYPES = re.compile(r"`((?:(?:object|array|null|str|bool|float)(?: \| (?=[a-z])|(?=`)))+)`")
_STRAY = re.compile(r"unknown field `([\w-]+)`")
_STEP = re.compile(r"\.([\w-]+)|\[\"([^\"]*)\"\]|\[(\d+)\]|\[(\.\.\.)\]")


class DataError(Exception):
    """A file that does not say what it must: where, and what to mend. Line 0 is the file as a whole."""

    def __init__(self, path: str, line: int, message: str) -> None:
        super().__init__(path, line, message)
        self.path = path
        self.line = line
        self.message = message

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}" if self.line else f"{self.path}: {self.message}"


class Problems(DataError):
    """All that is wrong with files; as a DataError it is the first of them."""

    def __init__(self, problems: Collection[DataError]) -> None:
        self.problems = tuple(dict.fromkeys(problems))
        first = self.problems[0]
        super().__init__(first.path, first.line, first.message)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


@dataclass(frozen=True)
class Document:
    """What a file says, before it has a type: for who wants to name all that is wrong with it, not the first alone."""

    path: str
    content: bytes
    value: object
    """Mappings, lists, texts, truth values and None."""

    def fit(self, kind: type[T], value: object, place: str = "") -> T:
        """A part of it as `kind`; DataError where it does not fit. `place` says where the part stands."""
        try:
            return msgspec.convert(value, kind, strict=False)
        except msgspec.ValidationError as error:
            inner, message = _misfit(error, place)
            raise DataError(self.path, self.line(inner), message) from error

    def line(self, place: str) -> int:
        """Line of a place such as `.layers[3].owner`, or of the nearest container that is known."""
        return _line(self._root, _steps(place))

    def line_at(self, *steps: str | int) -> int:
        """Line of what these keys and indices lead to, whatever characters stand in them."""
        return _line(self._root, steps)

    @cached_property
    def _root(self) -> yaml.Node | None:
        return yaml.compose(self.content, Loader=_loader())


def load(path: Path | Traversable, kind: type[T]) -> T:
    """Read a file as `kind`; DataError where it cannot be read or does not fit."""
    document = read(path)
    return document.fit(kind, document.value)


def read(path: Path | Traversable) -> Document:
    """Read a file; DataError where it cannot be read or is not of the dialect."""
    try:
        with path.open("rb") as file:
            content = file.read(LONGEST + 1)
    except OSError as error:
        raise DataError(str(path), 0, f"cannot be read ({error.strerror}); give an existing, readable file") from error
    if len(content) > LONGEST:
        raise DataError(str(path), 0, f"is larger than {LONGEST} bytes; split it or drop what is not needed")
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DataError(str(path), line, "is not UTF-8 text; save it as UTF-8") from error
    return _document(text, str(path))


def parse(text: str, kind: type[T], path: str) -> T:
    """Read text as `kind`; `path` is the name that errors carry."""
    document = _document(text, path)
    return document.fit(kind, document.value)


def _document(text: str, path: str) -> Document:
    if len(text) > LONGEST:
        raise DataError(path, 0, f"is longer than {LONGEST} characters; split it or drop what is not needed")
    try:
        content = text.encode()
    except UnicodeEncodeError as error:
        raise DataError(path, text.count("\n", 0, error.start) + 1, "holds half a character pair") from error
    try:
        value = _build(_events(content, path), path)
    except yaml.YAMLError as error:
        raise DataError(path, *_explained(error)) from error
    return Document(path, content, value)


def line_of(path: Path | Traversable, place: str) -> int:
    """Line of a place such as `.layers[3].owner` or `.controls["data.x"]` in a document that `load` has read."""
    return Document(str(path), path.read_bytes(), None).line(place)


def _misfit(error: msgspec.ValidationError, outer: str = "") -> tuple[str, str]:
    """The place, such as `.layers[3].owner`, and the words for a value that does not fit its type."""
    problem, _, where = str(error).partition(" - at `")
    place = outer + where.rstrip("`").removeprefix("$")
    stray = _STRAY.search(problem)
    if stray:
        place += f".{stray[1]}"
    problem = _TYPES.sub(lambda types: " or ".join(_WORDS[name] for name in types[1].split(" | ")), problem)
    return place, f"{problem} (at {place.lstrip('.')})" if place else problem


def _loader() -> Any:
    """Libyaml's loader where PyYAML was built with it: ten times the speed, the same events."""
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _events(content: bytes, path: str) -> Iterator[yaml.Event]:
    """The parser's events, without any that the dialect forbids."""
    documents = depth = 0
    for event in yaml.parse(content, Loader=_loader()):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise DataError(path, _at(event), "anchors and aliases are not allowed; write the value out")
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise DataError(path, _at(event), f"the tag {tag!r} is not allowed; write the plain value")
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise DataError(path, _at(event), "a second document starts here; one file holds one document")
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise DataError(path, _at(event), f"nested deeper than {DEEPEST} levels")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        yield event


def _build(events: Iterator[yaml.Event], path: str) -> object:
    """The document's value, made without recursion: what is nested deeply must not exhaust the stack."""
    root: list[object] = []
    open_containers: list[list[object] | dict[str, object]] = [root]
    keys: list[str | None] = [None]
    for event in events:
        if isinstance(event, yaml.CollectionEndEvent):
            open_containers.pop()
            keys.pop()
            continue
        if not isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            continue
        container, key = open_containers[-1], keys[-1]
        if isinstance(container, dict) and key is None:
            keys[-1] = _key(event, container, path)
            continue
        value = _value(event)
        if isinstance(container, dict):
            container[cast(str, key)] = value
            keys[-1] = None
        else:
            container.append(value)
        if isinstance(value, list | dict):
            open_containers.append(value)
            keys.append(None)
    return root[0] if root else None


def _key(event: yaml.NodeEvent, container: dict[str, object], path: str) -> str:
    """The name that a mapping's entry has, once."""
    if not isinstance(event, yaml.ScalarEvent):
        raise DataError(path, _at(event), "a key must be plain text")
    if event.value in container:
        raise DataError(path, _at(event), f"the key {event.value!r} stands here a second time; keep one")
    return event.value


def _value(
    event: yaml.ScalarEvent | yaml.CollectionStartEvent,
) -> list[object] | dict[str, object] | str | bool | None:
    """What one event begins: a container, empty yet, or a scalar."""
    if isinstance(event, yaml.ScalarEvent):
        return event.value if event.style else _PLAIN.get(event.value, event.value)
    return {} if isinstance(event, yaml.MappingStartEvent) else []


def _at(event: yaml.Event) -> int:
    """The event's line, counted from one."""
    mark = event.start_mark
    return mark.line + 1 if mark else 0


def _explained(error: yaml.YAMLError) -> tuple[int, str]:
    """Line and words of what the YAML parser says."""
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        words = ", ".join(part for part in (error.context, error.problem) if part)
        return (mark.line + 1 if mark else 0), f"is not YAML: {words}"
    return 0, f"is not YAML: {' '.join(str(error).split())}"


def _steps(place: str) -> list[str | int]:
    """The keys and indices of a place; one that is not told is -1."""
    found = _STEP.findall(place)
    return [attribute or (key if not index and not some else int(index or -1)) for attribute, key, index, some in found]


def _line(root: yaml.Node | None, steps: Sequence[str | int]) -> int:
    node: Any = root
    line = 0
    for step in steps:
        if isinstance(step, str) and isinstance(node, yaml.MappingNode):
            entry = next((pair for pair in node.value if pair[0].value == step), None)
            if entry is None:
                break
            line, node = entry[0].start_mark.line, entry[1]
        elif isinstance(step, int) and step >= 0 and isinstance(node, yaml.SequenceNode):
            node = node.value[step]
            line = node.start_mark.line
        else:
            break
    return line + 1
