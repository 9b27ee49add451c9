"""Machines whose console is on the network."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Machine


@check("machine-serial-console", severity="medium", reads=[Machine.serial_console])
def serial_console(machine: Machine) -> Reasons:
    """The serial console of a machine cannot be reached over the network.

    The console takes connections from any address: firewall rules and the machine's own SSH settings do not count
    there. Whoever holds a key that the machine knows gets a login that no network control sees.

    Fix: switch it off where no repair is going on. On Google Cloud: `gcloud compute instances add-metadata NAME --zone
    ZONE --metadata serial-port-enable=FALSE`, and for all machines of the project `gcloud compute project-info
    add-metadata --metadata serial-port-enable=FALSE`; the constraint compute.disableSerialPortAccess keeps it off.

    References:
    https://cloud.google.com/compute/docs/troubleshooting/troubleshooting-using-serial-console
    """
    if machine.serial_console:
        yield Reason("its serial console takes connections over the network")


serial_console.passes(Machine.given(serial_console=False))
serial_console.fails(Machine.given(serial_console=True))
serial_console.unknown(Machine.given(serial_console=Unread.denied("compute.instances.list")))
