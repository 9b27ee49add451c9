"""Sinks in a file of options: who is told of what, and in which form."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from types import UnionType
from typing import Any, TypeAlias, Union, cast, get_args, get_origin

import msgspec

from scanner.check import SEVERITIES, Severity
from scanner.deliver.route import Route
from scanner.deliver.secret import Secret
from scanner.deliver.sink import SinkType
from scanner.document import DataError, Document, Problems
from scanner.finding import State, Status

Steps: TypeAlias = tuple[str | int, ...]

SINKS = "sinks"
OFF = "off"
COMMON = ("type", "format", "only", "status", "severity")
"""What each entry may say, whatever its type."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WORD = re.compile(r"[\w-]+")
_PASSWORD = re.compile(r"://[^/?#@\s]*:[^/?#@\s]+@")
_INLINE = "a secret is never written here: say where it is, with `{env: NAME}`, `{file: PATH}` or `{credential: NAME}`"


def routes_of(document: Document, sink_types: Mapping[str, SinkType], formats: Collection[str]) -> tuple[Route, ...]:
    """The sinks that a file names, in its order. Problems where it says something wrong of any, with all that is wrong.

    `formats`: the forms of events that are installed.
    """
    given = document.value.get(SINKS) if isinstance(document.value, dict) else None
    if given is None:
        return ()
    if not isinstance(given, dict):
        line = document.line_at(SINKS)
        raise Problems([DataError(document.path, line, "sinks must be a mapping: a name for each, and what it is")])
    entries = [_Entry(document, name, entry, sink_types, formats) for name, entry in given.items()]
    routes = [entry.route() for entry in entries]
    problems = [problem for entry in entries for problem in entry.problems]
    problems += _sharing(document, [route for route in routes if route is not None])
    if problems:
        raise Problems(sorted(problems, key=lambda problem: problem.line))
    return tuple(route for route in routes if route is not None)


def _sharing(document: Document, routes: Iterable[Route]) -> Iterator[DataError]:
    """Sinks that have the same place as one before them."""
    taken: dict[tuple[str, object], Route] = {}
    for route in routes:
        if route.type.place is None:
            continue
        first = taken.setdefault((route.type.name, route.type.place(route.options)), route)
        if first is not route:
            yield DataError(
                document.path,
                document.line_at(SINKS, route.name),
                f"sink {route.name!r}: it writes to the same place as the sink {first.name!r} of {first.where}, "
                "and their events would be mixed: give one of them another place, or leave it out",
            )


