"""Identity providers: who gets a token, and which claims name a tenant."""

from __future__ import annotations

import pytest

from providers.aws.policy.reference.identity_providers import (
    IdentityProvider,
    host_of,
    identity_provider,
    identity_providers,
    providers,
    reach_of,
)

GITHUB = "token.actions.githubusercontent.com"


def known(host: str) -> IdentityProvider:
    found = identity_provider(host)
    assert found is not None, host
    return found


@pytest.mark.parametrize("one", providers(), ids=lambda one: one.host)
def test_providers_are_well_formed(one: IdentityProvider) -> None:
    assert one.host == one.host.lower()
    assert identity_providers().pages[one.page].startswith("https://")
    assert (one.reach == "anyone") == bool(one.claims)
    assert (one.match == "exact") == (one.reach == "anyone")
    claims = {claim.name for claim in one.claims}
    assert all(name in claims or ":" in name for name in one.required)
    assert len(claims) == len(one.claims)


@pytest.mark.parametrize("one", [one for one in providers() if one.match == "exact"], ids=lambda one: one.host)
def test_an_address_finds_its_provider(one: IdentityProvider) -> None:
    assert identity_provider(one.host.upper() + "/") == one


@pytest.mark.parametrize(
    ("host", "reach"),
    [
        (GITHUB, "anyone"),
        ("gitlab.com", "anyone"),
        ("app.terraform.io", "anyone"),
        ("agent.buildkite.com", "anyone"),
        ("api.pulumi.com/oidc", "anyone"),
        ("oidc.vercel.com", "anyone"),
        ("accounts.google.com", "anyone"),
        ("sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d", "anyone"),
        ("sts.windows.net/11111111-2222-3333-4444-555555555555/", "limited"),
        ("oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF", "limited"),
        ("oidc.circleci.com/org/1b2c", "limited"),
        ("oidc.vercel.com/acme", "limited"),
        ("acme.app.spacelift.io", "limited"),
    ],
)
def test_who_gets_a_token(host: str, reach: str) -> None:
    assert known(host).reach == reach


@pytest.mark.parametrize("host", ["gitlab.example.com", "evil.com/.app.spacelift.io", "notgitlab.com", ""])
def test_other_addresses_are_not_known(host: str) -> None:
    assert identity_provider(host) is None


@pytest.mark.parametrize(
    ("host", "claim", "pattern", "naming"),
    [
        (GITHUB, "sub", "repo:acme/app:ref:refs/heads/main", "named"),
        (GITHUB, "sub", "repo:acme/*", "named"),
        (GITHUB, "sub", "repo:acme@123/app@456:*", "named"),
        (GITHUB, "sub", "repo:acme*", "anyone"),
        (GITHUB, "sub", "repo:acme*/app:*", "anyone"),
        (GITHUB, "sub", "repo:?cme/app:*", "anyone"),
        (GITHUB, "sub", "*", "anyone"),
        (GITHUB, "sub", "re*", "anyone"),
        (GITHUB, "sub", "*:environment:prod", "anyone"),
        (GITHUB, "sub", "environment:prod", "unclear"),
        (GITHUB, "sub", "repository_owner:acme:*", "named"),
        (GITHUB, "sub", "repository_owner:acme*", "anyone"),
        (GITHUB, "aud", "sts.amazonaws.com", "anyone"),
        (GITHUB, "repository", "acme/app", "named"),
        (GITHUB, "repository", "acme/*", "named"),
        (GITHUB, "repository", "acme*", "anyone"),
        (GITHUB, "repository_owner_id", "12345", "named"),
        (GITHUB, "repository_owner_id", "12345*", "anyone"),
        (GITHUB, "ref", "refs/heads/main", "anyone"),
        (GITHUB, "environment", "production", "anyone"),
        (GITHUB, "job_workflow_ref", "acme/ci/.github/workflows/x.yml@main", "unclear"),
        ("gitlab.com", "sub", "project_path:acme/app:ref_type:branch:ref:main", "named"),
        ("gitlab.com", "sub", "project_path:acme*", "anyone"),
        ("app.terraform.io", "sub", "organization:acme:project:*", "named"),
        ("app.terraform.io", "sub", "organization:*:project:prod:*", "anyone"),
        ("agent.buildkite.com", "sub", "organization:acme:pipeline:*", "named"),
        ("api.pulumi.com/oidc", "aud", "acme", "named"),
        ("api.pulumi.com/oidc", "sub", "pulumi:deploy:org:acme:*", "named"),
        ("api.pulumi.com/oidc", "sub", "pulumi:deploy:org:*", "anyone"),
        ("oidc.vercel.com", "sub", "owner:acme:project:*", "named"),
        ("cognito-identity.amazonaws.com", "aud", "us-east-1:1234", "named"),
        ("cognito-identity.amazonaws.com", "aud", "us-east-1:*", "anyone"),
        ("cognito-identity.amazonaws.com", "amr", "authenticated", "unclear"),
        ("accounts.google.com", "aud", "app-id", "named"),
    ],
)
def test_whom_a_pattern_names(host: str, claim: str, pattern: str, naming: str) -> None:
    found = known(host).claim(claim)
    assert found is not None
    assert found.naming(pattern, wildcards=True) == naming


def test_a_star_is_a_star_where_there_are_no_wildcards() -> None:
    sub = known(GITHUB).claim("sub")
    assert sub is not None
    assert sub.naming("repo:*/*", wildcards=False) == "named"


@pytest.mark.parametrize(
    ("provider", "host", "reach"),
    [
        ("arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com", GITHUB, "anyone"),
        ("arn:aws:iam::111122223333:saml-provider/corp", "", "limited"),
        ("accounts.google.com", "accounts.google.com", "anyone"),
        ("arn:aws-cn:iam::111122223333:oidc-provider/id.example.com/x", "id.example.com/x", "unclear"),
        ("arn:aws:iam::111122223333:role/x", "", "unclear"),
        ("", "", "unclear"),
    ],
)
def test_providers_as_policies_name_them(provider: str, host: str, reach: str) -> None:
    assert (host_of(provider), reach_of(provider)) == (host, reach)
