"""What an outsider can and cannot put into a request, key by key.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html (what anonymous callers carry)
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
"""

from __future__ import annotations

from collections.abc import Mapping
from string import ascii_lowercase, ascii_uppercase, digits
from types import MappingProxyType
from typing import Final

import msgspec

from providers.aws.policy.concrete.glob import MANY, Pattern, Run, literal
from providers.aws.policy.domains import NEVER, UNCLEAR, Domain, always
from providers.aws.policy.identity_providers import Guests, claim
from providers.aws.policy.language.values import instant
from providers.aws.policy.verbs import PartyKind


class Owner(msgspec.Struct, frozen=True):
    """Whose resource it is, and what else is known to be theirs."""

    account: str
    partition: str = "aws"
    organization: str | None = None
    canonical_id: str | None = None
    """Nothing: not read; then a grant to a canonical user is undecided."""
    origin_access_identities: tuple[str, ...] | None = None
    """Ids of the account's own. Nothing: not read; then a grant to such an identity is undecided."""
    principal_ids: tuple[str, ...] = ()
    """Unique ids (AIDA..., AROA...) known to be the account's own."""


class ResourceContext(msgspec.Struct, frozen=True):
    """The resource that the policy is attached to."""

    arn: str
    at: str | None = None
    """When it was read, RFC 3339. Nothing: what depends on the date is undecided."""


class Party(msgspec.Struct, frozen=True):
    """A kind of caller from outside."""

    kind: PartyKind
    name: str = ""
    """The service or identity provider that the statement names; empty for any."""
    guests: Guests = "unclear"
    """For Cognito: whether the statement lets in identities that never signed in."""


_DIGIT: Final = frozenset(digits)
_HEX: Final[Pattern] = (*(frozenset(digits + "abcdef"),) * 8, Run(frozenset(digits + "abcdef")))
ACCOUNT: Final[Pattern] = (_DIGIT,) * 12
_ORGANIZATION: Final[Pattern] = (
    "o",
    "-",
    *(frozenset(ascii_lowercase + digits),) * 10,
    Run(frozenset(ascii_lowercase + digits)),
)
_UNIQUE_ID: Final[Pattern] = ("A", *(frozenset(ascii_uppercase + digits),) * 20)
_NAME: Final = Run(frozenset(ascii_lowercase + digits + "-"))

_TRUE_OR_FALSE: Final = always("true", "false")
_MAYBE_TRUE_OR_FALSE: Final = Domain((literal("true"), literal("false")))
FREE: Final = Domain()
_FREE_SET: Final = Domain(multi=True)

_CHOSEN: Mapping[str, Domain] = MappingProxyType(
    {
        "aws:referer": FREE,
        "aws:useragent": FREE,
        "aws:securetransport": _TRUE_OR_FALSE,
        "aws:tagkeys": _FREE_SET,
        "aws:vpcsourceip": FREE,
        "sts:externalid": FREE,
        "sts:rolesessionname": FREE,
        "sts:sourceidentity": FREE,
        "sts:transitivetagkeys": _FREE_SET,
        "s3:authtype": Domain(tuple(literal(t) for t in ("REST-HEADER", "REST-QUERY-STRING", "POST"))),
        "s3:signatureversion": Domain((literal("AWS4-HMAC-SHA256"), literal("AWS"))),
        "s3:signatureage": FREE,
        "s3:tlsversion": Domain((literal("1.3"), literal("1.2"))),
        "s3:x-amz-content-sha256": FREE,
        "s3:accesspointnetworkorigin": Domain((literal("Internet"), literal("VPC"))),
    }
)
"""What any caller sets by the way they send the request."""

_SIGNED: Mapping[str, Domain] = MappingProxyType(
    {
        "aws:username": FREE,
        "aws:principaltype": always("User", "AssumedRole", "FederatedUser", "Account"),
        "aws:multifactorauthpresent": _MAYBE_TRUE_OR_FALSE,
        "aws:multifactorauthage": FREE,
        "aws:tokenissuetime": FREE,
        "aws:calledvia": _FREE_SET,
        "aws:calledviafirst": FREE,
        "aws:calledvialast": FREE,
        "aws:viaawsservice": _TRUE_OR_FALSE,
        "aws:federatedprovider": FREE,
        "aws:sourceidentity": FREE,
        "aws:ec2instancesourcevpc": FREE,
        "aws:ec2instancesourceprivateipv4": FREE,
    }
)
"""What a caller sets who owns an AWS account, and a request without a signature lacks."""
_SIGNED_PREFIXES: Final = ("aws:principaltag/",)

