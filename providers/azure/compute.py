"""Virtual machines, disks and snapshots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from providers.azure import ids
from providers.azure.arm import arm
from providers.azure.changes import changed
from providers.azure.endpoint import NetworkRules, answers_anyone
from providers.azure.gaps import untold
from providers.azure.groups import in_group
from providers.azure.network import NetworkInterface, PublicAddress
from providers.azure.policy.given.fields import Fields
from providers.azure.policy.given.network import switch
from providers.azure.tags import tagged
from scanner.facts import Answer, Fact, Relations, derived
from scanner.kinds import Disk, DiskCopy, Encryption, Machine
from scanner.kinds.software import Updates
from scanner.model import Listing

MACHINES = arm("Microsoft.Compute/virtualMachines")
DISKS = arm("Microsoft.Compute/disks")
SNAPSHOTS = arm("Microsoft.Compute/snapshots")

_EXPORT_ALLOWED: Final = {"allowall": True, "allowprivate": False, "denyall": False}
_PLATFORM_KEY: Final = "EncryptionAtRestWithPlatformKey"

Patching: TypeAlias = Literal["azure", "guest", "nobody", "untold"]
"""Azure; the guest itself, as its settings stand; nobody unless asked; or nothing is told beside its image."""
_PATCHING: Final[Mapping[str, Patching]] = {
    "AutomaticByPlatform": "azure",
    "AutomaticByOS": "guest",
    "Manual": "nobody",
    "ImageDefault": "untold",
}


def _verified(item: Answer) -> bool:
    # No profile is the standard type, which verifies nothing:
    # https://learn.microsoft.com/azure/virtual-machines/trusted-launch
    profile = item["properties"].get("securityProfile") or {}
    firmware = profile.get("uefiSettings") or {}
    trusted = profile.get("securityType") in ("TrustedLaunch", "ConfidentialVM")
    return trusted and bool(firmware.get("secureBootEnabled")) and bool(firmware.get("vTpmEnabled"))


def _password_login(item: Answer) -> bool | None:
    # No operating system profile: made from a disk that had an operating system already. Windows is made with a
    # password; Linux accepts one unless told otherwise.
    # https://learn.microsoft.com/rest/api/compute/virtual-machines/list-all
    profile = item["properties"].get("osProfile") or {}
    if profile.get("windowsConfiguration") is not None:
        return True
    linux = profile.get("linuxConfiguration")
    return None if linux is None else linux.get("disablePasswordAuthentication") is not True


def _patching(item: Answer) -> Patching:
    """Who installs patches of the guest, as it was set when it was made or since.

    https://learn.microsoft.com/azure/virtual-machines/automatic-vm-guest-patching
    """
    profile = item["properties"].get("osProfile") or {}
    windows, linux = profile.get("windowsConfiguration"), profile.get("linuxConfiguration")
    mode = ((windows or linux or {}).get("patchSettings") or {}).get("patchMode")
    if mode is not None:
        return _PATCHING[mode]
    if windows is None:
        return "untold"
    # True unless told otherwise: https://learn.microsoft.com/rest/api/compute/virtual-machines/create-or-update
    return "guest" if windows.get("enableAutomaticUpdates", True) else "nobody"


def _identities(item: Answer) -> tuple[str, ...]:
    # Absent where it has none; its own one, those that it was given, or both:
    # https://learn.microsoft.com/rest/api/compute/virtual-machines/list-all
    identity = item.get("identity") or {}
    given = (identity.get("userAssignedIdentities") or {}).values()
    return tuple(one["principalId"].lower() for one in (identity, *given) if one.get("principalId"))


class VirtualMachine(Machine, type_id="azure.compute.vm"):
    """A virtual machine, with its interfaces and their public addresses."""

    listed = in_group(MACHINES)
    last_change = changed()
    tags = tagged()
    interfaces = Relations[NetworkInterface]("Its network interfaces.").listed(
        lambda item: tuple(ids.uid(one) for one in item["properties"]["networkProfile"]["networkInterfaces"])
    )
    identities = Fact[tuple[str, ...]]("Principals that it acts as, in small letters.").listed(_identities)
    boot_verified = Machine.boot_verified.listed(_verified)
    password_profile = Fact[bool | None](
        "It was made to accept passwords; nothing where its disk came with an operating system."
    ).listed(_password_login)

    patching = Fact[Patching]("Who installs patches of its operating system.").listed(_patching)

    @derived(reads=[patching])
    def updates(self) -> Updates:
        """How patches of its operating system arrive."""
        who = self.patching
        if who == "untold":
            untold("its image decides how its operating system is patched, which Azure does not know")
        return "manual" if who == "nobody" else "automatic"

    @derived(reads=[password_profile])
    def password_login(self) -> bool:
        """Its operating system was made to accept passwords from the network."""
        accepts = self.password_profile
        if accepts is None:
            untold("its disk came with an operating system, whose settings Azure does not know")
        return accepts

    @derived(reads=[interfaces / NetworkInterface.public_addresses / PublicAddress.address])
    def public_addresses(self) -> tuple[str, ...]:
        """Addresses of its own that the internet can reach; one that is not given yet stands by its name."""
        return tuple(
            one.address or f"{one.name}, given when it starts"
            for interface in self.interfaces
            for one in interface.public_addresses
        )

    @derived(
        reads=[
            interfaces / NetworkInterface.guarded,
            interfaces / NetworkInterface.public_addresses / PublicAddress.open_by_default,
            interfaces / NetworkInterface.public_addresses / PublicAddress.address,
        ]
    )
    def unguarded_addresses(self) -> tuple[str, ...]:
        """Addresses of its own at which the internet reaches every port, because no security group says otherwise."""
        found: list[str] = []
        for interface in self.interfaces:
            addresses = [one for one in interface.public_addresses if one.open_by_default]
            if addresses and not interface.guarded:
                found += (one.address or f"{one.name}, given when it starts" for one in addresses)
        return tuple(found)

    @derived(reads=[interfaces / NetworkInterface.forwards])
    def forwards_packets(self) -> bool:
        """One of its interfaces may pass on traffic that is meant for others.

        https://learn.microsoft.com/azure/virtual-network/virtual-network-network-interface#enable-or-disable-ip-forwarding
        """
        return any(interface.forwards for interface in self.interfaces)


def _encryption(item: Answer) -> Encryption:
    """Managed disks and their snapshots are always encrypted; guest encryption adds a key from the customer's vault.

    https://learn.microsoft.com/azure/virtual-machines/disk-encryption
    https://learn.microsoft.com/azure/virtual-machines/disk-encryption-overview
    """
    properties = item["properties"]
    server_side = properties.get("encryption") or {}  # answers of older api-versions leave it out
    in_guest = properties.get("encryptionSettingsCollection") or {}
    confidential = (properties.get("securityProfile") or {}).get("securityType")
    own = (server_side.get("type") or _PLATFORM_KEY) != _PLATFORM_KEY
    if own or in_guest.get("enabled") or confidential == "ConfidentialVM_DiskEncryptedWithCustomerKey":
        key_set = server_side.get("diskEncryptionSetId")
        return Encryption("customer-managed", "AES256", key_set.lower() if key_set else None)
    return Encryption("provider-managed", "AES256")


def _export_rules(item: Answer) -> NetworkRules:
    # Nothing stored is AllowAll; publicNetworkAccess stops the public endpoint even so:
    # https://learn.microsoft.com/azure/virtual-machines/disks-restrict-import-export-overview
    given = Fields(item)
    policy = given.text("networkAccessPolicy", "AllowAll").casefold()
    if policy not in _EXPORT_ALLOWED:
        given.refuse("networkAccessPolicy", "must be AllowAll, AllowPrivate or DenyAll")
    endpoint = switch(given)
    if endpoint == "perimeter":
        given.refuse("publicNetworkAccess", "must be Enabled or Disabled: no network security perimeter takes disks in")
    return NetworkRules(endpoint, _EXPORT_ALLOWED[policy])


class ManagedDisk(Disk, type_id="azure.compute.disk"):
    """A managed disk."""

    # In the group of an AKS cluster's nodes lie the disks of persistent volumes, too, which hold the customer's data.
    # https://learn.microsoft.com/azure/aks/concepts-storage#persistent-volumes
    listed = Listing(uid=ids.uid, name="{name}", call=DISKS, region=ids.region, provider_owned=ids.run_by_another)
    last_change = changed()
    tags = tagged()
    encryption = Disk.encryption.listed(_encryption)
    network = Fact[NetworkRules]("From where it can be fetched with a signed link.").listed(_export_rules)

    @derived(reads=[network])
    def exportable(self) -> bool:
        """Its content can be fetched over the internet with a signed link."""
        return answers_anyone(self.network.access(self.uid, "the disk"))


class Snapshot(DiskCopy, type_id="azure.compute.snapshot"):
    """A snapshot of a managed disk.

    It cannot be published or shared: whoever makes a disk of it holds a role on it, and roles are judged where they are
    assigned. https://learn.microsoft.com/azure/virtual-machines/snapshot-copy-managed-disk
    """

    listed = Listing(uid=ids.uid, name="{name}", call=SNAPSHOTS, region=ids.region, provider_owned=ids.run_by_another)
    last_change = changed()
    tags = tagged()
    encryption = DiskCopy.encryption.listed(_encryption)
    network = Fact[NetworkRules]("From where it can be fetched with a signed link.").listed(_export_rules)

    @derived(reads=[network])
    def exportable(self) -> bool:
        """Its content can be fetched over the internet with a signed link."""
        return answers_anyone(self.network.access(self.uid, "the snapshot"))
