"""Programs that carry a key about."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Credential, ServiceIdentity
from scanner.model import days_ago


@check("service-identity-has-keys", severity="medium", reads=[ServiceIdentity.keys])
def has_keys(identity: ServiceIdentity) -> Reasons:
    """A program's identity has no long-lived key of its own.

    A key is a file that works from anywhere for whoever has it, for years. It ends in repositories, images and laptops,
    and the log shows the program at work, not the thief. Programs inside the cloud need none: they are handed tokens
    for an hour, and those outside can trade in the token of the place where they run.

    Fix: attach the identity to the machine or function, or federate the other place's tokens; then delete the key. On
    Azure: use managed identities, and `az ad app credential delete --id APP --key-id KEY`. On Google Cloud: `gcloud iam
    service-accounts keys delete KEY --iam-account EMAIL`; the constraint iam.disableServiceAccountKeyCreation keeps new
    ones away.

    References:
    https://learn.microsoft.com/entra/workload-id/workload-identity-federation
    https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview
    https://cloud.google.com/iam/docs/best-practices-for-managing-service-account-keys
    https://cloud.google.com/iam/docs/workload-identity-federation
    """
    for key in identity.keys:
        if key.active:
            yield Reason(f"{key.label} is active")


has_keys.passes(ServiceIdentity.given(keys=()))
has_keys.passes(ServiceIdentity.given(keys=(Credential("key 1", active=False, created=days_ago(400)),)))
has_keys.fails(ServiceIdentity.given(keys=(Credential("key 1", active=True, created=days_ago(3)),)))
has_keys.unknown(ServiceIdentity.given(keys=Unread.denied("iam.serviceAccountKeys.list")))
