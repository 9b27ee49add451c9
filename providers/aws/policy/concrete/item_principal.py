"""The principal of an item's request: an ARN, an account, a host, or an object with a type."""

from __future__ import annotations

from collections.abc import Mapping

from providers.aws.policy.concrete.callers import Caller
from providers.aws.policy.concrete.item_values import Json, text
from providers.aws.policy.concrete.rules import WEB_IDENTITY_ACTIONS
from providers.aws.policy.language.names import is_account
from scanner.questions import BadInput

_VALUES = ("value", "id", "arn", "name", "principal", "account", "service", "provider")
_CANONICAL_LENGTH = 64
_PROVIDERS = (":oidc-provider/", ":saml-provider/")


def read_principal(value: Json, pointer: str, action: str) -> Caller:
    """The caller. `action` tells the hosts of identity providers from those of services."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**12:
        return Caller.account(f"{value:012d}")
    if isinstance(value, Mapping):
        return _of_object(value, pointer, action)
    return _of_text(text(value, pointer), pointer, action)


def _of_object(value: Mapping[str, Json], pointer: str, action: str) -> Caller:
    kind = value.get("type", value.get("Type"))
    if kind is None and len(value) == 1:
        kind, given = next(iter(value.items()))
    else:
        given = next((value[name] for name in _VALUES if value.get(name) is not None), None)
    word = text(kind, f"{pointer}/type").lower()
    if word in ("anonymous", "everyone", "public"):
        return Caller.anonymous()
    if isinstance(given, int) and not isinstance(given, bool):
        return read_principal(given, pointer, action)
    found = text(given, pointer)
    match word:
        case "service" | "awsservice":
            return Caller.service(found)
        case "federated" | "webidentity" | "saml" | "oidc":
            return Caller.federated(found)
        case "canonicaluser" | "canonical":
            return Caller.canonical(found)
    return _of_text(found, pointer, action)


def _of_text(found: str, pointer: str, action: str) -> Caller:
    if found == "*" or found.lower() == "anonymous":
        return Caller.anonymous()
    if found.startswith("arn:"):
        return Caller.federated(found) if any(each in found for each in _PROVIDERS) else Caller.arn(found)
    if is_account(found):
        return Caller.account(found)
    if len(found) == _CANONICAL_LENGTH and all(character in "0123456789abcdef" for character in found):
        return Caller.canonical(found)
    if action.lower() in WEB_IDENTITY_ACTIONS:
        return Caller.federated(found)
    if "." in found and ":" not in found:
        return Caller.service(found)
    raise BadInput(pointer, "is neither an ARN, an account, a service's host name nor {type: Anonymous}")
