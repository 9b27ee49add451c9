"""Machines with their interfaces and addresses, disks and snapshots."""

from __future__ import annotations

from typing import Any

import pytest

from providers.azure.compute import ManagedDisk, Snapshot, VirtualMachine
from scanner.facts import Answer, UnreadFact
from scanner.provider import AskFailed
from tests.providers.azure.kinds.desk import GROUP, SUBSCRIPTION, Answers, entry, listed, only, read, refused

NIC = "Microsoft.Network/networkInterfaces"
ADDRESS = "Microsoft.Network/publicIPAddresses"


def machine(**properties: Any) -> dict[str, Any]:
    # Azure spells one id in two ways; the listing of interfaces says `Prod`.
    interface = f"{GROUP}/providers/{NIC}/nic".upper().replace("/SUBSCRIPTIONS/", "/subscriptions/")
    return entry(
        "Microsoft.Compute/virtualMachines",
        "vm",
        networkProfile={"networkInterfaces": [{"id": interface}]},
        **properties,
    )


def interface(*, forwards: bool = False, address: bool = True) -> dict[str, Any]:
    configuration: dict[str, Any] = {"privateIPAddress": "10.0.0.4"}
    if address:
        configuration["publicIPAddress"] = {"id": f"{GROUP}/providers/{ADDRESS}/pip"}
    return entry(NIC, "nic", enableIPForwarding=forwards, ipConfigurations=[{"name": "a", "properties": configuration}])


def vm(item: dict[str, Any], *others: Answers) -> VirtualMachine:
    answers = {path: answer for one in others for path, answer in one.items()}
    return only(read({**listed("Microsoft.Compute/virtualMachines", item), **answers}, VirtualMachine), VirtualMachine)


def test_a_machine_has_the_addresses_of_its_interfaces() -> None:
    given = listed(ADDRESS, entry(ADDRESS, "pip", ipAddress="203.0.113.9"))
    assert vm(machine(), listed(NIC, interface()), given).public_addresses == ("203.0.113.9",)
    assert vm(machine(), listed(NIC, interface(address=False)), given).public_addresses == ()
    dynamic = listed(ADDRESS, entry(ADDRESS, "pip", publicIPAllocationMethod="Dynamic"))
    assert vm(machine(), listed(NIC, interface()), dynamic).public_addresses == ("pip, given when it starts",)


def test_an_interface_or_address_that_was_not_read_leaves_the_addresses_unknown() -> None:
    for others in ((), (listed(NIC, interface()),), (listed(NIC),)):
        with pytest.raises(UnreadFact):
            assert vm(machine(), *others).public_addresses


def test_forwarding_is_a_setting_of_the_interface() -> None:
    assert vm(machine(), listed(NIC, interface(forwards=True))).forwards_packets is True
    assert vm(machine(), listed(NIC, interface())).forwards_packets is False


SUBNET = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/net/subnets/front"


def unguarded(
    sku: str | None, *, on_interface: bool = False, on_subnet: bool = False, address: bool = True, net: bool = True
) -> tuple[str, ...]:
    guard = {"id": f"{GROUP}/providers/Microsoft.Network/networkSecurityGroups/guard"}
    card = interface(address=address)
    card["properties"]["ipConfigurations"][0]["properties"]["subnet"] = {"id": SUBNET.upper()}
    subnet = {"id": SUBNET, "properties": {"networkSecurityGroup": guard} if on_subnet else {}}
    if on_interface:
        card["properties"]["networkSecurityGroup"] = guard
    given = entry(ADDRESS, "pip", ipAddress="203.0.113.9") | ({} if sku is None else {"sku": {"name": sku}})
    network = entry("Microsoft.Network/virtualNetworks", "net", subnets=[subnet])
    networks = listed("Microsoft.Network/virtualNetworks", network) if net else {}
    return vm(machine(), listed(NIC, card), listed(ADDRESS, given), networks).unguarded_addresses


@pytest.mark.parametrize("sku", ["Basic", "basic", None])
def test_a_basic_address_without_a_security_group_lets_everything_in(sku: str | None) -> None:
    assert unguarded(sku) == ("203.0.113.9",)
    assert unguarded(sku, on_interface=True) == ()
    assert unguarded(sku, on_subnet=True) == ()
    assert unguarded(sku, address=False) == ()


@pytest.mark.parametrize("sku", ["Standard", "StandardV2"])
def test_a_newer_address_lets_nothing_in_until_a_security_group_does(sku: str) -> None:
    assert unguarded(sku) == ()
    assert unguarded(sku, net=False) == ()


def test_what_guards_the_subnet_is_not_guessed() -> None:
    assert unguarded("Basic", on_interface=True, net=False) == ()
    with pytest.raises(UnreadFact):
        unguarded("Basic", net=False)


@pytest.mark.parametrize(
    ("profile", "verified"),
    [
        (None, False),
        ({"securityType": "Standard"}, False),
        ({"securityType": "TrustedLaunch"}, False),
        ({"securityType": "TrustedLaunch", "uefiSettings": {"secureBootEnabled": True}}, False),
        ({"securityType": "TrustedLaunch", "uefiSettings": {"secureBootEnabled": True, "vTpmEnabled": True}}, True),
        ({"securityType": "ConfidentialVM", "uefiSettings": {"secureBootEnabled": True, "vTpmEnabled": True}}, True),
        ({"uefiSettings": {"secureBootEnabled": True, "vTpmEnabled": True}}, False),
    ],
)
def test_boot_is_verified_by_trusted_launch_with_both_its_parts(profile: dict[str, Any] | None, verified: bool) -> None:
    assert vm(machine(**({} if profile is None else {"securityProfile": profile}))).boot_verified is verified


