"""Signing in: credentials as the Azure SDK finds them, tokens for one tenant, and what to do where there are none."""

from __future__ import annotations

import base64
import binascii
import logging
import os
import re
import shutil
from collections.abc import Mapping
from typing import Any, Final, Protocol, Self

import azure.identity as sdk
import msgspec
from azure.core.credentials import AccessTokenInfo, TokenRequestOptions
from azure.core.exceptions import AzureError, ClientAuthenticationError, ServiceRequestError, ServiceResponseError

from providers.azure.client.clouds import Cloud
from scanner.provider import SessionError, SettingError, Settings

NEVER: Final = 32503680000
"""The year 3000: a token that is given does not say when it ends."""

_STATUS_CODE: Final = re.compile(r"AADSTS\d+")

# https://learn.microsoft.com/entra/identity-platform/reference-error-codes
_MEANINGS: Final[Mapping[str, str]] = {
    "AADSTS50034": "the user is not known in this tenant",
    "AADSTS50076": "a second factor is asked for",
    "AADSTS50079": "a second factor has to be set up",
    "AADSTS53003": "a conditional access policy refuses it",
    "AADSTS700016": "the application is not known in this tenant",
    "AADSTS700027": "the certificate is not the application's",
    "AADSTS700082": "the sign-in has expired",
    "AADSTS7000215": "the client secret is wrong",
    "AADSTS7000222": "the client secret has expired",
    "AADSTS90002": "there is no such tenant",
}

_MISHAP: Final = "Authentication failed:"
"""What the SDK's words begin with where a sign-in was tried. Those of its default credentials are all that is left of
the errors below them; they are searched, and never shown."""

_UNREACHABLE: Final[Mapping[str, str]] = {
    "CERTIFICATE_VERIFY_FAILED": "its certificate was not accepted",
    "TLS CA certificate bundle, invalid path": "the CA bundle is no file",
    "Failed to establish a new connection": "no connection",
    "Failed to resolve": "its name is not known",
    "timed out": "no answer in time",
}
_NO_TENANT: Final = "Unable to get authority configuration"
NO_TENANT: Final = "AADSTS90002"
"""There is no such tenant: https://learn.microsoft.com/entra/identity-platform/reference-error-codes"""

_SOURCES: Final[Mapping[str, str]] = {
    "auto": "the Azure SDK's default credentials",
    "browser": "a sign-in with the browser",
    "cli": "the Azure CLI",
    "env": "the environment",
    "managed": "a managed identity",
    "workload": "a workload identity",
}


