"""Keys that are never replaced."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Key

LONGEST = 365


@check("key-unrotated", severity="medium", reads=[Key.enabled, Key.rotates_every])
def unrotated(key: Key) -> Reasons:
    """A key that can be used is replaced by itself at least once a year.

    The longer a key lives, the more data one loss of it opens and the more people could have used it. Replacing by hand
    is forgotten, and what was never tried fails on the day when a key must be replaced at once. A key that is switched
    off is left alone. Of one that the provider cannot replace by itself, such as a key that signs, nothing tells
    whether somebody does.

    Fix: set a rotation. On Azure: `az keyvault key rotation-policy update --vault-name VAULT --name KEY --value
    POLICY.json`. On Google Cloud: `gcloud kms keys update KEY --keyring RING --location LOCATION --rotation-period 90d
    --next-rotation-time TIME`. On AWS: `aws kms enable-key-rotation --key-id ID`.

    References:
    https://learn.microsoft.com/azure/key-vault/keys/how-to-configure-key-rotation
    https://cloud.google.com/kms/docs/key-rotation
    """
    if key.enabled:
        days = key.rotates_every
        if days is None:
            yield Reason("nothing replaces it")
        elif days > LONGEST:
            yield Reason(f"it is replaced every {days:g} days, which is more than {LONGEST}")


unrotated.passes(Key.given(enabled=True, rotates_every=365.0))
unrotated.passes(Key.given(enabled=False))
unrotated.fails(Key.given(enabled=True, rotates_every=None))
unrotated.fails(Key.given(enabled=True, rotates_every=730.0))
unrotated.unknown(Key.given(enabled=True, rotates_every=Unread.denied("cloudkms.cryptoKeys.list")))
