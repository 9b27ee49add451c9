"""What an SDK error means: the one place where errors become the common words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore import exceptions as sdk
from botocore.parsers import ResponseParserError

from scanner.provider import AskFailed

DENIED = frozenset({
    "AccessDenied", "AccessDeniedException", "AuthorizationError", "AuthorizationErrorException", "Forbidden",
    "MethodNotAllowed", "NotAuthorized", "UnauthorizedAccess", "UnauthorizedException", "UnauthorizedOperation",
})  # fmt: skip
# S3 answers MethodNotAllowed where the policy's owner is another account:
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html

EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})

UNRECOGNISED = frozenset({
    "AuthFailure", "InvalidAccessKeyId", "InvalidClientTokenId", "InvalidToken", "RegionDisabledException",
    "UnrecognizedClientException",
})  # fmt: skip
"""A region that is not enabled does not know the account's credentials.

https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
"""

SERVICE_OFF = frozenset({"OptInRequired", "SubscriptionRequiredException", "NotSubscribed"})

THROTTLED = frozenset({
    "BandwidthLimitExceeded", "EC2ThrottledException", "LimitExceededException", "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException", "RequestLimitExceeded", "RequestThrottled",
    "RequestThrottledException", "SlowDown", "ThrottledException", "Throttling", "ThrottlingException",
    "TooManyRequestsException", "TransactionInProgressException",
})  # fmt: skip
# https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html

PASSING = frozenset({"InternalError", "InternalFailure", "InternalServerError", "RequestTimeout", "ServiceUnavailable"})

_BLOCKERS = (
    "service control policy",
    "resource control policy",
    "permissions boundary",
    "session policy",
    "VPC endpoint policy",
    "resource-based policy",
)


def classify(error: Exception, *, proven_elsewhere: bool) -> AskFailed | None:
    """The failure that an SDK error stands for; None for an error that is a defect of ours.

    `proven_elsewhere`: the same credentials were accepted in another region before.
    """
    match error:
        case sdk.ClientError():
            return _answered(error.response, proven_elsewhere)
        case sdk.ConnectTimeoutError() | sdk.ReadTimeoutError():
            return AskFailed("unreachable", "", "no answer in time", again=True, silent=True)
        case sdk.EndpointConnectionError() | sdk.ProxyConnectionError():
            return AskFailed("unreachable", "", "no connection to the endpoint", again=True, silent=True)
        case sdk.SSLError():
            return AskFailed("unreachable", "", "the endpoint's certificate was not accepted", silent=True)
        case sdk.ConnectionClosedError() | sdk.HTTPClientError() | sdk.ConnectionError():
            return AskFailed("unreachable", "", "the connection was closed", again=True)
        case sdk.IncompleteReadError() | ResponseParserError() | sdk.ResponseStreamingError():
            return AskFailed("failed", "", "the answer was cut short or could not be parsed", again=True)
        case sdk.NoCredentialsError() | sdk.PartialCredentialsError() | sdk.CredentialRetrievalError():
            return AskFailed("expired", "", "the credentials could not be refreshed")
        case sdk.UnauthorizedSSOTokenError() | sdk.SSOTokenLoadError() | sdk.TokenRetrievalError():
            return AskFailed("expired", "", "the sign-in has expired")
        case _:
            return None


def _answered(response: Mapping[str, Any], proven_elsewhere: bool) -> AskFailed:
    code = str(response.get("Error", {}).get("Code", ""))
    status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if code in THROTTLED or status == 429:
        return AskFailed("throttled", code, "too many requests", again=True, slow_down=True)
    if code in EXPIRED:
        return AskFailed("expired", code, "the credentials have expired")
    if code in UNRECOGNISED:
        if proven_elsewhere:
            return AskFailed("region-off", code, "the region does not know these credentials: it is not enabled")
        return AskFailed("expired", code, "the credentials are not accepted")
    if code in SERVICE_OFF:
        return AskFailed("service-off", code, "the service is not enabled for this account")
    if code in DENIED or (status == 403 and code in ("", "403")):
        message = str(response.get("Error", {}).get("Message", ""))
        blocker = next((name for name in _BLOCKERS if name in message), None)
        return AskFailed("denied", code or str(status), f"refused by a {blocker}" if blocker else "refused")
    again = code in PASSING or status in (500, 502, 503, 504)
    return AskFailed("failed", code, f"HTTP status {status}", again=again)
