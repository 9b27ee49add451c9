"""AWS cases as the objects that Prowler's services make of an account."""

from datetime import UTC, datetime

from prowler_layout import aws

REGION = "eu-west-1"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
FLAGS = {
    "block_public_acls": "BlockPublicAcls",
    "ignore_public_acls": "IgnorePublicAcls",
    "block_public_policy": "BlockPublicPolicy",
    "restrict_public_buckets": "RestrictPublicBuckets",
}


def named(given):
    """What every model holds."""
    return {"arn": given["resource"], "name": given["resource"].split(":")[-1], "region": REGION}


def block(models, stored):
    """Nothing stored is read as four times false."""
    return models.PublicAccessBlock(**{own: bool((stored or {}).get(flag)) for own, flag in FLAGS.items()})


def s3(models, given):
    """A bucket with its ACL, policy and block, and the account's block."""
    grantees = [
        models.ACL_Grantee(
            type=grant["Grantee"]["Type"],
            ID=grant["Grantee"].get("ID"),
            URI=grant["Grantee"].get("URI"),
            permission=grant.get("Permission"),
        )
        for grant in given.get("acl", ())
    ]
    bucket = models.Bucket(
        **named(given),
        public_access_block=block(models, given.get("publicAccessBlock")),
        acl_grantees=grantees,
        policy=given.get("policy"),
        ownership=given.get("objectOwnership"),
        owner_id=given.get("ownerCanonicalId"),
    )
    account = given.get("organizationPublicAccessBlock") or given.get("accountPublicAccessBlock")
    return {
        "s3_client": {"buckets": {bucket.arn: bucket}},
        "s3control_client": {"account_public_access_block": block(models, account)},
    }


def sqs(models, given):
    """A queue."""
    return {"sqs_client": {"queues": [models.Queue(id="queue", **named(given), policy=given.get("policy"))]}}


def sns(models, given):
    """A topic."""
    return {"sns_client": {"topics": [models.Topic(**named(given), policy=given.get("policy"))]}}


def kms(models, given):
    """A key that the customer made."""
    whose = {"id": "key", "arn": given["resource"], "region": REGION, "manager": "CUSTOMER", "state": "Enabled"}
    return {"kms_client": {"keys": [models.Key(**whose, policy=given.get("policy"))]}}


def function(models, given):
    """A function with its URL; where no policy is stored the service keeps an empty one."""
    url = given.get("functionUrl")
    made = models.Function(**named(given), security_groups=[], policy=given.get("policy") or {})
    if url:
        made.url_config = models.URLConfig(
            auth_type=url["authType"], url="https://x.lambda-url.example", cors_config={"allow_origins": []}
        )
    return {"awslambda_client": {"functions": {made.arn: made}}}


def ecr(models, given):
    """A repository in a registry."""
    held = models.Repository(**named(given), scan_on_push=True, policy=given.get("policy"))
    registry = models.Registry(id=given["account"], arn=given["resource"], region=REGION, repositories=[held])
    return {"ecr_client": {"registries": {REGION: registry}}}


def secret(models, given):
    """A secret."""
    dates = {"last_rotated_date": LONG_AGO, "last_accessed_date": LONG_AGO}
    made = models.Secret(**named(given), policy=given.get("policy"), **dates)
    return {"secretsmanager_client": {"secrets": {made.arn: made}}}


def efs(models, given):
    """A file system; where no policy is stored the service keeps an empty one."""
    made = models.FileSystem(
        id="fs", arn=given["resource"], region=REGION, policy=given.get("policy") or {}, encrypted=True,
        number_of_mount_targets=1,
    )  # fmt: skip
    return {"efs_client": {"filesystems": {made.arn: made}}}


def glacier(models, given):
    """A vault."""
    made = models.Vault(**named(given), access_policy=given.get("policy") or {})
    return {"glacier_client": {"vaults": {made.arn: made}}}


