"""Object storage."""

from __future__ import annotations

from scanner.access import Access
from scanner.facts import Fact
from scanner.kinds.encryption import Encryption
from scanner.model import Resource


class Bucket(Resource, kind="bucket"):
    """A container of objects with a policy of its own."""

    access = Fact[Access]("Who outside the account can reach the bucket and what it holds.")
    public_access_prevented = Fact[bool](
        "A switch of its own or of its account refuses public access, whatever else says."
    )
    acls_disabled = Fact[bool]("Lists of grants on single objects are switched off, so that policy alone decides.")
    encrypted = Fact[bool]("New objects are encrypted at rest, whoever holds the key.")
    encryption = Fact[Encryption]("How new objects are encrypted at rest, and who holds the key.")
    tls_only = Fact[bool]("Requests without TLS are refused.")
    versioned = Fact[bool]("Overwritten and deleted objects are kept as older versions.")
    retention_locked = Fact[bool]("New objects cannot be deleted or overwritten before a retention time has passed.")
    access_logged = Fact[bool]("Requests for objects are written to a log.")
    old_tls_refused = Fact[bool]("Requests with TLS older than 1.2 are refused.")
    open_endpoint = Fact[bool]("Its endpoint answers any network of the internet, whatever is then asked for.")
    deletion_undone = Fact[bool]("Deleted objects can be brought back for some days.")
    account_keys_accepted = Fact[bool]("Requests that are signed with the storage's own shared keys are accepted.")