@pytest.mark.parametrize(
    ("profile", "accepted"),
    [
        ({"linuxConfiguration": {"disablePasswordAuthentication": True}}, False),
        ({"linuxConfiguration": {"disablePasswordAuthentication": False}}, True),
        ({"linuxConfiguration": {}}, True),
        ({"windowsConfiguration": {}}, True),
    ],
)
def test_passwords_are_accepted_unless_linux_was_told_otherwise(profile: dict[str, Any], accepted: bool) -> None:
    assert vm(machine(osProfile=profile)).password_login is accepted


def test_what_a_ready_made_disk_accepts_is_not_known() -> None:
    with pytest.raises(UnreadFact):
        assert vm(machine()).password_login


def disk(**properties: Any) -> ManagedDisk:
    type_ = "Microsoft.Compute/disks"
    return only(read(listed(type_, entry(type_, "disk", **properties)), ManagedDisk), ManagedDisk)


@pytest.mark.parametrize(
    ("properties", "exportable"),
    [
        ({}, True),
        ({"networkAccessPolicy": "AllowAll"}, True),
        ({"networkAccessPolicy": "AllowAll", "publicNetworkAccess": "Disabled"}, False),
        ({"networkAccessPolicy": "AllowPrivate"}, False),
        ({"networkAccessPolicy": "DenyAll"}, False),
    ],
)
def test_a_disk_can_be_fetched_unless_its_network_policy_refuses(properties: dict[str, Any], exportable: bool) -> None:
    assert disk(**properties).exportable is exportable


def test_an_unheard_of_policy_is_not_guessed() -> None:
    with pytest.raises(UnreadFact):
        assert disk(networkAccessPolicy="AllowSome").exportable


@pytest.mark.parametrize(
    ("properties", "holder"),
    [
        ({}, "provider-managed"),
        ({"encryption": {"type": "EncryptionAtRestWithPlatformKey"}}, "provider-managed"),
        ({"encryption": {"type": "EncryptionAtRestWithCustomerKey", "diskEncryptionSetId": "/S"}}, "customer-managed"),
        ({"encryption": {"type": "EncryptionAtRestWithPlatformAndCustomerKeys"}}, "customer-managed"),
        ({"encryptionSettingsCollection": {"enabled": True}}, "customer-managed"),
    ],
)
def test_a_disk_is_always_encrypted_and_says_with_whose_key(properties: dict[str, Any], holder: str) -> None:
    found = disk(**properties)
    assert found.encryption.key == holder


def test_a_snapshot_cannot_be_shared_but_may_be_fetched() -> None:
    type_ = "Microsoft.Compute/snapshots"
    found = only(read(listed(type_, entry(type_, "copy", networkAccessPolicy="AllowAll")), Snapshot), Snapshot)
    assert not Snapshot.answers("access")
    assert found.exportable is True


@pytest.mark.parametrize(
    ("by", "owned"),
    [
        (None, False),
        (f"{GROUP}/providers/Microsoft.Compute/virtualMachines/vm", False),
        (f"{GROUP}/providers/Microsoft.Databricks/workspaces/w", True),
    ],
)
def test_a_disk_that_a_service_runs_is_azures(by: str | None, owned: bool) -> None:
    type_ = "Microsoft.Compute/disks"
    item = entry(type_, "disk") | ({} if by is None else {"managedBy": by}) | {"location": "West Europe"}
    [found] = read(listed(type_, item), ManagedDisk).of(ManagedDisk)
    assert found.region == "westeurope"
    assert found.identity.provider_owned is owned


CLUSTER = f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/shop"
GROUP_OF_NODES = {"id": f"/subscriptions/{SUBSCRIPTION}/resourceGroups/Prod", "name": "Prod", "location": "westeurope"}


@pytest.mark.parametrize(
    ("groups", "owned"),
    [
        ({"value": [GROUP_OF_NODES]}, False),
        (
            {
                "value": [
                    {**GROUP_OF_NODES, "managedBy": f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/c"}
                ]
            },
            True,
        ),
        ({"value": []}, None),
        (refused(), None),
    ],
)
def test_what_lies_in_a_group_that_a_service_made_is_azures(groups: Answer | AskFailed, owned: bool | None) -> None:
    machines, disks = "Microsoft.Compute/virtualMachines", "Microsoft.Compute/disks"
    answers = {
        **listed(machines, entry(machines, "node", networkProfile={"networkInterfaces": []})),
        **listed(disks, entry(disks, "volume")),
        f"/subscriptions/{SUBSCRIPTION}/resourcegroups": groups,
    }
    estate = read(answers, VirtualMachine, ManagedDisk)
    [node] = estate.of(VirtualMachine)
    assert node.identity.provider_owned is (owned is True)
    assert (node.identity.owner_unread is None) is (owned is not None)
    # A disk among a cluster's nodes may be a volume of the customer's.
    [volume] = estate.of(ManagedDisk)
    assert not volume.identity.provider_owned
    assert volume.identity.owner_unread is None
