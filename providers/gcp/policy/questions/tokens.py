"""Tokens that a pool's provider may take: whether a stranger can bring one, and examples to try.

https://cloud.google.com/iam/docs/workload-identity-federation#conditions
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from providers.gcp.policy.language import cel
from providers.gcp.policy.language.members import Member
from providers.gcp.policy.language.pools import Provider
from providers.gcp.policy.language.request import Claim
from providers.gcp.policy.questions.issuers import Issuer
from providers.gcp.policy.questions.literals import Compared, compared, renamed
from providers.gcp.policy.questions.possible import OPAQUE, Chosen, Owned, Shape, can_hold, shape
from scanner.ternary import Ternary

MOST_TOKENS: Final = 240
_MOST_VALUES: Final = 12


class _Claims(msgspec.Struct, frozen=True):
    """The names in an attribute condition, for a stranger at an issuer."""

    issuer: Issuer
    mapping: Mapping[str, cel.Expression]

    def variable(self, path: str) -> Shape:
        owner, _, name = path.partition(".")
        if owner == "assertion":
            return self.issuer.claims.get(name, OPAQUE)
        made_of = made_of_claim(self.mapping, path)
        return shape(made_of, _Claims(self.issuer, {"": made_of})) if made_of is not None else OPAQUE

    def call(self, path: str, arguments: tuple[Shape, ...]) -> Shape:
        return OPAQUE


def made_of_claim(mapping: Mapping[str, cel.Expression], name: str) -> cel.Expression | None:
    """What an attribute is made of; a usual mapping where none is given; nothing where it is not mapped."""
    if mapping:
        return mapping.get(name)
    if name == "google.subject":
        return cel.Select(cel.Name("assertion"), "sub")
    if name == "google.groups":
        return cel.Select(cel.Name("assertion"), "groups")
    owner, _, claim = name.partition(".")
    return cel.Select(cel.Name("assertion"), claim) if owner == "attribute" and claim else None


def selection(member: Member, provider: Provider) -> cel.Expression | None:
    """The condition that the member's selection of identities amounts to; nothing where it takes all."""
    if member.select == "all":
        return None
    if member.select == "group":
        groups = made_of_claim(provider.mapping, "google.groups") or cel.Unclear("no groups")
        return cel.Relation("in", cel.Literal(member.name), groups)
    name = "google.subject" if member.select == "subject" else f"attribute.{member.attribute}"
    made_of = made_of_claim(provider.mapping, name)
    # An attribute that is not mapped has no value: nobody is selected.
    return cel.Literal(False) if made_of is None else cel.Relation("==", made_of, cel.Literal(member.name))


def demands(member: Member, provider: Provider) -> cel.Expression:
    """All that a token must satisfy to be one of the member's identities, over its claims alone."""
    parts = [part for part in (provider.condition, selection(member, provider)) if part is not None]
    if not parts:
        return cel.Literal(True)
    return renamed(cel.All(tuple(parts)), lambda name: made_of_claim(provider.mapping, name))


def stranger_can(member: Member, provider: Provider, issuer: Issuer) -> Ternary:
    """Whether a stranger can bring such a token: always, never, or perhaps."""
    return can_hold(demands(member, provider), _Claims(issuer, provider.mapping))


def nobody_can(member: Member, provider: Provider) -> bool:
    """Whether no token at all, whatever its claims, can satisfy the demands."""
    return can_hold(demands(member, provider), _Claims(Issuer("unclear", ""), provider.mapping)) is False


def strangers_tokens(member: Member, provider: Provider, issuer: Issuer) -> Iterator[Mapping[str, Claim]]:
    """Tokens of strangers that may satisfy the demands."""
    wanted = _wanted(member, provider)
    texts = [str(one.value) for ones in wanted.values() for one in ones]
    for name in list(dict.fromkeys(["stranger", *_names_like(texts)]))[:_MOST_VALUES]:
        values: dict[str, Sequence[Claim]] = {}
        for claim, kind in issuer.claims.items():
            given = wanted.get(claim, [])
            if isinstance(kind, Owned):
                values[claim] = _owned_values(kind, name, [str(one.value) for one in given])
            elif isinstance(kind, Chosen):
                values[claim] = [*(one.value for one in given if not isinstance(one.value, float)), "any"]
        yield from _combined(values)


def named_tokens(member: Member, provider: Provider) -> Iterator[Mapping[str, Claim]]:
    """Tokens of those whom the demands name."""
    wanted = _wanted(member, provider)
    values: dict[str, list[Claim]] = {"sub": ["any-subject"]}
    for claim, ones in wanted.items():
        values[claim] = []
        for one in ones:
            if isinstance(one.value, str):
                parts = [one.value] if one.whole else [one.value + "any", "any" + one.value]
                session = [one.value + "/any"] if provider.kind == "aws" else []
                values[claim] += [*parts, *session, one.value]
            elif not isinstance(one.value, float):
                values[claim].append(one.value)
        values[claim].append("any")
    if member.select == "group":
        values["groups"] = [(member.name,)]
    if provider.kind == "aws":
        values.setdefault("account", []).append(provider.issuer)
    yield from _combined(values)


def _wanted(member: Member, provider: Provider) -> dict[str, list[Compared]]:
    found: dict[str, list[Compared]] = {}
    for one in compared(demands(member, provider)):
        owner, _, claim = one.path.partition(".")
        if owner == "assertion" and claim:
            found.setdefault(claim, []).append(one)
    return found


def _names_like(texts: list[str]) -> Iterator[str]:
    """Names that a stranger could register and that start or end like what is asked for."""
    for text in texts:
        for part in dict.fromkeys((text, text.partition(":")[2].partition("/")[0], text.partition("/")[0])):
            if part and not part.endswith(("/", ":")):
                yield part + "-stranger"
                yield "stranger-" + part


def _owned_values(kind: Owned, name: str, texts: list[str]) -> Sequence[Claim]:
    if kind.numbered:
        return ["900900900", *(text + "900" for text in texts if text.isdigit())][:_MOST_VALUES]
    if kind.suffix:
        return [f"{name}@stranger.example", f"{name}@gmail.com"]
    if not kind.separator:
        return [kind.lead + name]
    rests = ["any", *(text.partition(kind.separator)[2] for text in texts), *texts]
    return [kind.lead + name + kind.separator + rest for rest in dict.fromkeys(rests) if rest][:_MOST_VALUES]


def _combined(values: Mapping[str, Sequence[Claim]]) -> Iterator[Mapping[str, Claim]]:
    lists = [list(dict.fromkeys(ones))[:_MOST_VALUES] for ones in values.values()]
    for chosen in itertools.islice(itertools.product(*lists), MOST_TOKENS):
        yield dict(zip(values, chosen, strict=True))
