"""The part of an estate file about whose things are: the organisation above the account, and what happened lately."""

import msgspec


class _Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An item of the file; a word that it does not know is an error."""


class Unit(_Item, frozen=True, kw_only=True):
    """An organisational unit."""

    id: str
    name: str


class Organization(_Item, frozen=True, kw_only=True):
    """The organisation that the account lies in; `units` are those above the account, the outermost first."""

    id: str
    management: str
    """The management account."""
    root: str = "r-acme"
    units: tuple[Unit, ...] = ()
    tags: dict[str, str] = {}
    """Of the account."""


class Event(_Item, frozen=True, kw_only=True):
    """Something that CloudTrail recorded; `resources` are types with names, such as `AWS::S3::Bucket acme-archive`."""

    name: str
    source: str
    days_ago: float
    by: str | None
    """Such as `user/alice` or `assumed-role/Deploy/alice`; nothing where a service did it by itself."""
    region: str = "us-east-1"
    reads: bool = False
    resources: tuple[str, ...] = ()
    error: str | None = None
    """The code with which it was refused."""