class _Entry:
    """One sink while it is read, and what was found wrong with it."""

    def __init__(
        self,
        document: Document,
        name: str,
        value: object,
        sink_types: Mapping[str, SinkType],
        formats: Collection[str],
    ) -> None:
        self.problems: list[DataError] = []
        self._document, self._name, self._sink_types, self._formats = document, name, sink_types, formats
        self._value: Mapping[str, Any] = value if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            self._blame(f"must be a mapping that says its type: one of {', '.join(sink_types)}")

    def route(self) -> Route | None:
        """The sink; None where something is wrong with it."""
        if not _NAME.fullmatch(self._name) or self._name == OFF:
            self._blame("is no name for a sink: take letters, digits, - and _, at most 64, and not `off`")
        kind = None if self.problems else self._kind()
        if kind is None:
            return None
        options = self._options(kind)
        form = self._format(kind)
        only = self._words("only", get_args(State))
        status = self._words("status", get_args(Status))
        severity = cast("Severity", self._word("severity", SEVERITIES) or SEVERITIES[-1])
        if self.problems or options is None:
            return None
        where = f"{self._document.path}:{self._document.line_at(SINKS, self._name)}"
        return Route(
            name=self._name, type=kind, options=options, format=form, only=only, status=status, severity=severity,
            where=where,
        )  # fmt: skip

    def _kind(self) -> SinkType | None:
        if "type" not in self._value:
            self._blame(f"has no type: write one of {', '.join(self._sink_types)}")
            return None
        name = self._word("type", list(self._sink_types))
        return None if name is None else self._sink_types[name]

    def _format(self, kind: SinkType) -> str:
        usual = [name for name in kind.formats if name in self._formats]
        if "format" in self._value:
            return self._word("format", usual, f": {kind.name} takes {', '.join(usual)}") or ""
        if not usual:
            self._blame(f"has no format: none of {', '.join(kind.formats)} is installed")
        return usual[0] if usual else ""

    def _options(self, kind: SinkType) -> msgspec.Struct | None:
        """What is left for the type: each part by itself first, so that all that is wrong is said."""
        before = len(self.problems)
        fields = {field.encode_name: field for field in msgspec.structs.fields(kind.options)}
        own = {key: value for key, value in self._value.items() if key not in COMMON}
        for key, value in own.items():
            if key in fields:
                self._fits(key, value, fields[key].type)
            else:
                hint = _hint(key, [*COMMON, *fields])
                self._blame(f"the type {kind.name} takes no {key!r}: {hint}", key)
        for key, field in fields.items():
            if field.required and key not in own:
                self._blame(f"has no {key}, and the type {kind.name} needs it")
        if len(self.problems) > before:
            return None
        try:
            return self._document.fit(kind.options, own, self._place())
        except DataError as error:
            # What a type says of its options together is told by the first of them that it names.
            message = error.message.removesuffix(f" (at {self._place()[1:]})")
            self._blame(message, *[word for word in _WORD.findall(message) if word in own][:1])
            return None

    def _fits(self, key: str, value: object, wanted: Any) -> None:
        if holds_password(value):
            self._blame(f"{key} holds a password: {_INLINE}", key)
            return
        if slips := list(_slips(wanted, value, (key,))):
            for steps, message in slips:
                self._blame(f"{key}: {message}", *steps)
            return
        try:
            self._document.fit(wanted, value, self._place(key))
        except DataError as error:
            self.problems.append(error)

    def _word(self, key: str, known: Collection[str], otherwise: str = "") -> str | None:
        """One of the words that are known; None where there is none, or another."""
        value = self._value.get(key)
        if value is None and key not in self._value:
            return None
        if isinstance(value, str) and value in known:
            return value
        self._unknown(key, value, known, otherwise)
        return None

    def _words(self, key: str, known: Collection[Any]) -> frozenset[Any]:
        """Some of the words that are known: a list, or a text with commas."""
        value = self._value.get(key, [])
        words = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
        if not isinstance(words, list):
            self._blame(f"{key} must be a list of some of {', '.join(known)}", key)
            return frozenset()
        for index, word in enumerate(words):
            if word not in known:
                self._unknown(key, word, known, at=(index,) if isinstance(value, list) else ())
        return frozenset(word for word in words if word in known)

    def _unknown(
        self, key: str, value: object, known: Collection[str], otherwise: str = "", at: tuple[int, ...] = ()
    ) -> None:
        if isinstance(value, str):
            self._blame(f"unknown {key} {value!r}{otherwise or f': {_hint(value, known)}'}", key, *at)
        else:
            self._blame(f"{key} must be one of {', '.join(known)}", key, *at)

    def _blame(self, message: str, *steps: str | int) -> None:
        line = self._document.line_at(SINKS, self._name, *steps)
        self.problems.append(DataError(self._document.path, line, f"sink {self._name!r}: {message}"))

    def _place(self, key: str = "") -> str:
        return f".{SINKS}.{self._name}" + (f".{key}" if key else "")


def _hint(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, known, 1)
    return f"did you mean {near[0]!r}?" if near else f"choose among {', '.join(known) or 'none'}"


def holds_password(value: object) -> bool:
    """Whether an address in a value says a password."""
    return any(_PASSWORD.search(text) for text in _texts(value))


def _texts(value: object) -> Iterator[str]:
    """All texts in a value, however deep: a document's depth is bounded."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


def _slips(wanted: Any, value: object, steps: Steps) -> Iterator[tuple[Steps, str]]:
    """Secrets that are written in a value, or whose place is none: what is said of each never shows it."""
    parts = get_args(wanted) if isinstance(wanted, UnionType) or get_origin(wanted) is Union else (wanted,)
    for part in parts:
        arguments = get_args(part)
        if part is Secret:
            if isinstance(value, str) and str not in parts:
                yield steps, _INLINE
            elif isinstance(value, dict):
                yield from _misplaced(value, steps)
        elif isinstance(value, dict) and isinstance(part, type) and issubclass(part, msgspec.Struct):
            for field in msgspec.structs.fields(part):
                if field.encode_name in value:
                    yield from _slips(field.type, value[field.encode_name], (*steps, field.encode_name))
        elif isinstance(value, dict) and len(arguments) == 2:
            for key, each in value.items():
                yield from _slips(arguments[1], each, (*steps, key))
        elif isinstance(value, list) and arguments:
            for index, each in enumerate(value):
                yield from _slips(arguments[0], each, (*steps, index))


def _misplaced(value: Mapping[str, object], steps: Steps) -> Iterator[tuple[Steps, str]]:
    variable, file = value.get("env"), value.get("file")
    if isinstance(variable, str) and not _VARIABLE.fullmatch(variable):
        yield (*steps, "env"), "env takes the name of an environment variable, not what it holds"
    if isinstance(file, str) and not Path(file).is_absolute():
        yield (*steps, "file"), "file takes a whole path, such as /run/secrets/token"
