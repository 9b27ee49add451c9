"""What a rule or an exception is about: which findings it matches, and what was not read where that is open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from scanner.accountability.form import Form, called
from scanner.accountability.known import Known
from scanner.accountability.place import Place, Tags
from scanner.accountability.texts import Globs, Texts, covers
from scanner.finding import Finding, Subject
from scanner.responsibility.model import Row
from scanner.ternary import Ternary


class Match(Row, frozen=True):
    """What has to hold of a finding; all that is named has to. Upper and lower case differ."""

    duty: Globs = ()
    layer: Globs = ()
    check: Globs = ()
    provider: Globs = ()
    region: Globs = ()
    type: Globs = ()
    """The type of the resource."""
    scope: Globs = ()
    """Something that it lies in: the name, the uid, the account's id, or names from the outside in, joined by `/`."""
    name: Globs = ()
    uid: Globs = ()
    tags: Mapping[str, Globs] = msgspec.field(default_factory=dict)
    """The resource's own tags; those of the nearest thing that it lies in where it has no such key."""
    finding: Globs = ()
    """Ids of findings, whole."""

    def named(self) -> dict[str, Globs]:
        """What it names, by field; tags as `tag KEY`."""
        fields = {name: getattr(self, name) for name in self.__struct_fields__ if name != "tags"}
        tags = {f"tag {key}": globs for key, globs in self.tags.items()}
        return {name: globs for name, globs in {**fields, **tags}.items() if globs != ()}


Fixed = tuple[str, str, str, str, str, str]
"""What many findings have in common: check, duty, layer, provider, region and type."""


def fixed_of(finding: Finding) -> Fixed:
    """What a finding has in common with many."""
    owed, subject = finding.responsibility, finding.resource
    return finding.check, owed.duty, owed.layer, subject.provider, subject.region, subject.type


_FIXED = ("check", "duty", "layer", "provider", "region", "type")
_OWN = ("finding", "uid", "name")


class Matcher:
    """A match, made ready to be asked often."""

    def __init__(self, match: Match) -> None:
        self.texts = {name: Texts(globs) for name, globs in match.named().items()}
        self._fixed = [(place, self.texts[name]) for place, name in enumerate(_FIXED) if name in self.texts]
        self._scope = self.texts.get("scope")
        self._tags = [(key, self.texts[f"tag {key}"]) for key in match.tags]
        self.keys = tuple(match.tags)
        self.single = any(name in self.texts for name in _OWN)
        """Whether it asks for what is one resource's or one finding's own."""
        self._uid, self._name = self.texts.get("uid"), self.texts.get("name")
        self._finding = self.texts.get("finding")
        self.names_whole = next(
            (exact for name in _OWN if name in self.texts and (exact := self.texts[name].exact) is not None), None
        )
        """Ids, uids or names of which it asks for one, where none of them stands for others."""
        self.needles = next((self.texts[name].needles for name in _OWN if name in self.texts), ())
        """Texts of which one stands in the id, uid or name of what it holds of; none where it asks for none of them."""

    def __str__(self) -> str:
        shown = {name: str(texts) for name, texts in self.texts.items()}
        return ", ".join(
            f"{name}={text}" if name.startswith("tag ") else f"{name} {text}" for name, text in shown.items()
        )

    def may_hold(self, fixed: Fixed) -> bool:
        """Whether what many findings have in common leaves it open that it holds."""
        return all(texts.match(fixed[place]) for place, texts in self._fixed)

    def holds(self, finding: Finding, place: Place, tags: Tags) -> Ternary:
        """Whether it holds of a finding for which it may; None where a fact that was not read decides it."""
        subject = finding.resource
        if not (
            (self._finding is None or self._finding.match(finding.id))
            and (self._uid is None or self._uid.match(subject.uid))
            and (self._name is None or self._name.match(subject.name))
        ):
            return False
        answer: Ternary = True if self._scope is None else place.inside(self._scope)
        if answer is False:
            return False
        for key, values in self._tags:
            has = tags.has(key, values)
            if has is False:
                return False
            answer = answer and has
        return answer

    def unread(self, subject: Subject, place: Place, tags: Tags) -> str:
        """What has to be read to know whether it holds."""
        missing = []
        if self._scope is not None and place.inside(self._scope) is None:
            missing.append(f"what {subject.account} lies in")
        missing += [f"the tag {key}" for key, values in self._tags if tags.has(key, values) is None]
        return " and ".join(missing)

    def each(self, finding: Finding, place: Place, tags: Tags) -> Iterator[tuple[Ternary, str]]:
        """Whether each condition holds, with words for why it does not."""
        subject = finding.resource
        own = dict(zip(_FIXED, fixed_of(finding), strict=True))
        own |= {"finding": finding.id, "uid": subject.uid, "name": subject.name}
        for name, texts in self.texts.items():
            if name in own:
                yield texts.match(own[name]), f"its {name} is {own[name]}, not {texts}"
            elif name == "scope":
                yield place.inside(texts), f"it does not lie in {texts}"
            else:
                yield tags.has(name.removeprefix("tag "), texts), f"its {name} is not {texts}"

    def covers(self, other: Matcher) -> bool:
        """Whether it surely holds wherever another does."""
        return all(
            name in other.texts
            and all(any(covers(mine, theirs) for mine in texts.all) for theirs in other.texts[name].all)
            for name, texts in self.texts.items()
        )


def check_match(form: Form, match: Match | None, known: Known, place: str) -> bool:
    """Whether something is matched at all; unknown names and empty patterns are noted."""
    if match is None or not match.named():
        if form.is_blamed(place):
            return False
        form.blame(
            place,
            f"{called(place)} matches nothing in particular: name a duty, a check, a scope ...; `duty: '*'` is all",
        )
        return False
    for name, globs in match.named().items():
        key = name.removeprefix("tag ")
        at = f'{place}.tags["{key}"]' if name != key else f"{place}.{name}"
        patterns = (globs,) if isinstance(globs, str) else globs
        if any(not pattern.strip() for pattern in patterns):
            form.blame(at, f"{name} is empty in {called(place)}: write what it has to be, or leave it out")
    for what, names in (
        ("duty", known.duties),
        ("layer", known.layers),
        ("check", known.checks),
        ("provider", known.providers),
    ):
        form.named(
            getattr(match, what), names, what, f"{place}.{what}", f"see: ourside {what}s" if what == "check" else ""
        )
    return True
