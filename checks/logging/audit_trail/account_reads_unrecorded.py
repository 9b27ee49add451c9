"""Accounts in which reading leaves no trace."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Account


@check("account-reads-unrecorded", severity="medium", reads=[Account.reads_recorded])
def reads_unrecorded(account: Account) -> Reasons:
    """Every service records reads of data, for everybody.

    Theft of data is reading. A record of changes alone shows an intruder who breaks things, never one who copies them,
    and after a leak nobody can say what was taken. One exempted identity is where a thief hides.

    Fix: switch data access logs on for all services, reads and writes, without exempted members; they cost by volume.
    On Google Cloud: add an entry for allServices with ADMIN_READ, DATA_READ and DATA_WRITE under auditConfigs in what
    `gcloud projects get-iam-policy PROJECT --format json` writes, and put it back by `gcloud projects set-iam-policy
    PROJECT FILE`, best for the whole organisation.

    References:
    https://cloud.google.com/logging/docs/audit/configure-data-access
    https://cloud.google.com/logging/docs/audit
    """
    if not account.reads_recorded:
        yield Reason("reads of data are not recorded by every service, for everybody")


reads_unrecorded.passes(Account.given(reads_recorded=True))
reads_unrecorded.fails(Account.given(reads_recorded=False))
reads_unrecorded.unknown(Account.given(reads_recorded=Unread.denied("resourcemanager.projects.getIamPolicy")))
