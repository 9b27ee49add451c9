"""Which statements speak of which actions: read once for each document, as accounts share most of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

import msgspec

from providers.aws.policy.concrete.evaluate import covers_action
from providers.aws.policy.escalation.principals import Document, Principal
from providers.aws.policy.language.tree import Malformed, Patterns, Policy, Statement, Version

Said: TypeAlias = "tuple[Statement, Version]"
ClassKey: TypeAlias = "tuple[int, ...]"

_IMPERSONAL: Final = (
    "aws:currenttime",
    "aws:epochtime",
    "aws:multifactorauth",
    "aws:requestedregion",
    "aws:resourcetag/",
    "aws:securetransport",
    "aws:sourceip",
    "aws:sourcevpc",
    "ec2:",
    "iam:",
    "sts:externalid",
)
"""Keys, or beginnings of such, that say nothing of the caller."""
_OF_THE_RESOURCE: Final = ("aws:resourcetag/", "iam:resourcetag/", "iam:permissionsboundary")


class Relevant(msgspec.Struct, frozen=True):
    """All that the policies of a principal say of an action."""

    personal: bool
    """Whether it can treat two callers with the same policies differently."""
    minds_the_resource: bool
    """Whether it asks for more of the resource than its name."""
    texts: tuple[tuple[str, Version], ...]
    """Resource patterns, each once."""


class Reading:
    """The documents of an account by the actions that the catalogue knows."""

    def __init__(self, actions: Iterable[str], guardrails: Sequence[Sequence[Document]]) -> None:
        self.actions = tuple(sorted(actions))
        self._bit = {action: 1 << place for place, action in enumerate(self.actions)}
        self._of_service = _by_service(self.actions)
        self._all = (1 << len(self.actions)) - 1
        self._by_identity: dict[int, int] = {}
        self._by_value: dict[Policy | Malformed, int] = {}
        self._kept: list[Policy | Malformed] = []
        self._patterns: dict[str, tuple[int, int]] = {}
        self._said: dict[int, tuple[tuple[int, Said], ...]] = {}
        self._relevant: dict[tuple[ClassKey, str], Relevant] = {}
        self._may_do: dict[ClassKey, int] = {}
        self._guardrails = [document for level in guardrails for document in level]

    def mask(self, actions: Iterable[str]) -> int:
        """Actions as bits."""
        mask = 0
        for action in actions:
            mask |= self._bit[action]
        return mask

    def class_of(self, principal: Principal) -> ClassKey:
        """The same for principals with the same policies and boundary, whoever they are."""
        own = tuple(self._number(document.policy) for document in principal.all_documents())
        return (*own, -1, self._number(principal.boundary.policy)) if principal.boundary else own

    def content_of(self, principal: Principal) -> tuple[object, ...]:
        """The same for all states of a principal that hold the same, whichever way they came about."""
        own = frozenset((each.arn, self._number(each.policy)) for each in principal.all_documents())
        groups = frozenset(group.arn for group in principal.groups)
        return principal.arn, own, groups, principal.boundary is None

    def may_do(self, principal: Principal) -> int:
        """Actions that the principal may be able to do on some resource, as bits; all others it surely cannot."""
        key = self.class_of(principal)
        if key not in self._may_do:
            mask = 0
            for document in principal.all_documents():
                mask |= self._allowed(document.policy)
            self._may_do[key] = mask & self._allowed(principal.boundary.policy) if principal.boundary else mask
        return self._may_do[key]

    def surely_cannot(self, principal: Principal, action: str) -> bool:
        """Whether no policy of the principal allows the action on anything."""
        return action in self._bit and not self.may_do(principal) & self._bit[action]

    def relevant(self, principal: Principal, action: str) -> Relevant:
        """What is said of the action, by the boundary and the guardrails too."""
        key = (self.class_of(principal), action)
        if key not in self._relevant:
            bit = self._bit.get(action)
            documents = [*principal.all_documents(), *([principal.boundary] if principal.boundary else [])]
            said = [
                said
                for document in (*documents, *self._guardrails)
                for mask, said in self._statements(document.policy)
                if bit is None or mask & bit
            ]
            self._relevant[key] = Relevant(
                _is_personal(said), _minds_the_resource(said), tuple(dict.fromkeys(_texts_of(said)))
            )
        return self._relevant[key]

    def _number(self, policy: Policy | Malformed) -> int:
        number = self._by_identity.get(id(policy))
        if number is None:
            number = self._by_value.setdefault(policy, len(self._by_value))
            self._by_identity[id(policy)] = number
            self._kept.append(policy)  # so that its identity stays its own
        return number

    def _statements(self, policy: Policy | Malformed) -> tuple[tuple[int, Said], ...]:
        if isinstance(policy, Malformed):
            return ()
        number = self._number(policy)
        if number not in self._said:
            self._said[number] = tuple((self._covered(s.actions), (s, policy.version)) for s in policy.statements)
        return self._said[number]

    def _allowed(self, policy: Policy | Malformed) -> int:
        if isinstance(policy, Malformed):
            return self._all
        mask = 0
        for covered, (statement, _) in self._statements(policy):
            if statement.effect == "Allow":
                mask |= covered
        return mask

    def _near(self, text: str) -> Sequence[str]:
        """Actions that a pattern could match: those of its service, where it names one."""
        service, colon, _ = text.lower().partition(":")
        named = bool(colon) and "*" not in service and "?" not in service
        return self._of_service.get(service, ()) if named else self.actions

    def _covered(self, patterns: Patterns) -> int:
        """Actions that the element may match."""
        surely = perhaps = 0
        for text in patterns.values:
            if text not in self._patterns:
                answers = [(action, covers_action(Patterns((text,)), action)) for action in self._near(text)]
                sure = self.mask(action for action, answer in answers if answer)
                self._patterns[text] = sure, sure | self.mask(action for action, answer in answers if answer is None)
            surely |= self._patterns[text][0]
            perhaps |= self._patterns[text][1]
        return self._all & ~surely if patterns.negated else perhaps


def _by_service(actions: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for action in actions:
        found.setdefault(action.partition(":")[0].lower(), []).append(action)
    return found


def _is_personal(said: Sequence[Said]) -> bool:
    return any(
        _has_variable(statement) or not all(c.key.startswith(_IMPERSONAL) for c in statement.conditions)
        for statement, _ in said
    )


def _minds_the_resource(said: Sequence[Said]) -> bool:
    return any(
        _has_variable(statement) or any(c.key.startswith(_OF_THE_RESOURCE) for c in statement.conditions)
        for statement, _ in said
    )


def _texts_of(said: Sequence[Said]) -> Iterator[tuple[str, Version]]:
    for statement, version in said:
        if statement.resources is not None:
            yield from ((text, version) for text in statement.resources.values)


def _has_variable(statement: Statement) -> bool:
    resources = statement.resources.values if statement.resources else ()
    return any("${" in text for text in resources) or any("${" in v for c in statement.conditions for v in c.values)
