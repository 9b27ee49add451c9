"""Keys that anyone can use."""

from __future__ import annotations

from scanner.access import Access
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Key


@check("key-public", severity="critical", reads=[Key.access])
def public(key: Key) -> Reasons:
    """Only parties that you named can use a key.

    A key that everybody may use is no lock: whoever gets hold of the encrypted data has it decrypted by the provider.
    Who may encrypt with it makes data that your programs take for genuine.

    Fix: take the grant away that the reason names, then make a new key and encrypt anew. On Google Cloud: `gcloud kms
    keys remove-iam-policy-binding KEY --keyring RING --location LOCATION --member allUsers --role ROLE`. On AWS: `aws
    kms put-key-policy --key-id ID --policy-name default --policy file://policy.json`.

    References:
    https://cloud.google.com/kms/docs/iam
    https://cloud.google.com/kms/docs/reference/permissions-and-roles
    """
    for allowed in key.access.by("anyone").to("read", "write", "admin"):
        yield Reason(f"the {allowed.via} lets {allowed.text} in ({allowed.may})", allowed.witness)


public.passes(Key.given(access=Access.none()))
public.passes(Key.given(access=Access.of(who="named", may="read", via="IAM policy of the key")))
public.fails(Key.given(access=Access.of(who="anyone", may="read", via="IAM policy of the key")))
public.unknown(Key.given(access=Unread.denied("cloudkms.cryptoKeys.getIamPolicy")))
