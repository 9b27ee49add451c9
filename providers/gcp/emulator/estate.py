"""What stands in an estate file: a tree of organization, folders and projects, with resources as Google answers them.

Bodies are kept as they are written. What a file leaves out is left out of the answers: nothing is filled in.
"""

from __future__ import annotations

from typing import Any

import msgspec

Body = dict[str, Any]
"""JSON as on the wire."""


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A resource, and the IAM policy that is set on it."""

    body: Body
    iam: Body | None = None
    """Nothing where none was ever set: the API then answers with an etag alone."""


class Project(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A project, what is switched on in it, and what stands in it."""

    body: Body
    """As version 3 of the Resource Manager answers."""
    iam: Body
    services: tuple[str, ...]
    """APIs that are enabled, such as `compute.googleapis.com`."""
    deny: tuple[Body, ...] = ()
    policies: tuple[Body, ...] = ()
    """Organisation policies that are set here, without `name`, with `constraint`."""
    resources: dict[str, tuple[Entry, ...]] = {}
    """By kind, such as `storage.buckets`; see `kinds.py`."""


class Folder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A folder and what is in it."""

    body: Body
    iam: Body
    deny: tuple[Body, ...] = ()
    policies: tuple[Body, ...] = ()
    resources: dict[str, tuple[Entry, ...]] = {}
    folders: tuple[Folder, ...] = ()
    projects: tuple[Project, ...] = ()


class Organization(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The organization and what is in it."""

    body: Body
    iam: Body
    deny: tuple[Body, ...] = ()
    policies: tuple[Body, ...] = ()
    resources: dict[str, tuple[Entry, ...]] = {}
    folders: tuple[Folder, ...] = ()
    projects: tuple[Project, ...] = ()


class Principal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who can get a token here."""

    email: str
    unique_id: str
    project: str
    """Id of the project that its requests are counted on where an API is asked by nobody's project."""
    permissions: dict[str, tuple[str, ...]]
    """By node (`organizations/1`, `folders/2`, `projects/id`): globs over permissions, inherited downwards."""
    impersonated_by: tuple[str, ...] = ()
    """Emails of those who may make tokens for it."""


class Estate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that an emulated Google Cloud knows."""

    principals: tuple[Principal, ...]
    """The first is the scanner."""
    organization: Organization
    zones: tuple[str, ...]
    """Zones that Compute Engine names in aggregated lists, also where they are empty."""
    constraints: tuple[Body, ...]
    """Constraints of organisation policies that exist, each with the `default` spec that holds where nothing is set."""
    roles: tuple[Body, ...]
    """Predefined roles."""
    copies: int = 0
    """So many more projects like the first one of the organization; `{copy}` in its bodies is their number."""
