"""Documents made ready for questions: what they say of each key, whom they name, and how each statement is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Final

from providers.aws.policy.language.names import is_account, named
from providers.aws.policy.language.template import Variable, template
from providers.aws.policy.language.tree import Condition, Policy, Statement, Version
from providers.aws.policy.symbolic.callers import is_named
from providers.aws.policy.symbolic.pair import Pair
from providers.aws.policy.symbolic.scene import Seen
from scanner.access.work import LimitReached

_EACH: Final = 15
"""What an element costs apart from its characters."""


class Documents:
    """Policies that are judged together, and what can be said of them before anybody asks."""

    def __init__(self, *policies: Policy) -> None:
        self.policies = policies
        self.denies = tuple(each for policy in policies for each in policy.statements if each.effect == "Deny")
        self.seen: Mapping[str, Seen] = _seen(policies)
        self.accounts = frozenset(account for policy in policies for account in _accounts(policy))
        """Every account number that they hold."""
        # Statements of different documents may be equal, so they are told apart by what they are, not by what they say.
        self._versions = {id(each): policy.version for policy in policies for each in policy.statements}
        self._named: dict[int, Pair | LimitReached] = {}
        self._sizes = {id(each): _size(each) for policy in policies for each in policy.statements}
        self.total = sum(self._sizes.values()) + sum(map(_size_of_principals, self._statements()))
        """How much there is to read, in characters or so."""
        self.action_patterns = sum(len(each.actions.values) for each in self._statements())

    def _statements(self) -> Iterator[Statement]:
        for policy in self.policies:
            yield from policy.statements

    def size(self, statement: Statement) -> int:
        """How much there is to read in a statement, apart from whom it names and its actions."""
        known = self._sizes.get(id(statement))
        return _size(statement) if known is None else known

    def version(self, statement: Statement) -> Version:
        """The version of the language that a statement is written in."""
        return self._versions.get(id(statement), "2012-10-17")

    def is_named(self, statement: Statement) -> Pair:
        """Whether a statement names the caller."""
        if id(statement) not in self._versions:
            return is_named(statement.principals, statement.effect)
        if id(statement) not in self._named:
            self._named[id(statement)] = _named_or_limit(statement)
        known = self._named[id(statement)]
        if isinstance(known, LimitReached):
            raise LimitReached(str(known))
        return known

    def conditions(self, key: str) -> tuple[tuple[Condition, Version], ...]:
        """All conditions on a key."""
        return self.seen[key].conditions if key in self.seen else ()

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """Keys whose values are put in somewhere."""
        return tuple(key for key, seen in self.seen.items() if seen.variable)


def _named_or_limit(statement: Statement) -> Pair | LimitReached:
    try:
        return is_named(statement.principals, statement.effect)
    except LimitReached as limit:
        return limit


def _size(statement: Statement) -> int:
    resources = statement.resources.values if statement.resources else ()
    values = [value for condition in statement.conditions for value in condition.values]
    return sum(map(len, resources)) + sum(map(len, values)) + _EACH * (1 + len(statement.conditions) + len(resources))


def _size_of_principals(statement: Statement) -> int:
    return sum(len(name.text) for name in statement.principals.names) if statement.principals else 0


def _seen(policies: tuple[Policy, ...]) -> dict[str, Seen]:
    found: dict[str, list[tuple[Condition, Version]]] = {}
    variables: set[str] = set()
    for policy in policies:
        for statement in policy.statements:
            for condition in statement.conditions:
                found.setdefault(condition.key, []).append((condition, policy.version))
            for text in _texts(statement):
                parts = template(text, policy.version) or ()
                variables.update(part.key for part in parts if isinstance(part, Variable))
    return {key: Seen(tuple(found.get(key, ())), key in variables) for key in dict.fromkeys([*found, *variables])}


def _texts(statement: Statement) -> Iterator[str]:
    """Texts in which variables may stand."""
    yield from statement.resources.values if statement.resources else ()
    for condition in statement.conditions:
        yield from (value for value in condition.values if "${" in value)


def _accounts(policy: Policy) -> Iterator[str]:
    for statement in policy.statements:
        if statement.principals is not None:
            yield from (account for n in statement.principals.names if (account := named(n.text).account))
        for condition in statement.conditions:
            for value in condition.values:
                yield from (part for part in value.replace("/", ":").split(":") if is_account(part))
