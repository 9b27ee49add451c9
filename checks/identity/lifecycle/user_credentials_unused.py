"""Passwords and keys that nobody uses."""

from __future__ import annotations

from datetime import timedelta

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Credential, User
from scanner.model import days_ago

LONGEST = timedelta(days=45)


@check(
    "user-credentials-unused",
    severity="medium",
    reads=[User.password, User.password_used, User.password_set, User.created, User.keys],
)
def credentials_unused(user: User) -> Reasons:
    """Passwords and keys that were not used for 45 days are taken away.

    Nobody misses a credential that is not used, and so nobody notices when somebody else begins to use it. It belongs
    to people who left and to programs that were switched off.

    Fix: take the password away and switch the key off; delete both when nothing broke. On AWS: `aws iam
    delete-login-profile --user-name NAME` and `aws iam update-access-key --user-name NAME --access-key-id ID --status
    Inactive`. On Azure: `az ad user update --id USER --account-enabled false`, and `az ad app credential delete --id
    APP --key-id KEY`. On Google Cloud: `gcloud iam service-accounts keys disable KEY --iam-account EMAIL`.

    References:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_finding-unused.html
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
    https://learn.microsoft.com/entra/identity/monitoring-health/howto-manage-inactive-user-accounts
    https://cloud.google.com/iam/docs/service-account-monitoring
    """
    if user.password:
        idle = user.taken_at - (user.password_used or user.password_set or user.created)
        if idle > LONGEST:
            yield Reason(f"its password was not used for {idle.days} days")
    for key in user.keys:
        since = key.last_used or key.created
        if key.active and since is not None and user.taken_at - since > LONGEST:
            yield Reason(f"{key.label} is active and was not used for {(user.taken_at - since).days} days")


NEW = Credential("access key 1", active=True, created=days_ago(45))
USED = Credential("access key 1", active=True, created=days_ago(300), last_used=days_ago(1))
OFF = Credential("access key 1", active=False, created=days_ago(300), last_used=days_ago(200))
IDLE = Credential("access key 1", active=True, created=days_ago(300), last_used=days_ago(46))
UNTOUCHED = Credential("access key 1", active=True, created=days_ago(46))
credentials_unused.passes(
    User.given(password=True, password_used=None, password_set=None, created=days_ago(3), keys=())
)
credentials_unused.passes(User.given(password=True, password_used=days_ago(2), keys=(USED,)))
credentials_unused.passes(User.given(password=True, password_used=None, password_set=days_ago(9), keys=(NEW,)))
credentials_unused.passes(User.given(password=False, keys=(OFF,)))
credentials_unused.fails(User.given(password=True, password_used=days_ago(120), keys=()))
credentials_unused.fails(User.given(password=True, password_used=None, password_set=days_ago(120), keys=()))
credentials_unused.fails(User.given(password=False, keys=(IDLE,)))
credentials_unused.fails(User.given(password=False, keys=(UNTOUCHED,)))
credentials_unused.unknown(User.given(password=Unread.denied("iam:GetCredentialReport"), keys=()))
