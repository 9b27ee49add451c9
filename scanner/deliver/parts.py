"""Sending a batch in requests that a sink takes: cut where they are too large, and around an event that it refuses.

What it promises: an event is `sent` only if a request that held it was taken; what is not known is told to be tried
again; and an event is refused only where it stood alone. Where many are refused alone and none was taken, no event is
to blame, and the sink as a whole is said to be wrong: nobody has to send all of them again once it is put right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from scanner.deliver.http import Answer, Unanswered
from scanner.deliver.redirect import redirect_words
from scanner.deliver.sink import SENT, Outcome, SinkError

Verdict = Literal["taken", "again", "divide", "broken"]

AGAIN = frozenset({408, 409, 425, 429})
MOST_ALONE = 8
"""Events that may be refused alone while none was taken."""
BROKEN = frozenset({401, 402, 403, 404, 405, 407, 410})
"""What no event is to blame for, and what does not pass by itself: the token, a right or the URL is wrong."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """An event as a sink sends it."""

    uid: str
    octets: bytes


@dataclass(frozen=True, slots=True)
class Divide:
    """A request was refused for its size, or for one of its events."""

    why: str
    culprit: int | None = None
    """Which of them it may be, where the sink says. It is tried alone, so that a sink that counts otherwise does no
    harm."""


Said = Sequence[Outcome] | Outcome | Divide
"""What became of each; of all of them; or that it is not known yet."""
Post = Callable[[Sequence[Parcel]], Said]
"""Makes one request. SinkError where the sink takes nothing; Unanswered where nobody knows."""


def verdict_on(status: int) -> Verdict:
    """What the status of an answer means for the events of its request.

    https://www.rfc-editor.org/rfc/rfc9110#name-status-codes; a 409 is a request that is still being worked on:
    https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header-07#section-2.7
    """
    if 200 <= status < 300:
        return "taken"
    if status in AGAIN or status >= 500:
        return "again"
    return "broken" if status in BROKEN or 300 <= status < 400 else "divide"


def said_by(answer: Answer, words: str) -> Said:
    """What an answer says of all events of its request, by its status; SinkError where the sink as a whole is wrong."""
    match verdict_on(answer.status):
        case "taken":
            return SENT
        case "again":
            return Outcome("again", words, answer.after)
        case "divide":
            return Divide(words)
        case "broken":
            leads_elsewhere = 300 <= answer.status < 400
            raise SinkError(f"{words}: {redirect_words(answer.headers)}" if leads_elsewhere else words, lasting=True)


def in_parts(parcels: Sequence[Parcel], octets: int, items: int, around: int, post: Post) -> list[Outcome]:
    """What became of each, in their order. SinkError where nothing of it was taken or refused.

    `octets`, `items`: the most in one request; `around`: octets that it puts around each. What alone is larger is
    tried all the same. After the first that is to be tried again, the rest waits too.
    """
    outcomes: dict[int, Outcome] = {}
    alone = 0
    waiting = list(_groups(parcels, octets, items, around))
    while waiting:
        # Single events last: what is taken before tells whether an event is to blame, or the sink.
        group = max(waiting, key=len)
        waiting.remove(group)
        try:
            said = post([parcels[index] for index in group])
        except Unanswered as unknown:
            said = Outcome("again", str(unknown))
        except SinkError as error:
            if not outcomes:
                raise
            said = Outcome("again", error.message, error.after)
        if isinstance(said, Divide):
            if len(group) > 1:
                waiting.extend(_halves(group, said.culprit))
                continue
            alone += 1
            if alone == MOST_ALONE and alone == len(outcomes) + 1:
                raise SinkError(f"every event is refused: {said.why}", lasting=True)
            said = Outcome("refused", said.why)
        told = [said] * len(group) if isinstance(said, Outcome) else said
        outcomes.update(zip(group, told, strict=True))
        wait = next((outcome for outcome in told if outcome.state == "again"), None)
        if wait is not None:
            outcomes.update((index, wait) for rest in waiting for index in rest)
            break
    return [outcomes[index] for index in range(len(parcels))]


def _groups(parcels: Sequence[Parcel], octets: int, items: int, around: int) -> Iterator[list[int]]:
    group: list[int] = []
    size = 0
    for index, parcel in enumerate(parcels):
        own = len(parcel.octets) + around
        if group and (len(group) == items or size + own > octets):
            yield group
            group, size = [], 0
        group.append(index)
        size += own
    if group:
        yield group


def _halves(group: list[int], culprit: int | None) -> list[list[int]]:
    if culprit is not None and 0 <= culprit < len(group):
        return [group[culprit : culprit + 1], group[:culprit] + group[culprit + 1 :]]
    middle = len(group) // 2
    return [group[:middle], group[middle:]]
