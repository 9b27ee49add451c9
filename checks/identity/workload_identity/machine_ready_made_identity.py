"""Machines that share the account's ready-made identity."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Machine


@check("machine-ready-made-identity", severity="high", reads=[Machine.ready_made_identity])
def ready_made_identity(machine: Machine) -> Reasons:
    """A machine acts as an identity that was made for its task.

    The identity that the provider makes for all machines is the same on each of them, and in many projects it may
    change nearly everything. A flaw in one web page on one machine then hands out its token, and with it the project.

    Fix: make an identity for the task, grant it what the task needs, and give it to the machine, which is stopped for
    it. On Google Cloud: `gcloud iam service-accounts create NAME`, then `gcloud compute instances set-service-account
    MACHINE --zone ZONE --service-account EMAIL --scopes cloud-platform`, or `--no-service-account --no-scopes` where it
    calls no API.

    References:
    https://cloud.google.com/compute/docs/access/service-accounts
    https://cloud.google.com/iam/docs/best-practices-service-accounts
    """
    if machine.ready_made_identity:
        yield Reason("it acts as the identity that the provider made for all machines of the account")


ready_made_identity.passes(Machine.given(ready_made_identity=False))
ready_made_identity.fails(Machine.given(ready_made_identity=True))
ready_made_identity.unknown(Machine.given(ready_made_identity=Unread.denied("compute.instances.list")))
