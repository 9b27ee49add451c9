"""Machines that a password lets in."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Machine


@check("machine-password-login", severity="medium", reads=[Machine.password_login])
def password_login(machine: Machine) -> Reasons:
    """A machine lets people in by keys or directory identities, not by passwords.

    Passwords of machines are tried by the thousand, day and night, from everywhere that reaches the port. People set
    the same one on all machines, so that the first that is guessed opens the rest.

    Fix: make machines with keys or directory login only. On Azure: the setting is made once: `az vm create --name NAME
    --resource-group GROUP --image IMAGE --authentication-type ssh --generate-ssh-keys`. On a machine that exists set
    PasswordAuthentication to no in the SSH server's settings, delete the password, and write an exception that says so,
    for the stored setting stays.

    References:
    https://learn.microsoft.com/azure/virtual-machines/linux/create-ssh-keys-detailed
    https://learn.microsoft.com/entra/identity/devices/howto-vm-sign-in-azure-ad-linux
    """
    if machine.password_login:
        yield Reason("it was made to accept passwords from the network")


password_login.passes(Machine.given(password_login=False))
password_login.fails(Machine.given(password_login=True))
password_login.unknown(Machine.given(password_login=Unread.denied("Microsoft.Compute/virtualMachines/read")))
