"""Compute Engine: machines, disks, snapshots and images.

https://cloud.google.com/compute/docs/reference/rest/v1
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from providers.gcp.changes import changed
from providers.gcp.documents import Binding, bindings
from providers.gcp.encryption import of_disk
from providers.gcp.labels import labelled
from providers.gcp.old_spellings import OLD_SPELLINGS
from providers.gcp.policy.language.policies import Node
from providers.gcp.policy.language.request import Resource as Asked
from providers.gcp.project import GcpProject
from providers.gcp.reach import above_or_not, allow_policy, known, named_in, policy_access
from providers.gcp.rest import GONE, gcp
from providers.gcp.roles import GcpPredefinedRole, role_uids
from scanner.access import Access
from scanner.facts import Answer, Fact, Relation, Relations, Unread, UnreadFact, derived
from scanner.kinds import Disk, DiskCopy, Machine
from scanner.model import Listing

PROJECT: Final = gcp("compute.projects.get")
INSTANCES: Final = gcp("compute.instances.aggregatedList")
DISKS: Final = gcp("compute.disks.aggregatedList")
SNAPSHOTS: Final = gcp("compute.snapshots.list")
SNAPSHOT_POLICY: Final = gcp("compute.snapshots.getIamPolicy", gone=GONE)
IMAGES: Final = gcp("compute.images.list")
IMAGE_POLICY: Final = gcp("compute.images.getIamPolicy", gone=GONE)

_ACCESS: Final = (
    ("accessConfigs", "natIP", "an address that it gets when it starts"),
    ("ipv6AccessConfigs", "externalIpv6", "an IPv6 address that it gets when it starts"),
)
_YES: Final = frozenset({"true", "y", "yes", "1"})
"""What metadata has for true, in any case: https://cloud.google.com/compute/docs/metadata/predefined-metadata-keys"""


def uid_of(item: Answer) -> str:
    """The full resource name, from the link that every object of Compute Engine has to itself.

    An object with old spellings is an unexpected one.
    https://cloud.google.com/asset-inventory/docs/asset-names
    """
    if old := OLD_SPELLINGS & item.keys():
        raise ValueError(f"{min(old)} is not how the API spells it")
    _, mark, path = f"/{item['selfLink']}".partition("/projects/")
    if not mark:
        raise ValueError(f"{item['selfLink']} names no project")
    return f"//compute.googleapis.com/projects/{path}"


def place_of(item: Answer) -> str:
    """The region that it lies in; a zone's name is its region's and a letter."""
    if "zone" in item:
        return str(item["zone"]).rpartition("/")[2].rpartition("-")[0]
    return str(item["region"]).rpartition("/")[2]


def of_kubernetes(item: Answer) -> bool:
    """Made by Kubernetes Engine for nodes of a cluster, which are judged with the cluster.

    Older nodes have no label; what else their metadata tells cannot be told of their disks.
    https://cloud.google.com/kubernetes-engine/docs/concepts/cluster-resource-labels
    """
    if "goog-gke-node" in item.get("labels", {}):
        return True
    names = {one.get("key") for one in item.get("metadata", {}).get("items", ())}
    return str(item["name"]).startswith("gke-") and {"kube-env", "cluster-name"} <= names


def _metadata(answer: Mapping[str, Any]) -> dict[str, str]:
    """The switches of the guest that metadata holds; other values may be secrets and are not kept."""
    names = ("block-project-ssh-keys", "enable-oslogin", "serial-port-enable")
    # Metadata without items has no member for them; answers have items without a value, and without anything at all.
    return {one["key"]: str(one.get("value", "")) for one in answer.get("items", ()) if one.get("key") in names}


def _addresses(item: Answer) -> tuple[str, ...] | None:
    """Addresses that the internet can reach; nothing where an answer tells of no interface, which every machine has.

    A stopped machine has its access configuration and gets an address when it starts.
    https://cloud.google.com/compute/docs/ip-addresses
    """
    if "networkInterfaces" not in item:
        return None
    told = [
        (access.get(name), words)
        for interface in item["networkInterfaces"]
        for member, name, words in _ACCESS
        for access in interface.get(member, ())
    ]
    return tuple(address or words for address, words in told)


def _boot_verified(item: Answer) -> bool:
    # Images that cannot do it have no such member: https://cloud.google.com/compute/shielded-vm/docs/shielded-vm
    shielded = item.get("shieldedInstanceConfig", {})
    return all(shielded.get(name, False) for name in ("enableSecureBoot", "enableVtpm", "enableIntegrityMonitoring"))


def _ready_made(item: Answer) -> bool:
    """Whether it acts as the account that Google makes with each project, which often may edit all of it.

    https://cloud.google.com/compute/docs/access/service-accounts#default_service_account
    """
    suffix = "-compute@developer.gserviceaccount.com"
    emails = [str(one["email"]) for one in item.get("serviceAccounts", ())]
    return any(email.endswith(suffix) and email.removesuffix(suffix).isdigit() for email in emails)


