"""How examples are judged in tests: by the real evaluation, in a scope of their own."""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator
from typing import Any

from scanner.check import Check
from scanner.cli import doors
from scanner.document import parse
from scanner.evaluate import Evaluation, Tally
from scanner.facts import Reads, Relation, Unread
from scanner.finding import Finding
from scanner.model import Estate, Example, Listing, Resource
from scanner.responsibility.load import load_model
from scanner.responsibility.model import ProviderDocument, ResponsibilityModel

OURS = {name: check for name, check in doors.checks().items() if check.module.startswith("checks.")}

INSTALLED = load_model([provider.responsibility for provider in doors.providers().values()])
EXAMPLES = parse(
    """
provider: example
account_type: {title: Example account, ocsf_type_id: 99, resource_type: example.lab.account}
sources: [{id: example, title: Example, url: https://example.com/shared}]
types:
- {id: example.lab.account, model: control-plane, customer: c, provider: p, duties: [], source: example}
""",
    ProviderDocument,
    "example.yaml",
)
MODEL = ResponsibilityModel(INSTALLED.core, (*INSTALLED.providers, EXAMPLES))


ONE = Listing(uid="example", name="example")


_STAND_INS: dict[type[Resource], type[Resource]] = {}


def stand_in(kind: type[Resource]) -> type[Resource]:
    """A class that answers every fact of a kind, as some provider's would; a provider's own class stands for itself."""
    if kind not in _STAND_INS:
        _STAND_INS[kind] = _stand_in(kind)
    return _STAND_INS[kind]


def _stand_in(kind: type[Resource]) -> type[Resource]:
    unanswered = {name: fact.listed(lambda entry: entry) for name, fact in kind.facts.items() if not kind.answers(name)}
    if kind.type_id:
        return kind
    return types.new_class(
        kind.__name__,
        (kind,),
        {"type_id": f"example.lab.{kind.kind}"},
        lambda body: body.update(unanswered, listed=ONE),
    )


def around(reads: Reads, kind: type[Resource]) -> Iterator[type[Resource]]:
    """The kinds that a check looks at besides its own, at any depth."""
    for name, inner in reads.through.items():
        relation = kind.facts[name]
        assert isinstance(relation, Relation)
        yield relation.target
        yield from around(inner, relation.target)
    for other, inner in reads.every.items():
        yield other
        yield from around(inner, other)


def estate_of(example: Example) -> Estate:
    """The example's scope, as if a provider had been asked for it."""
    held = (example.resource, *example.others)
    classes = {kind: stand_in(kind) for kind in dict.fromkeys(map(type, held))}
    first, *others = (classes[type(resource)](resource.identity, resource.stored) for resource in held)
    return Example(first, tuple(others), example.gaps).estate()


def judge(check: Check[Any], example: Example) -> Finding:
    """What the evaluation says about the example's resource; fails where the check itself fails."""
    for other in around(check.reads, check.kind):
        stand_in(other)
    tally = Tally()
    found = list(Evaluation(estate_of(example), [check], MODEL, "example", tally))
    assert not tally.defects, tally.defects
    (finding,) = (finding for finding in found if finding.resource.uid == example.resource.uid)
    return finding


def readable(estate: Estate, resource: Resource, reads: Reads, at: str = "") -> Iterator[tuple[str, Resource, str]]:
    """Each fact that may be read from here at any depth: its path (with `*` for a resource), its resource, its name."""
    for name in sorted(reads.own):
        yield f"{at}{name}", resource, name
    for name, inner in reads.through.items():
        relation, stored = type(resource).facts[name], resource.stored.get(name)
        assert isinstance(relation, Relation)
        for reference in stored if isinstance(stored, tuple) else (stored,):
            target = estate.find(reference, relation.target) if isinstance(reference, str) else None
            if target is not None:
                yield from readable(estate, target, inner, f"{at}{name}.*.")
    for kind, inner in reads.every.items():
        for other in estate.of(kind):
            yield from readable(estate, other, inner, f"{at}*.")


def declared(reads: Reads, at: str = "") -> Iterator[str]:
    """The same paths, of all that is declared."""
    yield from (f"{at}{name}" for name in reads.own)
    for name, inner in reads.through.items():
        yield from declared(inner, f"{at}{name}.*.")
    for inner in reads.every.values():
        yield from declared(inner, f"{at}*.")


REFUSED = Unread.denied("example:Read")


def without(example: Example, refused: Iterable[tuple[Resource, str]]) -> Example:
    """The example, with these facts refused."""
    names: dict[str, dict[str, object]] = {}
    for resource, name in refused:
        names.setdefault(resource.uid, {})[name] = REFUSED

    def altered(resource: Resource) -> Resource:
        return type(resource)(resource.identity, {**resource.stored, **names.get(resource.uid, {})})

    return Example(altered(example.resource), tuple(map(altered, example.others)), example.gaps)


def facts_of(check: Check[Any], example: Example) -> list[tuple[str, Resource, str]]:
    """Each fact that the check may read about the example."""
    return list(readable(example.estate(), example.resource, check.reads))
