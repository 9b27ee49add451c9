"""What the escalation graph asks, answered over all requests: by the search, confirmed by the concrete evaluator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from providers.aws.policy.concrete.callers import Caller
from providers.aws.policy.escalation.oracle import Known, Possible
from providers.aws.policy.escalation.principals import Document, Principal, Principals
from providers.aws.policy.language.names import named
from providers.aws.policy.language.tree import Malformed, Policy, Statement
from providers.aws.policy.questions.abilities import Abilities, Ability, Holder, Target
from providers.aws.policy.questions.plain_words import in_words
from providers.aws.policy.questions.witnesses import concrete, is_confirmed, shown
from providers.aws.policy.symbolic import actions
from providers.aws.policy.symbolic.ask import Asking, Open, Subject
from providers.aws.policy.symbolic.document import Documents
from providers.aws.policy.symbolic.scene import Owner, Party, ResourceContext
from scanner.access import Witness

_REGION: Final = 3
_EVERYBODYS: Final = "us-east-1"


class SymbolicCan:
    """Answers over all policies that bear on a principal, whatever its requests may carry."""

    def __init__(self, principals: Principals, at: str | None = None) -> None:
        self._owner = Owner(principals.account, principals.partition)
        self._guardrails = principals.guardrails
        self._at = at
        # By identity: a principal is asked about often, and its documents are long to compare.
        self._held: dict[int, tuple[Principal, Abilities]] = {}

    def can(self, principal: Principal, action: str, resource: str, known: Known) -> Possible:
        """Whether the principal can do `action` on this very resource."""
        return self._asked(principal, action, resource, "", known)

    def somewhere(self, principal: Principal, action: str, form: str, known: Known) -> Possible:
        """Whether it can do so on some resource of the form; its witness says which."""
        answer = Possible(False)
        for each in _in_some_region(form):
            fixed, star, rest = each.partition("*")
            # A name has at least one character.
            answer = self._asked(principal, action, fixed, (star + rest).replace("*", "?*"), known)
            if answer.answer:
                break
        return answer

    def _asked(self, principal: Principal, action: str, arn: str, suffix: str, known: Known) -> Possible:
        abilities = self._abilities(principal)
        settings = _settings(known, abilities.keys)
        ability = abilities.can(action, Target(arn, suffix, settings=settings))
        if ability.answer is not True or ability.witness is None:
            return Possible(None if ability.answer is None else False, why=ability.why)
        witness = _witness(ability, principal.all_documents()[ability.granted[0].document].name)
        conditions = dict.fromkeys(in_words(c) for one in ability.granted for c in one.statement.conditions)
        return Possible(True, witness, tuple(conditions))

    def trusts(self, role: Principal, caller: Caller, action: str, known: Known) -> Possible:
        """Whether the role's trust policy alone lets the caller do `action`."""
        policy = role.trust
        if policy is None:
            return Possible(False)
        name = f"trust policy of {role.arn.rpartition('/')[2]}"
        if isinstance(policy, Malformed):
            return Possible(None, why=f"{name} cannot be read: {policy.why}")
        documents = Documents(policy)
        # A service that a principal of the account makes work does so for the account.
        own = {"aws:sourceaccount": self._owner.account} if caller.kind == "service" else {}
        settings = own | _settings(known, documents.seen)
        resource = ResourceContext(role.arn, self._at, settings)
        asking = Asking(documents, self._owner, resource, Subject(_party(caller), action, "", "all"), "none")
        best = Possible(False)
        for statement in _covering(policy, action):
            found = self._trusted(asking, statement, documents, caller, action, role, name)
            if (found.answer and (found.named or not best.answer)) or (found.answer is None and best.answer is False):
                best = found
        return best

    def _trusted(
        self,
        asking: Asking,
        statement: Statement,
        documents: Documents,
        caller: Caller,
        action: str,
        role: Principal,
        name: str,
    ) -> Possible:
        answer = asking.answer(statement)
        if answer is None:
            return Possible(False)
        if isinstance(answer, Open):
            return Possible(None, why=f"{name} {statement.pointer}: {answer.why}")
        request = msgspec.structs.replace(concrete(answer, action, role.arn, documents), principal=caller)
        if not is_confirmed(documents.policies, (statement,), request):
            return Possible(None, why=f"defect: the two evaluators disagree on {name} {statement.pointer}")
        seen = shown(request, documents, statement)
        witness = Witness(caller.text, action, role.arn, dict(seen.context), f"{name}#{statement.pointer}")
        conditions = tuple(dict.fromkeys(in_words(condition) for condition in statement.conditions))
        return Possible(True, witness, conditions, named=_names(statement, caller))

    def _abilities(self, principal: Principal) -> Abilities:
        held = self._held.get(id(principal))
        if held is None:
            tags = None if principal.tags is None else {key.lower(): value for key, value in principal.tags}
            holder = Holder(
                Party("exact", principal.arn, tags=tags),
                self._owner,
                tuple(document.policy for document in principal.all_documents()),
                principal.boundary.policy if principal.boundary else None,
                tuple(_policies(level) for level in self._guardrails),
                self._at,
            )
            held = self._held[id(principal)] = (principal, Abilities(holder))
        return held[1]


def _policies(level: Iterable[Document]) -> tuple[Policy | Malformed, ...]:
    return tuple(document.policy for document in level)


def _in_some_region(form: str) -> Iterator[str]:
    """The form in the region that all accounts have, then in any."""
    parts = form.split(":", 5)
    if len(parts) > _REGION and parts[_REGION] == "*":
        yield ":".join([*parts[:_REGION], _EVERYBODYS, *parts[_REGION + 1 :]])
    yield form


def _settings(known: Known, keys: Iterable[str]) -> dict[str, str | None]:
    """Keys that the question fixes. A prefix stands for every key that the documents look at and it does not give."""
    settings: dict[str, str | None] = dict(known.present)
    prefixes = tuple(key for key in known.absent if key.endswith("/"))
    for key in known.absent:
        if not key.endswith("/"):
            settings.setdefault(key, None)
    for key in keys:
        if prefixes and key.startswith(prefixes):
            settings.setdefault(key, None)
    return settings


def _party(caller: Caller) -> Party:
    kinds = {"service": "service", "federated": "federated"}
    return Party(kinds.get(caller.kind, "exact"), caller.text)  # type: ignore[arg-type]  # words of PartyKind


def _covering(policy: Policy, action: str) -> Iterable[Statement]:
    return (s for s in policy.statements if s.effect == "Allow" and actions.covers(s.actions, action) != "no")


def _names(statement: Statement, caller: Caller) -> bool:
    """Whether the element names the caller itself or everyone, rather than its account."""
    principals = statement.principals
    if principals is None or principals.negated:
        return principals is not None
    who = named(caller.text)
    return any(
        name.kind == "everyone" or (name.kind == "AWS" and named(name.text) == who and who.kind == "principal")
        for name in principals.names
    )


def _witness(ability: Ability, name: str) -> Witness | None:
    """The request, with the document by its name."""
    found = ability.witness
    if found is None:
        return None
    pointer = f"{name}#{ability.granted[0].statement.pointer}"
    return Witness(found.principal, found.action, found.resource, dict(found.context), pointer)
