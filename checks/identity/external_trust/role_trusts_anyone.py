"""Roles that anyone can take on."""

from __future__ import annotations

from scanner.access import Access
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Role


@check("role-trusts-anyone", severity="critical", reads=[Role.trust])
def trusts_anyone(role: Role) -> Reasons:
    """A role is taken on only by parties that its trust names.

    Whoever learns the role's name takes it on from an account of their own and acts with all its permissions. A trust
    in a login service that does not say which of its millions of users is meant comes to the same.

    Fix: name the accounts, roles or services in the trust; for a federated login ask for subject and audience. On AWS:
    `aws iam update-assume-role-policy --role-name NAME --policy-document file://trust.json`. On Azure: `az ad app
    federated-credential delete --id APP --federated-credential-id ID`. On Google Cloud: `gcloud iam service-accounts
    remove-iam-policy-binding EMAIL --member MEMBER --role ROLE`.

    References:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
    https://learn.microsoft.com/entra/workload-id/workload-identity-federation
    https://cloud.google.com/iam/docs/service-account-permissions
    """
    for allowed in role.trust.by("anyone").to("assume"):
        yield Reason(f"the {allowed.via} lets {allowed.text} take it on", allowed.witness)


trusts_anyone.passes(Role.given(trust=Access.none()))
trusts_anyone.passes(Role.given(trust=Access.of(who="named", may="assume", via="trust policy")))
trusts_anyone.fails(Role.given(trust=Access.of(who="anyone", may="assume", via="trust policy")))
trusts_anyone.unknown(Role.given(trust=Unread.denied("iam:GetAccountAuthorizationDetails")))
