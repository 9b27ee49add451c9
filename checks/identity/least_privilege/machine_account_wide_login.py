"""Machines that every key of the account opens."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Machine


@check("machine-account-wide-login", severity="low", reads=[Machine.account_wide_login])
def account_wide_login(machine: Machine) -> Reasons:
    """A login is given for a machine, not for all machines of the account.

    A key that is stored for the whole project opens each machine in it, those of tomorrow too. One laptop that is lost
    is then the login to all of them, and nobody remembers whose keys are in the list.

    Fix: let the provider's login service decide by roles, or refuse the keys of the project on this machine. On Google
    Cloud: `gcloud compute project-info add-metadata --metadata enable-oslogin=TRUE`, or `gcloud compute instances
    add-metadata NAME --zone ZONE --metadata block-project-ssh-keys=TRUE`.

    References:
    https://cloud.google.com/compute/docs/oslogin/set-up-oslogin
    https://cloud.google.com/compute/docs/connect/restrict-ssh-keys
    """
    if machine.account_wide_login:
        yield Reason("keys that are stored for the whole account log in to it")


account_wide_login.passes(Machine.given(account_wide_login=False))
account_wide_login.fails(Machine.given(account_wide_login=True))
account_wide_login.unknown(Machine.given(account_wide_login=Unread.denied("compute.instances.list")))
