"""What a caller can and cannot put into a request, key by key.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html (what anonymous callers carry)
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from providers.aws.policy.language.names import named
from providers.aws.policy.language.values import instant
from providers.aws.policy.symbolic import shapes
from providers.aws.policy.symbolic.known import FREE, FREE_SET, NEVER_THERE, UNCLEAR, Known, always, sometimes
from providers.aws.policy.symbolic.patterns import literal
from providers.aws.policy.symbolic.principal_keys import role_of
from providers.aws.policy.symbolic.providers import claim_of
from providers.aws.policy.symbolic.scene import SIGNED, Level, Owner, Party, PartyKind, ResourceContext, Seen
from providers.aws.policy.symbolic.service_keys import of_service
from scanner.access.text import Pattern

_BOTH: Final = ("true", "false")
_CHOSEN: Mapping[str, Known] = MappingProxyType(
    {
        "aws:referer": FREE,
        "aws:useragent": FREE,
        "aws:securetransport": always(*_BOTH),
        "aws:tagkeys": FREE_SET,
        "aws:vpcsourceip": Known(kind="address"),
        "sts:externalid": FREE,
        "sts:rolesessionname": FREE,
        "sts:sourceidentity": FREE,
        "sts:transitivetagkeys": FREE_SET,
    }
)
"""What any caller sets by the way they send the request."""

_SIGNED: Mapping[str, Known] = MappingProxyType(
    {
        "aws:multifactorauthpresent": sometimes(*_BOTH),
        "aws:multifactorauthage": Known(kind="number", whole=True),
        "aws:tokenissuetime": Known(kind="date"),
        "aws:calledvia": FREE_SET,
        "aws:calledviafirst": FREE,
        "aws:calledvialast": FREE,
        "aws:viaawsservice": always(*_BOTH),
        "aws:federatedprovider": FREE,
        "aws:sourceidentity": FREE,
        "aws:ec2instancesourcevpc": Known((shapes.VPC,), pin="whole"),
        "aws:ec2instancesourceprivateipv4": FREE,
        "aws:chatbotsourcearn": FREE,
        "aws:signinsessionarn": FREE,
        "aws:assumedroot": sometimes(*_BOTH),
    }
)
"""What a caller sets who owns an AWS account, and a request without a signature lacks."""
_PRINCIPAL_TYPES: Mapping[str, str] = MappingProxyType(
    {"role": "AssumedRole", "user": "User", "root": "Account", "federated-user": "FederatedUser"}
)
TAGS_OF_RESOURCES: Final = ("aws:resourcetag/", "s3:existingobjecttag/")
"""What the owner wrote on resources. An Allow that asks for a tag is taken to be meant for some resource."""


def known_of(
    key: str, party: Party, owner: Owner, resource: ResourceContext, action: str, seen: Seen, level: Level
) -> Known:
    """What `key` (lower case) may hold in a request of `party` for `action` on `resource`.

    `seen` is what the documents say of the key: whom they name depends on it.
    """
    if key in resource.settings:
        value = resource.settings[key]
        return NEVER_THERE if value is None else always(value)
    for found in (
        _of_resource(key, owner, resource),
        _of_principal(key, party, owner),
        _of_source(key, party, owner),
        _of_network(key, party, owner),
        claim_of(key, party.name, party.guests, seen, level) if party.kind == "federated" else None,
        of_service(key, party, owner, resource, action, level),
    ):
        if found is not None:
            return found
    if party.kind == "service":
        return always("true") if key == "aws:securetransport" else UNCLEAR
    return FREE if key.startswith("aws:requesttag/") else _CHOSEN.get(key, UNCLEAR)


def _of_resource(key: str, owner: Owner, resource: ResourceContext) -> Known | None:
    """Keys that describe the resource or the time: the same for whoever calls."""
    match key:
        case "aws:resourceaccount" | "s3:resourceaccount":
            return always(owner.account)
        case "aws:resourceorgid":
            return always(owner.organization) if owner.organization else UNCLEAR
        case "aws:resourceorgpaths":
            return msgspec.structs.replace(UNCLEAR, many=True)
        case "aws:currenttime" | "aws:epochtime":
            return _clock(key, resource.at)
        case "aws:requestedregion":
            # Where the ARN does not tell, the resource lies in some region, the same for whoever calls.
            region = resource.arn.split(":")[3:4]
            return always(region[0]) if region and region[0] else Known((shapes.SOME_TEXT,), absent=False)
    return FREE if key.startswith(TAGS_OF_RESOURCES) else None


def _clock(key: str, at: str | None) -> Known:
    seconds = instant(at) if at else None
    if at is None or seconds is None:
        return UNCLEAR
    return always(at if key == "aws:currenttime" else str(int(seconds)))


def _of_principal(key: str, party: Party, owner: Owner) -> Known | None:
    signed = party.kind in SIGNED or party.kind in ("exact", "canonical")
    if _is_own(party, owner):
        own = _of_own(key, party, owner)
        if own is not None:
            return own
    if key.startswith("aws:principaltag/") or key in _SIGNED:
        if party.kind == "anonymous":
            return always("false") if key == "aws:viaawsservice" else NEVER_THERE
        return _SIGNED.get(key, FREE) if signed else UNCLEAR
    match key:
        case "aws:principalisawsservice":
            if party.kind == "anonymous":
                return NEVER_THERE
            return always("true" if party.kind == "service" else "false")
        case "aws:principalservicename":
            return always(party.name) if party.kind == "service" else NEVER_THERE
        case "aws:principalservicenameslist":
            return msgspec.structs.replace(UNCLEAR, many=True) if party.kind == "service" else NEVER_THERE
        case "aws:username":
            return _username(party)
        case "aws:principaltype":
            return _principal_type(party)
        case "aws:principalaccount" | "kms:calleraccount":
            return _principal_account(party, owner)
        case "aws:principalarn":
            return _principal_arn(party, owner)
        case "aws:principalorgid" | "aws:principalorgpaths":
            organization = _organization(paths=key.endswith("paths"))
            return organization if signed else NEVER_THERE if party.kind in ("anonymous", "service") else UNCLEAR
        case "aws:userid":
            if party.kind == "anonymous":
                return always("anonymous")
            return _user_id(owner, party) if signed else _unclear(_user_id(owner, party))
    return None


def _is_own(party: Party, owner: Owner) -> bool:
    return party.kind == "exact" and (not party.name or named(party.name).account == owner.account)


def _of_own(key: str, party: Party, owner: Owner) -> Known | None:
    """What a principal of the owner's account carries and does not choose."""
    if key.startswith("aws:principaltag/"):
        if party.tags is None:
            return UNCLEAR
        value = party.tags.get(key.partition("/")[2])
        return NEVER_THERE if value is None else always(value)
    match key:
        case "aws:principalorgid":
            return always(owner.organization) if owner.organization else _unclear(_organization(paths=False))
        case "aws:principalorgpaths":
            return _unclear(_organization(paths=True))
        case "aws:userid":
            return UNCLEAR
        case "aws:username" | "aws:principaltype" if not party.name:
            return UNCLEAR
        case "aws:principalaccount" | "kms:calleraccount" if not party.name:
            return always(owner.account)
        case "aws:principalarn" if not party.name:
            languages = (shapes.principal(owner.partition, kind, owner.account) for kind in ("role", "user"))
            return Known(tuple(languages), absent=False, clear=False)
    return None


