"""Errors as Google's APIs word them: the same refusal has another body from Compute Engine than from Cloud KMS.

https://cloud.google.com/apis/design/errors and recorded answers. The older APIs add `errors`, some leave `status` out.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

import msgspec

from providers.gcp.emulator.estate import Body

_ERRORS_ONLY: Final = ("compute", "storage")
"""APIs whose errors carry `errors` and no `status`."""
_ERRORS_TOO: Final = ("bigquery", "sql", "container")
"""APIs whose errors carry both."""
_TITLES: Final = {
    "apikeys": "API Keys API",
    "bigquery": "BigQuery API",
    "cloudasset": "Cloud Asset API",
    "cloudkms": "Cloud Key Management Service (KMS) API",
    "cloudresourcemanager": "Cloud Resource Manager API",
    "compute": "Compute Engine API",
    "container": "Kubernetes Engine API",
    "essentialcontacts": "Essential Contacts API",
    "iam": "Identity and Access Management (IAM) API",
    "iamcredentials": "IAM Service Account Credentials API",
    "logging": "Cloud Logging API",
    "monitoring": "Cloud Monitoring API",
    "orgpolicy": "Organization Policy API",
    "serviceusage": "Service Usage API",
    "sql": "Cloud SQL Admin API",
    "storage": "Cloud Storage JSON API",
}


class Refusal(msgspec.Struct, frozen=True):
    """A status other than 200 and its body."""

    code: int
    body: Body
    headers: tuple[tuple[str, str], ...] = ()


class Refused(Exception):
    """Raised by those who answer when the answer is an error."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def refusal(service: str, code: int, status: str, message: str, reason: str, details: tuple[Body, ...] = ()) -> Refusal:
    """An error in the form of an API; `reason` stands where there are `errors`, `details` where there is `status`."""
    error: Body = {"code": code, "message": message}
    if service in _ERRORS_ONLY or service in _ERRORS_TOO:
        error["errors"] = [{"message": message, "domain": "global", "reason": reason}]
    if service not in _ERRORS_ONLY:
        error["status"] = status
    if details and service not in _ERRORS_ONLY:
        error["details"] = list(details)
    return Refusal(code, {"error": error})


def not_found(service: str, what: str) -> Refusal:
    """Nothing stands there."""
    message = {
        "compute": f"The resource '{what}' was not found",
        "storage": "The specified bucket does not exist.",
        "container": f"Not found: {what}.",
        "bigquery": f"Not found: Dataset {what.replace('projects/', '').replace('/datasets/', ':')}",
        "orgpolicy": "Requested entity was not found.",
    }.get(service, f"{what} not found.")
    return refusal(service, HTTPStatus.NOT_FOUND, "NOT_FOUND", message, "notFound")


def denied_of_old() -> Refusal:
    """The caller may not, in the words of version 1 of the Resource Manager."""
    message = "The caller does not have permission"
    return refusal("cloudresourcemanager", HTTPStatus.FORBIDDEN, "PERMISSION_DENIED", message, "forbidden")


def denied(service: str, permission: str, where: str, principal: str) -> Refusal:
    """The caller may not."""
    message, reason, details = _denial(service, permission, where, principal)
    return refusal(service, HTTPStatus.FORBIDDEN, "PERMISSION_DENIED", message, reason, details)


def _denial(service: str, permission: str, where: str, principal: str) -> tuple[str, str, tuple[Body, ...]]:
    match service:
        case "compute":
            return f"Required '{permission}' permission for '{where}'", "forbidden", ()
        case "storage":
            thing = "Google Cloud Storage bucket" if where.startswith("b/") else "Google Cloud project"
            text = f"{principal} does not have {permission} access to the {thing}. "
            return text + f"Permission '{permission}' denied on resource (or it may not exist).", "forbidden", ()
        case "bigquery":
            where = where.replace("projects/", "").replace("/datasets/", ":")
            return f"Access Denied: Project {where}: Permission {permission} denied", "accessDenied", ()
        case "sql":
            return "The client is not authorized to make this request.", "notAuthorized", ()
        case "container":
            return f'Required "{permission}" permission(s) for "{where}".', "forbidden", ()
        case _:
            full = f"//{service}.googleapis.com/{where}"
            text = f"Permission '{permission}' denied on resource '{full}' (or it may not exist)."
            info = _info("IAM_PERMISSION_DENIED", "iam.googleapis.com", {"permission": permission, "resource": where})
            return text, "forbidden", (info,)