def opensearch(models, given):
    """A domain."""
    made = models.OpenSearchDomain(**named(given), vpc_id=given.get("vpcId"), access_policy=given.get("policy"))
    return {"opensearch_client": {"opensearch_domains": {made.arn: made}}}


def image(models, given):
    """An image; AWS calls it public when its launch permission names the group `all`."""
    shared = given["attributes"].get("launchPermission", ())
    public = any(grant.get("Group") == "all" for grant in shared)
    return {"ec2_client": {"images": [models.Image(id="ami", **named(given), public=public, owner="self")]}}


def disk_snapshot(models, given):
    """A snapshot of a volume; the service calls it public when its permission names the group `all`."""
    held = given["attributes"]
    public = any(grant.get("Group") == "all" for grant in held.get("createVolumePermission", ()))
    made = models.Snapshot(
        id="snap", arn=given["resource"], region=REGION, encrypted=bool(held.get("encrypted")), public=public
    )
    return {"ec2_client": {"snapshots": [made]}}


def database_snapshot(models, given):
    """A snapshot of a database; the service calls it public when its `restore` attribute holds `all`."""
    held = given["attributes"]
    own = {"id": "snap", "arn": given["resource"], "region": REGION}
    facts = {"public": "all" in held.get("restore", ()), "encrypted": bool(held.get("encrypted"))}
    if ":cluster-snapshot:" in given["resource"]:
        made = models.ClusterSnapshot(cluster_id="db", **own, **facts)
        return {"rds_client": {"db_snapshots": [], "db_cluster_snapshots": [made]}}
    made = models.DBSnapshot(instance_id="db", **own, **facts)
    return {"rds_client": {"db_snapshots": [made], "db_cluster_snapshots": []}}


def identity(models, given):
    """The policies of a user, inline: Prowler's checks look at them one by one."""
    arn = f"arn:aws:iam::{given['account']}:user/dev"
    own = {"arn": arn, "entity": "dev", "version_id": "v1", "type": "Inline", "attached": True}
    policies = [models.Policy(name=f"own-{at}", document=each, **own) for at, each in enumerate(given["policies"])]
    return {"iam_client": {"policies": {policy.name: policy for policy in policies}}}


AWS = {
    ("aws", "s3"): aws("s3", ["s3_bucket_public_access"], s3, "s3control_client"),
    ("aws", "sqs"): aws("sqs", ["sqs_queues_not_publicly_accessible"], sqs),
    ("aws", "sns"): aws("sns", ["sns_topics_not_publicly_accessible"], sns),
    ("aws", "kms"): aws("kms", ["kms_key_not_publicly_accessible"], kms),
    ("aws", "lambda"): aws(
        "awslambda", ["awslambda_function_not_publicly_accessible", "awslambda_function_url_public"], function
    ),
    ("aws", "ecr"): aws("ecr", ["ecr_repositories_not_publicly_accessible"], ecr),
    ("aws", "secretsmanager"): aws("secretsmanager", ["secretsmanager_not_publicly_accessible"], secret),
    ("aws", "efs"): aws("efs", ["efs_not_publicly_accessible"], efs),
    ("aws", "glacier"): aws("glacier", ["glacier_vaults_policy_public_access"], glacier),
    ("aws", "opensearch"): aws("opensearch", ["opensearch_service_domains_not_publicly_accessible"], opensearch),
    ("aws", "ami"): aws("ec2", ["ec2_ami_public"], image),
    ("aws", "ebs-snapshot"): aws("ec2", ["ec2_ebs_public_snapshot"], disk_snapshot),
    ("aws", "rds-snapshot"): aws("rds", ["rds_snapshots_public_access"], database_snapshot),
    ("aws", "identity"): aws(
        "iam",
        ["iam_inline_policy_no_administrative_privileges", "iam_inline_policy_allows_privilege_escalation"],
        identity,
    ),
}
