"""What is scanned as one, and what it lies in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec


class Container(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that resources lie in: an organisation, a folder, an account, a group of resources."""

    level: str
    """What it is among the provider's containers, in the provider's word: `organization`, `folder`, `account` ..."""
    uid: str
    name: str = ""
    tags: Mapping[str, str] | None = None
    """Its own tags or labels; None where they were not read."""


class Span(msgspec.Struct, frozen=True):
    """From when to when something was read."""

    began: datetime
    ended: datetime


class Scope(msgspec.Struct, frozen=True):
    """What is scanned as one: an account, a subscription, a project."""

    provider: str
    partition: str
    account: str
    uid: str
    name: str = ""
    regions: tuple[str, ...] = ()
    """Regions that regional kinds are listed in."""
    restricted: bool = False
    """Whether the regions were chosen, so that resources elsewhere are left out."""
    level: str = ""
    """What it is among the provider's containers, where there are several sorts; kinds are listed at one level."""
    within: tuple[Container, ...] = ()
    """What it lies in, the outermost first; none where that was not read."""
    tags: Mapping[str, str] | None = None
    """Its own tags or labels; None where they were not read."""
    placed: bool = False
    """Whether all that it lies in was read; else `within` has a part of it, or nothing."""
    unplaced: str = ""
    """Why it is not known what it lies in, or what its tags are; empty where both are known."""
