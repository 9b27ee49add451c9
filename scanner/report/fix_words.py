"""What to do, cut to one cloud: general words, and what stands behind the cloud's title."""

from __future__ import annotations

import re
from collections.abc import Collection

_MARKER = re.compile(r"(?:^|(?<=\. ))On ([^:.`]{1,60}): ")


def of_cloud(fix: str, title: str, titles: Collection[str] | None = None) -> str:
    """The general words of a fix and those of one cloud; all of it where that leaves nothing.

    A sentence that begins with `On TITLE: `, and those after it in its paragraph, belong to that cloud. Without
    `titles`, whatever stands there is taken for a cloud's: a cloud alone does not know how the others are called.
    """
    return "\n\n".join(filter(None, (_cut(part, title, titles) for part in fix.split("\n\n")))) or fix


def _cut(paragraph: str, title: str, titles: Collection[str] | None) -> str:
    starts = [each for each in _MARKER.finditer(paragraph) if titles is None or each.group(1) in titles]
    ends = [*(each.start() for each in starts), len(paragraph)]
    own = (paragraph[each.start() : end] for each, end in zip(starts, ends[1:], strict=True) if each.group(1) == title)
    return "".join((paragraph[: ends[0]], *own)).rstrip()
