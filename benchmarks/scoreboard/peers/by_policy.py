"""Which cases a tool that is given only a policy document cannot be asked. Runs in the environments of those tools."""

BY_ATTRIBUTE = ("ebs-snapshot", "rds-snapshot", "ami")
BLOCKS = ("publicAccessBlock", "accountPublicAccessBlock", "organizationPublicAccessBlock")


def out_of_reach(service: str, given: dict) -> str:
    """Why the policy alone does not decide the case; empty where it does."""
    if service in BY_ATTRIBUTE:
        return "shared by attributes, not by a policy"
    if service == "identity":
        return "it judges resources, not users"
    policy = given.get("policy")
    if policy is None:
        return "there is no policy"
    if service == "s3":
        return _bucket(given)
    if service == "lambda" and (given.get("functionUrl") or "functionurl" in str(policy).lower()):
        return "a function URL"
    if service == "opensearch" and given.get("vpcId"):
        return "the domain lies in a VPC"
    return ""


def _bucket(given: dict) -> str:
    if any((given.get(name) or {}).get("RestrictPublicBuckets") for name in BLOCKS):
        return "public access is blocked outside of the policy"
    owner = given.get("ownerCanonicalId")
    foreign = [grant for grant in given.get("acl", ()) if not owner or grant.get("Grantee", {}).get("ID") != owner]
    if foreign and given.get("objectOwnership") != "BucketOwnerEnforced":
        return "an ACL grants as well"
    return "access points have policies of their own" if given.get("accessPoints") else ""
