"""Which ARNs an action is likely to be asked for, so that a witness looks like a request that somebody makes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from providers.aws.policy.reference.authorization import authorization

_MOST_SHAPES: Final = 4
_SOMETHING: Final = "?*"
_USUAL: Final = (("${Partition}", "aws"), ("${Region}", "us-east-1"), ("${Account}", "111122223333"))


@lru_cache(maxsize=5_000)
def likely_resources(action: str) -> tuple[str, ...]:
    """Patterns of ARNs, the likeliest first; `*` is for actions that act on no resource."""
    return tuple(dict.fromkeys(_patterns(action)))


def _patterns(action: str) -> Iterator[str]:
    service, _, operation = action.partition(":")
    known = authorization().services.get(service.lower())
    types = known.types.values() if known is not None else ()
    shapes = [one.arn for one in types if any(operation in names.split() for names in one.levels.values())]
    if known is not None and not shapes:
        yield "*"
    likely = sorted(shapes, key=lambda shape: (len(shape), shape))[:_MOST_SHAPES]
    if not likely:
        likely = ["${Partition}:".join(("arn:", f"{service.lower()}:${{Region}}:${{Account}}:${{Resource}}"))]
    for shape in likely:
        text = shape
        for variable, usual in _USUAL:
            text = text.replace(variable, usual)
        yield _loose(text)
    yield from map(_loose, likely)
    yield "arn:aws:?*:*:*:?*"
    yield "*"


def _loose(shape: str) -> str:
    """The shape with anything for its variables."""
    start, *rest = shape.split("${")
    return start + "".join(_SOMETHING + piece.partition("}")[2] for piece in rest)
