"""Concrete requests of a party, built to pass a statement, and judged by the concrete evaluator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, product
from typing import Final, TypeAlias

import msgspec

from providers.aws.policy.closure import Scene, Target, all_clear
from providers.aws.policy.concrete.callers import Caller
from providers.aws.policy.concrete.conditions import holds
from providers.aws.policy.concrete.evaluate import Request, applies, decide
from providers.aws.policy.concrete.glob import literal, meet, wildcard
from providers.aws.policy.concrete.variables import expand
from providers.aws.policy.domains import Domain
from providers.aws.policy.keys import TAGS_OF_RESOURCES, Party, domain_of
from providers.aws.policy.language.names import named
from providers.aws.policy.language.tree import Condition, Policy, Statement
from providers.aws.policy.samples import FRESH_ACCOUNTS, accounts_in, on_account, values_for, wild_accounts

_MOST_REQUESTS: Final = 240
_MOST_PER_CALLER: Final = 40
_ENDPOINT_KEYS: Final = ("aws:sourcevpc", "aws:vpce")
_Value: TypeAlias = "str | tuple[str, ...] | None"


class Witness(msgspec.Struct, frozen=True):
    """A concrete request that a document allows."""

    principal: str
    action: str
    resource: str
    context: Mapping[str, str] = {}
    """The request's keys that the document looks at, with their values."""
    statement: str = ""
    """JSON pointer of the statement that allows it."""

    def as_text(self) -> str:
        """The request in one line."""
        keys = ", ".join(f"{key} = {value}" for key, value in sorted(self.context.items()))
        return f"{self.principal}: {self.action} on {self.resource}" + (f" with {keys}" if keys else "")


class Proof(msgspec.Struct, frozen=True):
    """A request that is allowed, and the account on whose behalf it is made."""

    request: Request
    account: str
    fresh: bool
    """Whether the document does not hold that account."""
    witness: Witness


def prove(statement: Statement, target: Target, party: Party, scene: Scene) -> Proof | None:
    """A request of the party that the statement allows and no Deny takes back; nothing if none was found."""
    if all_clear(statement, party, target, scene) is not True:
        return None
    certain = _worst_case(statement, target, party, scene)
    inside = accounts_in(scene.policy)
    for account, request in islice(_requests(statement, target, party, scene), _MOST_REQUESTS):
        if decide(certain, request) == "allow" and applies(statement, request, scene.policy.version):
            shown = _shown(statement, scene.policy, request)
            return Proof(request, account, account not in inside, shown)
    return None


def _worst_case(statement: Statement, target: Target, party: Party, scene: Scene) -> Policy:
    """The document with every Deny widened by its conditions on keys that are not understood.

    Of the Allows only the one in question counts; its own such conditions surely hold.
    """

    def is_clear(condition: Condition) -> bool:
        return domain_of(condition.key, party, scene.owner, scene.resource, target.action.name).chosen

    widened = [
        msgspec.structs.replace(each, conditions=tuple(c for c in each.conditions if is_clear(c)))
        for each in scene.policy.statements
        if each.effect == "Deny" or each is statement
    ]
    return msgspec.structs.replace(scene.policy, statements=tuple(widened))


def _shown(statement: Statement, policy: Policy, request: Request) -> Witness:
    looked_at = {condition.key for each in policy.statements for condition in each.conditions}
    looked_at.update(_variables(policy))
    context = {
        key: value if isinstance(value, str) else ", ".join(value)
        for key, value in request.context.items()
        if key in looked_at
    }
    return Witness(request.principal.words(), request.action, request.resource, context, statement.pointer)


def _requests(statement: Statement, target: Target, party: Party, scene: Scene) -> Iterator[tuple[str, Request]]:
    """Requests in order of promise, with the account that stands behind them."""
    tested: dict[str, list[Condition]] = {}
    for each in scene.policy.statements:
        for condition in each.conditions:
            tested.setdefault(condition.key, []).append(condition)
    for key in _variables(scene.policy):
        tested.setdefault(key, [])
    for account in _accounts(party, scene):
        for caller in _callers(statement, party, account, scene):
            choices = {
                key: _choices(key, conditions, statement, target, party, account, caller, scene)
                for key, conditions in tested.items()
            }
            if all(choices.values()):
                for request in islice(_combine(choices, statement, target, caller, scene), _MOST_PER_CALLER):
                    yield account, request


def _variables(policy: Policy) -> list[str]:
    """Keys that the document's policy variables name."""
    texts = [text for s in policy.statements for text in (s.resources.values if s.resources else ())]
    texts += [text for s in policy.statements for condition in s.conditions for text in condition.values]
    inside = [part.partition("}")[0] for text in texts for part in text.split("${")[1:]]
    return [key.partition(",")[0].strip().lower() for key in inside if key not in ("*", "?", "$")]


def _accounts(party: Party, scene: Scene) -> list[str]:
    """Accounts that stand behind a request: at `anyone` none that the document or the owner names."""
    inside = accounts_in(scene.policy)
    fresh = [account for account in FRESH_ACCOUNTS if account not in inside and account != scene.owner.account]
    if party.kind == "anonymous":
        return fresh[:1]
    wild = [account for account in wild_accounts(scene.policy) if account not in inside]
    named_too = inside if scene.level == "named" else []
    ordered = dict.fromkeys([*fresh[:1], *wild, *named_too])
    return [account for account in ordered if account != scene.owner.account]


