"""Whether the data fit together: every name leads somewhere, and the rules of the model hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias, get_args

from scanner.responsibility.attribution import ServiceModel

if TYPE_CHECKING:
    from scanner.responsibility.model import BoundaryRule, Core, Layer, ProviderDocument, ResourceType

Problem: TypeAlias = tuple[str, str]
"""Place in the document, such as `.types[3].source`, and what is wrong there."""


class Inconsistent(Exception):
    """Data that do not fit together: in which document, where in it, and what."""

    def __init__(self, document: str, place: str, problem: str) -> None:
        super().__init__(document, place, problem)
        self.document = document
        self.place = place
        self.problem = problem


def verify(core: Core, providers: tuple[ProviderDocument, ...]) -> None:
    """Raise Inconsistent at the first thing that does not fit."""
    for document, problems in (
        ("layers", _layers(core)),
        ("duties", _duties(core)),
        ("controls", _controls(core)),
        ("frameworks", _unique("frameworks", [each.id for each in core.frameworks])),
        ("crosswalks", _crosswalks(core)),
    ):
        for place, problem in problems:
            raise Inconsistent(document, place, problem)
    for number, provider in enumerate(providers):
        for place, problem in _provider(core, provider, providers[:number]):
            raise Inconsistent(provider.provider, place, problem)


def _layers(core: Core) -> Iterator[Problem]:
    yield from _unique("layers", [layer.id for layer in core.layers])
    for number, layer in enumerate(core.layers):
        yield from _within(f".layers[{number}]", _layer(layer))


def _layer(layer: Layer) -> Iterator[Problem]:
    owners = {model: layer.owner_in(model) for model in get_args(ServiceModel)}
    if layer.band != "variable" and set(owners.values()) != {layer.band.removesuffix("-fixed")}:
        yield ".band", f"the layer {layer.id} is {layer.band}, yet its owner changes between service models"
    for model, owner in owners.items():
        if (owner == "shared") != (layer.kind_in(model) is not None):
            yield ".owner", f"the layer {layer.id} needs a kind in {model} exactly if it is shared there"


def _duties(core: Core) -> Iterator[Problem]:
    yield from _unique("duties", [duty.id for duty in core.duties])
    layers = {layer.id: layer for layer in core.layers}
    for number, duty in enumerate(core.duties):
        place = f".duties[{number}]"
        yield from _known(f"{place}.layer", "layer", [duty.layer], layers)
        if duty.layer in layers and layers[duty.layer].owner_in("control-plane") != "customer":
            yield f"{place}.layer", f"{duty.layer} is no layer in which settings are the customer's"
        if duty.id not in core.controls:
            yield f"{place}.id", f"{duty.id} has no entry in the controls; give it one, even an empty one"


def _controls(core: Core) -> Iterator[Problem]:
    yield from _known(".controls", "duty", core.controls, {duty.id for duty in core.duties})
    derived = {walk.later for walk in core.crosswalks}
    cited = {framework.id for framework in core.frameworks} - derived
    for duty, frameworks in core.controls.items():
        yield from _known(f'.controls["{duty}"]', "framework to cite", frameworks, cited)
        for ids in frameworks.values():
            yield from _unique(f'.controls["{duty}"]', ids)


def _crosswalks(core: Core) -> Iterator[Problem]:
    frameworks = {framework.id for framework in core.frameworks}
    for number, walk in enumerate(core.crosswalks):
        place = f".crosswalks[{number}]"
        yield from _known(place, "framework", [walk.earlier, walk.later], frameworks)
        cited = {each for cites in core.controls.values() for each in cites.get(walk.earlier, ())}
        yield from _known(f"{place}.controls", "cited control", walk.controls, cited)
        yield from _unique(f"{place}.controls", walk.controls.values())


def _provider(core: Core, document: ProviderDocument, earlier: Collection[ProviderDocument]) -> Iterator[Problem]:
    if document.provider in [each.provider for each in earlier]:
        yield ".provider", f"{document.provider} is described by an earlier document"
    documents = [*earlier, document]
    yield from _unique("sources", [row.id for each in documents for row in each.sources])
    yield from _unique("lists", [row.id for each in documents for row in each.lists])
    yield from _unique("types", [row.id for row in document.types])
    sources = {page.id for page in document.sources}
    for number, each in enumerate(document.lists):
        yield from _known(f".lists[{number}].source", "source", [each.source], sources)
    types = {kind.id for kind in document.types}
    yield from _known(".account_type", "type", [document.account_type.resource_type], types)
    for level, account_type in document.levels.items():
        yield from _known(f".levels.{level}", "type", [account_type.resource_type], types)
    for number, kind in enumerate(document.types):
        yield from _within(f".types[{number}]", _type(core, document, kind))


def _type(core: Core, document: ProviderDocument, kind: ResourceType) -> Iterator[Problem]:
    if not kind.id.startswith(f"{document.provider}.") or kind.id.count(".") != 2:
        yield ".id", f"{kind.id} is not written {document.provider}.service.type"
    yield from _known(".source", "source", [kind.source], [page.id for page in document.sources])
    duties = {duty.id: duty for duty in core.duties}
    yield from _known(".duties", "duty", kind.duties, duties)
    yield from _unique(".duties", kind.duties)
    for duty in kind.duties:
        if duty in duties and kind.model != "control-plane" and kind.model not in duties[duty].models:
            yield ".duties", f"{duty} cannot fall on the customer in {kind.model}, the model of {kind.id}"
    for number, rule in enumerate(kind.boundary):
        yield from _within(f".boundary[{number}]", _rule(core, document, kind, rule))


def _rule(core: Core, document: ProviderDocument, kind: ResourceType, rule: BoundaryRule) -> Iterator[Problem]:
    layers = {layer.id: layer for layer in core.layers}
    yield from _known(".source", "source", [rule.source], [page.id for page in document.sources])
    yield from _known(".layer", "layer", [rule.layer], layers)
    if rule.layer in layers and layers[rule.layer].band != "variable":
        yield ".layer", f"the layer {rule.layer} is {layers[rule.layer].band}: no attribute moves it"
    yield from _known(".duties", f"duty of {kind.id}", rule.duties, kind.duties)
    moved = [duty.id for duty in core.duties if duty.layer == rule.layer and duty.id in kind.duties]
    yield from _known(".duties", f"duty of {kind.id} in {rule.layer}", rule.duties, moved)
    if not moved:
        yield ".layer", f"{kind.id} has no duty in {rule.layer}: the rule would move nothing"
    for duty in core.duties:
        reached = duty.id in moved and (not rule.duties or duty.id in rule.duties)
        if rule.model and rule.model != "control-plane" and reached and rule.model not in duty.models:
            yield ".model", f"{duty.id} cannot fall on the customer in {rule.model}: narrow the rule with `duties`"
    cited = [leaf.listed_in for leaf in rule.when.leaves() if leaf.listed_in]
    yield from _known(".when", "list", cited, [each.id for each in document.lists])


def _known(place: str, what: str, names: Iterable[str], known: Collection[str]) -> Iterator[Problem]:
    for name in names:
        if name not in known:
            yield place, f"there is no {what} {name!r}; mend the name or add it"


def _unique(place: str, names: Iterable[str]) -> Iterator[Problem]:
    for name, times in Counter(names).items():
        if times > 1:
            yield place if place.startswith(".") else f".{place}", f"{name!r} stands there {times} times; keep one"


def _within(place: str, problems: Iterable[Problem]) -> Iterator[Problem]:
    for inner, problem in problems:
        yield place + inner, problem
