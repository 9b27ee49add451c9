"""The least that a scan must be allowed, and what owners, exceptions and last changes add to it."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Shell

OWNER = "owner: team-a\n    backup: team-b\n"
BY_TAG = f"rules:\n  - match: {{tags: {{team: a}}}}\n    {OWNER}"
BY_DUTY = f"rules:\n  - match: {{duty: data.*}}\n    {OWNER}"
TAGS = {"aws": {"s3:GetBucketTagging"}, "azure": set(), "gcp": set()}
"""Listings of the other clouds tell tags beside the names."""
PLACES = {
    "aws": {
        "organizations:DescribeOrganization",
        "organizations:DescribeOrganizationalUnit",
        "organizations:ListParents",
        "organizations:ListTagsForResource",
    },
    "azure": {"Microsoft.Management/managementGroups/descendants/read"},
    "gcp": set(),
}
"""What GCP's take, every session needs."""
CHANGES = {
    "aws": {"cloudtrail:LookupEvents"},
    "azure": {"Microsoft.Insights/eventtypes/values/read"},
    "gcp": {"logging.logEntries.list"},
}


def permitted(shell: Shell, cloud: str, *words: str, **more: str) -> set[str]:
    ended = shell("ourside", "permissions", "--provider", cloud, "--check", "storage-unversioned", *words, more=more)
    assert ended.code == 0, ended.stderr
    return {line.strip(' ",-') for line in ended.stdout.splitlines()}


@pytest.mark.parametrize("cloud", ["aws", "azure", "gcp"])
def test_what_is_asked_only_on_demand_is_permitted_on_demand(bare: Shell, cloud: str) -> None:
    (bare.folder / "owners.yaml").write_text(BY_TAG)
    least = permitted(bare, cloud)
    more = permitted(bare, cloud, "--who-changed", OURSIDE_OWNERS="owners.yaml") - least
    assert more == TAGS[cloud] | PLACES[cloud] | CHANGES[cloud]


@pytest.mark.parametrize("tags", [False, True], ids=["places", "tags"])
def test_tags_are_permitted_where_a_rule_looks_at_them(bare: Shell, tags: bool) -> None:
    (bare.folder / "owners.yaml").write_text(BY_DUTY)
    (bare.folder / "exceptions.yaml").write_text(
        f"exceptions:\n  - match: {{check: storage-*, scope: '1'{', tags: {stage: test}' if tags else ''}}}\n"
        "    ticket: SEC-1\n    approver: ann\n    owner: bob\n    reason: of no worth\n    expires: 2027-01-31\n"
    )
    least = {"s3:GetBucketVersioning", "s3:ListAllMyBuckets"}
    held = permitted(bare, "aws", "--exceptions", "exceptions.yaml", "--owners", "owners.yaml")
    assert {each for each in held if ":" in each and each.partition(":")[0].islower()} - least == (
        PLACES["aws"] | (TAGS["aws"] if tags else set())
    )


def test_a_broken_file_is_named(bare: Shell) -> None:
    (bare.folder / "owners.yaml").write_text("rules:\n  - owner: [\n")
    ended = bare("ourside", "permissions", "--provider", "aws", "--owners", "owners.yaml")
    assert (ended.code, ended.stdout) == (2, "") and "owners.yaml:" in ended.stderr
