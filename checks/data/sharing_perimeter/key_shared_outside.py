"""Keys that outsiders can use."""

from __future__ import annotations

from scanner.access import Access
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Key


@check("key-shared-outside", severity="high", reads=[Key.access])
def shared_outside(key: Key) -> Reasons:
    """A key is used from inside only, but for exceptions that an owner signed.

    Whoever may decrypt with a key needs only a copy of the data, and copies travel. A grant to an outsider outlives the
    contract that it was made for, and covers everything that is ever encrypted with the key.

    Fix: take away grants that nobody can explain; write an exception with owner, ticket and expiry for the others, and
    give each partner a key of its own. On Google Cloud: `gcloud kms keys remove-iam-policy-binding KEY --keyring RING
    --location LOCATION --member MEMBER --role ROLE`. On AWS: `aws kms put-key-policy --key-id ID --policy-name default
    --policy file://policy.json`.

    References:
    https://cloud.google.com/kms/docs/iam
    https://cloud.google.com/kms/docs/separation-of-duties
    """
    told = set()
    for allowed in key.access.by("named").to("admin", "write", "read"):
        if allowed.text not in told:
            told.add(allowed.text)
            yield Reason(f"the {allowed.via} lets {allowed.text} use it, outside this account", allowed.witness)


shared_outside.passes(Key.given(access=Access.none()))
shared_outside.passes(Key.given(access=Access.of(who="anyone", may="read", via="IAM policy of the key")))
shared_outside.fails(Key.given(access=Access.of(who="named", may="read", via="IAM policy of the key")))
shared_outside.unknown(Key.given(access=Unread.denied("cloudkms.cryptoKeys.getIamPolicy")))
