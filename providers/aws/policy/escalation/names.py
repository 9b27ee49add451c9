"""Names that a principal may give to what it creates: one of its own, and one for each pattern of its policies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from providers.aws.policy.concrete.evaluate import matches_resource, resource_pattern
from providers.aws.policy.concrete.glob import ANYTHING, MANY, Pattern, is_fixed, matches, meet, split, wildcard
from providers.aws.policy.language.tree import Version

FRESH: Final = "chosen-by-the-caller"
REGION: Final = "us-east-1"


class Names:
    """Concrete resources of a form. Remembers what it found, as accounts repeat few patterns."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, Version], str | None] = {}

    def candidates(self, form: str, texts: Iterable[tuple[str, Version]]) -> Iterator[str]:
        """A resource of the form that no pattern names, and one for each pattern that meets the form."""
        fresh = _fresh(form)
        yield fresh
        if "*" not in form or form == "*":
            return
        seen = {fresh}
        for text, version in dict.fromkeys(texts):
            key = (form, text, version)
            if key not in self._found:
                self._found[key] = _shared(form, text, version)
            name = self._found[key]
            if name is not None and name not in seen:
                seen.add(name)
                yield name


def region_of(arn: str) -> str:
    """The region part of an ARN; empty where there is none."""
    parts = arn.split(":", 5)
    return parts[3] if len(parts) == 6 else ""


def _fresh(form: str) -> str:
    parts = form.split(":", 5)
    if len(parts) < 6:
        return form
    parts[3] = REGION if parts[3] == "*" else parts[3]
    return ":".join(part.replace("*", FRESH) for part in parts)


def _shared(form: str, text: str, version: Version) -> str | None:
    """A resource that the form and the pattern share; nothing if there is none, or a variable has a say in it."""
    pattern = resource_pattern(text, version)
    if pattern is None or all(token is MANY for token in pattern):
        return None
    wanted = split(pattern, ":", 6)
    wanted += [ANYTHING] * (6 - len(wanted))
    parts: list[str] = []
    for place, (asked, given) in enumerate(zip(form.split(":", 5), wanted, strict=True)):
        part = _part(asked, given, REGION if place == 3 else FRESH)
        if part is None:
            return None
        parts.append(part)
    name = ":".join(parts)
    return name if matches_resource(pattern, name) else None


def _part(asked: str, given: Pattern, own: str) -> str | None:
    """A text that both take: the form's own, the pattern's own, a fresh one, or the shortest."""
    if "*" not in asked:
        return asked if matches(given, asked) else None
    fresh = asked.replace("*", own)
    if matches(given, fresh):
        return fresh
    language = wildcard(asked.replace("*", "?*"))
    if is_fixed(given):
        text = "".join(str(token) for token in given)
        return text if matches(language, text) else None
    return meet(language, given)
