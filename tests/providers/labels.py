"""Verdicts that were written by hand, from documentation, about bodies that clouds really sent.

A label names a recorded answer (by operation and number), one resource in it, and what checks must say about it.
A flip changes members of that resource and names the verdicts that turn; all others stay. `with` names further
answers that the verdicts rest on. The recordings lie outside this repository; labels under `bodies:` bring their own.

    for label in labels("azure"):
        for case in label.cases(recordings("azure")): case.resource, case.companions, case.expect, case.accept
"""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec
import yaml

from tests.providers.label_bodies import at, listed, removed, replaced

HERE = Path(__file__).parent
RECORDED = Path(os.environ.get("OURSIDE_RECORDED", HERE.parents[2] / "shared" / "recorded"))

Verdict = Literal["fail", "pass", "unknown", "not-applicable"]
Cloud = Literal["azure", "gcp"]


class Companion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another answer that a verdict rests on: a recorded one, or one that is written out."""

    operation: str
    record: int = 0
    resource: str = ""
    body: Any = msgspec.UNSET


class Flip(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A change to the resource, or to its companions, and the verdicts that turn by it."""

    why: str
    set: dict[str, Any] = {}
    """JSON pointers into the resource, and what then stands there; `-` at the end of one appends to a list."""
    remove: tuple[str, ...] = ()
    companions: tuple[Companion, ...] | None = msgspec.field(default=None, name="with")
    """In place of the label's own; nothing where those stay."""
    expect: dict[str, Verdict] = {}
    """The verdicts that turn; none where the change must make no difference."""
    accept: dict[str, tuple[Verdict, ...]] = {}


class Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What checks must say about one resource."""

    id: str
    operation: str
    type: str
    expect: dict[str, Verdict]
    source: str
    """Documentation that the verdicts follow from."""
    record: int = 0
    resource: str = ""
    """Id, link or name of the resource inside the answer; empty where the answer as a whole is meant."""
    body: Any = msgspec.UNSET
    """The answer itself, where it is not a recorded one."""
    companions: tuple[Companion, ...] = msgspec.field(default=(), name="with")
    accept: dict[str, tuple[Verdict, ...]] = {}
    """Verdicts that are as good as the expected one, where documentation contradicts itself."""
    why: dict[str, str] = {}
    flips: tuple[Flip, ...] = ()

    @property
    def own(self) -> bool:
        """Whether it needs no recordings."""
        answers: list[Label | Companion] = [self, *self.companions]
        answers += [one for flip in self.flips for one in flip.companions or ()]
        return all(answer.body is not msgspec.UNSET for answer in answers)

    def cases(self, recordings: Recordings) -> Iterator[Case]:
        """The resource as it was sent, then with each flip."""
        yield self._case(recordings, None)
        for flip in self.flips:
            yield self._case(recordings, flip)

    def _case(self, recordings: Recordings, flip: Flip | None) -> Case:
        answer = copy.deepcopy(recordings.answer(self))
        # Inside the copied answer, so that what a flip changes shows in the answer too.
        resource = listed(answer, self.resource) if self.resource else answer
        companions = self.companions
        expect, accept, name = dict(self.expect), dict(self.accept), self.id
        if flip is not None:
            for pointer in flip.remove:
                removed(resource, pointer)
            for pointer, value in flip.set.items():
                replaced(resource, pointer, copy.deepcopy(value))
            companions = self.companions if flip.companions is None else flip.companions
            accept = {check: verdicts for check, verdicts in accept.items() if check not in flip.expect}
            expect, accept = expect | flip.expect, accept | flip.accept
            name = f"{self.id}: {flip.why}"
        return Case(
            name,
            self.type,
            self.operation,
            recordings.url(self),
            resource,
            answer,
            tuple(Answer(one.operation, recordings.url(one), recordings.part(one)) for one in companions),
            expect,
            accept,
        )


class Answer(msgspec.Struct, frozen=True):
    """A companion, resolved: the resource it names, or the whole answer."""

    operation: str
    url: str
    """Where it was fetched; empty where it was not."""
    body: Any


class Case(msgspec.Struct, frozen=True):
    """A resource and what must be said about it."""

    name: str
    type: str
    operation: str
    url: str
    resource: Any
    answer: Any
    """The whole answer, the resource in its place."""
    companions: tuple[Answer, ...]
    expect: dict[str, Verdict]
    accept: dict[str, tuple[Verdict, ...]]

    def right(self, check: str, verdict: str) -> bool:
        """Whether a verdict is the expected one, or as good."""
        return verdict == self.expect[check] or verdict in self.accept.get(check, ())


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The labels of one service."""

    labels: tuple[Label, ...] = ()
    bodies: tuple[Label, ...] = ()


class Recordings(msgspec.Struct, frozen=True):
    """A cloud's recorded answers."""

    cloud: Cloud
    root: Path = RECORDED

    @property
    def present(self) -> bool:
        """Whether they are on this machine."""
        return (self.root / self.cloud).is_dir()

    def answer(self, source: Label | Companion) -> Any:
        """The answer that a label or companion means; KeyError where none is recorded."""
        return self._record(source)["body"] if source.body is msgspec.UNSET else source.body

    def url(self, source: Label | Companion) -> str:
        """Where the answer was fetched, empty where it is written out."""
        return str(self._record(source)["url"]) if source.body is msgspec.UNSET else ""

    def part(self, source: Companion) -> Any:
        """The resource that a companion names, or its whole answer."""
        answer = copy.deepcopy(self.answer(source))
        return listed(answer, source.resource) if source.resource else answer

    def _record(self, source: Label | Companion) -> Any:
        path = self.root / self.cloud / f"{source.operation}.json"
        if not path.is_file():
            raise KeyError(f"no recording of {source.operation}")
        records = _records(path)
        if source.record >= len(records) or records[source.record]["status"] != 200:
            raise KeyError(f"{source.operation} has no good answer number {source.record}")
        return records[source.record]


@cache
def _records(path: Path) -> list[Any]:
    return list(json.loads(path.read_text(encoding="utf-8"))["records"])


def recordings(cloud: Cloud) -> Recordings:
    """The recorded answers of a cloud, which may be absent."""
    return Recordings(cloud)


class _Strict(yaml.SafeLoader):
    """Refuses a member that stands twice, which YAML would let win silently."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [self.construct_object(key, deep=True) for key, _ in node.value]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"{node.start_mark}: a member stands twice: {sorted(map(str, twice))}")
        return super().construct_mapping(node, deep)


def files(cloud: Cloud) -> dict[str, File]:
    """The label files of a cloud, by service."""
    return {path.stem: read(path) for path in sorted((HERE / cloud / "labels").glob("*.yaml"))}


def read(path: Path) -> File:
    """One file; raises where a member is unknown, missing, of another type, or stands twice."""
    # Our loader is a safe one.
    document = yaml.load(path.read_text(encoding="utf-8"), _Strict)
    return msgspec.convert(document, File)


def labels(cloud: Cloud, *, own: bool | None = None) -> list[Label]:
    """All labels of a cloud; `own`: only those that bring their bodies, or only those that do not."""
    every = [label for file in files(cloud).values() for label in (*file.labels, *file.bodies)]
    return [label for label in every if own is None or label.own is own]


__all__ = [
    "Answer",
    "Case",
    "Companion",
    "File",
    "Flip",
    "Label",
    "Recordings",
    "Verdict",
    "at",
    "labels",
    "recordings",
]