def _unclear(known: Known) -> Known:
    return msgspec.structs.replace(known, clear=False)


def _username(party: Party) -> Known:
    if party.kind == "exact" and ":user/" in party.name:
        return always(party.name.rpartition("/")[2])
    if party.kind in ("user", "canonical"):
        return Known((shapes.SOME_TEXT,), absent=party.kind != "user")
    return UNCLEAR if party.kind in ("service", "federated") else NEVER_THERE


def _principal_type(party: Party) -> Known:
    if party.kind == "anonymous":
        return always("Anonymous")
    if party.kind == "exact":
        resource = named(party.name).resource.partition("/")[0]
        return always({"user": "User", "federated-user": "FederatedUser"}.get(resource, "AssumedRole"))
    word = _PRINCIPAL_TYPES.get(party.kind)
    return UNCLEAR if word is None else always(word)


def _principal_account(party: Party, owner: Owner) -> Known:
    """For a principal of any account the account is part of the caller, and no key of its own."""
    if party.kind == "anonymous":
        return always("anonymous")
    if party.kind == "exact":
        return always(named(party.name).account)
    # Neither a service nor another account is a principal of the owner's; what else services carry is not documented.
    return _unclear(_account(owner, absent=False)) if party.kind in ("service", "canonical") else UNCLEAR


