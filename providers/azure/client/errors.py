"""What a refusal, a broken answer or an SDK error means: the one place where errors become the common words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import requests
from azure.core import exceptions as sdk

from providers.azure.client.sign_in import TokenFailed
from scanner.provider import AskFailed

# https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors
# https://learn.microsoft.com/graph/errors

EXPIRED = frozenset({
    "AuthenticationFailed", "AuthenticationFailedInvalidHeader", "AuthenticationFailedMissingToken",
    "ExpiredAuthenticationToken", "InvalidAuthenticationToken", "InvalidAuthenticationTokenAudience",
    "InvalidAuthenticationTokenTenant", "TokenExpired",
})  # fmt: skip

DENIED = frozenset({
    "AccessDenied", "AuthorizationFailed", "Authorization_RequestDenied", "ClientForbidden", "Forbidden",
    "LinkedAuthorizationFailed", "Unauthorized", "accessDenied",
})  # fmt: skip

UNREGISTERED = frozenset({"MissingSubscriptionRegistration", "SubscriptionNotRegistered"})
"""Nobody has registered the resource provider in the subscription."""

SERVICE_OFF = UNREGISTERED | {
    "Authentication_RequestFromNonPremiumTenantOrB2CTenant", "DisallowedProvider", "FeatureNotRegistered",
}  # fmt: skip
"""The resource provider is not registered in the subscription, its offer excludes it, or the tenant has no licence."""

THROTTLED = frozenset({
    "OperationNotAllowedThrottled", "RateLimiting", "ResourceRequestsThrottled", "SubscriptionRequestsThrottled",
    "TenantRequestsThrottled", "TooManyRequests", "activityLimitReached",
})  # fmt: skip
# https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling
# https://learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests

PASSING = frozenset({
    "GatewayTimeout", "InternalServerError", "OperationPreempted", "RequestTimeout", "RetryableError",
    "ServerBusy", "ServerTimeout", "ServiceUnavailable",
})  # fmt: skip

CUT = "the answer was cut short or could not be parsed"


def refused(status: int, headers: Mapping[str, str], body: object, *, graph: bool) -> AskFailed:
    """The failure that an answer of this status stands for. `graph`: it came from Microsoft Graph."""
    code = code_of(body)
    if code in THROTTLED or status == 429:
        code = code or str(status)
        return AskFailed("throttled", code, "too many requests", again=True, slow_down=True, wait=_wait(headers))
    if code in SERVICE_OFF:
        return AskFailed("service-off", code, "the service is not enabled here")
    if status == 401 and graph:
        # Whoever may read Azure need not be known to Microsoft Graph: the rest of the scan goes on.
        return AskFailed("failed", code, "Microsoft Graph does not accept the token")
    if status == 401 and code in EXPIRED:
        return AskFailed("expired", code, "the credentials have expired or are not accepted")
    if status in (401, 403) or code in DENIED:
        return AskFailed("denied", code or str(status), "refused")
    again = code in PASSING or status in (408, 500, 502, 503, 504)
    return AskFailed("failed", code, f"HTTP status {status}", again=again, wait=_wait(headers) if again else 0.0)


def code_of(body: object) -> str:
    """The error code of an answer, in any of the forms that services use; empty where there is none."""
    if not isinstance(body, dict):
        return ""
    for member in ("error", "odata.error", "Error"):
        inner = body.get(member)
        if isinstance(inner, dict):
            return code_of(inner)
    code = body.get("code", body.get("Code"))
    return code if isinstance(code, str) else ""


def broken(error: sdk.AzureError) -> AskFailed | None:
    """The failure that an error below HTTP stands for; None for an error that is a defect of ours."""
    match error:
        case sdk.ServiceRequestTimeoutError() | sdk.ServiceResponseTimeoutError():
            return AskFailed("unreachable", "", "no answer in time", again=True, silent=True)
        case sdk.ServiceRequestError() | sdk.ServiceResponseError() if _not_trusted(error):
            return AskFailed("unreachable", "", "the endpoint's certificate was not accepted", silent=True)
        case sdk.IncompleteReadError() | sdk.DecodeError():
            return AskFailed("failed", "", CUT, again=True)
        case sdk.ServiceRequestError():
            return AskFailed("unreachable", "", "no connection to the endpoint", again=True, silent=True)
        case sdk.ServiceResponseError():
            return AskFailed("unreachable", "", "the connection was closed", again=True)
        case sdk.HttpResponseError() if isinstance(error.__cause__, requests.exceptions.ChunkedEncodingError) or (
            isinstance(error.inner_exception, requests.exceptions.ChunkedEncodingError)
        ):
            return AskFailed("failed", "", CUT, again=True)
        case _:
            return None


def without_token(error: TokenFailed, *, graph: bool) -> AskFailed:
    """The failure of a call for which no token was given out."""
    if error.unreachable:
        return AskFailed("unreachable", error.code, "the authority that signs in cannot be reached", again=True)
    if graph:
        return AskFailed("denied", error.code, "no token for Microsoft Graph is given out to these credentials")
    return AskFailed("expired", error.code, "the sign-in is no longer accepted")


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what it came from."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        inner = error.inner_exception if isinstance(error, sdk.AzureError) else None
        error = error.__cause__ or (inner if isinstance(inner, BaseException) else None) or error.__context__


def _not_trusted(error: BaseException) -> bool:
    return any(isinstance(link, requests.exceptions.SSLError) for link in chain(error))


def _wait(headers: Mapping[str, Any]) -> float:
    """Seconds that the provider asks us to wait; a date is not understood, because that needs a clock."""
    after = headers.get("Retry-After", "")
    if after.isascii() and after.isdigit():
        return min(float(after), 3600.0)
    parts = headers.get("x-ms-user-quota-resets-after", "").split(":")
    if len(parts) == 3 and all(part.isascii() and part.isdigit() for part in parts):
        hours, minutes, seconds = map(int, parts)
        return min(float(hours * 3600 + minutes * 60 + seconds), 3600.0)
    return 0.0
