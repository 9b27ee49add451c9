"""A question that was understood, with what is needed to answer it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any

import msgspec

from providers.gcp.emulator import refusals
from providers.gcp.emulator.discovery.routes import Match
from providers.gcp.emulator.estate import Body, Principal
from providers.gcp.emulator.refusals import Refused
from providers.gcp.emulator.world import Found, Node, World


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One question to one API."""

    world: World
    match: Match
    query: dict[str, str]
    """A parameter that was sent more than once has its values on lines of their own."""
    body: Body
    principal: Principal
    page: int | None
    """Largest page whatever was asked; for tests of paging."""

    @property
    def id(self) -> str:
        """The method, as in the discovery document."""
        return self.match.route.id

    @property
    def service(self) -> str:
        """The API, such as `compute`."""
        return self.id.partition(".")[0]

    @property
    def relative(self) -> str:
        """The path behind the version, with the ids of projects in place of numbers."""
        parts = self.match.relative.split("/")
        if parts[0] == "projects" and len(parts) > 1 and (node := self.world.node("/".join(parts[:2]))):
            parts[1] = node.id
        return "/".join(parts)

    def node(self) -> Node | None:
        """The node that is asked about, by path or by query."""
        first, _, rest = self.match.relative.partition("/")
        if self.id == "logging.entries.list":
            return self.world.node(next(iter(self.body.get("resourceNames", ())), ""))
        if first in ("projects", "folders", "organizations") and rest:
            return self.world.node(f"{first}/{rest.partition('/')[0]}")
        if first == "b":
            return self.world.buckets.get(rest.partition("/")[0]) if rest else self._named("projects/", "project")
        if first == "policies":
            return self.world.node(self.match.values[0].partition("/")[2])
        return self._named("", "parent") or self._named("", "parentId")

    def _named(self, prefix: str, parameter: str) -> Node | None:
        return self.world.node(prefix + self.query[parameter]) if parameter in self.query else None

    def whole_node(self) -> Node:
        """The node, which must exist."""
        node = self.node()
        if node is None:
            raise Refused(refusals.not_found(self.service, self.relative))
        return node

    def resource(self, kind: str, address: str | None = None) -> Found:
        """The resource of a kind that the path names."""
        wanted = self.relative if address is None else address
        for found in self.whole_node().resources(kind):
            if found.address == wanted:
                return found
        raise Refused(refusals.not_found(self.service, wanted))

    def paged(self, items: Sequence[Any], largest: int, usual: int | None = None) -> tuple[Sequence[Any], str | None]:
        """A page of the items, and the token of the next one."""
        size = self.page or self._size(largest, usual or largest)
        start = self._start()
        end = start + size
        return items[start:end], (self.token(end) if end < len(items) else None)

    def _size(self, largest: int, usual: int) -> int:
        text = self.query.get("pageSize") or self.query.get("maxResults") or "0"
        if not text.isdigit():
            raise Refused(refusals.invalid(self.service, f"Invalid value '{text}' for the size of a page."))
        return min(int(text) or usual, largest)

    def token(self, start: int) -> str:
        """An opaque token; it is good for this list only."""
        return base64.urlsafe_b64encode(f"{start}|{self.match.relative}".encode()).decode()

    def start(self) -> int:
        """Where the page that is asked for begins."""
        return self._start()

    def _start(self) -> int:
        token = self.query.get("pageToken")
        if not token:
            return 0
        try:
            start, _, of = base64.urlsafe_b64decode(token).decode().partition("|")
        except (binascii.Error, UnicodeDecodeError):
            start, of = "", ""
        if not start.isdigit() or of != self.match.relative:
            raise Refused(refusals.invalid(self.service, "The page token is invalid."))
        return int(start)


def absent(asked: Asked, what: str) -> Refused:
    """What is raised for a thing that is not there."""
    return Refused(refusals.not_found(asked.service, what))
