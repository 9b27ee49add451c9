"""Google's token endpoint: key files, refresh tokens, impersonation. https://developers.google.com/identity/protocols/oauth2"""

from __future__ import annotations

import base64
import binascii
import datetime
import json
import secrets
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qs

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from providers.gcp.emulator.estate import Body, Principal
from providers.gcp.emulator.refusals import Refusal

_LIFETIME: Final = 3599
_PARTS: Final = 3


class Tokens:
    """Who has which token; keys are made when somebody first asks for them."""

    def __init__(self, principals: tuple[Principal, ...]) -> None:
        self._principals = {principal.email: principal for principal in principals}
        self._keys: dict[str, rsa.RSAPrivateKey] = {}
        self._holders: dict[str, Principal] = {}

    def holder(self, authorization: str) -> Principal | None:
        """Whose token a request carries."""
        token = authorization.removeprefix("Bearer ")
        if token in self._holders or token.count(".") != _PARTS - 1:
            return self._holders.get(token)
        # A JWT that its holder signed is a token, too: https://developers.google.com/identity/protocols/oauth2/service-account#jwt-auth
        return self._signer(token)

    def forget(self) -> None:
        """Every token that was given out is too old now."""
        self._holders.clear()

    def new(self, principal: Principal) -> str:
        """A token."""
        token = f"ya29.c.{secrets.token_urlsafe(48)}"
        self._holders[token] = principal
        return token

    def key_file(self, principal: Principal, url: str) -> str:
        """A service account's key, as the console lets it be downloaded."""
        key = self._key(principal)
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        content = {
            "type": "service_account",
            "project_id": principal.project,
            "private_key_id": "0123456789abcdef0123456789abcdef01234567",
            "private_key": private.decode(),
            "client_email": principal.email,
            "client_id": principal.unique_id,
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": f"{url}/token",
            "universe_domain": "googleapis.com",
        }
        return json.dumps(content, indent=2)

    def user_file(self, principal: Principal, url: str) -> str:
        """What `gcloud auth application-default login` leaves behind for a person, with the token's address in it."""
        content = {
            "type": "authorized_user",
            "client_id": "emulator.apps.googleusercontent.com",
            "client_secret": "emulator",
            "refresh_token": f"1//{principal.email}",
            "token_uri": f"{url}/token",
            "quota_project_id": principal.project,
        }
        return json.dumps(content, indent=2)

    def answer(self, body: bytes) -> Refusal | Body:
        """What `POST /token` says."""
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        match form.get("grant_type"):
            case "urn:ietf:params:oauth:grant-type:jwt-bearer":
                principal = self._signer(form.get("assertion", ""))
                problem = "Invalid JWT Signature."
            case "refresh_token":
                principal = self._principals.get(form.get("refresh_token", "").removeprefix("1//"))
                problem = "Bad Request"
            case _:
                return Refusal(HTTPStatus.BAD_REQUEST, {"error": "unsupported_grant_type"})
        if principal is None:
            return Refusal(HTTPStatus.BAD_REQUEST, {"error": "invalid_grant", "error_description": problem})
        return {"access_token": self.new(principal), "expires_in": _LIFETIME, "token_type": "Bearer"}

    def impersonated(self, caller: Principal, email: str) -> Body | None:
        """A token for another principal, if the caller may make one."""
        target = self._principals.get(email)
        if target is None or caller.email not in target.impersonated_by:
            return None
        expires = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=_LIFETIME)
        return {"accessToken": self.new(target), "expireTime": expires.strftime("%Y-%m-%dT%H:%M:%SZ")}

    def _key(self, principal: Principal) -> rsa.RSAPrivateKey:
        if principal.email not in self._keys:
            self._keys[principal.email] = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        return self._keys[principal.email]

    def _signer(self, assertion: str) -> Principal | None:
        """Who signed a JWT with a key that was given out here."""
        parts = assertion.split(".")
        if len(parts) != _PARTS:
            return None
        try:
            claims: dict[str, Any] = json.loads(_decoded(parts[1]))
            signature = _decoded(parts[2])
        except (ValueError, binascii.Error):
            return None
        principal = self._principals.get(str(claims.get("iss")))
        if principal is None or principal.email not in self._keys:
            return None
        signed = f"{parts[0]}.{parts[1]}".encode()
        try:
            self._keys[principal.email].public_key().verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return None
        return principal


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
