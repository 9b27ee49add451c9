"""Keys without an end."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Key
from scanner.model import days_ago


@check("key-never-expires", severity="low", reads=[Key.enabled, Key.expires])
def never_expires(key: Key) -> Reasons:
    """A key that can be used has a day on which it ends.

    A key without an end stays valid when everybody who knew of it is gone, and opens old copies for whoever finds it. A
    day on which it ends makes somebody look at it. A key that is switched off is left alone.

    Fix: set the day, with a rotation that comes before it, and an alarm. On Azure: `az keyvault key set-attributes
    --vault-name VAULT --name KEY --expires TIME`.

    References:
    https://learn.microsoft.com/azure/key-vault/keys/about-keys-details
    https://learn.microsoft.com/azure/key-vault/keys/how-to-configure-key-rotation
    """
    if key.enabled and key.expires is None:
        yield Reason("it never expires")


never_expires.passes(Key.given(enabled=True, expires=days_ago(-90)))
never_expires.passes(Key.given(enabled=False))
never_expires.fails(Key.given(enabled=True, expires=None))
never_expires.unknown(Key.given(enabled=True, expires=Unread.denied("Microsoft.KeyVault/vaults/keys/read")))
