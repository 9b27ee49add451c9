"""Whose credentials are used, where they were found, and which project they name: as Google's own libraries resolve it.

https://cloud.google.com/docs/authentication/application-default-credentials
"""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import google.auth
from google.auth import compute_engine, impersonated_credentials
from google.auth.credentials import Credentials
from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError, TransportError
from google.auth.transport.requests import Request
from google.oauth2.gdch_credentials import ServiceAccountCredentials as GdchCredentials

from providers.gcp.client.endpoint import Endpoint
from providers.gcp.client.errors import SIGN_IN
from providers.gcp.client.wire import SignIn
from scanner.provider import SessionError, SettingError, Settings

# Several APIs take no narrower scope, such as Cloud SQL; what may be done is said by the roles of the principal.
SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)
UNIVERSE = "googleapis.com"
FILE = "GOOGLE_APPLICATION_CREDENTIALS"
PROJECTS = ("GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT")


@dataclass(frozen=True, slots=True)
class Found:
    """Credentials that a token was fetched with."""

    credentials: Credentials
    principal: str
    source: str
    project: str
    """Named by the environment or the credentials; empty where neither does."""
    project_source: str


def find(settings: Settings, sign_in: SignIn, endpoint: Endpoint) -> Found:
    """The credentials to use, with a token; raises SessionError that names the next step."""
    request = Request(sign_in)
    credentials, project = _load(settings, request)
    source = _source(settings, credentials)
    if isinstance(credentials, GdchCredentials):
        audience = endpoint.url or "https://cloudresourcemanager.googleapis.com/"
        credentials = credentials.with_gdch_audience(audience)  # type: ignore[no-untyped-call]
    chain = settings.get("impersonate-service-account")
    if chain:
        credentials = _acting_as(credentials, chain, settings.get("quota-project"))
        source = f"{source}, impersonating a service account"
    if credentials.universe_domain != UNIVERSE:
        raise SessionError(f"the credentials are of {credentials.universe_domain}; only {UNIVERSE} can be scanned")
    try:
        credentials.refresh(request)
    except TransportError as error:
        where = endpoint.url or "Google's sign-in"
        raise SessionError(f"cannot reach {where} to sign in. Check the network and the proxy") from error
    except GoogleAuthError as error:
        step = f"Grant roles/iam.serviceAccountTokenCreator on {chain}, or sign in again" if chain else _sign_in_again()
        raise SessionError(f"the Google credentials are not usable ({_said(error)}), from {source}. {step}") from error
    named = next((name for name in PROJECTS if os.environ.get(name)), "")
    where = f"named by {named}" if named else "named by the credentials"
    return Found(credentials, _principal(credentials), source, project, where)


def _load(settings: Settings, request: Request) -> tuple[Any, str]:
    quota = settings.get("quota-project")
    path = settings.get("credentials-file")
    with warnings.catch_warnings():
        # It warns of what we say ourselves: user credentials without a quota project, files of any type.
        warnings.simplefilter("ignore")
        try:
            if path:
                found = google.auth.load_credentials_from_file(  # type: ignore[no-untyped-call]
                    path, scopes=SCOPES, quota_project_id=quota, request=request
                )
            else:
                found = google.auth.default(scopes=SCOPES, request=request, quota_project_id=quota)
        except DefaultCredentialsError as error:
            raise SessionError(_none_found(path, error)) from error
        except GoogleAuthError as error:
            raise SessionError(f"the Google credentials are not usable ({_said(error)}). {SIGN_IN}") from error
        except (AttributeError, KeyError, OSError, TypeError, ValueError) as error:
            # The library trusts the form of a file, and some of what these would say could be of its content.
            where = path or os.environ.get(FILE) or "gcloud's own file"
            raise SessionError(f"the credentials in {where} cannot be read. {SIGN_IN}") from error
    credentials, project = found
    return credentials, os.environ.get(PROJECTS[0]) or os.environ.get(PROJECTS[1]) or project or ""


def _none_found(path: str | None, error: DefaultCredentialsError) -> str:
    if path or os.environ.get(FILE):
        where = path or f"{os.environ[FILE]}, which {FILE} names,"
        return f"the credentials file {where} cannot be used: {_said(error)}. Mend it, or run: unset {FILE}"
    return f"no Google credentials were found. {SIGN_IN}"


def _sign_in_again() -> str:
    """What helps where credentials are refused: a file that a variable names stands before any sign-in."""
    return f"Put a new key there, or run: unset {FILE}" if os.environ.get(FILE) else SIGN_IN


def _acting_as(credentials: Any, chain: str, quota_project: str | None) -> Credentials:
    *delegates, target = [part.strip() for part in chain.split(",")]
    for account in (*delegates, target):
        if "@" not in account or "/" in account:
            raise SettingError(f"--impersonate-service-account: {account!r} is not the address of a service account")
    return impersonated_credentials.Credentials(  # type: ignore[no-untyped-call]
        source_credentials=credentials,
        target_principal=target,
        target_scopes=SCOPES,
        delegates=delegates or None,
        quota_project_id=quota_project,
    )


def _source(settings: Settings, credentials: object) -> str:
    if path := settings.get("credentials-file"):
        return f"the file {Path(path).name}"
    if os.environ.get(FILE):
        return f"{FILE}={os.environ[FILE]}"
    if isinstance(credentials, compute_engine.Credentials):
        return "the metadata server of this machine"
    return "gcloud auth application-default login"


def _principal(credentials: Any) -> str:
    """Who they are, as far as the credentials themselves tell."""
    email = getattr(credentials, "service_account_email", None)
    if email:
        return str(email)
    account = getattr(credentials, "account", None)
    if account:
        return str(account)
    audience = getattr(credentials, "_audience", None)
    return f"federated identity of {audience}" if audience else "user credentials"


def _said(error: GoogleAuthError) -> str:
    """What an error says, without what came with it: answers of the sign-in are left out."""
    said = str(error.args[0]) if error.args else type(error).__name__
    return " ".join(said.split())[:160].rstrip(". ")
