"""S3 buckets."""

from moto.s3.models import FakeBucket

from providers.aws.emulator import estate
from providers.aws.emulator.account import Account
from providers.aws.emulator.members import Members
from providers.aws.emulator.refusals import Refused
from providers.aws.emulator.repairs.paging import page
from providers.aws.emulator.seed.storage import public_access_block, set_ownership
from providers.aws.emulator.wire import Operation

_MOST_BUCKETS = 10_000


def list_buckets(account: Account, operation: Operation) -> Members:
    """The account's buckets by name, paged and with their regions when a parameter is given.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html: "BucketRegion ... is included only if the
    request contains at least one valid parameter"; max-buckets is at most 10,000, and a request without it answers
    all buckets. Moto has no BucketRegion in its answers and no pages.
    """
    parameters = operation.parameters
    chosen = [
        bucket
        for name, bucket in sorted(account.world.s3.buckets.items())
        if name.startswith(parameters.get("prefix", ""))
        and bucket.region_name == parameters.get("bucket-region", bucket.region_name)
    ]
    buckets, following = page(
        operation, chosen, limit="max-buckets", token="continuation-token", most=_MOST_BUCKETS, default=None
    )
    members: Members = {
        "Buckets": [_entry(bucket, with_region=bool(parameters)) for bucket in buckets],
        "Owner": {"ID": account.canonical_id},
    }
    if following is not None:
        members["ContinuationToken"] = following
    if "prefix" in parameters:
        members["Prefix"] = parameters["prefix"]
    return members


def _entry(bucket: FakeBucket, *, with_region: bool) -> Members:
    entry: Members = {"Name": bucket.name, "CreationDate": bucket.creation_date}
    if with_region:
        entry |= {"BucketRegion": bucket.region_name, "BucketArn": f"arn:aws:s3:::{bucket.name}"}
    return entry


def get_bucket_versioning(account: Account, operation: Operation) -> Members:
    """Versioning with the state of MFA delete.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html: MfaDelete "is only returned if the
    bucket has been configured with MFA delete". Moto cannot be configured with it.
    """
    bucket = find_bucket(account, operation)
    members: Members = {"Status": bucket.versioning_status} if bucket.versioning_status else {}
    if any(item.mfa_delete for item in account.estate.buckets if item.name == bucket.name):
        members["MFADelete"] = "Enabled"
    return members


def get_bucket_encryption(account: Account, operation: Operation) -> Members:
    """Default encryption, which every bucket has unless the estate says otherwise.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html: since January 2023 all buckets
    have at least SSE-S3. Moto answers ServerSideEncryptionConfigurationNotFoundError for one that was never set.
    """
    bucket = find_bucket(account, operation)
    rule = (bucket.encryption or {}).get("Rule", {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}})
    if rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "none":
        raise Refused(
            404,
            "ServerSideEncryptionConfigurationNotFoundError",
            "The server side encryption configuration was not found",
        )
    written = {
        "ApplyServerSideEncryptionByDefault": rule["ApplyServerSideEncryptionByDefault"],
        "BucketKeyEnabled": rule.get("BucketKeyEnabled") == "true",
    }
    return {"ServerSideEncryptionConfiguration": {"Rules": [written]}}


def find_bucket(account: Account, operation: Operation) -> FakeBucket:
    """The bucket that is asked about; NoSuchBucket when there is none."""
    name = operation.parameters["Bucket"]
    bucket = account.world.s3.buckets.get(name)
    if bucket is None:
        raise Refused(404, "NoSuchBucket", f"The specified bucket does not exist: {name}")
    return bucket


def check_region(account: Account, operation: Operation) -> None:
    """Send a question about a bucket to the bucket's region.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/Redirects.html and
    https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html: another region answers PermanentRedirect,
    301, with the right one in `x-amz-bucket-region`; GetBucketLocation alone is answered everywhere. Moto answers
    everything everywhere, which hides from a client that it asks twice.
    """
    bucket = account.world.s3.buckets.get(operation.parameters.get("Bucket", ""))
    if bucket is None or operation.name in ("GetBucketLocation", "CreateBucket"):
        return
    if bucket.region_name != operation.region:
        raise Refused(
            301,
            "PermanentRedirect",
            "The bucket you are attempting to access must be addressed using the specified endpoint.",
            (("x-amz-bucket-region", bucket.region_name),),
        )


def settle_new_bucket(account: Account, operation: Operation) -> None:
    """Give a bucket that was created through the API what S3 gives it.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html: since April 2023 a new bucket has
    all four switches of its public access block on and ACLs disabled. Moto gives it neither.
    """
    bucket = account.world.s3.buckets.get(operation.parameters["Bucket"])
    if bucket is not None and bucket.public_access_block is None:
        bucket.public_access_block = public_access_block(estate.PublicAccessBlock())
        if bucket.ownership_rule is None:
            set_ownership(bucket, "BucketOwnerEnforced")
