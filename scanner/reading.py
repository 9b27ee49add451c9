"""The reading of one scope: listings become resources, calls become facts, refusals become reasons.

What is known does not depend on the order in which answers come.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from scanner.asking import Asked, Asking, Entry
from scanner.attempt import Defect, attempt
from scanner.facts import NOTHING, Answer, Call, Fact, FromBulk, FromCall, FromListing, Unread
from scanner.model import ANYWHERE, GLOBAL, Estate, Identity, Listing, ListingGap, Resource, Scope
from scanner.plan import Kind, Plan, Wanted


@dataclass(eq=False, slots=True)
class _Node:
    """A resource while it is being read."""

    kind: Kind
    identity: Identity
    parent: _Node | None = None
    holder: str | None = None
    """Uid of what it lies in, where that can make it the provider's."""
    judged: bool = False
    """Found by a listing, in a region that is scanned; else it is kept only if a relation leads here."""
    reached: bool = False
    """Something was wanted of it."""
    vanished: bool = False
    """It was gone when it was asked about. It is remembered, because another region may still list it."""
    values: dict[str, object] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    follow: dict[str, list[dict[Kind, Wanted]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Reference:
    """A relation's end that was told but not found yet."""

    text: str
    wanted: Wanted
    readable: bool
    """Whether the text itself says enough to read the resource where no listing has it."""


class Reading:
    """What is known of one scope so far, and what that makes worth asking."""

    def __init__(self, plan: Plan, scope: Scope, unread: Sequence[Unread] = ()) -> None:
        """`unread`: why not all of its regions, or not all scopes below it, are known."""
        self.plan = plan
        self.scope = scope
        self.unread = unread
        self.defects: list[str] = []
        self._asking: Asking
        self._nodes: dict[tuple[Kind, str], _Node] = {}
        self._named: dict[tuple[Kind, str], _Node | None] = {}
        """None where several have the name."""
        self._gaps: dict[ListingGap, None] = {}
        self._vanished = 0
        self._listings = {kind: _listing(kind) for kind in plan.wanted}
        self._children = {kind: [child for child in plan.wanted if _is_child(child, kind)] for kind in plan.wanted}
        self._above = {kind: _above(kind, self._children) for kind in plan.wanted}
        self._unlisted = dict.fromkeys(plan.wanted, 0)
        self._waiting: dict[Kind, list[_Reference]] = {}
        self._facts = {kind: plan.facts_of(kind) for kind in plan.wanted}

    @property
    def complete(self) -> bool:
        """Whether every request has ended."""
        return self._asking.open == 0

    def users_of_calls(self) -> Iterator[tuple[Call, bool]]:
        """Each use of a call by a kind, and whether facts are read from its answer."""
        for kind, listing in self._listings.items():
            if listing.call is not None:
                yield listing.call, False
            for call in dict.fromkeys(fact.call for fact in self._facts[kind]):
                if call is not None:
                    yield call, True

    def start(self, asking: Asking) -> None:
        """Ask for every listing."""
        self._asking = asking
        here = {kind: listing for kind, listing in self._listings.items() if self._is_listed_here(kind)}
        for kind, listing in here.items():
            if listing.call is not None and listing.parent is None:
                self._list(kind, listing.call, GLOBAL, None)
                if listing.call.regional:
                    for unread in self.unread:
                        self._gap(kind, ANYWHERE, unread)
        for kind, listing in here.items():
            if listing.call is None:
                self._found(kind, {}, GLOBAL)
        for kind in self._listings.keys() - here.keys():
            # They may lie in a scope that was not found, which is not this one: checks of both say so side by side.
            for unread in self.unread:
                self._gap(kind, ANYWHERE, unread)
        self._resolve()

    def estate(self, taken_at: datetime) -> Estate:
        """What was read, in a stable order."""
        held: dict[Kind, list[Resource]] = {
            kind: [] for kind in self.plan.kinds if kind in self.plan.wanted and self._is_listed_here(kind)
        }
        others: dict[str, Resource] = {}
        for (kind, uid), node in sorted(self._nodes.items(), key=lambda item: item[0][1]):
            if (node.judged or node.reached) and not node.vanished:
                resource = kind(self._owned(node), dict(sorted(node.values.items())))
                if node.judged:
                    held[kind].append(resource)
                else:
                    others[uid] = resource
        gaps = sorted(self._gaps, key=lambda gap: (gap.kind.__name__, gap.region, repr(gap.unread)))
        defects = tuple(sorted(self.defects))
        return Estate(self.scope, taken_at, held, others, gaps, self._vanished, defects=defects, chosen=True)

    def _owned(self, node: _Node) -> Identity:
        """The identity, with what its parent and its holder tell about whose it is."""
        identity, holder = node.identity, self._listings[node.kind].holder
        if identity.provider_owned:
            return identity
        above = [self._owned(node.parent)] if node.parent is not None else []
        if holder is not None:
            found = self._nodes.get((holder.kind, node.holder or ""))
            if found is not None:
                above.append(self._owned(found))
            elif node.holder:
                unlisted = [gap.unread for gap in self._gaps if gap.kind is holder.kind]
                hidden = next(iter(unlisted), None) or _hidden(self._listings[holder.kind], holder.kind)
                above.append(msgspec.structs.replace(identity, owner_unread=hidden))
        if any(each.provider_owned for each in above):
            return msgspec.structs.replace(identity, provider_owned=True)
        unread = next((each.owner_unread for each in above if each.owner_unread is not None), None)
        return msgspec.structs.replace(identity, owner_unread=unread) if unread is not None else identity

    def _is_listed_here(self, kind: Kind) -> bool:
        return self._listings[kind].level == self.scope.level

    # --- listings ---------------------------------------------------------------------------------------------

    def _list(self, kind: Kind, call: Call, region: str, parent: _Node | None) -> None:
        for where in self.scope.regions if call.regional and region == GLOBAL else (region,):
            self._unlisted[kind] += 1
            asked = self._asking.ask(call, where, parent.identity if parent else None)
            asked.expects.add(self._listings[kind].member)
            asked.on_page.append(functools.partial(self._entries, kind, where, parent))
            asked.when_ended(functools.partial(self._listing_ended, kind, where, parent, asked))

    def _entries(self, kind: Kind, region: str, parent: _Node | None, answer: Answer) -> None:
        member = self._listings[kind].member
        entries = answer[member]
        if not isinstance(entries, list | tuple):
            raise TypeError(f"{member} is no list")
        within = self._listings[kind].within
        for entry in entries:
            for item in (entry,) if within is None else within(entry):
                self._found(kind, item, region, parent)

    def _found(self, kind: Kind, item: Answer, region: str, parent: _Node | None = None) -> None:
        listing = self._listings[kind]
        above = parent.identity if parent is not None else None
        made = attempt(functools.partial(_identify, listing, self.scope, item, region, above))
        holder = attempt(lambda: listing.holder.uid(item) if listing.holder is not None else None)
        if isinstance(made, Defect) or isinstance(holder, Defect):
            made = holder if isinstance(holder, Defect) else made
            self.defects.append(f"listing of {kind.kind}: {made}")
            wire = listing.call.wire if listing.call else ""
            self._gap(kind, region, Unread("failed", (), wire, kind.kind, f"unexpected entry: {made}"))
            return
        if (kind, made.uid) in self._nodes:
            return  # another answer told of it before
        written = attempt(lambda: listing.written(item) if listing.written is not None else None)
        if isinstance(written, Defect):
            # It is judged all the same: what it is does not depend on where that is written.
            self.defects.append(f"where {made.uid} is written: {written}")
        elif written is not None:
            made = msgspec.structs.replace(made, written=written)
        node = self._nodes[(kind, made.uid)] = _Node(kind, made, parent, holder)
        alone = self._named.setdefault((kind, made.name), node) is node
        if not alone:
            self._named[(kind, made.name)] = None
        for fact in self._facts[kind]:
            if isinstance(fact.source, FromListing):
                self._store(node, fact, functools.partial(_take_listed, fact.source, self.scope, item, region, above))
        if region == GLOBAL and self._left_out(made):
            return
        node.judged = True
        if not made.provider_owned:
            self._want(node, self.plan.wanted[kind])
        for child in self._children[kind]:
            call = self._listings[child].call
            if call is not None:
                self._list(child, call, made.region, node)

    def _left_out(self, identity: Identity) -> bool:
        return self.scope.restricted and identity.region not in (GLOBAL, *self.scope.regions)

    def _listing_ended(self, kind: Kind, region: str, parent: _Node | None, asked: Asked) -> None:
        self._unlisted[kind] -= 1
        if asked.vanished and parent is not None:
            self._drop(parent)
        elif asked.failure is not None and not asked.nothing_stored:
            self._gap(kind, region, asked.failure.unread(asked.call, kind.kind))
        self._resolve()

    def _gap(self, kind: Kind, region: str, unread: Unread) -> None:
        """Note that not all of a kind are known, and so neither what is listed for each of them."""
        gap = ListingGap(kind, region, unread)
        if gap not in self._gaps:
            self._gaps[gap] = None
            for child in self._children[kind]:
                self._gap(child, region, unread)

    def _drop(self, node: _Node) -> None:
        if not node.vanished:
            node.vanished = True
            self._vanished += node.judged

    # --- facts ------------------------------------------------------------------------------------------------

    def _want(self, node: _Node, wanted: Wanted) -> None:
        node.reached = True
        for name, targets in wanted.through.items():
            node.follow.setdefault(name, []).append(targets)
            self._follow(node, name)
        calls = {node.kind.facts[name].call for name in wanted.facts - node.asked}
        for fact in self._facts[node.kind]:
            # All that any check wants from a call is taken from the one answer, so that it is never asked twice.
            if fact.name not in node.asked and (fact.name in wanted.facts or (fact.call and fact.call in calls)):
                node.asked.add(fact.name)
                self._read(node, fact)

    def _read(self, node: _Node, fact: Fact[Any]) -> None:
        call = fact.call
        if call is None:
            if fact.name not in node.values:
                # Every listing that could have told it has ended; what was wrong with one is why it is not known.
                gaps = sorted((gap.unread for gap in self._gaps if gap.kind is node.kind), key=repr)
                told = "it is not listed in this account, so that only its name is known here"
                alone = Unread("not-collected", (), "", fact.path(), told)
                self._put(node, fact, gaps[0] if gaps else alone)
        elif call.regional and node.identity.region == GLOBAL:
            # Another region's answer would be about other resources.
            self._put(node, fact, Unread("not-collected", (), call.wire, fact.path(), "its region is not known"))
        else:
            region = node.identity.region if call.per_resource or call.regional else GLOBAL
            asked = self._asking.ask(call, region, node.identity)
            asked.when_ended(functools.partial(self._answer, asked, node, fact))

    def _answer(self, asked: Asked, node: _Node, fact: Fact[Any]) -> None:
        source = fact.source
        default = source.absent if isinstance(source, FromCall) else NOTHING
        default = source.missing if isinstance(source, FromBulk) else default
        if asked.vanished:
            self._drop(node)
        elif asked.nothing_stored and default is not NOTHING:
            self._store(node, fact, lambda: default)
        elif asked.failure is not None:
            self._put(node, fact, asked.failure.unread(asked.call, fact.path()))
        elif isinstance(source, FromBulk):
            self._answer_row(asked, node, fact, source)
        elif isinstance(source, FromCall):
            self._store(node, fact, functools.partial(source.take, asked.answer))

    def _answer_row(self, asked: Asked, node: _Node, fact: Fact[Any], source: FromBulk[Any]) -> None:
        rows = asked.rows(source)
        if isinstance(rows, Defect):
            self._unexpected(node, fact, rows)
            return
        row = rows.get(source.key.format(it=node.identity, scope=self.scope))
        if row is not None:
            self._store(node, fact, functools.partial(source.take, row))
        elif source.missing is not NOTHING:
            self._store(node, fact, lambda: source.missing)
        else:
            detail = "the provider's report does not know it yet"
            self._put(node, fact, Unread("stale", (), asked.call.wire, fact.path(), detail))

    def _store(self, node: _Node, fact: Fact[Any], take: Callable[[], object]) -> None:
        value = attempt(lambda: fact.kept(take()))
        if isinstance(value, Defect):
            self._unexpected(node, fact, value)
        else:
            self._put(node, fact, value)

    def _unexpected(self, node: _Node, fact: Fact[Any], defect: Defect) -> None:
        self.defects.append(f"{fact.path()}: {defect}")
        wire = fact.call.wire if fact.call else ""
        self._put(node, fact, Unread("failed", (), wire, fact.path(), f"unexpected answer: {defect}"))

    def _put(self, node: _Node, fact: Fact[Any], value: object) -> None:
        node.values[fact.name] = value
        self._follow(node, fact.name)

    # --- relations --------------------------------------------------------------------------------------------

    def _follow(self, node: _Node, name: str) -> None:
        """Want what lies at the far ends of a relation, as soon as both are known."""
        if name not in node.follow or name not in node.values:
            return
        found = node.values[name]
        references = (found,) if isinstance(found, str) else found if isinstance(found, tuple) else ()
        for targets in node.follow.pop(name):
            for text in references:
                by_uid = [kind for kind in targets if _by_uid(self._listings[kind], text, self.scope)]
                for kind, wanted in targets.items():
                    reference = _Reference(text, wanted, by_uid == [kind])
                    self._waiting.setdefault(kind, []).append(reference)
        self._resolve()

    def _resolve(self) -> None:
        """Find the ends of relations among all that was listed."""
        for kind in [kind for kind in self._waiting if not any(self._unlisted[above] for above in self._above[kind])]:
            for reference in self._waiting.pop(kind, ()):
                node = self._nodes.get((kind, reference.text)) or self._named.get((kind, reference.text))
                if node is None and reference.readable:
                    identity = _by_uid(self._listings[kind], reference.text, self.scope)
                    if identity is not None:
                        node = self._nodes[(kind, identity.uid)] = _Node(kind, identity)
                if node is not None and not node.vanished:
                    self._want(node, reference.wanted)


def _hidden(listing: Listing, kind: Kind) -> Unread:
    """What something lies in is there; a list that does not tell of it leaves out what may not be read."""
    needs, wire = (listing.call.permissions, listing.call.wire) if listing.call else ((), "")
    return Unread("denied", needs, wire, kind.kind, "what it lies in is left out of the list")


def _listing(kind: Kind) -> Listing:
    if kind.listed is None:
        raise TypeError(f"{kind.__name__} says nowhere how it is listed")
    return kind.listed


def _is_child(child: Kind, kind: Kind) -> bool:
    parent = _listing(child).parent
    return parent is not None and issubclass(kind, parent)


def _above(kind: Kind, children: Mapping[Kind, Sequence[Kind]]) -> set[Kind]:
    """The kind, and all whose listing could still lead to one of it."""
    found = {kind}
    while more := {parent for parent in children if found.intersection(children[parent])} - found:
        found |= more
    return found


def _identify(listing: Listing, scope: Scope, item: Answer, region: str, parent: Identity | None) -> Identity:
    entry = Entry(item, scope=scope, region=region, parent=parent)
    uid = listing.uid.format_map(entry) if isinstance(listing.uid, str) else listing.uid(item)
    name = listing.name.format_map(entry) if isinstance(listing.name, str) else listing.name(item)
    if not uid:
        raise ValueError("its uid is empty")
    f"{uid}{name}".encode()  # a text with half a character could not be written into any report
    lives_in = (listing.region and listing.region(item)) or region
    owned = listing.provider_owned is not None and listing.provider_owned(item)
    return Identity(scope, uid, name, lives_in, owned)


def _take_listed(
    source: FromListing[Any], scope: Scope, item: Mapping[str, Any], region: str, parent: Identity | None
) -> object:
    if isinstance(source.take, str):
        return source.take.format_map(Entry(item, scope=scope, region=region, parent=parent))
    return source.take(item)


def _by_uid(listing: Listing, uid: str, scope: Scope) -> Identity | None:
    """The identity that a uid tells, where uids of the kind are a fixed text and then the name.

    The one resource of a scope of another level can be told so; that of this scope is always there.
    """
    if not isinstance(listing.uid, str):
        return None
    fixed, _, last = listing.uid.rpartition("{")
    elsewhere = listing.call is not None or listing.level != scope.level
    if not elsewhere or listing.name != f"{{{last}" or "{" in fixed.replace("{scope.", ""):
        return None
    prefix = fixed.format(scope=scope)
    name = uid.removeprefix(prefix)
    return Identity(scope, uid, name, GLOBAL) if prefix and name and name != uid else None
