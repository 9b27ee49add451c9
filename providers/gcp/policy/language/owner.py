"""Who owns a resource: the own project, its organization's projects, domains and pools."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec

from providers.gcp.policy.language.pools import Pool
from scanner.facts import Unread


class Owner(msgspec.Struct, frozen=True):
    """What is known to be the owner's."""

    project: str
    domains: tuple[str, ...] = ()
    """Domains of the organization, in lower case."""
    projects: Collection[str] = ()
    """Ids of the organization's projects, the own one included."""
    numbers: Collection[str] = ()
    """Numbers of projects that are known to be the owner's; none where no number is known."""
    customers: tuple[str, ...] = ()
    """Ids of the own Google Workspace accounts."""
    pools: Mapping[str, Pool] = {}
    """Pools of the own project by id."""
    more: bool = False
    """Whether the organization may have more projects than those."""
    missing: Unread | None = None
    """Why they are not all known."""

    def owns_project(self, project: str) -> bool | None:
        """Whether a project, by id or number, is the owner's; None where that cannot be told."""
        if project in self.projects or project in self.numbers:
            return True
        return None if self.more or not self.projects or (project.isdigit() and not self.numbers) else False
