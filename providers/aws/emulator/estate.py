"""The shape of an estate file: an AWS account as it is to be found, item by item.

Ages are days before the emulator starts (`*_days_ago`), so that an estate does not age. `{account}` in any text
stands for the account's number. What is not written is as AWS has it in a new account or bucket.
"""

from typing import Any, Literal

import msgspec

from providers.aws.emulator.estate_network import Instance, LoadBalancer, PrefixList, SecurityGroup
from providers.aws.emulator.estate_people import Event, Organization
from providers.aws.emulator.estate_software import Cluster, Database, Function, Service
from providers.aws.emulator.faults import Rule

# An IAM policy document, as JSON has it.
Policy = dict[str, Any]
Regions = tuple[str, ...]


class _Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An item of the file; a word that it does not know is an error."""


class PublicAccessBlock(_Item, frozen=True, kw_only=True):
    """The four switches, on unless said otherwise, as for every bucket since April 2023."""

    block_public_acls: bool = True
    ignore_public_acls: bool = True
    block_public_policy: bool = True
    restrict_public_buckets: bool = True


class Encryption(_Item, frozen=True, kw_only=True):
    """A bucket's default encryption."""

    algorithm: Literal["AES256", "aws:kms", "aws:kms:dsse", "none"] = "AES256"
    """`none` answers as S3 did before 2023, and as stores that only speak its protocol still may."""
    key: str | None = None
    bucket_key: bool = False


class Grant(_Item, frozen=True, kw_only=True):
    """One line of an ACL; the grantee is `anyone`, `authenticated`, `log-delivery` or a canonical id."""

    grantee: str
    permission: Literal["READ", "WRITE", "READ_ACP", "WRITE_ACP", "FULL_CONTROL"]


class Logging(_Item, frozen=True, kw_only=True):
    """Where a bucket's access logs go."""

    bucket: str
    prefix: str = ""


class Retention(_Item, frozen=True, kw_only=True):
    """An object lock's default retention."""

    mode: Literal["GOVERNANCE", "COMPLIANCE"]
    days: int


class Bucket(_Item, frozen=True, kw_only=True):
    """An S3 bucket; `None` where AWS has nothing configured."""

    name: str
    region: str = "us-east-1"
    created_days_ago: float = 400
    policy: Policy | None = None
    grants: tuple[Grant, ...] = ()
    ownership: Literal["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"] | None = "BucketOwnerEnforced"
    block: PublicAccessBlock | None = PublicAccessBlock()
    encryption: Encryption = Encryption()
    versioning: Literal["Enabled", "Suspended"] | None = None
    mfa_delete: bool = False
    logging: Logging | None = None
    object_lock: bool = False
    retention: Retention | None = None
    website: bool = False

    def __post_init__(self) -> None:
        if self.grants and self.ownership == "BucketOwnerEnforced":
            raise ValueError(f"bucket {self.name}: BucketOwnerEnforced disables ACLs, so it can have no grants")
        if self.object_lock and self.versioning != "Enabled":
            raise ValueError(f"bucket {self.name}: object lock needs versioning to be Enabled")


class AccessPoint(_Item, frozen=True, kw_only=True):
    """An S3 access point; it lives in its bucket's region."""

    name: str
    bucket: str
    policy: Policy | None = None
    vpc: str | None = None
    block: PublicAccessBlock = PublicAccessBlock()


class ManagedPolicy(_Item, frozen=True, kw_only=True):
    """A customer-managed policy."""

    name: str
    document: Policy
    path: str = "/"


class Identity(_Item, frozen=True, kw_only=True):
    """What users, groups and roles have in common; `attached` are ARNs, or names of the estate's own policies."""

    name: str
    path: str = "/"
    created_days_ago: float = 400
    inline: dict[str, Policy] = {}
    attached: tuple[str, ...] = ()


class Group(Identity, frozen=True, kw_only=True):
    """An IAM group."""


class Password(_Item, frozen=True, kw_only=True):
    """A console password; `last_used_days_ago` of None means never."""

    last_used_days_ago: float | None = None
    changed_days_ago: float = 30


class AccessKey(_Item, frozen=True, kw_only=True):
    """An access key; `last_used_days_ago` of None means never."""

    age_days: float
    active: bool = True
    last_used_days_ago: float | None = None
    last_used_service: str = "s3"
    last_used_region: str = "us-east-1"


