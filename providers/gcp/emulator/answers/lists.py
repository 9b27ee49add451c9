"""Lists and single resources, the same way for every API: what stands at a path, in pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from providers.gcp.emulator import refusals
from providers.gcp.emulator.answers.asked import Asked
from providers.gcp.emulator.estate import Body
from providers.gcp.emulator.refusals import Refused
from providers.gcp.emulator.world import Found

Answerer = Callable[[Asked], Body]
Shown = Callable[[Asked, Body], Body]


def whole(asked: Asked, body: Body) -> Body:
    """A resource as it is."""
    del asked
    return body


def listed(
    kind: str,
    member: str,
    *,
    largest: int,
    usual: int | None = None,
    envelope: Callable[[Asked], Body] | None = None,
    total: bool = False,
    shown: Shown = whole,
    wanted: Callable[[Asked, Found], bool] | None = None,
    anywhere: bool = False,
) -> Answerer:
    """A list method. Its member is left out when there is nothing to list, as proto JSON does.

    `anywhere` says that `-` stands for all locations, which few methods know.
    """

    def answer(asked: Asked) -> Body:
        collection = asked.relative
        if "/-/" in collection and not anywhere:
            raise Refused(refusals.invalid(asked.service, f"The location of {collection} is not one."))
        found = [
            thing
            for thing in asked.whole_node().resources(kind)
            if _stands_in(thing.address, collection)
            and thing.body.get("location") not in asked.world.lost
            and (wanted is None or wanted(asked, thing))
        ]
        page, token = asked.paged(found, largest, usual)
        body: Body = envelope(asked) if envelope else {}
        if page:
            body[member] = [shown(asked, thing.body) for thing in page]
        if token:
            body["nextPageToken"] = token
        if total and found:
            body["totalSize"] = len(found)
        return body

    return answer


def got(kind: str, shown: Shown = whole) -> Answerer:
    """A get method."""
    return lambda asked: shown(asked, asked.resource(kind).body)


def _stands_in(address: str, collection: str) -> bool:
    """True when a resource is in a collection whose path may have `-` for anything."""
    there, asked = address.split("/")[:-1], collection.split("/")
    return len(there) == len(asked) and all(part in (where, "-") for part, where in zip(asked, there, strict=True))


def compute_envelope(kind: str) -> Callable[[Asked], Body]:
    """What Compute Engine says of a list before its items."""

    def made(asked: Asked) -> Body:
        link = f"https://www.googleapis.com/compute/v1/{asked.relative}"
        return {"kind": f"compute#{kind}", "id": asked.relative, "selfLink": link}

    return made


def said(**members: Any) -> Callable[[Asked], Body]:
    """An envelope that is always the same."""
    return lambda asked: dict(members)
