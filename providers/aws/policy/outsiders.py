"""What may outsiders do by a resource policy? Proven allowed, proven closed, or undecided: never guessed.

*Allowed* is proven by a concrete request that the concrete evaluator lets through the whole document. *Closed* is
proven by a statement's principals, by a condition that no outsider can meet, or by a Deny that surely covers it.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from providers.aws.policy.closure import Scene, is_closed, targets
from providers.aws.policy.concrete.evaluate import covers_action
from providers.aws.policy.domains import Level
from providers.aws.policy.identity_providers import guests_of, host_of, reach_of
from providers.aws.policy.keys import Owner, Party, ResourceContext, domain_of
from providers.aws.policy.language.tree import Policy, Statement
from providers.aws.policy.passed_roles import is_passed
from providers.aws.policy.verbs import Action, Verb, VerbName, VerbTable
from providers.aws.policy.witnesses import Proof, Witness, prove

CONFUSED_DEPUTY: Final = "confused-deputy"
_SHOWN: Final = 3
_PHRASES: Final = {
    "aws:principalorgid": "of organization",
    "aws:principalorgpaths": "of organization path",
    "aws:sourceip": "from",
    "aws:sourcevpc": "inside",
    "aws:sourcevpce": "through",
}
_SOURCE_KEYS: Final = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths")
_WHO_KEYS: Final = ("aws:principalaccount", "aws:principalarn", "kms:calleraccount")
_LEVELS: Final[tuple[Level, ...]] = ("anyone", "named")
_MOST_PROOFS: Final = 12


class Allowed(msgspec.Struct, frozen=True):
    """Something that outsiders may do, with the proof."""

    who: Level
    text: str
    """Who that is, in words."""
    verb: VerbName
    statement: str
    """JSON pointer of the statement that allows it."""
    witness: Witness
    flags: tuple[str, ...] = ()
    """`confused-deputy`: a service that other customers can steer."""


class Undecided(msgspec.Struct, frozen=True):
    """Something that could neither be proven allowed nor proven closed."""

    who: Level
    verbs: tuple[VerbName, ...]
    statement: str
    why: str


class Outside(msgspec.Struct, frozen=True):
    """What outsiders may do."""

    allowed: tuple[Allowed, ...] = ()
    undecided: tuple[Undecided, ...] = ()

    def closed(self, who: Level, *verbs: VerbName) -> bool | None:
        """Whether these outsiders are shut out of all the verbs; None where that is undecided."""
        if any(one.who == who and one.verb in verbs for one in self.allowed):
            return False
        return None if any(one.who == who and set(one.verbs) & set(verbs) for one in self.undecided) else True


def outsiders(policy: Policy, owner: Owner, resource: ResourceContext, verbs: VerbTable) -> Outside:
    """Ask a resource policy what it lets anyone, and what it lets named outside parties, do."""
    allowed: list[Allowed] = []
    undecided: list[Undecided] = []
    for statement in policy.statements:
        if statement.effect != "Allow":
            continue
        doubts: dict[Level, list[VerbName]] = {}
        for verb in verbs.verbs:
            for level in _LEVELS:
                answer = _ask(statement, verb, Scene(policy, owner, resource, level), verbs)
                if answer is None:
                    doubts.setdefault(level, []).append(verb.name)
                elif answer:
                    allowed.extend(answer)
                    break
        undecided.extend(
            Undecided(level, tuple(names), statement.pointer, _why(statement)) for level, names in doubts.items()
        )
    return Outside(tuple(allowed), tuple(undecided))


def _ask(statement: Statement, verb: Verb, scene: Scene, table: VerbTable) -> list[Allowed] | None:
    """Who may do the verb by this statement; none: proven closed; None: undecided."""
    open_ends = [
        (target, party)
        for action in verb.actions
        if covers_action(statement.actions, action.name) is not False
        for target in targets(statement, action, scene)
        for party in _parties(statement, action, scene, table)
        if not is_closed(statement, target, party, scene)
    ]
    provable = [
        (target, party)
        for target, party in open_ends
        if covers_action(statement.actions, target.action.name) and not _is_hearsay(target.action, party, scene)
    ]
    found: dict[tuple[str, str], Allowed] = {}
    for target, party in provable[:_MOST_PROOFS]:
        sort = ("caller", "") if party.kind in ("anonymous", "stranger") else (party.kind, party.name)
        proof = None if sort in found else prove(statement, target, party, scene)
        if proof is not None:
            found[sort] = _allowed(proof, party, statement, verb, scene)
        if found and scene.level == "anyone":
            break
    return list(found.values()) if found or not open_ends else None


def _parties(statement: Statement, action: Action, scene: Scene, table: VerbTable) -> Iterator[Party]:
    """The kinds of outsiders that could come by this statement."""
    if statement.principals is None:
        yield Party("stranger")
        return
    names = statement.principals.names
    everyone = statement.principals.negated or any(name.kind == "everyone" for name in names)
    by_token = action.name in ("sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity")
    if not by_token:
        yield from (Party(kind) for kind in ("anonymous", "stranger") if kind in table.parties)
        sourced = any(condition.key in _SOURCE_KEYS for condition in statement.conditions)
        if everyone and (scene.level == "named" or sourced):
            yield Party("service")
    if by_token and everyone:
        yield Party("federated")
    if statement.principals.negated:
        return
    for name in names:
        if (
            name.kind == "Service"
            and not by_token
            and scene.level == "named"
            and not _is_bound(action, name.text, scene)
        ):
            yield Party("service", name.text)
        if name.kind == "Federated" and _takes(action, name.text) and _reaches(name.text, scene):
            yield Party("federated", name.text, guests_of(statement.conditions))


def _reaches(provider: str, scene: Scene) -> bool:
    return scene.level == "named" or reach_of(provider) != "limited"


def _is_bound(action: Action, service: str, scene: Scene) -> bool:
    return action.name == "sts:AssumeRole" and is_passed(service, scene.resource.arn)


def _is_hearsay(action: Action, party: Party, scene: Scene) -> bool:
    """Whether an allowed request proves nothing, because nobody says that such outsiders can make it.

    Other customers may or may not be able to make a service take on a role; strangers may or may not get a token.
    """
    if party.kind == "federated":
        return scene.level == "anyone" and reach_of(party.name) == "unclear"
    return action.name == "sts:AssumeRole" and party.kind == "service"


def _takes(action: Action, provider: str) -> bool:
    """Whether the action is one for tokens of the provider; actions outside STS are left open."""
    if action.name == "sts:AssumeRoleWithSAML":
        return not host_of(provider)
    if action.name == "sts:AssumeRoleWithWebIdentity":
        return bool(host_of(provider))
    return not action.name.startswith("sts:")


def _allowed(proof: Proof, party: Party, statement: Statement, verb: Verb, scene: Scene) -> Allowed:
    steered = party.kind == "service" and scene.level == "named" and proof.fresh
    return Allowed(
        scene.level,
        _words(proof, party, statement, scene, steered=steered),
        verb.name,
        statement.pointer,
        proof.witness,
        (CONFUSED_DEPUTY,) if steered else (),
    )


def _words(proof: Proof, party: Party, statement: Statement, scene: Scene, *, steered: bool) -> str:
    if party.kind == "service":
        behalf = "any customer" if steered or scene.level == "anyone" else f"account {proof.account}"
        return f"{party.name or 'services of AWS'} on behalf of {behalf}"
    if party.kind == "federated":
        return f"users of {host_of(party.name) or party.name}"
    if scene.level == "anyone":
        return "anyone on the internet" if party.kind == "anonymous" else "any AWS account"
    caller = proof.request.principal
    if caller.kind == "canonical":
        return f"the account with canonical id {caller.text}"
    invented = caller.kind == "anonymous" or caller.text.endswith("/outsider")
    who = caller.words() if not invented else "anyone" if proof.fresh else f"principals of account {proof.account}"
    limits = [
        _limit(key, value, statement)
        for key, value in sorted(proof.witness.context.items())
        if key not in _WHO_KEYS and _limits(key, statement, party, scene)
    ]
    return " ".join([who, " and ".join(limits)]) if limits else who


def _limit(key: str, value: str, statement: Statement) -> str:
    """A limit as its condition states it; by the witness's value where a negated one leaves it open."""
    stated = next((c.values for c in statement.conditions if c.key == key and "Not" not in c.operator), (value,))
    more = f" and {len(stated) - _SHOWN} more" if len(stated) > _SHOWN else ""
    return f"{_PHRASES.get(key, f'with {key}')} {', '.join(stated[:_SHOWN])}{more}"


def _limits(key: str, statement: Statement, party: Party, scene: Scene) -> bool:
    """Whether the key says who the party is, or the statement demands it."""
    demanded = any(condition.key == key for condition in statement.conditions)
    return demanded or bool(domain_of(key, party, scene.owner, scene.resource, "").pin)


def _why(statement: Statement) -> str:
    keys = sorted({condition.key for condition in statement.conditions})
    if keys:
        return (
            f"no request was found that it lets in, and no proof that its conditions on {', '.join(keys)} shut all out"
        )
    return "no request was found that it lets in, and no proof that it lets nobody in"
