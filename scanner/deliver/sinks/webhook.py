"""A webhook: events by POST, as a JSON array or one a line, signed where a secret is given.

Signatures and their headers are those of Standard Webhooks 1.0, so that its libraries verify them; what is signed is
`id.timestamp.body`. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
`Idempotency-Key` says the same id as a string: one batch has one, however often it comes.
https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header-07
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Sequence
from typing import Literal

from scanner.deliver.address import place_of
from scanner.deliver.body import NO_OBJECT, one_line, told_by
from scanner.deliver.http import Client, header_of
from scanner.deliver.http_options import HttpOptions
from scanner.deliver.parts import Parcel, Said, in_parts, said_by
from scanner.deliver.secret import Secret
from scanner.deliver.sink import Delivery, Limits, Outcome, SinkError, SinkType

ITEMS = 500
OCTETS = 1_000_000
CONTENT = {"array": "application/json", "ndjson": "application/x-ndjson"}
ENCODED = "whsec_"
"""How a secret begins that is written in base64."""


class WebhookOptions(HttpOptions, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """An endpoint, and how it is spoken to."""

    url: str | Secret
    """Where to; as a secret, where the URL is one, as it is with many hosted webhooks."""
    secret: Secret | None = None
    """What requests are signed with, as it is, or in base64 after `whsec_`."""
    authorization: Secret | None = None
    """The whole value of a header `Authorization`, such as `Bearer ...`."""
    shape: Literal["array", "ndjson"] = "array"
    """A JSON array of events, or one event a line."""
    events: int = ITEMS
    """Events of one request, at most."""
    request_octets: int = OCTETS
    """Octets of one request, at most."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if isinstance(self.url, str):
            self.check_url(self.url, query=True)
        if not 1 <= self.events <= 10_000:
            raise ValueError("events must be from 1 to 10000")
        if not 10_000 <= self.request_octets <= 100_000_000:
            raise ValueError("request-octets must be from 10000 to 100000000")


class WebhookSink:
    """An endpoint in use."""

    def __init__(self, options: WebhookOptions) -> None:
        self._options = options
        url = options.url if isinstance(options.url, str) else options.url.read()
        try:
            place = place_of(url, query=True)
        except ValueError as error:
            raise SinkError(f"the secret URL: {error}", lasting=True) from None
        headers = {"Content-Type": CONTENT[options.shape]}
        # Shorter parts of a URL are words, and no secrets.
        parts = (url, place.path, place.query, *place.path.split("/"), *place.query.split("&"))
        secrets = [text for text in parts if len(text) >= 8]
        if options.authorization is not None:
            value = header_of(options.authorization)
            headers["Authorization"] = value
            secrets += [value, value.partition(" ")[2]]
        self._key = _key(options.secret) if options.secret is not None else None
        self._client = Client(place, options, headers, tuple(secrets))

    def open(self) -> None:
        """Connect."""
        self._client.open()

    def send(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        """Send a batch, in one request or some."""
        sound = [told_by(delivery.body) is not None for delivery in batch]
        parcels = [
            Parcel(delivery.uid, one_line(delivery.body))
            for delivery, is_sound in zip(batch, sound, strict=True)
            if is_sound
        ]
        outcomes = iter(in_parts(parcels, self._options.request_octets - 2, self._options.events, 1, self._post))
        return [next(outcomes) if is_sound else Outcome("refused", NO_OBJECT) for is_sound in sound]

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def _post(self, parcels: Sequence[Parcel]) -> Said:
        bodies = [parcel.octets for parcel in parcels]
        body = b"[" + b",".join(bodies) + b"]" if self._options.shape == "array" else b"\n".join((*bodies, b""))
        answer = self._client.post("", body, self._signed(_batch_id(parcels), body))
        excerpt = self._client.shown(answer.body.decode("utf-8", "replace"))
        told = f": {excerpt}" if excerpt and answer.status in (400, 413, 422) else ""
        step = ": check `url`, `secret` and `authorization`" if answer.status in (401, 403, 404, 410) else ""
        return said_by(answer, f"{self._client.place.origin}: HTTP {answer.status}{told}{step}")

    def _signed(self, identity: str, body: bytes) -> dict[str, str]:
        headers = {
            "Idempotency-Key": f'"{identity}"',
            "webhook-id": identity,
            "webhook-timestamp": f"{time.time():.0f}",
        }
        if self._key is not None:
            content = f"{identity}.{headers['webhook-timestamp']}.".encode() + body
            digest = base64.b64encode(hmac.digest(self._key, content, "sha256")).decode()
            headers["webhook-signature"] = f"v1,{digest}"
        return headers


def _key(secret: Secret) -> bytes:
    value = secret.read()
    if not value.startswith(ENCODED):
        return value.encode()
    try:
        key = base64.b64decode(value.removeprefix(ENCODED), validate=True)
    except binascii.Error:
        key = b""
    if not key:
        raise SinkError(f"{secret.place}: what follows {ENCODED} is no base64: write the secret again", lasting=True)
    return key


def _batch_id(parcels: Sequence[Parcel]) -> str:
    """The same for the same events, with the same words: a key that comes with another body is an error for many."""
    digest = hashlib.sha256()
    for parcel in parcels:
        for part in (parcel.uid.encode(), parcel.octets):
            digest.update(len(part).to_bytes(8) + part)
    return digest.hexdigest()


def _limits(options: WebhookOptions) -> Limits:
    return Limits(options.events, options.request_octets - 2, options.request_octets - 3, 1)


TYPE = SinkType(
    name="webhook",
    summary="Any endpoint that takes JSON by POST",
    options=WebhookOptions,
    make=WebhookSink,
    limits=Limits(ITEMS, OCTETS - 2, OCTETS - 3, 1),
    limits_of=_limits,
    example="""\
url: https://hooks.example.com/ourside
secret: {env: WEBHOOK_SECRET}
shape: ndjson
""",
    rights="None by itself; `authorization` is for an endpoint that wants a header of its own.",
)
