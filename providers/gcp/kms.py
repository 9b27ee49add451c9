"""Cloud KMS: key rings in locations, and the keys in them.

https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings.cryptoKeys
"""

from __future__ import annotations

from typing import Final

from providers.gcp.changes import changed
from providers.gcp.documents import Binding, bindings
from providers.gcp.labels import labelled
from providers.gcp.policy.language.policies import Node
from providers.gcp.policy.language.request import Resource as Asked
from providers.gcp.project import GcpProject
from providers.gcp.reach import above_or_not, allow_policy, known, named_in, policy_access
from providers.gcp.rest import GONE, gcp
from providers.gcp.roles import GcpPredefinedRole, role_uids
from scanner.access import Access
from scanner.facts import Answer, Fact, Relation, Relations, Unread, UnreadFact, derived
from scanner.kinds import Key
from scanner.model import Listing, Resource

LOCATIONS: Final = gcp("cloudkms.projects.locations.list")
RINGS: Final = gcp("cloudkms.projects.locations.keyRings.list")
RING_POLICY: Final = gcp("cloudkms.projects.locations.keyRings.getIamPolicy", gone=GONE)
KEYS: Final = gcp("cloudkms.projects.locations.keyRings.cryptoKeys.list")
KEY_POLICY: Final = gcp("cloudkms.projects.locations.keyRings.cryptoKeys.getIamPolicy", gone=GONE)

_DAY: Final = 86400


def _days(duration: str) -> float:
    """Days of a duration such as `7776000s`."""
    if not duration.endswith("s"):
        raise ValueError(f"{duration!r} is no duration")
    return float(duration[:-1]) / _DAY


def _last(item: Answer) -> str:
    return str(item["name"]).rpartition("/")[2]


def _location(item: Answer) -> str:
    return str(item["name"]).split("/")[3]


def _turns(item: Answer) -> bool:
    """Whether Google can replace it by itself: a symmetric key whose material Google makes.

    https://cloud.google.com/kms/docs/key-rotation#automatic_rotation
    """
    outside = item.get("versionTemplate", {}).get("protectionLevel") in ("EXTERNAL", "EXTERNAL_VPC")
    return item["purpose"] == "ENCRYPT_DECRYPT" and not outside and not item.get("importOnly", False)


class KmsLocation(Resource, kind="key-location", type_id="gcp.kms.location"):
    """A place that has Cloud KMS; there is no list of key rings that spans places."""

    listed = Listing(
        uid="//cloudkms.googleapis.com/{name}",
        name="{locationId}",
        call=LOCATIONS,
        region=lambda item: item["locationId"],
    )


class KmsKeyRing(Resource, kind="key-ring", type_id="gcp.kms.key_ring"):
    """A key ring; its policy is its keys' too."""

    listed = Listing(
        uid="//cloudkms.googleapis.com/{name}", name=_last, call=RINGS, parent=KmsLocation, region=_location
    )
    policy = Fact[tuple[Binding, ...]]("Who holds which role on it and its keys.").read(RING_POLICY, bindings)
    named_roles = Relations[GcpPredefinedRole]("Roles of Google's that are held on it.").read(RING_POLICY, role_uids)


class KmsKey(Key, type_id="gcp.kms.crypto_key"):
    """A key."""

    listed = Listing(uid="//cloudkms.googleapis.com/{name}", name=_last, call=KEYS, parent=KmsKeyRing, region=_location)
    last_change = changed()
    tags = labelled()
    project = Relation[GcpProject]("The project that it lies in.").listed("{scope.uid}")
    ring = Relation[KmsKeyRing]("The key ring that it lies in.").listed(
        lambda item: "//cloudkms.googleapis.com/" + item["name"].partition("/cryptoKeys/")[0]
    )
    purpose = Fact[str]("What it is for, such as `ENCRYPT_DECRYPT`.").listed(lambda item: item["purpose"])
    turns = Fact[bool]("Google can replace it by itself.").listed(_turns)
    # Keys that are used by version, pairs for one, have no primary: https://cloud.google.com/kms/docs/key-states
    primary_state = Fact[str | None](
        "State of the version in use; nothing where no version stands for the key."
    ).listed(lambda item: item["primary"]["state"] if "primary" in item else None)
    period = Fact[float | None]("Days after which a new version is made; nothing where none is.").listed(
        lambda item: _days(item["rotationPeriod"]) if "rotationPeriod" in item else None
    )
    kept_days = Fact[float | None](
        "Days between the order to destroy a version and its end; nothing where not told."
    ).listed(lambda item: _days(item["destroyScheduledDuration"]) if "destroyScheduledDuration" in item else None)
    policy = Fact[tuple[Binding, ...]]("Who holds which role on it.").read(KEY_POLICY, bindings)
    named_roles = Relations[GcpPredefinedRole]("Roles of Google's that are held on it.").read(KEY_POLICY, role_uids)

    @derived(reads=[primary_state, purpose])
    def enabled(self) -> bool:
        """It can be used.

        https://cloud.google.com/kms/docs/key-states
        """
        if self.primary_state is not None:
            return self.primary_state == "ENABLED"
        if self.purpose == "ENCRYPT_DECRYPT":
            return False  # without a primary version nothing can be encrypted with it
        raise UnreadFact(_untold("it has no version that stands for it; which of its versions can be used is not read"))

    @derived(reads=[period, turns])
    def rotates_every(self) -> float | None:
        """Days after which it is replaced by itself.

        https://cloud.google.com/kms/docs/key-rotation
        """
        if self.turns:
            return self.period
        raise UnreadFact(_untold("keys of its sort are replaced by hand; whether somebody does is not told"))

    @derived(reads=[kept_days])
    def recoverable_days(self) -> float:
        """Days in which its deletion can be undone.

        https://cloud.google.com/kms/docs/destroy-restore
        """
        if self.kept_days is None:
            raise UnreadFact(_untold("Google's default has changed over the years, and the key does not tell its own"))
        return self.kept_days

    @derived(
        reads=[
            policy,
            named_roles / GcpPredefinedRole.held,
            ring / KmsKeyRing.policy,
            ring / KmsKeyRing.named_roles / GcpPredefinedRole.held,
            project / GcpProject.above,
        ]
    )
    def access(self) -> Access:
        """Who outside the project can use it, by its policy and those above it."""
        upper = named_in(above_or_not(lambda: self.project, self.scope.account), lambda: self.named_roles)
        upper = named_in(upper, lambda: _ring_of(self).named_roles)
        path = self.identity.path
        service = "cloudkms.googleapis.com"
        asked = Asked(path, f"{service}/CryptoKey", service)
        ring_name = path.partition("/cryptoKeys/")[0].rpartition("/")[2]
        ring = Node(f"key ring {ring_name}", allow_policy(known(lambda: _ring_of(self).policy)))
        own = Node(f"key {self.name}", allow_policy(known(lambda: self.policy)))
        return policy_access(self, upper, "kms-key", asked, ring, own)


def _ring_of(key: KmsKey) -> KmsKeyRing:
    ring = key.ring
    if ring is None:
        raise UnreadFact(_untold("its key ring is not told"))
    return ring


def _untold(why: str) -> Unread:
    return Unread("not-yet-known", detail=why)
