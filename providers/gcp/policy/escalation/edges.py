"""Edges of the escalation graph: each permission of each step is confirmed by the concrete evaluator.

https://cloud.google.com/iam/docs/service-account-impersonation
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

import msgspec

from providers.gcp.policy.concrete.evaluate import authorize
from providers.gcp.policy.escalation.catalogue import ToAccount, catalogue
from providers.gcp.policy.escalation.landscape import ANYWHERE, Account, Landscape
from providers.gcp.policy.language.members import member
from providers.gcp.policy.language.policies import AllowPolicy, Node
from providers.gcp.policy.language.request import Principal, Request, World
from scanner.access import Witness
from scanner.access.graph import Edge, EscalationGraph, Fan
from scanner.facts import Unread

RULER: Final = "ruler of "
"""Prefix of the graph's nodes that stand for whoever rules a node of the hierarchy."""

_WORDS: Final = {"user": "user", "group": "group", "service-account": "serviceAccount", "domain": "domain"}


class Doubt(msgspec.Struct, frozen=True):
    """A step that could not be decided."""

    source: str
    target: str
    method: str
    why: str


class Escalation(msgspec.Struct, frozen=True):
    """The graph, its goals, and what is missing from it."""

    graph: EscalationGraph
    rulers: tuple[str, ...]
    """Nodes of the graph that rule a project, a folder or the organization."""
    doubts: tuple[Doubt, ...] = ()


class _Permissions:
    """Who holds what where, remembered."""

    def __init__(self, landscape: Landscape) -> None:
        self.landscape = landscape
        self._known: dict[tuple[str, str, str], Witness | str | None] = {}
        self._principals: dict[str, Principal] = {}
        self._worlds: dict[str, World] = {}

        self.sources = named_by(landscape)
        self._called: dict[str, list[str]] = {}
        for source in self.sources:
            for name in _names(source, landscape):
                self._called.setdefault(name, []).append(source)

    def holders(self, nodes: Iterable[Node], permission: str) -> list[str]:
        """Those who may hold a permission by some binding: nobody else need be asked."""
        found: set[str] = set()
        for node in nodes:
            if isinstance(node.allow, Unread) or node.allow.malformed:
                return list(self.sources)
            for binding in node.allow.bindings:
                if self.landscape.roles.holds(binding.role, permission) is not False:
                    for one in binding.members:
                        if one.anyone or one.kind in ("project-team", "subtree", "customer", "unclear"):
                            return list(self.sources)
                        found.update(self._called.get(one.text if one.kind == "kubernetes" else one.name, ()))
        return [source for source in self.sources if source in found]

    def ask(self, source: str, permission: str, place: str, account: Account | None = None) -> Witness | str | None:
        """A witness that `source` holds it; nothing if not; the reason if it is not known."""
        on = account.id if account is not None else place
        key = (source, permission, on)
        if key not in self._known:
            if on not in self._worlds:
                self._worlds[on] = self.landscape.world(place, account)
            principal = self._principals.setdefault(source, self.landscape.principal(source))
            request = Request(principal, permission, ANYWHERE, self.landscape.time)
            answer = authorize(request, self._worlds[on])
            if answer == "Allowed":
                self._known[key] = Witness(source, permission, on)
            else:
                self._known[key] = f"whether {source} holds {permission} on {on}" if answer == "unknown" else None
        return self._known[key]


def escalation(landscape: Landscape) -> Escalation:
    """Who can become whom, and who rules what."""
    holds = _Permissions(landscape)
    steps = [*_to_rule(landscape, holds), *_to_accounts(landscape, holds)]
    fans = [step for step in steps if isinstance(step, Fan)]
    doubts = tuple(dict.fromkeys(step for step in steps if isinstance(step, Doubt)))
    rulers = tuple(RULER + node.name for node in landscape.nodes if _kind(node.name) is not None)
    graph = EscalationGraph([*holds.sources, *rulers], [*fans, *_by_ruling(landscape)])
    return Escalation(graph, rulers, doubts)


def named_by(landscape: Landscape) -> tuple[str, ...]:
    """Everybody that a policy names, the service accounts, and those whose groups are known."""
    policies = [*(node.allow for node in landscape.nodes), *(account.allow for account in landscape.accounts)]
    found = {account.id: None for account in landscape.accounts}
    for policy in policies:
        for binding in policy.bindings if isinstance(policy, AllowPolicy) else ():
            for one in binding.members:
                if one.kind not in ("deleted", "unclear", "pool", "customer", "subtree"):
                    found[f"{_WORDS[one.kind]}:{one.name}" if one.kind in _WORDS else one.text] = None
    return tuple(found)


