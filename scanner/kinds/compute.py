"""Machines, the disks they run from, and what disks are copied to."""

from __future__ import annotations

from scanner.access import Access
from scanner.facts import Fact
from scanner.kinds.encryption import Encryption
from scanner.kinds.software import Software
from scanner.model import Resource


class Machine(Software, kind="machine"):
    """A virtual machine whose operating system the customer runs."""

    public_addresses = Fact[tuple[str, ...]]("Addresses of its own that the internet can reach.")
    boot_verified = Fact[bool]("It starts only software that is signed, and can prove what it started.")
    forwards_packets = Fact[bool]("It may pass on traffic that is meant for others.")
    password_login = Fact[bool]("Its operating system was made to accept passwords from the network.")
    serial_console = Fact[bool]("Its serial console can be reached over the network.")
    ready_made_identity = Fact[bool]("It acts as an identity that the provider made for all machines of the account.")
    account_wide_login = Fact[bool]("Whoever may log in to all machines of the account may log in to it.")


class Disk(Resource, kind="disk"):
    """A block device."""

    encryption = Fact[Encryption]("How it is encrypted at rest, and who holds the key.")
    exportable = Fact[bool]("Its content can be fetched over the internet with a signed link.")


class DiskCopy(Resource, kind="disk-copy"):
    """A snapshot of a disk, or an image that disks are made from."""

    access = Fact[Access]("Who outside the account can make a disk of it.")
    encryption = Fact[Encryption]("How it is encrypted at rest, and who holds the key.")
    exportable = Fact[bool]("Its content can be fetched over the internet with a signed link.")