TAGS_OF_RESOURCES: Final = ("aws:resourcetag/", "s3:existingobjecttag/")
"""What the owner wrote on resources. An Allow that asks for a tag is taken to be meant for some resource."""
_OBJECT_KEYS: Final = frozenset({"s3:prefix", "s3:delimiter", "s3:max-keys"})
_LISTS: Final = frozenset({"s3:ListBucket", "s3:ListBucketVersions"})
_VERSIONED: Final = "Version"


def domain_of(key: str, party: Party, owner: Owner, resource: ResourceContext, action: str) -> Domain:
    """What `key` (lower case) may hold in a request of `party` for `action` on `resource`."""
    for found in (
        _of_resource(key, owner, resource, action),
        _of_caller(key, party, owner),
        _of_network(key, party, owner),
        claim(key, party.name, party.guests) if party.kind == "federated" else None,
    ):
        if found is not None:
            return found
    if key == "aws:securetransport" and party.kind == "service":
        return always("true")
    if party.kind == "service":
        return UNCLEAR
    return FREE if key.startswith("aws:requesttag/") else _CHOSEN.get(key, UNCLEAR)


def _of_resource(key: str, owner: Owner, resource: ResourceContext, action: str) -> Domain | None:
    """Keys that describe the resource, the request's parameters or the time: the same for whoever calls."""
    operation = action.partition(":")[2]
    match key:
        case "aws:resourceaccount" | "s3:resourceaccount":
            return always(owner.account)
        case "aws:resourceorgid":
            return always(owner.organization) if owner.organization else UNCLEAR
        case "aws:currenttime" | "aws:epochtime":
            return _clock(key, resource.at)
        case "aws:requestedregion":
            return Domain(absent=False, chosen=False)
        case "s3:dataaccesspointaccount" | "s3:dataaccesspointarn" | "s3:accesspointnetworkorigin":
            return _access_point(key, owner, resource)
        case "s3:versionid":
            return FREE if _VERSIONED in operation else UNCLEAR
    if key in _OBJECT_KEYS:
        return FREE if action in _LISTS else NEVER
    if key.startswith("aws:resourcetag/"):
        return FREE
    if key.startswith("s3:existingobjecttag/"):
        return FREE if operation.startswith(("GetObject", "PutObjectAcl", "PutObjectVersionAcl")) else UNCLEAR
    if key == "s3:x-amz-server-side-encryption-aws-kms-key-id":
        return Domain(pin="whole") if operation == "PutObject" else UNCLEAR
    if key.startswith(("s3:x-amz-", "s3:requestobjecttag", "s3:object-lock-")):
        return (_FREE_SET if key.endswith("tagkeys") else FREE) if operation == "PutObject" else None
    return None


def _clock(key: str, at: str | None) -> Domain:
    seconds = instant(at) if at else None
    if at is None or seconds is None:
        return UNCLEAR
    return always(at if key == "aws:currenttime" else str(int(seconds)))


def _access_point(key: str, owner: Owner, resource: ResourceContext) -> Domain | None:
    """By way of an access point: of the owner's where that is the resource, else of whoever made one."""
    if ":accesspoint/" in resource.arn:
        if key == "s3:dataaccesspointaccount":
            return always(owner.account)
        return always(resource.arn) if key == "s3:dataaccesspointarn" else UNCLEAR
    if key == "s3:dataaccesspointaccount":
        return _account(owner, absent=True)
    if key == "s3:dataaccesspointarn":
        return _arn(owner, (*literal("s3:"), _NAME, ":"))
    return None


def _account(owner: Owner, *, absent: bool) -> Domain:
    return Domain((ACCOUNT,), absent=absent, pin="whole", own=frozenset({owner.account}))


def _arn(owner: Owner, service_and_region: Pattern, *, absent: bool = True) -> Domain:
    language = (*literal(f"arn:{owner.partition}:"), *service_and_region, *ACCOUNT, ":", MANY)
    return Domain((language,), absent=absent, pin="arn", own=frozenset({owner.account}))


