"""Roles that trust outsiders whatever they say."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Role


@check("role-trusts-outside-without-condition", severity="medium", reads=[Role.unconditioned_trust])
def trusts_outside_without_condition(role: Role) -> Reasons:
    """Whoever takes a role on from outside has to meet a condition.

    A supplier serves many customers from one account. Without a condition that only you and the supplier know, another
    customer can name your role to the supplier's service, which then works on your account for them. Services of AWS
    that take on only roles passed to them within the account, such as EC2 and Lambda, are not outside, nor is the
    account that manages the organisation which the account lies in: AWS lets it into every account that it makes there.

    Fix: ask for a condition in the trust: the external id that the supplier gave you for a supplier, aws:PrincipalOrgID
    for accounts of your own organisation, subject and audience for a federated login. On AWS: `aws iam
    update-assume-role-policy --role-name NAME --policy-document file://trust.json`. On Azure: `az ad app
    federated-credential delete --id APP --federated-credential-id ID`. On Google Cloud: `gcloud iam service-accounts
    remove-iam-policy-binding EMAIL --member MEMBER --role ROLE`.

    References:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user_externalid.html
    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access.html
    https://learn.microsoft.com/entra/workload-id/workload-identity-federation
    https://cloud.google.com/iam/docs/service-account-permissions
    """
    for party in role.unconditioned_trust:
        yield Reason(f"{party} may take it on, and no condition asks for more than its name")


trusts_outside_without_condition.passes(Role.given(unconditioned_trust=()))
trusts_outside_without_condition.fails(Role.given(unconditioned_trust=("account 444455556666",)))
trusts_outside_without_condition.unknown(
    Role.given(unconditioned_trust=Unread.denied("iam:GetAccountAuthorizationDetails"))
)
