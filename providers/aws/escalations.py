"""The ways of an account's principals to everything: from what was read to the graph, and back to common words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from providers.aws.iam import IamGroup, IamRole, IamUser, ManagedPolicy
from providers.aws.policy.escalation import Document, Group, Principal, Principals, escalation
from providers.aws.policy.escalation.answers import EVERYTHING
from providers.aws.policy.language.parse import parse
from providers.aws.policy.language.tree import Malformed, Policy
from providers.aws.policy.questions.oracle import SymbolicCan
from scanner.access import Escalation, Escalations, Hop
from scanner.access.graph import Path
from scanner.facts import Unread, UnreadFact
from scanner.model import Scope


class Identities:
    """What was read of an account's identities, as the graph takes it. Documents that many hold are read once."""

    def __init__(self, scope: Scope, at: datetime) -> None:
        self._scope = scope
        self._at = at
        self._parsed: dict[str, Policy | Malformed] = {}
        self._managed: dict[str, Document] = {}

    def ways(
        self,
        policies: Iterable[ManagedPolicy],
        groups: Iterable[IamGroup],
        users: Iterable[IamUser],
        roles: Iterable[IamRole],
    ) -> Escalations:
        """The way of every principal that has one, or may have one."""
        self._managed = {policy.uid: self._of_managed(policy) for policy in policies}
        held = {group.name: Group(group.uid, tuple(self._documents(group))) for group in groups}
        everybody = [*(self._user(user, held) for user in users), *(self._role(role) for role in roles)]
        account = Principals(
            account=self._scope.account,
            principals=tuple(everybody),
            groups=tuple(held.values()),
            managed=tuple(self._managed.values()),
            partition=self._scope.partition,
        )
        found = escalation(account, SymbolicCan(account, self._at.isoformat()))
        ways = {uid: Escalation(tuple(_hops(path))) for uid, path in found.paths.items()}
        for uid, unknown in found.unknown.items():
            ways[uid] = Escalation(Unread("not-yet-known", detail=f"{_in_short(unknown.path)}: {unknown.why}"))
        return Escalations(ways)

    def _user(self, user: IamUser, groups: dict[str, Group]) -> Principal:
        # A group that was not listed cannot be left out: it may hold what leads to everything.
        mine = tuple(_group(name, groups) for name in user.value_of(IamUser.groups))
        return Principal(
            arn=user.uid,
            kind="user",
            documents=tuple(self._documents(user)),
            groups=mine,
            boundary=self._boundary(user),
            tags=tuple(sorted(user.tags.items())),
        )

    def _role(self, role: IamRole) -> Principal:
        return Principal(
            arn=role.uid,
            kind="role",
            documents=tuple(self._documents(role)),
            boundary=self._boundary(role),
            trust=self._parse(role.trust_policy),
            tags=tuple(sorted(role.tags.items())),
        )

    def _documents(self, holder: IamGroup | IamUser | IamRole) -> Iterator[Document]:
        yield from (Document(one.name, self._parse(one.text)) for one in holder.inline)
        yield from (self._managed_at(uid) for uid in holder.value_of(type(holder).attached))

    def _boundary(self, holder: IamUser | IamRole) -> Document | None:
        uid = holder.value_of(type(holder).boundary)
        return None if uid is None else self._managed_at(uid)

    def _managed_at(self, uid: str) -> Document:
        """Raises UnreadFact for a policy that was not listed."""
        if uid not in self._managed:
            raise UnreadFact(Unread("not-collected", (), "", "policy.document", f"{uid} was not found"))
        return self._managed[uid]

    def _of_managed(self, policy: ManagedPolicy) -> Document:
        document = policy.document
        earlier = tuple(self._parse(one.text) for one in policy.earlier)
        return Document(document.name, self._parse(document.text), policy.uid, earlier)

    def _parse(self, text: str) -> Policy | Malformed:
        if text not in self._parsed:
            self._parsed[text] = parse(text)
        return self._parsed[text]


def _group(name: str, groups: dict[str, Group]) -> Group:
    if name not in groups:
        raise UnreadFact(Unread("not-collected", (), "", "group.documents", f"group {name} was not found"))
    return groups[name]


def _hops(path: Path) -> Iterator[Hop]:
    """The steps up to somebody who can do everything, whose own last step is no step any more."""
    edges = path.edges[:-1] if len(path.edges) > 1 and path.edges[-1].method == EVERYTHING else path.edges
    for edge in edges:
        yield Hop(edge.words, edge.target, edge.witnesses[0] if edge.witnesses else None, edge.conditions)


def _in_short(path: Path) -> str:
    return ", then ".join(edge.words for edge in path.edges) or "a way to everything"