def _of_caller(key: str, party: Party, owner: Owner) -> Domain | None:
    if key.startswith(_SIGNED_PREFIXES) or key in _SIGNED:
        known = _SIGNED.get(key, FREE)
        return {"anonymous": _unsigned(key), "stranger": known}.get(party.kind, UNCLEAR)
    match key:
        case "aws:principalaccount" | "kms:calleraccount":
            return _principal(party, _account(owner, absent=False), always("anonymous"))
        case "aws:principalarn":
            return _principal(party, _principal_arn(owner), NEVER)
        case "aws:principalorgid" | "aws:principalorgpaths":
            organization = _organization(paths=key.endswith("paths"))
            return NEVER if party.kind == "service" else _principal(party, organization, NEVER)
        case "aws:userid":
            return _principal(party, _user_id(owner), always("anonymous"))
        case "aws:principalisawsservice":
            return always("true" if party.kind == "service" else "false")
        case "aws:principalservicename":
            name = always(party.name) if party.name else Domain(absent=False, chosen=False)
            return name if party.kind == "service" else NEVER
        case "aws:sourceaccount":
            return _account(owner, absent=True) if party.kind == "service" else NEVER
        case "aws:sourceowner":
            return _account(owner, absent=True)
        case "aws:sourcearn":
            return _source_arn(owner) if party.kind == "service" else NEVER
        case "aws:sourceorgid" | "aws:sourceorgpaths":
            return _organization(paths=key.endswith("paths")) if party.kind == "service" else NEVER
    return None


def _unsigned(key: str) -> Domain:
    if key == "aws:principaltype":
        return always("Anonymous")
    return always("false") if key == "aws:viaawsservice" else NEVER


def _principal(party: Party, stranger: Domain, anonymous: Domain) -> Domain:
    """A service is no principal of the owner's account; what else it carries for one is not documented."""
    by_service = msgspec.structs.replace(stranger, absent=True, chosen=False)
    return {"stranger": stranger, "anonymous": anonymous, "service": by_service}.get(party.kind, UNCLEAR)


def _principal_arn(owner: Owner) -> Domain:
    start = literal(f"arn:{owner.partition}:")
    iam = (*start, *literal("iam::"), *ACCOUNT, ":")
    federated = (*start, *literal("sts::"), *ACCOUNT, *literal(":federated-user/"), MANY)
    languages = (
        (*iam, *literal("role/"), MANY),
        (*iam, *literal("user/"), MANY),
        (*iam, *literal("root")),
        federated,
    )
    return Domain(languages, absent=False, pin="arn", own=frozenset({owner.account}))


def _organization(*, paths: bool) -> Domain:
    if paths:
        return Domain(((*_ORGANIZATION, "/", MANY),), pin="before-slash", multi=True)
    return Domain((_ORGANIZATION,), pin="whole")


def _user_id(owner: Owner) -> Domain:
    languages = ((*_UNIQUE_ID, ":", MANY), _UNIQUE_ID, ACCOUNT, (*ACCOUNT, ":", MANY))
    own = frozenset({owner.account, *owner.principal_ids})
    return Domain(languages, absent=False, pin="before-colon", own=own)


def _source_arn(owner: Owner) -> Domain:
    start = literal(f"arn:{owner.partition}:")
    with_account = (*start, _NAME, ":", _NAME, ":", *ACCOUNT, ":", MANY)
    bucket = (*start, *literal("s3:::"), MANY)
    return Domain((with_account, bucket), pin="arn", own=frozenset({owner.account}))


def _of_network(key: str, party: Party, owner: Owner) -> Domain | None:
    networked = {
        "aws:sourceip": Domain(pin="address"),
        "aws:sourcevpc": Domain(((*literal("vpc-"), *_HEX),), pin="whole"),
        "aws:sourcevpce": Domain(((*literal("vpce-"), *_HEX),), pin="whole"),
        "aws:vpceaccount": _account(owner, absent=True),
        "aws:vpceorgid": _organization(paths=False),
        "aws:vpceorgpaths": _organization(paths=True),
        "aws:sourcevpcarn": _arn(owner, (*literal("ec2:"), _NAME, ":")),
    }
    if key not in networked:
        return None
    if key == "aws:sourceip":
        return Domain(pin="address", chosen=party.kind != "service")
    return networked[key] if party.kind in ("anonymous", "stranger") else UNCLEAR