class TokenFailed(Exception):
    """No token was given out."""

    def __init__(self, code: str, *, unreachable: bool, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        """Such as `AADSTS7000215`; empty where the authority did not answer."""
        self.unreachable = unreachable
        self.detail = detail
        """Why it is not reached, as far as that is known."""


class _Credential(Protocol):
    def get_token_info(self, *scopes: str, options: TokenRequestOptions | None = None) -> AccessTokenInfo: ...

    def close(self) -> None: ...


class SignIn:
    """Credentials in use, for one tenant. What the SDK says when it fails is never shown: it may quote secrets."""

    def __init__(self, settings: Settings, cloud: Cloud, time_limit: float) -> None:
        # Without a handler, Python would print the SDK's warnings.
        for name in ("azure", "msal"):
            logging.getLogger(name).addHandler(logging.NullHandler())
        self.way = settings.get("azure-auth", "auto")
        self.tenant = settings.get("tenant", "")
        self._authority = cloud.authority
        self._first: dict[tuple[str, ...], AccessTokenInfo] = {}
        given = settings.get("token")
        self._credential: _Credential = _Given(given) if given else self._open(settings, cloud, time_limit)

    @property
    def source(self) -> str:
        """Where the credentials were found."""
        return _SOURCES[self.way]

    def _open(self, settings: Settings, cloud: Cloud, time_limit: float) -> _Credential:
        http: dict[str, Any] = {
            "connection_timeout": min(5.0, time_limit),
            "read_timeout": time_limit,
            "retry_total": 1,
        }
        if "ca" in settings:
            http["connection_verify"] = settings["ca"]
        entra: dict[str, Any] = {
            "authority": cloud.authority,
            "disable_instance_discovery": not cloud.authority_known,
            "additionally_allowed_tenants": ["*"],
            **http,
        }
        try:
            if "client-secret" in settings:
                return sdk.ClientSecretCredential(
                    self.tenant, settings["client-id"], settings["client-secret"], **entra
                )
            match self.way:
                case "auto":
                    return sdk.DefaultAzureCredential(**entra)
                case "cli":
                    return sdk.AzureCliCredential(tenant_id=self.tenant)
                case "env":
                    return sdk.EnvironmentCredential(**entra)
                case "managed":
                    return sdk.ManagedIdentityCredential(client_id=os.environ.get("AZURE_CLIENT_ID"), **http)
                case "workload":
                    return sdk.WorkloadIdentityCredential(**entra)
                case "browser":
                    named = {"tenant_id": self.tenant} if self.tenant else {}
                    return sdk.InteractiveBrowserCredential(**named, **entra)
        except ValueError as error:
            # The SDK raises it for a malformed tenant or authority, and for variables that are missing.
            if self.way == "workload":
                raise SessionError(f"no workload identity is set up here. {self.next_step()}") from error
            raise SettingError("the tenant or the authority is not one that the Azure SDK takes") from error
        raise SettingError(f"unknown way to sign in: {self.way!r}")

    def begin(self, audience: str) -> str:
        """The first token for an audience, kept for whoever asks for it next; raises TokenFailed.

        The Azure CLI takes a second for each, and the SDK does not keep what it gives.
        """
        first = self._first[(audience,)] = self.get_token_info(audience)
        return first.token

    def get_token_info(self, *scopes: str, options: TokenRequestOptions | None = None) -> AccessTokenInfo:
        """A token for an audience; raises TokenFailed."""
        first = self._first.pop(scopes, None)
        if first is not None and not options:
            return first
        wanted: TokenRequestOptions = {**(options or {})}
        if self.tenant:
            wanted["tenant_id"] = self.tenant
        try:
            return self._credential.get_token_info(*scopes, options=wanted)
        except (AzureError, ValueError) as error:
            raise _failed(error) from error

    def refusal(self, failure: TokenFailed) -> str:
        """Why there is no token, and the next step, in one line."""
        if failure.unreachable:
            detail = f" ({failure.detail})" if failure.detail else ""
            return (
                f"cannot reach {self._authority} to sign in{detail}. "
                "Check the network, the proxy, the CA (REQUESTS_CA_BUNDLE) and AZURE_AUTHORITY_HOST"
            )
        if failure.code == NO_TENANT:
            tenant = self.tenant or os.environ.get("AZURE_TENANT_ID", "")
            return f"{self._authority} knows no tenant {tenant}. Check --tenant, AZURE_TENANT_ID and --azure-cloud"
        meaning = _MEANINGS.get(failure.code, "")
        told = f" ({failure.code}: {meaning})" if meaning else f" ({failure.code})" if failure.code else ""
        return f"no usable Azure credentials from {self.source}{told}. {self.next_step()}"

    def next_step(self) -> str:
        """What to do in order to sign in."""
        tenant = f" --tenant {self.tenant}" if self.tenant else ""
        login = f"Run: az login{tenant}"
        match self.way:
            case "cli":
                return login if shutil.which("az") else f"Install the Azure CLI, then run: az login{tenant}"
            case "env":
                secret = "AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH"
                return _missing(secret) or f"Check AZURE_TENANT_ID, AZURE_CLIENT_ID, and {secret}"
            case "managed":
                return (
                    "Run it where Azure offers a managed identity (AZURE_CLIENT_ID chooses one), or choose --azure-auth"
                )
            case "workload":
                return _missing("AZURE_FEDERATED_TOKEN_FILE") or "Check the federated credential of the application"
            case "browser":
                return f"Finish the sign-in in the browser. Or run: az login{tenant}"
            case _:
                return f"{login}, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give up connections."""
        self._credential.close()


class _Given:
    """A token that was given. Emulators give it; a person cannot, because it is no option."""

    def __init__(self, token: str) -> None:
        self._token = token

    def get_token_info(self, *_: str, options: TokenRequestOptions | None = None) -> AccessTokenInfo:
        """The token."""
        del options
        return AccessTokenInfo(self._token, NEVER)

    def close(self) -> None:
        """Nothing to give up."""


def claims_of(token: str) -> Mapping[str, Any]:
    """What a token says about its bearer, unverified; nothing where it is no JSON Web Token.

    https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
    """
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        claims = msgspec.json.decode(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, msgspec.DecodeError, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}


def _missing(secret: str) -> str:
    """Which variables of the environment are missing; empty where none is."""
    wanted = ("AZURE_TENANT_ID", "AZURE_CLIENT_ID")
    absent = [name for name in wanted if not os.environ.get(name)]
    if not any(os.environ.get(name) for name in secret.split(" or ")):
        absent.append(secret)
    return f"Set {', '.join(absent)}" if absent else ""


def _failed(error: BaseException) -> TokenFailed:
    link: BaseException | None = error
    code = detail = ""
    unreachable = False
    for _ in range(8):
        if link is None:
            break
        found = _STATUS_CODE.search(str(link)) if isinstance(link, ClientAuthenticationError) else None
        code = code or (found.group() if found else "")
        if isinstance(link, ClientAuthenticationError):
            tried = [line for line in str(link).splitlines() if _MISHAP in line]
            detail = detail or next(
                (why for sign, why in _UNREACHABLE.items() if any(sign in one for one in tried)), ""
            )
            code = code or (NO_TENANT if any(_NO_TENANT in one for one in tried) else "")
        unreachable = unreachable or isinstance(link, ServiceRequestError | ServiceResponseError)
        link = link.__cause__ or link.__context__
    return TokenFailed(code, unreachable=bool(unreachable or detail) and not code, detail=detail)
