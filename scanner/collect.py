"""Read what a plan asks for: listings become resources, calls become facts, refusals become reasons.

A scope is complete, with every fact a value or an Unread, before it is handed out to be judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from scanner.attempt import Defect, attempt
from scanner.facts import NOTHING, Answer, Call, Fact, FromBulk, FromCall, FromListing, Unread
from scanner.model import GLOBAL, Estate, Identity, Listing, ListingGap, Resource, Scope
from scanner.plan import Kind, Plan, Wanted
from scanner.provider import AskFailed, Session, Target
from scanner.schedule import Limits, Request, Scheduler

Progress = Callable[[int, int], None]
"""Told how many requests are done, of how many known so far."""


class Collection:
    """The reading of all scopes of a target; iterate for each Estate as it is completed."""

    def __init__(
        self,
        plan: Plan,
        session: Session,
        target: Target,
        taken_at: datetime,
        limits: Limits,
        progress: Progress | None = None,
    ) -> None:
        self.plan = plan
        self.session = session
        self.target = target
        self.taken_at = taken_at
        self.progress = progress
        self.scheduler = Scheduler(limits)
        self.known = 0
        self.done = 0

    @property
    def calls(self) -> Mapping[str, int]:
        """Calls made so far, by `service:Operation`."""
        return self.scheduler.calls

    def __iter__(self) -> Iterator[Estate]:
        unread = {scope.uid: reason for scope, reason in self.target.unread}
        readings = [_Reading(self, scope, unread.get(scope.uid)) for scope in self.target.scopes]
        try:
            for reading in readings:
                reading.start()
            while readings:
                for reading in [reading for reading in readings if reading.complete]:
                    readings.remove(reading)
                    yield reading.estate()
                if readings:
                    self.scheduler.step()
        finally:
            self.scheduler.close()

    def count(self, known: int, done: int) -> None:
        """Note progress."""
        self.known += known
        self.done += done
        if self.progress is not None:
            self.progress(self.done, self.known)


@dataclass(eq=False, slots=True)
class _Node:
    """A resource while it is being read."""

    kind: Kind
    identity: Identity
    listed: bool = False
    """Found by a listing, so judged; else only a relation leads here."""
    values: dict[str, object] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    follow: dict[str, list[dict[Kind, Wanted]]] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class _Asked:
    """A call with its parameters, asked once, and everybody who waits for the answer."""

    call: Call
    listings: list[tuple[Kind, str]] = field(default_factory=list)
    expects: set[str] = field(default_factory=set)
    readers: list[tuple[_Node, str]] = field(default_factory=list)
    then: list[Callable[[AskFailed | None], None]] = field(default_factory=list)
    answer: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, dict[str, Answer]] = field(default_factory=dict)
    ended: bool = False
    failure: AskFailed | None = None


class _Reading:
    """The reading of one scope."""

    def __init__(self, collection: Collection, scope: Scope, regions_unread: Unread | None) -> None:
        self.collection = collection
        self.plan = collection.plan
        self.scope = scope
        self.regions_unread = regions_unread
        self.nodes: dict[str, _Node] = {}
        self._named: dict[tuple[Kind, str], _Node] = {}
        self.gaps: list[ListingGap] = []
        self.vanished = 0
        self.defects: list[str] = []
        self._asked: dict[tuple[object, ...], _Asked] = {}
        self._open = 0
        self._unlisted: dict[Kind, int] = dict.fromkeys(self.plan.wanted, 0)
        self._waiting: dict[Kind, list[tuple[str, Wanted]]] = {}
        self._facts = {kind: self.plan.facts_of(kind) for kind in self.plan.wanted}
        self._read_calls = {id(fact.call) for facts in self._facts.values() for fact in facts if fact.call}

    @property
    def complete(self) -> bool:
        """Whether every request has ended."""
        return self._open == 0

    def start(self) -> None:
        """Ask for every listing."""
        for kind in self.plan.wanted:
            call = _listing(kind).call
            if call is not None and _listing(kind).parent is None:
                for region in self.scope.regions if call.regional else (GLOBAL,):
                    self._list(kind, call, region, None)
                if call.regional and self.regions_unread is not None:
                    self.gaps.append(ListingGap(kind, "*", self.regions_unread))
        for kind in self.plan.wanted:
            if _listing(kind).call is None:
                self._found(kind, {}, GLOBAL)
            self._listing_closed(kind)

    def estate(self) -> Estate:
        """What was read, in a stable order."""
        held: dict[Kind, list[Resource]] = {kind: [] for kind in self.plan.wanted}
        others: dict[str, Resource] = {}
        for uid in sorted(self.nodes):
            node = self.nodes[uid]
            resource = node.kind(node.identity, node.values)
            if node.listed:
                held[node.kind].append(resource)
            else:
                others[uid] = resource
        gaps = sorted(self.gaps, key=lambda gap: (gap.kind.__name__, gap.region))
        return Estate(
            self.scope, self.collection.taken_at, held, others, gaps, self.vanished, defects=tuple(self.defects)
        )

    # --- listings ---------------------------------------------------------------------------------------------

    def _list(self, kind: Kind, call: Call, region: str, parent: _Node | None) -> None:
        self._unlisted[kind] += 1
        asked = self._ask(call, region, parent.identity if parent else None)
        asked.listings.append((kind, region))
        asked.expects.add(_listing(kind).member)

    def _page(self, asked: _Asked, answer: Answer) -> None:
        for kind, region in asked.listings:
            listing = _listing(kind)
            for item in cast("list[Answer]", answer[listing.member]):
                self._found(kind, item, region)
        if id(asked.call) in self._read_calls:
            if asked.call.items is None:
                asked.answer.update(answer)
            else:
                asked.answer.setdefault(asked.call.items, []).extend(answer[asked.call.items])

    def _found(self, kind: Kind, item: Answer, region: str) -> None:
        listing = _listing(kind)
        made = attempt(lambda: self._identify(listing, item, region))
        if isinstance(made, Defect):
            self._defect(f"listing of {kind.kind}: {made}")
            wire = listing.call.wire if listing.call else ""
            self.gaps.append(
                ListingGap(kind, region, Unread("failed", (), wire, kind.kind, f"unexpected entry: {made}"))
            )
            return
        elsewhere = made.region not in (GLOBAL, *self.scope.regions)
        node = self.nodes.get(made.uid)
        if (node and node.listed) or (self.scope.restricted and region == GLOBAL and elsewhere):
            return
        if node is None:
            node = self.nodes[made.uid] = _Node(kind, made)
        node.identity, node.listed = made, True
        self._named[(kind, made.name)] = node
        for fact in self._facts[kind]:
            if isinstance(fact.source, FromListing):
                self._take_listed(node, fact, fact.source.take, item)
        if not made.provider_owned:
            self._want(node, self.plan.wanted[kind])
        for child in self.plan.wanted:
            inner = _listing(child)
            if inner.parent is not None and inner.call is not None and issubclass(kind, inner.parent):
                self._list(child, inner.call, made.region, node)

    def _identify(self, listing: Listing, item: Answer, region: str) -> Identity:
        def fill(template: str) -> str:
            return template.format_map({**item, "scope": self.scope, "region": region})

        return Identity(
            self.scope,
            fill(listing.uid),
            fill(listing.name),
            (listing.region and listing.region(item)) or region,
            listing.provider_owned is not None and listing.provider_owned(item),
        )

    def _listing_ended(self, kind: Kind, region: str, failure: Unread | None) -> None:
        self._unlisted[kind] -= 1
        if failure is not None:
            self.gaps.append(ListingGap(kind, region, failure))
            for child in self.plan.wanted:
                parent = _listing(child).parent
                if parent is not None and issubclass(kind, parent):
                    self.gaps.append(ListingGap(child, region, failure))
        self._listing_closed(kind)

    # --- facts ------------------------------------------------------------------------------------------------

    def _want(self, node: _Node, wanted: Wanted) -> None:
        for name, targets in wanted.through.items():
            node.follow.setdefault(name, []).append(targets)
        for name in wanted.through:
            self._follow(node, name)
        calls = {node.kind.facts[name].call for name in wanted.facts - node.asked}
        for fact in self._facts[node.kind]:
            # All that any check wants from a call is taken from the one answer, so that it is never asked twice.
            if fact.name not in node.asked and (fact.name in wanted.facts or (fact.call and fact.call in calls)):
                node.asked.add(fact.name)
                self._read(node, fact)

    def _read(self, node: _Node, fact: Fact[Any]) -> None:
        source = fact.source
        if isinstance(source, FromListing):
            if fact.name not in node.values:
                unread = Unread("not-collected", fact=fact.path(), detail="known only by its uid")
                self._store(node, fact, unread)
        elif isinstance(source, FromCall | FromBulk):
            at_home = source.call.per_resource or source.call.regional
            region = node.identity.region if at_home else GLOBAL
            asked = self._ask(source.call, region, node.identity)
            if asked.ended:
                self._answer(asked, node, fact.name)
            else:
                asked.readers.append((node, fact.name))

    def _answer(self, asked: _Asked, node: _Node, name: str) -> None:
        fact = node.kind.facts[name]
        source = fact.source
        failure = asked.failure
        if failure is not None:
            absent = isinstance(source, FromCall) and failure.code in asked.call.absent
            if failure.code in asked.call.gone and node.identity.uid in self.nodes:
                del self.nodes[node.identity.uid]
                self.vanished += 1
            elif absent and cast("FromCall[Any]", source).absent is not NOTHING:
                self._store(node, fact, cast("FromCall[Any]", source).absent)
            else:
                self._store(node, fact, failure.unread(asked.call, fact.path()))
        elif isinstance(source, FromBulk):
            value = attempt(lambda: self._row(asked, node, fact, source))
            self._store(node, fact, self._unexpected(fact, value) if isinstance(value, Defect) else value)
        else:
            self._store(node, fact, self._taken(fact, cast("FromCall[Any]", source).take, asked.answer))

    def _row(self, asked: _Asked, node: _Node, fact: Fact[Any], source: FromBulk[Any]) -> object:
        rows = asked.rows.get(source.row_key)
        if rows is None:
            call = asked.call
            members = call.rows(asked.answer) if call.rows else asked.answer[cast(str, call.items)]
            rows = asked.rows[source.row_key] = {row[source.row_key]: row for row in members}
        row = rows.get(source.key.format(it=node.identity, scope=self.scope))
        if row is not None:
            return source.take(row)
        if source.missing is not NOTHING:
            return source.missing
        return Unread("stale", (), asked.call.wire, fact.path(), "the provider's report does not know it yet")

    def _take_listed(self, node: _Node, fact: Fact[Any], take: Callable[[Answer], Any] | str, item: Answer) -> None:
        if isinstance(take, str):
            template, take = take, lambda entry: template.format_map({**entry, "scope": self.scope})
        self._store(node, fact, self._taken(fact, take, item))

    def _taken(self, fact: Fact[Any], take: Callable[[Answer], object], answer: Answer) -> object:
        value = attempt(lambda: take(answer))
        return self._unexpected(fact, value) if isinstance(value, Defect) else value

    def _unexpected(self, fact: Fact[Any], defect: Defect) -> Unread:
        self._defect(f"{fact.path()}: {defect}")
        wire = fact.call.wire if fact.call else ""
        return Unread("failed", (), wire, fact.path(), f"unexpected answer: {defect}")

    def _store(self, node: _Node, fact: Fact[Any], value: object) -> None:
        node.values[fact.name] = value
        self._follow(node, fact.name)

    def _defect(self, text: str) -> None:
        self.defects.append(text)

    # --- relations --------------------------------------------------------------------------------------------

    def _follow(self, node: _Node, name: str) -> None:
        found = node.values.get(name)
        references = (found,) if isinstance(found, str) else found if isinstance(found, tuple) else ()
        if name not in node.follow or not references:
            return
        for targets in node.follow.pop(name):
            for kind, wanted in targets.items():
                self._waiting.setdefault(kind, []).extend((reference, wanted) for reference in references)
                self._listing_closed(kind, near=node.identity.region)

    def _listing_closed(self, kind: Kind, near: str = GLOBAL) -> None:
        if self._unlisted[kind]:
            return
        for reference, wanted in self._waiting.pop(kind, []):
            node = self.nodes.get(reference) or self._named.get((kind, reference))
            if node is None:
                identity = _by_uid(kind, reference, self.scope, near)
                if identity is None:
                    continue
                node = self.nodes[reference] = _Node(kind, identity)
            self._want(node, wanted)

    # --- asking -----------------------------------------------------------------------------------------------

    def _ask(self, call: Call, region: str, it: Identity | None) -> _Asked:
        params = {
            name: value.format(it=it, scope=self.scope) if isinstance(value, str) else value
            for name, value in call.params.items()
        }
        key = (id(call), region, *params.items())
        asked = self._asked.get(key)
        if asked is None:
            asked = self._asked[key] = _Asked(call)
            if call.items is not None and id(call) in self._read_calls:
                asked.expects.add(call.items)
            self._open += 1
            self.collection.count(known=1, done=0)
            request = Request(
                self.collection.session.ask,
                self.scope,
                region,
                call,
                params,
                on_page=lambda answer: self._page_safely(asked, answer),
                on_end=lambda: self._ended(key, asked, None),
                on_failure=lambda failure: self._ended(key, asked, failure),
                expects=asked.expects,
            )
            self._submit_after(request, region)
        return asked

    def _submit_after(self, request: Request, region: str) -> None:
        if request.call.after is None:
            self.collection.scheduler.submit(request)
            return
        first = self._ask(request.call.after, region, None)

        def proceed(failure: AskFailed | None) -> None:
            if failure is None:
                self.collection.scheduler.submit(request)
            else:
                request.on_failure(failure.of_earlier(first.call))

        if first.ended:
            proceed(first.failure)
        else:
            first.then.append(proceed)

    def _page_safely(self, asked: _Asked, answer: Answer) -> None:
        outcome = attempt(lambda: self._page(asked, answer))
        if isinstance(outcome, Defect) and asked.failure is None:
            self._defect(f"{asked.call.wire}: {outcome}")
            asked.failure = AskFailed("failed", "", f"unexpected answer: {outcome}")

    def _ended(self, key: tuple[object, ...], asked: _Asked, failure: AskFailed | None) -> None:
        asked.ended = True
        asked.failure = failure or asked.failure
        for kind, region in asked.listings:
            unread = None
            if asked.failure is not None and asked.failure.code not in asked.call.gone:
                unread = asked.failure.unread(asked.call, kind.kind)
            self._listing_ended(kind, region, unread)
        for node, name in asked.readers:
            self._answer(asked, node, name)
        for proceed in asked.then:
            proceed(asked.failure)
        asked.listings.clear()
        asked.readers.clear()
        asked.then.clear()
        if asked.call.per_resource:
            del self._asked[key]  # nobody else will ask with this resource's parameters
        self._open -= 1
        self.collection.count(known=0, done=1)


def _listing(kind: Kind) -> Listing:
    if kind.listed is None:
        raise TypeError(f"{kind.__name__} says nowhere how it is listed")
    return kind.listed


def _by_uid(kind: Kind, uid: str, scope: Scope, near: str) -> Identity | None:
    """The identity that a uid tells, where uids of the kind are a fixed text and then the name."""
    fixed, _, rest = _listing(kind).uid.replace("{scope.", "{0.").rpartition("{")
    prefix = "" if "{" in fixed.replace("{0.", "") else fixed.format(scope)
    if not prefix or rest.rstrip("}") == rest or not uid.startswith(prefix):
        return None
    return Identity(scope, uid, uid.removeprefix(prefix), near)
