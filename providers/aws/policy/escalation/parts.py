"""What a way takes, over many targets at once: each part says where it holds, and proves it for any one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from providers.aws.policy.escalation.oracle import Possible


class Part(msgspec.Struct, frozen=True):
    """Where a thing holds, surely and perhaps, as bits over the targets, and the answers behind it."""

    yes: int
    maybe: int
    proof: Callable[[int], tuple[Possible, ...]]


def everywhere(answers: Sequence[Possible], targets: int) -> Part:
    """A part that does not depend on the target: all the answers together."""
    proof = tuple(answers)
    if any(answer.answer is False for answer in proof):
        return Part(0, 0, lambda _: proof)
    if any(answer.answer is None for answer in proof):
        return Part(0, targets, lambda _: proof)
    return Part(targets, 0, lambda _: proof)


def both(parts: Sequence[Part]) -> Part:
    """Where all hold."""
    yes = open_ = -1
    for part in parts:
        yes &= part.yes
        open_ &= part.yes | part.maybe
    kept = tuple(parts)
    return Part(yes, open_ & ~yes, lambda index: tuple(a for part in kept for a in part.proof(index)))


def either(parts: Sequence[Part]) -> Part:
    """Where one holds."""
    yes = open_ = 0
    for part in parts:
        yes |= part.yes
        open_ |= part.maybe
    kept = tuple(parts)

    def proof(index: int) -> tuple[Possible, ...]:
        sure = next((part for part in kept if part.yes >> index & 1), None)
        unsure = next((part for part in kept if part.maybe >> index & 1), kept[0])
        return (sure or unsure).proof(index)

    return Part(yes, open_ & ~yes, proof)


def moved(part: Part, onto: Sequence[int]) -> Part:
    """The part over other targets: `onto` says, for each place of the old ones, which new ones it stands for."""
    yes = maybe = 0
    for index, mask in enumerate(onto):
        if part.yes >> index & 1:
            yes |= mask
        elif part.maybe >> index & 1:
            maybe |= mask
    maybe &= ~yes

    def proof(target: int) -> tuple[Possible, ...]:
        wanted = part.yes if yes >> target & 1 else part.maybe
        source = next(i for i, mask in enumerate(onto) if mask >> target & 1 and wanted >> i & 1)
        return part.proof(source)

    return Part(yes, maybe, proof)


def masked(part: Part, keep: int) -> Part:
    """The part on some of the targets only."""
    return Part(part.yes & keep, part.maybe & keep, part.proof)
