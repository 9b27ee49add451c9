"""Proofs that a statement lets nobody of a party in: by itself, or because a Deny takes it all back."""

from __future__ import annotations

import msgspec

from providers.aws.policy.concrete.evaluate import covers_action, resource_pattern
from providers.aws.policy.concrete.glob import ANYTHING, MANY, Pattern, covers, literal, meet, split, wildcard
from providers.aws.policy.concrete.ternary import Ternary, all_of, any_of
from providers.aws.policy.domains import Level, verdict
from providers.aws.policy.keys import Owner, Party, ResourceContext, domain_of
from providers.aws.policy.language.names import named
from providers.aws.policy.language.tree import Policy, PrincipalName, Principals, Statement
from providers.aws.policy.verbs import Action


class Scene(msgspec.Struct, frozen=True):
    """What is asked about: a document, its owner, the resource, and how strange the strangers are."""

    policy: Policy
    owner: Owner
    resource: ResourceContext
    level: Level


class Target(msgspec.Struct, frozen=True):
    """An action on those of the statement's resources that one of its patterns names."""

    action: Action
    pattern: Pattern | None
    """Nothing where the request or a negation has a say: then it may be any of the language."""
    text: str
    """The pattern as written; empty for a negated or absent element."""
    language: Pattern
    """All resources of the action."""


def targets(statement: Statement, action: Action, scene: Scene) -> list[Target]:
    """What the statement may allow of an action; nothing if its resources are others."""
    language = literal(scene.resource.arn) + wildcard(action.suffix)
    if statement.resources is None:
        return [Target(action, None, "", language)]
    patterns = [(text, resource_pattern(text, scene.policy.version)) for text in statement.resources.values]
    if statement.resources.negated:
        excluded = any(pattern is not None and covers_arn(pattern, language) for _, pattern in patterns)
        return [] if excluded else [Target(action, None, "", language)]
    return [
        Target(action, pattern, text, language)
        for text, pattern in patterns
        if pattern is None or may_meet(pattern, language)
    ]


def is_closed(statement: Statement, target: Target, party: Party, scene: Scene) -> bool:
    """Whether nobody of the party gets the target by this statement. False means: no proof."""
    if names_party(statement.principals, party, scene) is False:
        return True
    if any(verdict_of(statement, index, party, target, scene) is False for index in range(len(statement.conditions))):
        return True
    return any(deny.effect == "Deny" and takes_back(deny, target, party, scene) for deny in scene.policy.statements)


def takes_back(deny: Statement, target: Target, party: Party, scene: Scene) -> bool:
    """Whether the Deny surely matches every request of the party for the target."""
    return (
        names_party(deny.principals, party, scene) is True
        and covers_action(deny.actions, target.action.name) is True
        and _covers_target(deny, target, scene)
        and all(verdict_of(deny, index, party, target, scene) is True for index in range(len(deny.conditions)))
    )


def verdict_of(statement: Statement, index: int, party: Party, target: Target, scene: Scene) -> Ternary:
    """What a condition of the statement says of all requests of the party."""
    condition = statement.conditions[index]
    domain = domain_of(condition.key, party, scene.owner, scene.resource, target.action.name)
    return verdict(condition, domain, scene.level, scene.policy.version)


def names_party(principals: Principals | None, party: Party, scene: Scene) -> Ternary:
    """True: names all of the party. False: names none. None: some, or not known."""
    if principals is None:
        return None
    answers = [_names(name, party, scene) for name in principals.names]
    if not principals.negated:
        return any_of(answers)
    if any(name.kind == "everyone" for name in principals.names):
        return False
    return None if any(answer is None or answer for answer in answers) else True


def _names(name: PrincipalName, party: Party, scene: Scene) -> Ternary:
    match name.kind:
        case "everyone":
            return None if party.kind == "federated" else True
        case "AWS":
            return _names_principal(name.text, scene) if party.kind == "stranger" else False
        case "CanonicalUser":
            stranger = party.kind == "stranger" and scene.level == "named"
            return None if stranger and name.text != scene.owner.canonical_id else False
        case "Service" | "Federated":
            if party.kind != name.kind.lower():
                return False
            if "*" in name.text or "?" in name.text or not party.name:
                return None
            return name.text == party.name


def _names_principal(text: str, scene: Scene) -> Ternary:
    who = named(text)
    if who.kind == "unclear":
        return None
    if who.kind == "nobody" or scene.level == "anyone":
        return False
    if who.kind == "identity":
        return False if who.resource in (scene.owner.origin_access_identities or ()) else None
    return False if who.account == scene.owner.account else None


def _covers_target(deny: Statement, target: Target, scene: Scene) -> bool:
    if deny.resources is None:
        return True
    patterns = [resource_pattern(text, scene.policy.version) for text in deny.resources.values]
    if deny.resources.negated:
        return not any(
            pattern is None
            or (may_meet(pattern, target.language) and (target.pattern is None or may_meet(pattern, target.pattern)))
            for pattern in patterns
        )
    return any(
        pattern is not None
        and (
            covers_arn(pattern, target.language) or (target.pattern is not None and covers_arn(pattern, target.pattern))
        )
        for pattern in patterns
    )


def _parts(pattern: Pattern) -> list[Pattern]:
    if all(token is MANY for token in pattern):
        return [ANYTHING] * 6
    parts = split(pattern, ":", 6)
    return parts + [ANYTHING] * (6 - len(parts))


def covers_arn(wide: Pattern, narrow: Pattern) -> bool:
    """Whether a resource pattern surely matches all that `narrow` does, part by part."""
    return all(covers(outer, inner) for outer, inner in zip(_parts(wide), _parts(narrow), strict=True))


def may_meet(one: Pattern, other: Pattern) -> bool:
    """Whether a resource may match both, by parts or with wildcards that run on across colons."""
    by_parts = all(meet(left, right) is not None for left, right in zip(_parts(one), _parts(other), strict=True))
    return by_parts or meet(one, other) is not None


def all_clear(statement: Statement, party: Party, target: Target, scene: Scene) -> Ternary:
    """Whether conditions on keys that are not understood surely hold; True if there are none."""
    return all_of(
        verdict_of(statement, index, party, target, scene)
        for index, condition in enumerate(statement.conditions)
        if not domain_of(condition.key, party, scene.owner, scene.resource, target.action.name).chosen
    )
