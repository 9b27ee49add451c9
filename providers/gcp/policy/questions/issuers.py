"""Issuers of tokens: who can get one, and which claims say whose it is.

https://cloud.google.com/iam/docs/best-practices-for-using-workload-identity-federation
https://docs.github.com/en/actions/reference/security/oidc
https://docs.gitlab.com/ci/secrets/id_token_authentication/
https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/workload-identity-tokens
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

import msgspec

from providers.gcp.policy.language.owner import Owner
from providers.gcp.policy.language.pools import Provider
from providers.gcp.policy.questions.possible import OPAQUE, Chosen, Owned, Shape

Reach = Literal["anyone", "limited", "own", "unclear"]
"""Who gets a token: anyone who signs up, those whom the issuer's own configuration limits, the owner's workloads."""

_WHOLE: Final = Owned()
_NUMBER: Final = Owned(numbered=True)
_PATH: Final = Owned(separator="/")
_FREE: Final = Chosen()


class Issuer(msgspec.Struct, frozen=True):
    """An issuer, as far as we know it."""

    reach: Reach
    text: str
    claims: Mapping[str, Shape] = {}
    """What the claims can hold for a stranger; a claim that is not listed can hold we know not what."""


_GITHUB: Final[Mapping[str, Shape]] = {
    "repository_owner": _WHOLE,
    "repository_owner_id": _NUMBER,
    "repository_id": _NUMBER,
    "repository": _PATH,
    "workflow_ref": _PATH,
    "sub": Owned("repo:", "/"),
    "enterprise": _WHOLE,
    "enterprise_id": _NUMBER,
    **dict.fromkeys(
        (
            "ref",
            "ref_type",
            "ref_protected",
            "base_ref",
            "head_ref",
            "environment",
            "event_name",
            "workflow",
            "repository_visibility",
            "runner_environment",
            "aud",
            "sha",
            "run_number",
        ),
        _FREE,
    ),
}
_GITLAB: Final[Mapping[str, Shape]] = {
    "namespace_id": _NUMBER,
    "project_id": _NUMBER,
    "user_id": _NUMBER,
    "namespace_path": _PATH,
    "project_path": _PATH,
    "user_login": _WHOLE,
    "user_email": Owned(suffix="@"),
    "sub": Owned("project_path:", "/"),
    **dict.fromkeys(("aud", "ref", "ref_type", "ref_path", "ref_protected", "environment", "pipeline_source"), _FREE),
}
_TERRAFORM: Final[Mapping[str, Shape]] = {
    "terraform_organization_id": _WHOLE,
    "terraform_organization_name": _WHOLE,
    "terraform_project_id": _WHOLE,
    "terraform_workspace_id": _WHOLE,
    "sub": Owned("organization:", ":"),
    **dict.fromkeys(("aud", "terraform_workspace_name", "terraform_project_name", "terraform_run_phase"), _FREE),
}
_BUILDKITE: Final[Mapping[str, Shape]] = {
    "organization_slug": _WHOLE,
    "organization_id": _WHOLE,
    "pipeline_id": _WHOLE,
    "sub": Owned("organization:", ":"),
    **dict.fromkeys(("aud", "pipeline_slug", "build_branch", "step_key"), _FREE),
}
_GOOGLE: Final[Mapping[str, Shape]] = {
    "sub": _NUMBER,
    "email": Owned(suffix="@"),
    "hd": _WHOLE,
    "azp": _WHOLE,
    "aud": _WHOLE,
}
_OPEN: Final[Mapping[str, tuple[str, Mapping[str, Shape]]]] = MappingProxyType(
    {
        "token.actions.githubusercontent.com": ("GitHub", _GITHUB),
        "gitlab.com": ("GitLab.com", _GITLAB),
        "app.terraform.io": ("HCP Terraform", _TERRAFORM),
        "agent.buildkite.com": ("Buildkite", _BUILDKITE),
        "accounts.google.com": ("Google", _GOOGLE),
        "cognito-identity.amazonaws.com": ("Amazon Cognito", {"aud": _WHOLE, "sub": _WHOLE}),
        "graph.facebook.com": ("Facebook", {"sub": _WHOLE, "aud": _WHOLE}),
        "appleid.apple.com": ("Apple", {"sub": _WHOLE, "aud": _WHOLE}),
    }
)
"""Issuers at which anyone may sign up."""

_PER_TENANT: Final = (
    "sts.windows.net/",
    "oidc.circleci.com/org/",
    "api.bitbucket.org/2.0/workspaces/",
    "token.actions.githubusercontent.com/",
    "oidc.eks.",
    "oidc.vercel.com/",
)
"""Addresses that name the one tenant whose tokens they sign."""
_SHARED_TENANTS: Final = ("common", "organizations", "consumers", "9188040d-6c67-4c5b-b112-36a304b66dad")
_ONE_SUBJECT: Final[Mapping[str, Shape]] = MappingProxyType({"sub": _WHOLE})


def issuer_of(provider: Provider, owner: Owner) -> Issuer:
    """What is known of a provider's issuer."""
    if provider.kind == "aws":
        return Issuer("limited", f"AWS account {provider.issuer}" if provider.issuer else "an AWS account")
    if provider.kind == "saml":
        return Issuer("limited", "users of a SAML identity provider")
    if provider.kind == "x509":
        return Issuer("limited", "holders of certificates of a named authority")
    host = provider.issuer.removeprefix("https://").rstrip("/")
    if provider.kind == "unclear" or not host:
        return Issuer("unclear", "an identity provider that we do not know", _ONE_SUBJECT)
    if host in _OPEN:
        name, claims = _OPEN[host]
        return Issuer("anyone", f"users of {name}", claims)
    if host.startswith("container.googleapis.com/v1/projects/"):
        project = host.split("/")[3]
        if owner.owns_project(project):
            return Issuer("own", f"a cluster of project {project}")
        return Issuer("limited", f"a cluster of project {project}")
    if host.startswith("login.microsoftonline.com/"):
        shared = host.split("/")[1] in _SHARED_TENANTS
        claims = {"tid": _WHOLE, "oid": _WHOLE, "sub": _WHOLE, "appid": _WHOLE, "azp": _WHOLE}
        return Issuer("anyone" if shared else "limited", f"users of {host}", claims)
    if host.startswith(_PER_TENANT):
        return Issuer("limited", f"users of {host}")
    return Issuer("unclear", f"users of {host}", {**_ONE_SUBJECT, "aud": OPAQUE})
