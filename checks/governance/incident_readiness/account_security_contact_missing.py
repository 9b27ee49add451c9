"""Accounts whose provider knows nobody to call."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Account


@check("account-security-contact-missing", severity="medium", reads=[Account.security_contact])
def security_contact_missing(account: Account) -> Reasons:
    """The provider knows whom to tell about a security event in the account.

    The provider often notices first: a key in a public repository, a machine that attacks others. Without a contact the
    notice goes to the mailbox that opened the account, which may belong to purchasing or to nobody.

    Fix: register a group's address that is read day and night. On AWS: `aws account put-alternate-contact
    --alternate-contact-type SECURITY --name NAME --title TITLE --email-address ADDRESS --phone-number NUMBER`. On
    Azure: `az security contact create --name default --emails ADDRESS --alert-notifications
    '{"state":"On","minimalSeverity":"Medium"}' --notifications-by-role '{"state":"On","roles":["Owner"]}'`. On Google
    Cloud: `gcloud essential-contacts create --email ADDRESS --language en --notification-categories security --project
    PROJECT`, best for the whole organisation.

    References:
    https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-update-contact-alternate.html
    https://learn.microsoft.com/azure/defender-for-cloud/configure-email-notifications
    https://cloud.google.com/resource-manager/docs/managing-notification-contacts
    """
    if account.security_contact is None:
        yield Reason("no security contact is registered")


security_contact_missing.passes(Account.given(security_contact="security@example.com"))
security_contact_missing.fails(Account.given(security_contact=None))
security_contact_missing.unknown(Account.given(security_contact=Unread.denied("account:GetAlternateContact")))
