"""Cloud Logging: sinks, which decide where entries of the log go.

https://cloud.google.com/logging/docs/routing/overview
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from providers.gcp.log_filter.matching import Entry, takes_in
from providers.gcp.log_filter.records import administrative
from providers.gcp.log_filter.syntax import Unreadable, parse
from providers.gcp.rest import gcp
from scanner.facts import Answer, Fact, Unread, UnreadFact, derived
from scanner.kinds import AuditTrail
from scanner.kinds.logging import Recorded
from scanner.model import Listing
from scanner.ternary import all_of, any_of, invert

_BUCKET: Final = "storage.googleapis.com/"


class Taken(msgspec.Struct, frozen=True):
    """What a sink takes in."""

    filter: str
    """Empty where everything is."""
    left_out: tuple[str, ...] = ()
    """Filters of its exclusions that are in force."""
    children: bool = False
    """Entries of all nodes below, too."""


def _taken(item: Answer) -> Taken:
    """Absent members are empty or false.

    https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.sinks#LogSink
    """
    left_out = (one["filter"] for one in item.get("exclusions", ()) if not one.get("disabled", False))
    return Taken(item.get("filter", ""), tuple(left_out), item.get("includeChildren", False))


def _bucket(item: Answer) -> str | None:
    destination = str(item["destination"])
    return f"//{destination}" if destination.startswith(_BUCKET) else None


def _watched_by(item: Answer) -> str | None:
    """A log bucket, a table or a topic gets each entry as it comes; a bucket of files gets them by the hour.

    https://cloud.google.com/logging/docs/export/storage
    """
    destination = str(item["destination"])
    return None if destination.startswith(_BUCKET) else destination


def _made_by_google(item: Answer) -> bool:
    return bool(item["name"] == "_Required")


class _Sink(AuditTrail):
    """What sinks have in common, wherever they are.

    The log of administrative activity is always written and can neither be switched off nor filtered: the sink
    `_Required`, which nobody can change, keeps it for 400 days. So a record of all that is done is never missing on
    Google Cloud, and the check for that passes; it is the sinks of the customer's that can fall short, and each is
    judged by what it takes in. `all` means all administrative activity. Reads are recorded, or not, by the service
    that is read; that is a fact of the project (`reads_recorded`) and no sink's.
    https://cloud.google.com/logging/docs/audit#admin-activity
    https://cloud.google.com/logging/docs/routing/overview#required-sink
    """

    active = AuditTrail.active.listed(lambda item: not item.get("disabled", False))
    # Logs are of no region: a sink takes in what any region writes.
    everywhere = AuditTrail.everywhere.listed(lambda _: True)
    watched_by = AuditTrail.watched_by.listed(_watched_by)
    stores_in = AuditTrail.stores_in.listed(_bucket)
    taken = Fact[Taken]("Which entries it takes in.").listed(_taken)

    @derived(reads=[taken])
    def management_events(self) -> Recorded:
        """How much of the log of administrative activity it takes in; not known for filters that we cannot read."""
        node = self.uid.removeprefix("//logging.googleapis.com/").partition("/sinks/")[0]
        try:
            answers = {_takes(self.taken, entry) for entry in _entries(node, self.taken)}
        except Unreadable as problem:
            raise UnreadFact(Unread("not-yet-known", detail=f"what its filter takes in: {problem}")) from None
        if answers == {True}:
            return "all"
        return "none" if answers == {False} else "some"


def _entries(node: str, taken: Taken) -> Iterator[Entry]:
    yield administrative(node)
    if taken.children:
        yield administrative("projects/any-project-below")


def _takes(taken: Taken, entry: Entry) -> bool | None:
    left_out = any_of(takes_in(parse(text), entry) for text in taken.left_out)
    return all_of((takes_in(parse(taken.filter), entry), invert(left_out)))


class GcpSink(_Sink, type_id="gcp.logging.sink"):
    """A sink of a project."""

    listed = Listing(
        uid="//logging.googleapis.com/projects/{scope.account}/sinks/{name}",
        name="{name}",
        call=gcp("logging.projects.sinks.list"),
        provider_owned=_made_by_google,
    )


class GcpFolderSink(_Sink, type_id="gcp.logging.folder_sink"):
    """A sink of a folder, for the folder alone or for all below it."""

    listed = Listing(
        uid="//logging.googleapis.com/{scope.account}/sinks/{name}",
        name="{name}",
        call=gcp("logging.folders.sinks.list"),
        provider_owned=_made_by_google,
        level="folder",
    )


class GcpOrganizationSink(_Sink, type_id="gcp.logging.organization_sink"):
    """A sink of an organization, for the organization alone or for all below it."""

    listed = Listing(
        uid="//logging.googleapis.com/{scope.account}/sinks/{name}",
        name="{name}",
        call=gcp("logging.organizations.sinks.list"),
        provider_owned=_made_by_google,
        level="organization",
    )
