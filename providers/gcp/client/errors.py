"""What a refusal of Google and an error of its SDKs mean: the one place where errors become the common words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec
import requests
import urllib3
from google.auth import exceptions as auth
from google.protobuf.json_format import ParseError  # type: ignore[import-untyped]

from scanner.provider import AskFailed

SIGN_IN = "Run: gcloud auth application-default login"

OFF = frozenset({"SERVICE_DISABLED", "accessNotConfigured", "BILLING_DISABLED"})
"""Reasons that mean that an API is not switched on.

https://cloud.google.com/apis/docs/troubleshooting
"""
TOO_MANY = frozenset({
    "RATE_LIMIT_EXCEEDED", "RESOURCE_EXHAUSTED", "RESOURCE_QUOTA_EXCEEDED", "dailyLimitExceeded", "quotaExceeded",
    "rateLimitExceeded", "userRateLimitExceeded",
})  # fmt: skip
PERIMETER = frozenset({"SECURITY_POLICY_VIOLATED", "VPC_SERVICE_CONTROLS", "vpcServiceControls"})
PASSING = frozenset({408, 500, 502, 503, 504})

# Services of the older kind tell no `status`: https://cloud.google.com/storage/docs/json_api/v1/status-codes
STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    412: "FAILED_PRECONDITION",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
_IN_PROJECT = re.compile(r"has not been used in project (\S+) before")


class GoogleError(msgspec.Struct):
    """An error, as Google writes it.

    https://cloud.google.com/apis/design/errors#error_model
    """

    code: int = 0
    message: str = ""
    status: str = ""
    details: list[dict[str, Any]] = []
    errors: list[dict[str, Any]] = []

    @property
    def reasons(self) -> frozenset[str]:
        """Why, in one word each."""
        told = [str(part.get("reason", "")) for part in (*self.details, *self.errors)]
        violations = [part.get("violations") for part in self.details]
        listed = [each for some in violations if isinstance(some, list) for each in some]
        told += [str(each.get("type", "")) for each in listed if isinstance(each, dict)]
        return frozenset(filter(None, told))

    @property
    def consumer(self) -> str:
        """The project that the call was counted against, by number or id; nothing where it is not told."""
        for part in self.details:
            metadata = part.get("metadata")
            if isinstance(metadata, dict) and "consumer" in metadata:
                return str(metadata["consumer"]).removeprefix("projects/")
        found = _IN_PROJECT.search(self.message)
        return found.group(1) if found else ""


class _Envelope(msgspec.Struct):
    error: GoogleError


def refused(
    status: int, body: bytes, headers: Mapping[str, str], consumers: frozenset[str], quota_project: str
) -> AskFailed:
    """The failure that an answer of another status than success stands for.

    `consumers`: the names of the scanned project. An API that is off in another project says nothing about this one.
    """
    try:
        error = msgspec.json.decode(body, type=_Envelope, strict=False).error
    except msgspec.MsgspecError:
        return _unnamed(status, headers)
    code = error.status or STATUS.get(status, "")
    reasons = error.reasons
    if off := reasons & OFF or ({"SERVICE_DISABLED"} if _IN_PROJECT.search(error.message) else frozenset[str]()):
        return _off(min(off), error.consumer or quota_project, consumers)
    if status == 429 or code == "RESOURCE_EXHAUSTED" or (status == 403 and reasons & TOO_MANY):
        return _throttled(code, headers)
    if status == 401 or code == "UNAUTHENTICATED":
        return AskFailed("expired", code, f"the credentials are not accepted. {SIGN_IN}")
    if status == 403 or code == "PERMISSION_DENIED":
        return AskFailed("denied", code, _who_refused(error, reasons))
    said = f", {', '.join(sorted(reasons))}" if reasons else ""
    return AskFailed("failed", code, f"HTTP status {status}{said}", again=status in PASSING, wait=_wait(headers))


def _unnamed(status: int, headers: Mapping[str, str]) -> AskFailed:
    """A status without an error of Google's: a proxy, or an address that no API has."""
    if status == 429:
        return _throttled("", headers)
    if status == 401:
        return AskFailed("expired", "", f"the credentials are not accepted. {SIGN_IN}")
    detail = f"HTTP status {status} without an error that Google would write"
    return AskFailed("failed", "", detail, again=status in PASSING, wait=_wait(headers))


def _off(reason: str, consumer: str, consumers: frozenset[str]) -> AskFailed:
    if consumer and consumer not in consumers:
        where = f"in project {consumer}, which calls are counted against"
        return AskFailed("failed", reason, f"the API is not enabled {where}: enable it there, or name --quota-project")
    if reason == "BILLING_DISABLED":
        return AskFailed("service-off", reason, "billing is not enabled for the project, so the API is off")
    return AskFailed("service-off", reason, "the API is not enabled in the project")


def _throttled(code: str, headers: Mapping[str, str]) -> AskFailed:
    return AskFailed("throttled", code, "too many requests", again=True, slow_down=True, wait=_wait(headers))


def _wait(headers: Mapping[str, str]) -> float:
    told = headers.get("Retry-After", "")
    return float(told) if told.isascii() and told.isdigit() and len(told) < 6 else 0.0


def _who_refused(error: GoogleError, reasons: frozenset[str]) -> str:
    if reasons & PERIMETER or "vpcServiceControlsUniqueIdentifier" in error.message:
        return "refused by VPC Service Controls"
    if "USER_PROJECT_DENIED" in reasons:
        return (
            "refused: calls may not be counted against the quota project without serviceusage.services.use on it; "
            "grant roles/serviceusage.serviceUsageConsumer there, or name another by --quota-project"
        )
    if "CONSUMER_SUSPENDED" in reasons:
        return "refused: the project is suspended"
    return "refused"


def broken(error: Exception) -> AskFailed | None:
    """The failure that an error on the way stands for; None for one that is a defect of ours."""
    match error:
        case auth.TransportError():
            cause = error.args[0] if error.args and isinstance(error.args[0], requests.RequestException) else None
            return (broken(cause) if cause else None) or AskFailed(
                "unreachable", "", "no connection to sign in", again=True, silent=True
            )
        case auth.GoogleAuthError():
            if error.retryable:
                return AskFailed("failed", "", "the credentials could not be refreshed at once", again=True)
            return AskFailed("expired", "", f"the credentials could not be refreshed. {SIGN_IN}")
        case requests.exceptions.SSLError():
            return AskFailed("unreachable", "", "the endpoint's certificate was not accepted", silent=True)
        case requests.exceptions.Timeout():
            return AskFailed("unreachable", "", "no answer in time", again=True, silent=True)
        case requests.exceptions.ChunkedEncodingError() | requests.exceptions.ContentDecodingError() | ParseError():
            return AskFailed("failed", "", "the answer was cut short or could not be parsed", again=True)
        case requests.exceptions.ConnectionError():
            return _no_connection(error)
        case requests.exceptions.RequestException():
            return AskFailed("unreachable", "", "the request could not be sent")
        case _:
            return None


def _no_connection(error: requests.exceptions.ConnectionError) -> AskFailed:
    cause = error.args[0] if error.args else None
    if isinstance(cause, urllib3.exceptions.ReadTimeoutError):
        return AskFailed("unreachable", "", "no answer in time", again=True, silent=True)
    if isinstance(cause, urllib3.exceptions.ProtocolError):
        return AskFailed("unreachable", "", "the connection was closed", again=True)
    return AskFailed("unreachable", "", "no connection to the endpoint", again=True, silent=True)
