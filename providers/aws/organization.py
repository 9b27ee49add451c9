"""Calls that tell where an account lies: its organisation, the organisational units above it, and its tags.

Any member may ask which organisation it is in. The rest is told to the management account, and to those that it has
delegated to.
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_permissions_overview.html
"""

from __future__ import annotations

from scanner.facts import Call

NO_ORGANIZATION = "AWSOrganizationsNotInUseException"
"""The account is in no organisation: nothing lies above it, and it has no tags."""

ORGANIZATION = Call(
    "organizations",
    "DescribeOrganization",
    needs="organizations:DescribeOrganization",
    absent=(NO_ORGANIZATION,),
)
"""https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganization.html"""
PARENTS = Call("organizations", "ListParents", needs="organizations:ListParents", items="Parents")
UNIT = Call("organizations", "DescribeOrganizationalUnit", needs="organizations:DescribeOrganizationalUnit")
ACCOUNT_TAGS = Call(
    "organizations",
    "ListTagsForResource",
    {"ResourceId": "{scope.account}"},
    "organizations:ListTagsForResource",
    items="Tags",
    absent=(NO_ORGANIZATION,),
)
"""https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListTagsForResource.html"""