class GceInstance(Machine, type_id="gcp.compute.instance"):
    """A virtual machine. Nodes of Kubernetes Engine are Google's to set up; their cluster is judged instead."""

    listed = Listing(uid=uid_of, name="{name}", call=INSTANCES, region=place_of, provider_owned=of_kubernetes)
    last_change = changed()
    tags = labelled()
    told_addresses = Fact[tuple[str, ...] | None](
        "Addresses of its own that the internet can reach; nothing where its interfaces are not told."
    ).listed(_addresses)
    boot_verified = Machine.boot_verified.listed(_boot_verified)
    # Off where it is not told: https://cloud.google.com/vpc/docs/using-routes#canipforward
    forwards_packets = Machine.forwards_packets.listed(lambda item: item.get("canIpForward", False))
    ready_made_identity = Machine.ready_made_identity.listed(_ready_made)
    own_switches = Fact[dict[str, str]]("Switches of the guest in its own metadata.").listed(
        lambda item: _metadata(item.get("metadata", {}))
    )
    project_switches = Fact[dict[str, str]]("Switches of the guest in the project's metadata.").read(
        PROJECT, lambda a: _metadata(a["commonInstanceMetadata"])
    )

    @derived(reads=[told_addresses])
    def public_addresses(self) -> tuple[str, ...]:
        """Addresses of its own that the internet can reach."""
        told = self.told_addresses
        if told is None:
            raise UnreadFact(Unread("not-yet-known", detail="its network interfaces are not told"))
        return told

    @derived(reads=[own_switches, project_switches])
    def serial_console(self) -> bool:
        """Its serial console can be reached over the network.

        https://cloud.google.com/compute/docs/troubleshooting/troubleshooting-using-serial-console
        """
        return _is_on(self, "serial-port-enable")

    @derived(reads=[own_switches, project_switches])
    def account_wide_login(self) -> bool:
        """Keys of the project's metadata open it, as neither its own switch nor OS Login keeps them out.

        https://cloud.google.com/compute/docs/connect/restrict-ssh-keys
        https://cloud.google.com/compute/docs/oslogin
        """
        # Only the machine's own metadata can refuse the project's keys.
        blocked = self.own_switches.get("block-project-ssh-keys", "").lower() in _YES
        return not (blocked or _is_on(self, "enable-oslogin"))


def _is_on(machine: GceInstance, name: str) -> bool:
    """A switch; the machine's own value stands before the project's."""
    own = machine.own_switches.get(name)
    return (machine.project_switches.get(name, "") if own is None else own).strip().lower() in _YES


class GceDisk(Disk, type_id="gcp.compute.disk"):
    """A persistent disk."""

    listed = Listing(uid=uid_of, name="{name}", call=DISKS, region=place_of, provider_owned=of_kubernetes)
    last_change = changed()
    tags = labelled()
    # Always: https://cloud.google.com/compute/docs/disks/disk-encryption
    encryption = Disk.encryption.listed(lambda item: of_disk(item.get("diskEncryptionKey")))


class _Copy(DiskCopy):
    """What snapshots and images have in common."""

    project = Relation[GcpProject]("The project that it lies in.").listed("{scope.uid}")
    policy = Fact[tuple[Binding, ...]]("Who holds which role on it.")
    named_roles = Relations[GcpPredefinedRole]("Roles of Google's that are held on it.")


class GceSnapshot(_Copy, type_id="gcp.compute.snapshot"):
    """A snapshot of a disk."""

    listed = Listing(uid=uid_of, name="{name}", call=SNAPSHOTS)
    last_change = changed()
    tags = labelled()
    encryption = DiskCopy.encryption.listed(lambda item: of_disk(item.get("snapshotEncryptionKey")))
    policy = _Copy.policy.read(SNAPSHOT_POLICY, bindings)
    named_roles = _Copy.named_roles.read(SNAPSHOT_POLICY, role_uids)

    @derived(reads=[policy, named_roles / GcpPredefinedRole.held, _Copy.project / GcpProject.above])
    def access(self) -> Access:
        """Who outside the project can make a disk of it."""
        return _access(self, "snapshot")


class GceImage(_Copy, type_id="gcp.compute.image"):
    """An image of the project's own."""

    listed = Listing(uid=uid_of, name="{name}", call=IMAGES)
    last_change = changed()
    tags = labelled()
    encryption = DiskCopy.encryption.listed(lambda item: of_disk(item.get("imageEncryptionKey")))
    policy = _Copy.policy.read(IMAGE_POLICY, bindings)
    named_roles = _Copy.named_roles.read(IMAGE_POLICY, role_uids)

    @derived(reads=[policy, named_roles / GcpPredefinedRole.held, _Copy.project / GcpProject.above])
    def access(self) -> Access:
        """Who outside the project can make a disk of it."""
        return _access(self, "image")


def _access(copy: GceSnapshot | GceImage, sort: str) -> Access:
    upper = named_in(above_or_not(lambda: copy.project, copy.scope.account), lambda: copy.named_roles)
    name = f"projects/{copy.scope.account}/global/{sort}s/{copy.name}"
    service = "compute.googleapis.com"
    asked = Asked(name, f"{service}/{sort.title()}", service)
    own = Node(f"{sort} {copy.name}", allow_policy(known(lambda: copy.policy)))
    return policy_access(copy, upper, f"compute-{sort}", asked, own)
