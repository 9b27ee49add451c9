"""Keys that have been valid for too long."""

from __future__ import annotations

from datetime import timedelta

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Credential, User
from scanner.model import days_ago

OLDEST = timedelta(days=90)


@check("user-key-old", severity="medium", reads=[User.keys])
def key_old(user: User) -> Reasons:
    """Active keys of users and programs are replaced within 90 days.

    A key ends up in shells, pipelines, laptops and backups. The longer it stays valid, the more copies exist that
    nobody remembers, and each of them still opens the account.

    Fix: use roles, which give out keys for hours. Replace the keys that must stay: make a second one, move its users
    over, switch the first one off, delete it. On AWS: `aws iam create-access-key --user-name NAME`, then `aws iam
    update-access-key --user-name NAME --access-key-id ID --status Inactive`. On Azure: `az ad app credential reset --id
    APP --append`, then `az ad app credential delete --id APP --key-id KEY`. On Google Cloud: `gcloud iam
    service-accounts keys create FILE --iam-account EMAIL`, then `gcloud iam service-accounts keys disable KEY
    --iam-account EMAIL`.

    References:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id-credentials-access-keys-update.html
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
    https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration
    https://cloud.google.com/iam/docs/key-rotation
    """
    for key in user.keys:
        if key.active and key.created is not None and user.taken_at - key.created > OLDEST:
            yield Reason(f"{key.label} is {(user.taken_at - key.created).days} days old and still active")


key_old.passes(User.given(keys=()))
key_old.passes(User.given(keys=(Credential("access key 1", active=True, created=days_ago(90)),)))
key_old.passes(User.given(keys=(Credential("access key 1", active=False, created=days_ago(412)),)))
key_old.fails(User.given(keys=(Credential("access key 1", active=True, created=days_ago(412)),)))
key_old.unknown(User.given(keys=Unread.denied("iam:GenerateCredentialReport")))
