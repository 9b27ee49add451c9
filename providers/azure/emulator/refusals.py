"""What Azure answers when it says no: the real codes, statuses and bodies.

Codes: https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors,
https://learn.microsoft.com/graph/errors, https://learn.microsoft.com/entra/identity-platform/reference-error-codes
"""

from typing import Any

import msgspec

from providers.azure.emulator.wire import Operation
from providers.emulation.request import Answer

JSON = "application/json; charset=utf-8"
# Fixed, so that the same question has the same answer to the byte.
TRACE = "0f0e0d0c-0b0a-4908-8706-050403020100"
MOMENT = "2026-01-01T00:00:00.0000000Z"

_GRAPH = "Microsoft.Graph"


class Refusal(msgspec.Struct, frozen=True):
    """An error as Azure words it."""

    status: int
    code: str
    message: str
    headers: tuple[tuple[str, str], ...] = ()
    details: tuple[dict[str, Any], ...] = ()


class Refused(Exception):
    """Raised where the true answer is an error."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"{refusal.status} {refusal.code}: {refusal.message}")
        self.refusal = refusal


def write_refusal(service: str, refusal: Refusal) -> Answer:
    """Write an error as the management API, or as Microsoft Graph."""
    error: dict[str, Any] = {"code": refusal.code, "message": refusal.message}
    if refusal.details:
        error["details"] = refusal.details
    if service == _GRAPH:
        trace = {"date": MOMENT[:19], "request-id": TRACE, "client-request-id": TRACE}
        error["innerError"] = trace
    headers = (("x-ms-request-id", TRACE), *refusal.headers)
    return Answer(refusal.status, JSON, msgspec.json.encode({"error": error}), headers)


def unauthorized(service: str, tenant: str, *, given: str) -> Refusal:
    """The request has no token that this API takes; `given` says what it had instead."""
    if service == _GRAPH:
        message = {
            "nothing": "Access token is empty.",
            "audience": "Access token validation failure. Invalid audience.",
            "expired": "Lifetime validation failed, the token is expired.",
        }.get(given, "IDX14100: JWT is not well formed, there are no dots (.).")
        return Refusal(401, "InvalidAuthenticationToken", message, (("WWW-Authenticate", 'Bearer realm=""'),))
    code, message = {
        "nothing": ("AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing."),
        "audience": (
            "InvalidAuthenticationTokenAudience",
            "The access token has been obtained for wrong audience or resource. It should exactly match with one of the"
            " allowed audiences 'https://management.core.windows.net/','https://management.azure.com/'.",
        ),
        "expired": (
            "ExpiredAuthenticationToken",
            f"The access token expiry UTC time '{MOMENT}' is earlier than current UTC time.",
        ),
    }.get(given, ("InvalidAuthenticationToken", "The access token is invalid."))
    challenge = (
        f'Bearer authorization_uri="https://login.windows.net/{tenant}", error="invalid_token", '
        f'error_description="{message}"'
    )
    return Refusal(401, code, message, (("WWW-Authenticate", challenge),))


def denied(operation: Operation, client: str, principal: str, scope: str) -> Refusal:
    """The caller's roles do not allow the operation."""
    if operation.service == _GRAPH:
        return Refusal(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
    return Refusal(
        403,
        "AuthorizationFailed",
        f"The client '{client}' with object id '{principal}' does not have authorization to perform action "
        f"'{operation.permission}' over scope '{scope or '/'}' or the scope is invalid. If access was recently "
        "granted, please refresh your credentials.",
    )


def throttled(operation: Operation, seconds: int) -> Refusal:
    """Too many requests for the API's liking."""
    wait = (("Retry-After", str(seconds)),)
    if operation.service == _GRAPH:
        return Refusal(429, "TooManyRequests", "Please retry again later.", wait)
    if operation.service == "Microsoft.ResourceGraph":
        quota = (("x-ms-user-quota-remaining", "0"), ("x-ms-user-quota-resets-after", f"00:00:{seconds:02}"))
        detail = {
            "code": "RateLimiting",
            "message": "Client application has been throttled and should not attempt to repeat the request until an "
            "amount of time has elapsed. Please see https://aka.ms/resourcegraph-throttling for help.",
        }
        return Refusal(429, "RateLimiting", SUPPORT, wait + quota, (detail,))
    left = (("x-ms-ratelimit-remaining-subscription-reads", "0"),)
    return Refusal(
        429,
        "SubscriptionRequestsThrottled",
        f"Number of 'read' requests for subscription '{operation.subscription}' exceeded. Please try again after "
        f"'{seconds}' seconds after additional tokens are available. Refer to https://aka.ms/arm-throttling for "
        "additional information.",
        wait + left,
    )


SUPPORT = f"Please provide below info when asking for support: timestamp = {MOMENT}, correlationId = {TRACE}."


def failed(operation: Operation) -> Refusal:
    """The service itself has failed."""
    if operation.service == _GRAPH:
        return Refusal(500, "generalException", "There was an internal server error while processing the request.")
    return Refusal(500, "InternalServerError", "Encountered internal server error. Diagnostic information: none.")


def unavailable(operation: Operation) -> Refusal:
    """The service is not there for the moment."""
    code = "serviceNotAvailable" if operation.service == _GRAPH else "ServiceUnavailable"
    return Refusal(503, code, "The service is unavailable now.")


def not_registered(namespace: str) -> Refusal:
    """The subscription does not use this resource provider."""
    return Refusal(
        409,
        "MissingSubscriptionRegistration",
        f"The subscription is not registered to use namespace '{namespace}'. See https://aka.ms/rps-not-found for how "
        "to register subscriptions.",
        details=(
            {
                "code": "MissingSubscriptionRegistration",
                "target": namespace,
                "message": f"The subscription is not registered to use namespace '{namespace}'. See "
                "https://aka.ms/rps-not-found for how to register subscriptions.",
            },
        ),
    )


def not_found(code: str, message: str) -> Refusal:
    """Nothing is there; Azure's gateway says so in its own header."""
    return Refusal(404, code, message, (("x-ms-failure-cause", "gateway"),))


def bad_request(code: str, message: str) -> Refusal:
    """The request is not one."""
    return Refusal(400, code, message)


def write_refused(operation: Operation) -> Refusal:
    """A write: the emulator records it and changes nothing."""
    return Refusal(405, "MethodNotAllowed", f"{operation.id} would change something; this emulator is only read.")