class Principal(Identity, frozen=True, kw_only=True):
    """An identity that can act; `services_used` tells how many days ago it last used which services."""

    boundary: str | None = None
    tags: dict[str, str] = {}
    services_used: dict[str, float] = {}


class User(Principal, frozen=True, kw_only=True):
    """An IAM user; its keys tell for themselves which services they used."""

    groups: tuple[str, ...] = ()
    password: Password | None = None
    keys: tuple[AccessKey, ...] = ()
    mfa: bool = False


class Role(Principal, frozen=True, kw_only=True):
    """An IAM role; those that AWS owns are named in `service_linked_roles` instead."""

    trust: Policy
    last_used_days_ago: float | None = None


class ServiceLinkedRole(_Item, frozen=True, kw_only=True):
    """A role that AWS has made for one of its services and that nobody else can change."""

    name: str
    service: str


class Root(_Item, frozen=True, kw_only=True):
    """The root user's credentials."""

    mfa: bool = True
    password: bool = True
    keys: tuple[AccessKey, ...] = ()
    password_last_used_days_ago: float | None = 200


class PasswordPolicy(_Item, frozen=True, kw_only=True):
    """The account's password policy."""

    minimum_length: int = 8
    require_symbols: bool = False
    require_numbers: bool = False
    require_uppercase: bool = False
    require_lowercase: bool = False
    allow_change: bool = True
    maximum_age: int | None = None
    reuse_prevention: int | None = None


class Contact(_Item, frozen=True, kw_only=True):
    """An alternate contact of the account."""

    type: Literal["SECURITY", "OPERATIONS", "BILLING"]
    name: str
    email: str
    title: str = "Contact"
    phone: str = "+1 555 0100"


class Key(_Item, frozen=True, kw_only=True):
    """A customer-managed KMS key, known by an alias; `{key:alias}` in any text stands for its ARN."""

    alias: str
    region: str = "us-east-1"


class Trail(_Item, frozen=True, kw_only=True):
    """A CloudTrail trail; the two selector lists are as PutEventSelectors takes them, one of them at most."""

    name: str
    bucket: str
    home: str = "us-east-1"
    multi_region: bool = False
    global_events: bool = True
    logging: bool = True
    delivery_error: str | None = None
    validation: bool = False
    key: str | None = None
    log_group: str | None = None
    managed_by: str | None = None
    """The management account of the organisation whose trail it is; nothing where it is the account's own."""
    selectors: tuple[dict[str, Any], ...] = ()
    advanced_selectors: tuple[dict[str, Any], ...] = ()


class Estate(_Item, frozen=True, kw_only=True):
    """An account: everything that an emulator is seeded with."""

    account: str
    regions: Regions = ("us-east-1", "eu-west-1", "eu-central-1")
    regions_off: Regions = ("af-south-1", "me-south-1")
    root: Root = Root()
    password_policy: PasswordPolicy | None = None
    account_block: PublicAccessBlock | None = None
    contacts: tuple[Contact, ...] = ()
    keys: tuple[Key, ...] = ()
    buckets: tuple[Bucket, ...] = ()
    access_points: tuple[AccessPoint, ...] = ()
    policies: tuple[ManagedPolicy, ...] = ()
    groups: tuple[Group, ...] = ()
    users: tuple[User, ...] = ()
    roles: tuple[Role, ...] = ()
    service_linked_roles: tuple[ServiceLinkedRole, ...] = ()
    open_id_providers: tuple[str, ...] = ()
    trails: tuple[Trail, ...] = ()
    prefix_lists: tuple[PrefixList, ...] = ()
    security_groups: tuple[SecurityGroup, ...] = ()
    instances: tuple[Instance, ...] = ()
    load_balancers: tuple[LoadBalancer, ...] = ()
    databases: tuple[Database, ...] = ()
    functions: tuple[Function, ...] = ()
    services: tuple[Service, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    organization: Organization | None = None
    tags: dict[str, dict[str, dict[str, str]]] = {}
    """Of what its own items do not say it of, by the kind and the name."""
    events: tuple[Event, ...] = ()
    denied: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        if len(self.account) != 12 or not self.account.isdigit():
            raise ValueError(f"account {self.account!r} is not twelve digits")
        names = {bucket.name for bucket in self.buckets}
        for point in self.access_points:
            if point.bucket not in names:
                raise ValueError(f"access point {point.name}: there is no bucket {point.bucket!r}")
        for trail in self.trails:
            if trail.home not in self.regions:
                raise ValueError(f"trail {trail.name}: its home {trail.home!r} is not one of the account's regions")