def service_disabled(service: str, host: str, number: str, *, older: bool) -> Refusal:
    """The API is not switched on in the project; the older form is that of APIs which answer with `errors` alone."""
    link = f"https://console.developers.google.com/apis/api/{host}/overview?project={number}"
    message = (
        f"{_TITLES[service]} has not been used in project {number} before or it is disabled. Enable it by visiting "
        f"{link} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our "
        "systems and retry."
    )
    error: Body = {"code": HTTPStatus.FORBIDDEN.value, "message": message, "status": "PERMISSION_DENIED"}
    if older or service in _ERRORS_ONLY or service in _ERRORS_TOO:
        reason = {"message": message, "domain": "usageLimits", "reason": "accessNotConfigured"}
        error["errors"] = [{**reason, "extendedHelp": "https://console.developers.google.com"}]
    if not older:
        steps = {"description": "Google developers console API activation", "url": link}
        names = {"service": host, "consumer": f"projects/{number}"}
        error["details"] = [
            {"@type": "type.googleapis.com/google.rpc.Help", "links": [steps]},
            _info("SERVICE_DISABLED", "googleapis.com", names),
        ]
    return Refusal(HTTPStatus.FORBIDDEN, {"error": error})


def user_project_denied(principal: str, number: str) -> Refusal:
    """The caller may not count requests on the project that it named."""
    message = (
        f"Caller does not have required permission to use project {number}. Grant the caller the "
        "roles/serviceusage.serviceUsageConsumer role, or a custom role with the serviceusage.services.use permission."
    )
    names = {"consumer": f"projects/{number}", "service": "serviceusage.googleapis.com"}
    info = _info("USER_PROJECT_DENIED", "googleapis.com", names)
    return refusal("", HTTPStatus.FORBIDDEN, "PERMISSION_DENIED", message, "forbidden", (info,))


def throttled(service: str, wire: str, after: int) -> Refusal:
    """Too many requests, with the seconds to wait."""
    # https://cloud.google.com/compute/docs/api/best-practices#rate-limiting-errors
    code = HTTPStatus.FORBIDDEN if service == "compute" else HTTPStatus.TOO_MANY_REQUESTS
    message = (
        f"Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute' of service '{service}'"
    )
    info = _info("RATE_LIMIT_EXCEEDED", "googleapis.com", {"service": f"{service}.googleapis.com", "method": wire})
    made = refusal(service, code, "RESOURCE_EXHAUSTED", message, "rateLimitExceeded", (info,))
    return Refusal(made.code, made.body, (("Retry-After", str(after)),))


def failed(service: str) -> Refusal:
    """A mishap on Google's side."""
    code = HTTPStatus.INTERNAL_SERVER_ERROR
    return refusal(service, code, "INTERNAL", "Internal error encountered.", "backendError")


def unavailable(service: str) -> Refusal:
    """Google asks to come again."""
    code = HTTPStatus.SERVICE_UNAVAILABLE
    return refusal(service, code, "UNAVAILABLE", "The service is currently unavailable.", "backendError")


def invalid(service: str, message: str) -> Refusal:
    """A question that is not well put."""
    return refusal(service, HTTPStatus.BAD_REQUEST, "INVALID_ARGUMENT", message, "invalid")


def unauthenticated(service: str) -> Refusal:
    """No token, or one that nobody knows."""
    message = (
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
        "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."
    )
    made = refusal(service, HTTPStatus.UNAUTHORIZED, "UNAUTHENTICATED", message, "authError")
    return Refusal(made.code, made.body, (("WWW-Authenticate", 'Bearer realm="https://accounts.google.com/"'),))


def unknown_route(host: str, path: str) -> Refusal:
    """No API has such a path; Google's front answers with a page, the emulator with words."""
    message = f"The requested URL {path} was not found on {host or 'this server'}."
    return refusal("", HTTPStatus.NOT_FOUND, "NOT_FOUND", message, "notFound")


def not_implemented(wire: str) -> Refusal:
    """The emulator cannot answer; no API of Google's says so."""
    message = f"The emulator cannot answer {wire}."
    return refusal("", HTTPStatus.NOT_IMPLEMENTED, "UNIMPLEMENTED", message, "notImplemented")


def read_only(wire: str) -> Refusal:
    """A write: recorded, and never done."""
    message = f"The emulator only reads: {wire} was refused."
    return refusal("", HTTPStatus.FORBIDDEN, "PERMISSION_DENIED", message, "forbidden")


def _info(reason: str, domain: str, metadata: dict[str, str]) -> Body:
    kind = "type.googleapis.com/google.rpc.ErrorInfo"
    return {"@type": kind, "reason": reason, "domain": domain, "metadata": metadata}
