"""A check's fix by cloud: general words, and what stands behind a cloud's title."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec

_MARKER = re.compile(r"(?:^|(?<=\. ))On ([^:.`]{1,60}): ")


class Step(msgspec.Struct, frozen=True):
    """Some words of a fix."""

    cloud: str
    """The provider that they are for; empty for all."""
    text: str


def steps_of(fix: str, clouds: Mapping[str, str]) -> Iterator[Step]:
    """The words in their order. A sentence that begins `On TITLE: `, and those after it, belong to that cloud."""
    providers = {title: provider for provider, title in clouds.items()}
    for paragraph in fix.split("\n\n"):
        starts = [each for each in _MARKER.finditer(paragraph) if each.group(1) in providers]
        ends = [*(each.start() for each in starts), len(paragraph)]
        if general := paragraph[: ends[0]].strip():
            yield Step("", general)
        for each, end in zip(starts, ends[1:], strict=True):
            text = paragraph[each.end() : end].strip()
            yield Step(providers[each.group(1)], text[:1].upper() + text[1:])
