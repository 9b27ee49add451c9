"""Entra's side: where to sign in, and tokens for whoever knows a principal's secret.

https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
"""

import base64
import dataclasses
import json
import time
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

import msgspec

from providers.azure.emulator.estate import Estate, Principal
from providers.azure.emulator.refusals import JSON, MOMENT, TRACE
from providers.emulation.request import Answer, Request

ARM, GRAPH = "arm", "graph"

_AUDIENCES = {
    "management.azure.com": ARM,
    "management.core.windows.net": ARM,
    "management.usgovcloudapi.net": ARM,
    "management.core.usgovcloudapi.net": ARM,
    "management.chinacloudapi.cn": ARM,
    "management.core.chinacloudapi.cn": ARM,
    "graph.microsoft.com": GRAPH,
    "graph.microsoft.us": GRAPH,
    "dod-graph.microsoft.us": GRAPH,
    "microsoftgraph.chinacloudapi.cn": GRAPH,
}
_LIFETIME = 3599


@dataclasses.dataclass(frozen=True, slots=True)
class Token:
    """What a token was given for."""

    principal: Principal
    audience: str


class SignIn:
    """Hands out tokens and knows them again."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        self._tokens: dict[str, Token] = {}
        self.count = 0

    def token(self, request: Request) -> Token | str:
        """The token that a request carries, or what it carries instead: `nothing` or `rubbish`."""
        scheme, _, text = request.headers.get("authorization", "").partition(" ")
        if not text:
            return "nothing"
        return self._tokens.get(text, "rubbish") if scheme.lower() == "bearer" else "rubbish"

    def answer(self, request: Request, base: str) -> Answer | None:
        """The answer to a question of signing in, or None when it is another question."""
        segments = request.path.strip("/").split("/")
        match segments:
            case [tenant, "v2.0", ".well-known", "openid-configuration"]:
                return self._configuration(tenant, base)
            case ["common", "discovery", "instance"]:
                return self._instances(base)
            case [tenant, "oauth2", "v2.0", "token"] if request.method == "POST":
                return self._token_answer(tenant, dict(parse_qsl(request.body.decode())), base)
            case ["metadata", "identity", "oauth2", "token"]:
                return self._managed(request, base)
            case _:
                return None

    def _configuration(self, tenant: str, base: str) -> Answer:
        if not self._known(tenant):
            return _refused(400, "invalid_tenant", 90002, f"Tenant '{tenant}' not found.")
        own = self._estate.tenant.id
        return _said(
            {
                "token_endpoint": f"{base}/{tenant}/oauth2/v2.0/token",
                "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
                "jwks_uri": f"{base}/{tenant}/discovery/v2.0/keys",
                "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
                "scopes_supported": ["openid", "profile", "email", "offline_access"],
                "issuer": f"{base}/{own}/v2.0",
                "authorization_endpoint": f"{base}/{tenant}/oauth2/v2.0/authorize",
                "device_authorization_endpoint": f"{base}/{tenant}/oauth2/v2.0/devicecode",
                "tenant_region_scope": "EU",
                "cloud_instance_name": "microsoftonline.com",
            }
        )

    def _instances(self, base: str) -> Answer:
        host = urlsplit(base).netloc
        entry = {"preferred_network": host, "preferred_cache": host, "aliases": [host]}
        where = f"{base}/{self._estate.tenant.id}/v2.0/.well-known/openid-configuration"
        return _said({"tenant_discovery_endpoint": where, "api-version": "1.1", "metadata": [entry]})

    def _known(self, tenant: str) -> bool:
        own = self._estate.tenant
        return tenant.lower() in (own.id.lower(), own.domain.lower(), "organizations", "common")

    def _token_answer(self, tenant: str, form: Mapping[str, str], base: str) -> Answer:
        if not self._known(tenant):
            return _refused(400, "invalid_request", 90002, f"Tenant '{tenant}' not found.")
        if form.get("grant_type") != "client_credentials":
            return _refused(400, "unsupported_grant_type", 70003, "The app requested an unsupported grant type.")
        client = form.get("client_id", "")
        principal = next((item for item in self._estate.principals if item.client_id == client), None)
        if principal is None:
            where = (
                f"Application with identifier '{client}' was not found in the directory '{self._estate.tenant.name}'."
            )
            return _refused(400, "unauthorized_client", 700016, where)
        if principal.secret not in (form.get("client_secret"), form.get("client_assertion")):
            return _refused(
                401,
                "invalid_client",
                7000215,
                "Invalid client secret provided. Ensure the secret being sent in the request is the client secret "
                f"value, not the client secret ID, for a secret added to app '{client}'.",
            )
        return self._issued(principal, form.get("scope", "").removesuffix("/.default"), base)

    def _managed(self, request: Request, base: str) -> Answer:
        """A managed identity's token; https://learn.microsoft.com/entra/identity/managed-identities-azure-resources"""
        query = dict(parse_qsl(request.query))
        if request.headers.get("metadata") != "true":
            return _refused(400, "invalid_request", 0, "Required metadata header not specified")
        return self._issued(self._estate.principals[0], query.get("resource", ""), base)

    def _issued(self, principal: Principal, resource: str, base: str) -> Answer:
        host = urlsplit(resource).netloc.lower()
        audience = ARM if host and host == urlsplit(base).netloc else _AUDIENCES.get(host)
        if audience is None:
            return _refused(
                400,
                "invalid_resource",
                500011,
                f"The resource principal named {resource} was not found in the tenant named "
                f"{self._estate.tenant.name}.",
            )
        now = int(time.time())
        self.count += 1
        text = ".".join(
            _encoded(part)
            for part in (
                {"typ": "JWT", "alg": "RS256", "kid": "emulator"},
                {
                    "aud": resource,
                    "iss": f"https://sts.windows.net/{self._estate.tenant.id}/",
                    "iat": now,
                    "exp": now + _LIFETIME,
                    "appid": principal.client_id,
                    "oid": principal.object_id,
                    "tid": self._estate.tenant.id,
                    "idtyp": "app",
                    "uti": str(self.count),
                },
                {"signature": "none"},
            )
        )
        self._tokens[text] = Token(principal, audience)
        return _said(
            {
                "token_type": "Bearer",
                "expires_in": _LIFETIME,
                "ext_expires_in": _LIFETIME,
                "expires_on": str(now + _LIFETIME),
                "access_token": text,
            }
        )


def _encoded(part: Mapping[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def _said(body: Mapping[str, object]) -> Answer:
    return Answer(200, JSON, msgspec.json.encode(body), (("Cache-Control", "no-store"),))


def _refused(status: int, error: str, number: int, message: str) -> Answer:
    body = {
        "error": error,
        "error_description": f"AADSTS{number}: {message} Trace ID: {TRACE} Correlation ID: {TRACE} Timestamp: {MOMENT}",
        "error_codes": [number],
        "timestamp": MOMENT,
        "trace_id": TRACE,
        "correlation_id": TRACE,
        "error_uri": f"https://login.microsoftonline.com/error?code={number}",
    }
    return Answer(status, JSON, msgspec.json.encode(body))
