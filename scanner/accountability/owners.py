"""Who answers for a finding: ordered rules, and tags that name an owner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from scanner.accountability.candidates import Candidates, Chosen
from scanner.accountability.match import Match, Matcher
from scanner.accountability.place import Place, Tags
from scanner.check import Severity
from scanner.finding import Finding
from scanner.responsibility.model import Row

First = Literal["rules", "tags"]


class Due(Row, frozen=True):
    """Days in which a failure has to be mended, by severity."""

    critical: int | None = None
    high: int | None = None
    medium: int | None = None
    low: int | None = None
    info: int | None = None

    def days(self, severity: Severity) -> int | None:
        """The days for a severity; None where none are set."""
        days: int | None = getattr(self, severity)
        return days


NEVER_DUE = Due()


class Party(Row, frozen=True):
    """A person or a team that may own."""

    backup: str = ""
    channel: str = ""


class RuleRow(Row, frozen=True):
    """A rule as it is written."""

    id: str = ""
    match: Match | None = None
    owner: str = ""
    backup: str = ""
    channel: str = ""
    due: Due = NEVER_DUE
    after_tags: bool = False
    """Whether it is asked where tags name nobody, though rules go first."""


class TagRow(Row, frozen=True):
    """Keys of the tags that name an owner, a backup and a channel."""

    owner: str = ""
    backup: str = ""
    channel: str = ""


class OwnersFile(Row, frozen=True):
    """`owners.yaml`."""

    first: First = "rules"
    """Whether rules or tags are asked first. A rule was agreed on; a tag is what somebody wrote on a resource."""
    due: Due = NEVER_DUE
    from_tags: TagRow | None = None
    teams: Mapping[str, object] = msgspec.field(default_factory=dict)
    people: Mapping[str, object] = msgspec.field(default_factory=dict)
    rules: object = ()


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A rule, made ready."""

    where: str
    id: str
    matcher: Matcher
    owner: str
    backup: str
    channel: str
    due: Due
    after_tags: bool = False

    def __str__(self) -> str:
        return f"{self.where}: {self.matcher}"


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """Who owns, and by what."""

    owner: str | None = None
    backup: str | None = None
    channel: str | None = None
    owned_by: str | None = None
    undecided: tuple[str, ...] = ()
    due: Due = NEVER_DUE
    possible: frozenset[str] | None = frozenset()
    """Who else it could be, by what was not read, in lower case; None: anybody."""
    notice: str = ""
    rule: Rule | None = None


@dataclass(slots=True)
class Owners:
    """The owners file, made ready."""

    where: str
    """Where tags are spoken of in the file."""
    due: Due = field(default=NEVER_DUE)
    keys: TagRow | None = None
    parties: Mapping[str, Party] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    _candidates: Candidates[Rule, Decision] = field(init=False)
    _decided: dict[tuple[object, ...], Decision] = field(default_factory=dict, repr=False)
    _folded: Mapping[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        tag_keys = tuple(filter(None, (self.keys.owner, self.keys.backup, self.keys.channel))) if self.keys else ()
        self._candidates = Candidates(self.rules, tag_keys)
        self._folded = {folded(name): name for name in self.parties}

    @property
    def needs_tags(self) -> bool:
        """Whether tags matter."""
        return self.keys is not None or any(rule.matcher.keys for rule in self.rules)

    def decide(self, finding: Finding, place: Place) -> Decision:
        """Who owns a finding: the first step that surely holds, and what was left open before it."""
        chosen = self._candidates.of(finding)
        key = chosen.key(finding, place)
        if key is None:
            return self._decide(finding, place, chosen)
        decision = chosen.answers.get(key)
        if decision is None:
            decision = chosen.remember(key, self._decide(finding, place, chosen))
        return decision

    def _decide(self, finding: Finding, place: Place, chosen: Chosen[Rule, Decision]) -> Decision:
        tags = Tags(finding.resource, place)
        undecided: list[str] = []
        possible: set[str] | None = set()
        notice = ""
        for step in self._steps(chosen.entries(finding)):
            if step is None:
                answer, misses, notice = self._by_tag(tags)
                undecided += misses
                if misses and possible is not None:
                    possible = possible.union(self._folded) if self.parties else None
                if answer is not None:
                    return self._made(answer, undecided, possible)
                continue
            holds = step.matcher.holds(finding, place, tags)
            if holds:
                return self._made(self._of_rule(step), undecided, possible, notice)
            if holds is None:
                undecided.append(f"{step}: not read: {step.matcher.unread(finding.resource, place, tags)}")
                if possible is not None:
                    possible.add(folded(step.owner))
        return self._made(Decision(due=self.due), undecided, possible, notice)

    def _steps(self, rules: Sequence[Rule]) -> Iterator[Rule | None]:
        """Rules in order, and None where tags are asked."""
        to_ask = self.keys is not None
        for rule in rules:
            if to_ask and rule.after_tags:
                to_ask = False
                yield None
            yield rule
        if to_ask:
            yield None

    def _of_rule(self, rule: Rule) -> Decision:
        party = self.party(rule.owner)
        return Decision(
            rule.owner,
            rule.backup or party.backup or None,
            rule.channel or party.channel or None,
            str(rule),
            due=rule.due,
            rule=rule,
        )

    def _by_tag(self, tags: Tags) -> tuple[Decision | None, list[str], str]:
        """The owner that the nearest tag names, what was not read before it, and what is wrong with the tag."""
        assert self.keys is not None
        misses: list[str] = []
        for values, container in tags.layers():
            whose = f"{container.level} {container.name or container.uid}" if container else "the resource"
            if values is None:
                misses.append(f"{self.where}: not read: tag {self.keys.owner} of {whose}")
                continue
            name = values.get(self.keys.owner, "").strip()
            if not name:
                continue
            said = f"tag {self.keys.owner}={name} of {whose}"
            if self.parties and folded(name) not in self._folded:
                return None, misses, f"{self.where}: {said} names nobody in teams or people"
            owner = self._folded.get(folded(name), name)
            party = self.party(owner)
            backup = self._beside(tags, self.keys.backup) or party.backup
            channel = self._beside(tags, self.keys.channel) or party.channel
            return Decision(owner, backup or None, channel or None, f"{self.where}: {said}", due=self.due), misses, ""
        return None, misses, ""

    @staticmethod
    def _beside(tags: Tags, key: str) -> str:
        """The nearest known tag of a key; empty where there is none."""
        if not key:
            return ""
        return next((found for values, _ in tags.layers() if values and (found := values.get(key, "").strip())), "")

    def _made(self, decision: Decision, undecided: list[str], possible: set[str] | None, notice: str = "") -> Decision:
        """Equal decisions are one object, so that what hangs on them is made once."""
        others = None if possible is None else frozenset(possible)
        key = (decision.owner, decision.backup, decision.channel, decision.owned_by, *undecided, others, notice)
        if key not in self._decided:
            if len(self._decided) > MOST_REMEMBERED:
                self._decided.clear()
            self._decided[key] = Decision(
                decision.owner,
                decision.backup,
                decision.channel,
                decision.owned_by,
                tuple(undecided),
                decision.due,
                others,
                notice,
                decision.rule,
            )
        return self._decided[key]

    def party(self, name: str) -> Party:
        """What the tables say of a person or team."""
        return self.parties.get(self._folded.get(folded(name), name), _NOBODY)


MOST_REMEMBERED = 16_384
_NOBODY = Party()


def folded(name: str) -> str:
    """A name without what does not tell people apart."""
    return " ".join(name.split()).casefold()
