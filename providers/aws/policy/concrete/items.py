"""Items of a batch: one request against layers of policies, or one condition against a context.

{"kind": "authorize", "policies": {...},
 "request": {"principal", "action", "resource", "resourceAccount", "context"}}
{"kind": "condition", "condition": {...}, "context": {...}, "version": "2012-10-17"}
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from providers.aws.policy.concrete.authorize import Organization, authorize
from providers.aws.policy.concrete.evaluate import Request
from providers.aws.policy.concrete.item_layers import is_shallow, read_layers
from providers.aws.policy.concrete.item_principal import read_principal
from providers.aws.policy.concrete.item_values import Json, context, flag, members, text
from providers.aws.policy.concrete.layers import Authorization, Layers
from providers.aws.policy.concrete.standing import DERIVED_KEYS
from providers.aws.policy.concrete.truth import is_met
from providers.aws.policy.language.names import is_account, named
from providers.aws.policy.language.parse import parse
from providers.aws.policy.language.tree import Malformed
from scanner.questions import BadInput, Result

_QUALIFIERS = frozenset({"", "forallvalues", "foranyvalue"})
_CONDITION_IN_POLICY = "/Statement/0/Condition"
_DERIVED = DERIVED_KEYS - {"aws:username"}
"""An item's context is the request's: of the keys about names it gives what the request shall have."""


def answer_item(item: Mapping[str, Json]) -> Result | bool:
    """The answer to one item. Raises BadInput with the place where the item is not of either form."""
    if _kind(item) == "condition":
        return condition_holds(item)
    return authorize_item(item).result


def authorize_item(item: Mapping[str, Json]) -> Authorization:
    """The answer to an item of kind `authorize`, with the reasons."""
    asked = members(item.get("request"), "/request")
    action = text(asked.get("action"), "/request/action")
    if ":" not in action:
        raise BadInput("/request/action", "is no action such as s3:GetObject")
    layers = read_layers(item.get("policies"), "/policies")
    request = Request(
        read_principal(asked.get("principal"), "/request/principal", action),
        action,
        text(asked.get("resource", "*"), "/request/resource"),
        context(asked.get("context"), "/request/context"),
    )
    return _authorize(layers, request, asked)


def condition_holds(item: Mapping[str, Json]) -> bool:
    """The answer to an item of kind `condition`."""
    given = members(item.get("condition"), "/condition")
    values = context(item.get("context"), "/context")
    known = {name: block for name, block in given.items() if _has_known_qualifier(name)}
    if not is_shallow(known):
        raise BadInput("/condition", "is nested too deep")
    version = text(item.get("version", "2012-10-17"), "/version")
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": known}
    policy = parse(json.dumps({"Version": version, "Statement": [statement]}))
    if isinstance(policy, Malformed):
        place = policy.pointer.lower() if policy.pointer == "/Version" else policy.pointer
        raise BadInput(place.replace(_CONDITION_IN_POLICY, "/condition", 1), policy.why)
    met = all(is_met(condition, values, policy.version) for condition in policy.statements[0].conditions)
    return met and len(known) == len(given)


def _kind(item: Mapping[str, Json]) -> str:
    given = members(item, "").get("kind")
    if given is None:
        given = "condition" if "condition" in item else "authorize"
    if given not in ("condition", "authorize"):
        raise BadInput("/kind", "is neither authorize nor condition")
    return str(given)


def _has_known_qualifier(operator: str) -> bool:
    return operator.rpartition(":")[0].lower() in _QUALIFIERS


def _authorize(layers: Layers, request: Request, asked: Mapping[str, Json]) -> Authorization:
    owner = _owner(asked, request)
    caller = named(request.principal.text).account if request.principal.kind == "aws" else ""
    management = asked.get("managementAccount")

    def place_of(account: str, name: str) -> Organization:
        is_management = flag(asked.get(name), f"/request/{name}") or (account and account == management)
        return "management" if is_management else "member"

    return authorize(
        layers,
        request,
        owner,
        caller_is=place_of(caller, "callerInManagementAccount"),
        owner_is=place_of(owner, "resourceInManagementAccount"),
        is_aws_managed_key=flag(asked.get("awsManagedKey"), "/request/awsManagedKey"),
        takes_warnings_as_rules=True,
        derived=_DERIVED,
    )


def _owner(asked: Mapping[str, Json], request: Request) -> str:
    """The account that owns the resource: as said, else by its ARN, else the caller's own."""
    said = asked.get("resourceAccount")
    if said is not None:
        return f"{said:012d}" if isinstance(said, int) and not isinstance(said, bool) else _account(said)
    parts = request.resource.split(":")
    if len(parts) > 4 and is_account(parts[4]):
        return parts[4]
    told = request.context.get("aws:resourceaccount")
    if isinstance(told, str):
        return told
    return named(request.principal.text).account if request.principal.kind == "aws" else ""


def _account(said: Json) -> str:
    found = text(said, "/request/resourceAccount")
    if found.startswith("arn:"):
        return named(found).account
    if not is_account(found) and found != "aws":
        raise BadInput("/request/resourceAccount", "is no account number")
    return found