def _callers(statement: Statement, party: Party, account: str, scene: Scene) -> Iterator[Caller]:
    match party.kind:
        case "anonymous":
            yield Caller.anonymous()
        case "service":
            yield Caller.service(party.name or "any-service.amazonaws.com")
        case "federated":
            yield Caller.federated(party.name)
        case "stranger":
            yield from _strangers(statement, account, scene)


def _strangers(statement: Statement, account: str, scene: Scene) -> Iterator[Caller]:
    """Principals of an account: those that the statement names, else a role and a user of any name."""
    names = statement.principals.names if statement.principals and not statement.principals.negated else ()
    for name in names if scene.level == "named" else ():
        who = named(name.text)
        if name.kind == "AWS" and who.kind == "principal" and who.account == account:
            yield Caller.arn(name.text)
        if name.kind == "AWS" and who.kind == "identity" and scene.owner.origin_access_identities is not None:
            yield Caller.arn(name.text)
        if name.kind == "CanonicalUser" and scene.owner.canonical_id not in (None, name.text):
            yield Caller.canonical(name.text)
    if any(name.kind == "everyone" or named(name.text).kind == "account" for name in names) or not names:
        yield Caller.arn(f"arn:{scene.owner.partition}:iam::{account}:role/outsider")
        yield Caller.arn(f"arn:{scene.owner.partition}:iam::{account}:user/outsider")


def _choices(
    key: str,
    conditions: list[Condition],
    statement: Statement,
    target: Target,
    party: Party,
    account: str,
    caller: Caller,
    scene: Scene,
) -> list[_Value]:
    """Values of a key that the statement itself accepts, those first that fewest Denies look out for."""
    domain = domain_of(key, party, scene.owner, scene.resource, target.action.name)
    version = scene.policy.version
    mine = [condition for condition in statement.conditions if condition.key == key]
    if key.startswith(TAGS_OF_RESOURCES) and not mine:
        return [None]  # Only Denies look at the tag: whether any resource bears what would spare it is not known.
    against = [c for s in scene.policy.statements if s.effect == "Deny" for c in s.conditions if c.key == key]
    fitting = [
        value
        for value in _possible(key, on_account(domain, account), conditions, caller, scene)
        if all(
            holds(condition, _single(key, value), version, "Allow") is not False or "${" in str(condition.values)
            for condition in mine
        )
    ]
    return sorted(
        fitting, key=lambda value: sum(holds(c, _single(key, value), version, "Deny") is not False for c in against)
    )


def _single(key: str, value: _Value) -> dict[str, str | tuple[str, ...]]:
    return {} if value is None else {key: value}


def _possible(key: str, domain: Domain, conditions: list[Condition], caller: Caller, scene: Scene) -> list[_Value]:
    if not domain.chosen:
        return [None]
    if key == "aws:principalarn" and caller.kind == "aws":
        own = _role_of(caller.text)
        if not caller.text.endswith("/outsider"):
            return [own]
        texts = values_for(domain, conditions, scene.policy, scene.level)
        return [own, *(text for text in texts if text.startswith(caller.text.removesuffix("outsider")))]
    texts = values_for(domain, conditions, scene.policy, scene.level)
    values: list[_Value] = [(text,) for text in texts] if domain.multi else list(texts)
    if domain.absent or not domain.languages:
        values.append(None)
    return values


def _role_of(arn: str) -> str:
    """What aws:PrincipalArn holds: for a session, its role."""
    who = named(arn)
    if not who.resource.startswith("assumed-role/"):
        return arn
    partition = arn.split(":", 2)[1]
    return f"arn:{partition}:iam::{who.account}:role/{who.resource.split('/')[1]}"


def _combine(
    choices: Mapping[str, list[_Value]], statement: Statement, target: Target, caller: Caller, scene: Scene
) -> Iterator[Request]:
    for values in product(*choices.values()):
        context = {key: value for key, value in zip(choices, values, strict=True) if value is not None}
        if "aws:sourceip" in context and any(key.startswith(_ENDPOINT_KEYS) for key in context):
            continue
        who = caller
        arn = context.get("aws:principalarn")
        if isinstance(arn, str) and caller.text.endswith("/outsider"):
            who = Caller.arn(arn)
        context.setdefault("aws:securetransport", "true")
        for resource in _resources(target, context, scene):
            yield Request(who, target.action.name, resource, context)


def _resources(target: Target, context: Mapping[str, str | tuple[str, ...]], scene: Scene) -> Iterator[str]:
    """Resources that the statement's pattern names, one of them with an unlikely name."""
    pattern = target.language
    if target.text:
        filled = expand(target.text, scene.policy.version, context, wildcards=True)
        if isinstance(filled, str):
            return
        pattern = filled
    languages = [target.language]
    if target.action.suffix.endswith("?*"):
        telling = target.action.suffix.removesuffix("?*") + "*any-object"
        languages.insert(0, literal(scene.resource.arn) + wildcard(telling))
    for language in languages:
        found = meet(pattern, language)
        if found is not None:
            yield found