def _principal_arn(party: Party, owner: Owner) -> Known:
    if party.kind == "exact":
        return always(role_of(party.name))
    if party.kind == "service":
        languages = tuple(shapes.principal(owner.partition, kind) for kind in SIGNED)
        return Known(languages, pin="arn", own=frozenset({owner.account}), clear=False)
    return NEVER_THERE if party.kind == "anonymous" else UNCLEAR


def _organization(*, paths: bool) -> Known:
    if paths:
        return Known((shapes.ORGANIZATION_PATH,), pin="before-slash", many=True)
    return Known((shapes.ORGANIZATION,), pin="whole")


def _user_id(owner: Owner, party: Party) -> Known:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable"""
    account, unique, name = shapes.ACCOUNT, shapes.UNIQUE_ID, FREE.languages[0]
    forms: Mapping[PartyKind, Pattern] = {
        "role": (*unique, ":", *name),
        "user": unique,
        "root": account,
        "federated-user": (*account, ":", *name),
    }
    languages = (forms[party.kind],) if party.kind in forms else tuple(forms.values())
    own = frozenset({owner.account, *owner.principal_ids})
    return Known(languages, absent=False, pin="before-colon", own=own)


def _account(owner: Owner, *, absent: bool = True) -> Known:
    return Known((shapes.ACCOUNT,), absent=absent, pin="whole", own=frozenset({owner.account}))


def _of_source(key: str, party: Party, owner: Owner) -> Known | None:
    """On whose behalf a service calls: only services set it."""
    by_service = party.kind == "service"
    match key:
        case "aws:sourceowner":
            return _account(owner)
        case "aws:sourceaccount":
            return _account(owner) if by_service else NEVER_THERE
        case "aws:sourcearn":
            languages = (shapes.arn(owner.partition, (shapes.NAME,)), shapes.bucket_arn(owner.partition))
            return Known(languages, pin="arn", own=frozenset({owner.account})) if by_service else NEVER_THERE
        case "aws:sourceorgid" | "aws:sourceorgpaths":
            return _organization(paths=key.endswith("paths")) if by_service else NEVER_THERE
    return None


def _of_network(key: str, party: Party, owner: Owner) -> Known | None:
    """Over the internet there is an address, through an endpoint there is the endpoint."""
    if key == "aws:sourceip":
        if party.kind == "service":
            return Known(kind="address", pin="address", clear=False)
        return NEVER_THERE if party.by_endpoint else Known(kind="address", pin="address")
    networked = {
        "aws:sourcevpc": Known((shapes.VPC,), absent=False, pin="whole"),
        "aws:sourcevpce": Known((shapes.VPC_ENDPOINT,), absent=False, pin="whole"),
        "aws:vpceaccount": _account(owner),
        "aws:vpceorgid": _organization(paths=False),
        "aws:vpceorgpaths": _organization(paths=True),
        "aws:sourcevpcarn": Known(
            (shapes.arn(owner.partition, literal("ec2")),), pin="arn", own=frozenset({owner.account})
        ),
    }
    if key not in networked:
        return None
    if party.kind == "federated":
        return msgspec.structs.replace(networked[key], absent=True, clear=False)
    return networked[key] if party.by_endpoint else NEVER_THERE


NETWORK_KEYS: Final = frozenset(
    {
        "aws:sourceip",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:vpceaccount",
        "aws:vpceorgid",
        "aws:vpceorgpaths",
        "aws:sourcevpcarn",
        "aws:vpcsourceip",
    }
)
