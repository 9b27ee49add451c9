"""What runs on software that somebody has to patch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from scanner.facts import Fact
from scanner.model import Resource

Updates: TypeAlias = Literal["automatic", "manual", "unsupported"]
"""How patches arrive: put in place without anybody asking; there, and waiting for somebody; no more are made."""


class Software(Resource, kind="software"):
    """What runs on an operating system, an engine or a runtime that needs patches."""

    updates = Fact[Updates]("How patches of the operating system, engine or runtime beneath it arrive.")


class Function(Software, kind="function"):
    """Code that the provider starts when it is called."""

    tags = Fact[Mapping[str, str]]("Its tags or labels, by name.")


class Workload(Software, kind="workload"):
    """Containers that the provider starts and keeps running."""

    tags = Fact[Mapping[str, str]]("Its tags or labels, by name.")


class NodePool(Software, kind="node-pool"):
    """Machines of one sort that are the nodes of a cluster."""

    tags = Fact[Mapping[str, str]]("Its tags or labels, by name.")