def _names(source: str, landscape: Landscape) -> set[str]:
    """By which bindings may name the source: itself, its domain and its groups."""
    name = member(source).name
    return {source, name, name.rpartition("@")[2], *landscape.groups.get(name, ())}


def _kind(name: str) -> str | None:
    kind = name.partition("/")[0]
    return kind if kind in ("projects", "folders", "organizations") else None


def _all(
    holds: _Permissions, source: str, asked: list[tuple[str, str, Account | None]]
) -> tuple[Witness, ...] | str | None:
    """Witnesses for all permissions; nothing if one is not held; the reason if one is not known."""
    found: list[Witness] = []
    why: str | None = None
    for permission, place, account in asked:
        answer = holds.ask(source, permission, place, account)
        if answer is None:
            return None
        if isinstance(answer, str):
            why = why or answer
        else:
            found.append(answer)
    return why or tuple(found)


def _to_rule(landscape: Landscape, holds: _Permissions) -> Iterator[Fan | Doubt]:
    for node in landscape.nodes:
        for way in catalogue().to_node:
            if way.kind != _kind(node.name):
                continue
            for source in holds.holders(landscape.chain(node.name), way.node[0]):
                answer = _all(holds, source, [(permission, node.name, None) for permission in way.node])
                target = RULER + node.name
                if isinstance(answer, str):
                    yield Doubt(source, target, way.id, answer)
                elif answer is not None:
                    edge = Edge(source, target, way.id, f"{source} {way.words} {node.name}", answer)
                    yield Fan(source, way.id, (target,), lambda _, edge=edge: edge)  # type: ignore[misc]  # edge is bound


def _to_accounts(landscape: Landscape, holds: _Permissions) -> Iterator[Fan | Doubt]:
    by_project: dict[str, list[Account]] = {}
    for account in landscape.accounts:
        by_project.setdefault(account.project, []).append(account)
    for project, accounts in by_project.items():
        for way in catalogue().to_account:
            reached = [account for account in accounts if account.address.endswith(way.only)]
            if not reached:
                continue
            chain = landscape.chain(project)
            first = (way.account or way.project)[0]
            # What is held on the project is held on all its accounts: asked once, and told for each.
            everywhere = set()
            for source in holds.holders(chain, first):
                targets = tuple(account.id for account in reached if account.id != source)
                step = _step(holds, way, source, project, None, targets, {a.id: a for a in reached})
                if isinstance(step, Fan):
                    everywhere.add(source)
                if step is not None:
                    yield step
            for account in reached if way.account else ():
                if account.allow == AllowPolicy():
                    continue
                for source in holds.holders((Node(account.id, account.allow),), first):
                    if source not in everywhere and source != account.id:
                        step = _step(holds, way, source, project, account, (account.id,), {account.id: account})
                        if step is not None:
                            yield step


def _step(
    holds: _Permissions,
    way: ToAccount,
    source: str,
    project: str,
    account: Account | None,
    targets: tuple[str, ...],
    accounts: dict[str, Account],
) -> Fan | Doubt | None:
    needed = [*((one, project, account) for one in way.account), *((one, project, None) for one in way.project)]
    answer = _all(holds, source, needed)
    if answer is None or not targets:
        return None
    if isinstance(answer, str):
        return Doubt(source, targets[0] if account is not None else f"accounts of {project}", way.id, answer)
    return Fan(source, way.id, targets, _writer(holds, way, source, project, accounts, answer))


def _writer(
    holds: _Permissions,
    way: ToAccount,
    source: str,
    project: str,
    accounts: dict[str, Account],
    found: tuple[Witness, ...],
) -> Callable[[str], Edge]:
    def write(target: str) -> Edge:
        asked = [
            *((one, project, accounts[target]) for one in way.account),
            *((one, project, None) for one in way.project),
        ]
        answer = _all(holds, source, asked)
        witnesses = answer if isinstance(answer, tuple) else found
        return Edge(source, target, way.id, f"{source} {way.words}: {target}", witnesses)

    return write


def _by_ruling(landscape: Landscape) -> Iterator[Edge]:
    """Whoever rules a node rules the nodes below it and its accounts."""
    for node in landscape.nodes:
        above = landscape.parents.get(node.name)
        if above and _kind(node.name) and _kind(above):
            words = f"what is granted on {above} holds on {node.name}"
            yield Edge(RULER + above, RULER + node.name, "inheritance", words)
    for account in landscape.accounts:
        words = f"whoever rules {account.project} may let themselves into {account.id}"
        yield Edge(RULER + account.project, account.id, "ruling", words)
