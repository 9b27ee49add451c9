"""Machines that start whatever they find."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Machine


@check("machine-boot-unverified", severity="medium", reads=[Machine.boot_verified])
def boot_unverified(machine: Machine) -> Reasons:
    """A machine starts signed software only, and can prove what it started.

    Whoever gets administrator's rights once can put code in before the operating system, where no agent sees it and no
    new installation removes it. A verified start refuses such code, and its measurements tell that it was tried.

    Fix: switch secure boot, the virtual TPM and integrity monitoring on; the machine is stopped for it, and unsigned
    drivers no longer load. On Azure: `az vm update --name NAME --resource-group GROUP --security-type TrustedLaunch
    --enable-secure-boot true --enable-vtpm true`. On Google Cloud: `gcloud compute instances update NAME --zone ZONE
    --shielded-secure-boot --shielded-vtpm --shielded-integrity-monitoring`.

    References:
    https://learn.microsoft.com/azure/virtual-machines/trusted-launch
    https://cloud.google.com/compute/shielded-vm/docs/shielded-vm
    """
    if not machine.boot_verified:
        yield Reason("it may start unsigned software, or cannot prove what it started")


boot_unverified.passes(Machine.given(boot_verified=True))
boot_unverified.fails(Machine.given(boot_verified=False))
boot_unverified.unknown(Machine.given(boot_verified=Unread.denied("compute.instances.list")))
