"""What to do, cut by cloud: general words, and what stands behind a cloud's title."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

_MARKER = re.compile(r"(?:^|(?<=\. ))On ([^:.`]{1,60}): ")


class Passage(NamedTuple):
    """Some words of a fix, in one paragraph."""

    title: str
    """The cloud's that they are for; empty for all."""
    said: str
    """As they stand there, the cloud's title in front of them included."""

    @property
    def words(self) -> str:
        """Without the title."""
        return self.said.removeprefix(f"On {self.title}: ").strip()


def passages(paragraph: str, titles: Collection[str] | None = None) -> Iterator[Passage]:
    """A paragraph's passages in their order, the general words first, of which there may be none.

    A sentence that begins with `On TITLE: `, and those after it in its paragraph, belong to that cloud. Without
    `titles`, whatever stands there is taken for a cloud's: a cloud alone does not know how the others are called.
    """
    starts = [each for each in _MARKER.finditer(paragraph) if titles is None or each.group(1) in titles]
    ends = [*(each.start() for each in starts), len(paragraph)]
    yield Passage("", paragraph[: ends[0]])
    for each, end in zip(starts, ends[1:], strict=True):
        yield Passage(each.group(1), paragraph[each.start() : end])


def of_cloud(fix: str, title: str, titles: Collection[str] | None = None) -> str:
    """The general words of a fix and those of one cloud; all of it where that leaves nothing."""
    return "\n\n".join(filter(None, (_cut(part, title, titles) for part in fix.split("\n\n")))) or fix


def _cut(paragraph: str, title: str, titles: Collection[str] | None) -> str:
    own = (each.said for each in passages(paragraph, titles) if each.title in ("", title))
    return "".join(own).rstrip()
