"""Which roles trust a principal, or a service, by their trust policies; asked once for each policy text.

In the same account a role that names the account leaves it to the caller's own policies; one that names the caller
does not, but the caller's boundary and every Deny still bind it.
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from providers.aws.policy.concrete.callers import Caller
from providers.aws.policy.escalation.oracle import Can, Known, Possible
from providers.aws.policy.escalation.parts import Part
from providers.aws.policy.escalation.principals import Principal
from providers.aws.policy.language.tree import Malformed, Policy
from scanner.access.graph import low

ASSUME = "sts:AssumeRole"
_FEDERATED = {"cognito-identity.amazonaws.com": "sts:AssumeRoleWithWebIdentity"}


_OF_NOBODY = frozenset(
    {
        "aws:multifactorauthpresent",
        "aws:principalaccount",
        "aws:principalorgid",
        "aws:securetransport",
        "aws:sourceip",
        "sts:externalid",
    }
)
"""Keys that are the same for every caller of the account, or nothing of the caller."""


class Trusted(msgspec.Struct, frozen=True):
    """Roles that trust a caller as one of the account, and those that name it, with the answers behind that."""

    account: Part
    named: Part


class _Text(msgspec.Struct, frozen=True):
    """A trust policy and the roles that have it."""

    policy: Policy | Malformed
    roles: int
    names: frozenset[str]
    plain: bool
    """Whether all callers that it does not name by themselves are the same to it."""


class Trusting:
    """The trust policies of all roles."""

    def __init__(self, roles: Sequence[Principal], can: Can, account: str) -> None:
        self._roles = roles
        self._can = can
        self._account = account
        self._texts = _texts(roles)
        self._by_name: dict[str, list[int]] = {}
        for index, text in enumerate(self._texts):
            for name in text.names:
                self._by_name.setdefault(name, []).append(index)
        self._by_session: dict[str, list[tuple[int, str]]] = {}
        for index, text in enumerate(self._texts):
            for name in text.names:
                if ":assumed-role/" in name:
                    self._by_session.setdefault(name.split("/")[1], []).append((index, name))
        self._plain = [index for index, text in enumerate(self._texts) if text.plain]
        self._others = [index for index, text in enumerate(self._texts) if not text.plain]
        self._to_all: dict[int, Possible] = {}
        self._services: dict[str, Part] = {}

    def service(self, host: str) -> Part:
        """Roles that the service may take on."""
        if host not in self._services:
            action = _FEDERATED.get(host, ASSUME)
            caller = Caller.federated(host) if host in _FEDERATED else Caller.service(host)
            answers = {
                index: self._ask(index, caller, action)
                for index, text in enumerate(self._texts)
                if isinstance(text.policy, Malformed) or host in text.names or not text.names or _is_open(text.policy)
            }
            self._services[host] = self._part(answers)
        return self._services[host]

    def principal(self, principal: Principal) -> Trusted:
        """Roles that trust the principal."""
        asked = dict.fromkeys((*self._by_name.get(principal.arn, ()), *self._others))
        own = {index: self._ask(index, Caller.arn(principal.arn), ASSUME) for index in asked}
        if principal.kind == "role":
            for index, session in self._by_session.get(principal.arn.rpartition("/")[2], ()):
                if not (index in own and own[index].answer):
                    own[index] = self._ask(index, Caller.arn(session), ASSUME)
        plain = {index: self._plainly(index, principal) for index in self._plain if index not in own}
        answers = {**plain, **own}
        return Trusted(
            self._part({index: answer for index, answer in answers.items() if not answer.named}),
            # What cannot be told may name the caller as well.
            self._part({i: answer for i, answer in answers.items() if answer.named or answer.answer is None}),
        )

    def _plainly(self, index: int, principal: Principal) -> Possible:
        """The answer for anybody of the account that the policy does not name."""
        if index not in self._to_all:
            self._to_all[index] = self._ask(index, Caller.arn(principal.arn), ASSUME)
        answer = self._to_all[index]
        if answer.witness is None:
            return answer
        return msgspec.structs.replace(answer, witness=msgspec.structs.replace(answer.witness, principal=principal.arn))

    def _ask(self, index: int, caller: Caller, action: str) -> Possible:
        role = self._roles[low(self._texts[index].roles)]
        return self._can.trusts(role, caller, action, Known())

    def _part(self, answers: dict[int, Possible]) -> Part:
        yes = maybe = 0
        for index, answer in answers.items():
            yes |= self._texts[index].roles if answer.answer else 0
            maybe |= self._texts[index].roles if answer.answer is None else 0

        def proof(role: int) -> tuple[Possible, ...]:
            answer = next(a for index, a in answers.items() if self._texts[index].roles >> role & 1)
            if answer.witness is None:
                return (answer,)
            arn = self._roles[role].arn
            name = f"trust policy of {arn.rpartition('/')[2]}"
            statement = f"{name}#{answer.witness.statement.rpartition('#')[2]}"
            witness = msgspec.structs.replace(answer.witness, resource=arn, statement=statement)
            return (msgspec.structs.replace(answer, witness=witness),)

        return Part(yes, maybe, proof)


def _texts(roles: Sequence[Principal]) -> tuple[_Text, ...]:
    """Distinct trust policies. One that cannot be read is a text of its own."""
    masks: dict[Policy | Malformed, int] = {}
    for index, role in enumerate(roles):
        if role.trust is not None:
            masks[role.trust] = masks.get(role.trust, 0) | 1 << index
    return tuple(_Text(policy, mask, frozenset(_names(policy)), _is_plain(policy)) for policy, mask in masks.items())


def _names(policy: Policy | Malformed) -> Iterable[str]:
    if not isinstance(policy, Malformed):
        for statement in policy.statements:
            if statement.principals is not None:
                yield from (name.text for name in statement.principals.names)


def _is_plain(policy: Policy | Malformed) -> bool:
    """Whether no statement negates its principals, or asks for more of the caller than its name."""
    if isinstance(policy, Malformed):
        return True
    return all(
        (statement.principals is None or not statement.principals.negated)
        and all(c.key in _OF_NOBODY for c in statement.conditions)
        and not any("${" in value for c in statement.conditions for value in c.values)
        for statement in policy.statements
    )


def _is_open(policy: Policy | Malformed) -> bool:
    """Whether a statement speaks of parties that it does not name."""
    return not isinstance(policy, Malformed) and any(
        statement.principals is None
        or statement.principals.negated
        or any(name.kind == "everyone" for name in statement.principals.names)
        for statement in policy.statements
    )
