"""Users with more than one working key."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Credential, User
from scanner.model import days_ago


@check("user-two-active-keys", severity="low", reads=[User.keys])
def two_active_keys(user: User) -> Reasons:
    """A user has at most one active key, but for the days in which it is replaced.

    A second key is made for a replacement that was never finished, or for a second program that shares the user. Either
    way one of the two is forgotten first, and no log tells the two programs apart by their name.

    Fix: find out by its last use which key is needed, then switch the other one off and delete it. On AWS: `aws iam
    update-access-key --user-name NAME --access-key-id ID --status Inactive`. On Azure: `az ad app credential delete
    --id APP --key-id KEY`. On Google Cloud: `gcloud iam service-accounts keys disable KEY --iam-account EMAIL`.

    References:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html
    https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration
    https://cloud.google.com/iam/docs/key-rotation
    """
    active = [key.label for key in user.keys if key.active]
    if len(active) > 1:
        yield Reason(f"{' and '.join(active)} are active at the same time")


FIRST = Credential("access key 1", active=True, created=days_ago(30))
SECOND = Credential("access key 2", active=True, created=days_ago(3))
REPLACED = Credential("access key 2", active=False, created=days_ago(300))
two_active_keys.passes(User.given(keys=(FIRST, REPLACED)))
two_active_keys.fails(User.given(keys=(FIRST, SECOND)))
two_active_keys.unknown(User.given(keys=Unread.denied("iam:GetCredentialReport")))
