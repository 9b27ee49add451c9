"""Options of the sink `kafka`, and the client's properties that come of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

import msgspec

from scanner.deliver.address import place_of
from scanner.deliver.secret import Secret
from scanner.deliver.sink import SinkError
from scanner.deliver.whole_path import check_whole_paths

LARGEST_MESSAGE = 1_000_000
"""What both the client and brokers take unless told otherwise: message.max.bytes in
https://github.com/confluentinc/librdkafka/blob/master/CONFIGURATION.md"""
SMALLEST_MESSAGE = 65_536

_TOPIC = re.compile(r"[A-Za-z0-9._-]{1,249}", re.ASCII)
_BROKER = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}", re.ASCII)
_LOOPBACK = re.compile(r"(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]):\d+", re.ASCII)

Mechanism = Literal["plain", "scram-sha-256", "scram-sha-512", "oauthbearer"]


class KafkaOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """Where messages go, and as whom."""

    brokers: tuple[str, ...]
    """`HOST:PORT` of some of the brokers; the others are learnt from them."""
    topic: str
    """The topic, which has to be there, or brokers that make it."""
    tls: bool = True
    """Without it, whoever is on the way can read and change events."""
    ca_file: str | None = None
    """Certificates of the authorities that may have signed the brokers'; those of the system where not given."""
    client_certificate: str | None = None
    """A file with the certificate that the brokers want to see of us, with its key in `client-key`."""
    client_key: str | None = None
    """That key, as PEM."""
    sasl: Mechanism | None = None
    """How the user shows who it is."""
    username: str | None = None
    """The user, for SASL; with `oauthbearer` the id of the client."""
    password: Secret | None = None
    """The user's password, or the client's secret."""
    token_url: str | None = None
    """For `oauthbearer`: where the client is given its tokens, by the grant `client_credentials`; `ca-file` is not for
    it."""
    scope: str | None = None
    """For `oauthbearer`: what tokens are asked to be good for, where the issuer wants to know."""
    compression: Literal["none", "gzip", "snappy", "lz4", "zstd"] = "lz4"
    """How batches are compressed."""
    largest_message: int = LARGEST_MESSAGE
    """Octets of a message that the brokers take (max.message.bytes of the topic)."""
    timeout: float = 10
    """Seconds in which a message has to be taken."""

    def __post_init__(self) -> None:
        if not self.brokers or not all(map(_BROKER.fullmatch, self.brokers)):
            raise ValueError("`brokers` has to be a list of HOST:PORT")
        if not _TOPIC.fullmatch(self.topic) or self.topic in (".", ".."):
            raise ValueError("`topic` has to be of letters, digits, `.`, `_` and `-`, and at most 249 of them")
        self._check_who()
        for name, value, least, most in (
            ("largest-message", self.largest_message, SMALLEST_MESSAGE, 100_000_000),
            ("timeout", self.timeout, 0.1, 600),
        ):
            if not least <= value <= most:
                raise ValueError(f"`{name}` has to be between {least} and {most}")
        check_whole_paths(ca_file=self.ca_file, client_certificate=self.client_certificate, client_key=self.client_key)

    def _check_who(self) -> None:
        given = (self.sasl is not None, self.username is not None, self.password is not None)
        if any(given) and not all(given):
            raise ValueError("give `sasl`, `username` and `password` together, or none of them")
        if (self.sasl == "oauthbearer") != (self.token_url is not None):
            raise ValueError("`token-url` is where `sasl: oauthbearer` has its tokens from: give both, or neither")
        if self.token_url is not None:
            place_of(self.token_url, query=True)
        if self.scope is not None and self.token_url is None:
            raise ValueError("`scope` is for `sasl: oauthbearer`: leave it out")
        if self.sasl and not self.tls and not all(map(_LOOPBACK.fullmatch, self.brokers)):
            raise ValueError("a password without `tls` could be read on the way: leave `tls: false` out")
        if (self.client_certificate is None) != (self.client_key is None):
            raise ValueError("give `client-certificate` and `client-key` together, or none of them")
        if not self.tls and (self.ca_file or self.client_certificate):
            raise ValueError("`ca-file` and `client-certificate` are for TLS, and `tls` is false: leave one out")


def properties_of(options: KafkaOptions) -> Mapping[str, str | int | bool]:
    """What the client is told; SinkError where the password is not there. Never show what this returns.

    https://github.com/confluentinc/librdkafka/blob/master/CONFIGURATION.md
    """
    milliseconds = int(options.timeout * 1000)
    properties: dict[str, str | int | bool] = {
        "bootstrap.servers": ",".join(options.brokers),
        "client.id": "ourside",
        "enable.idempotence": True,
        "acks": "all",
        "message.max.bytes": options.largest_message,
        "message.timeout.ms": milliseconds,
        "socket.connection.setup.timeout.ms": max(1000, milliseconds),
        "compression.type": options.compression,
        # Where producers in Java would put the same key.
        "partitioner": "murmur2_random",
        "log_level": 0,
        "security.protocol": ("sasl_" if options.sasl else "") + ("ssl" if options.tls else "plaintext"),
    }
    paths = {
        "ssl.ca.location": options.ca_file,
        "ssl.certificate.location": options.client_certificate,
        "ssl.key.location": options.client_key,
    }
    properties |= {name: path for name, path in paths.items() if path is not None}
    if options.sasl and options.username is not None and options.password is not None:
        properties["sasl.mechanism"] = options.sasl.upper()
        password = password_of(options.password)
        if options.token_url is None:
            properties |= {"sasl.username": options.username, "sasl.password": password}
        else:
            properties |= {
                "sasl.oauthbearer.method": "oidc",
                "sasl.oauthbearer.client.id": options.username,
                "sasl.oauthbearer.client.secret": password,
                "sasl.oauthbearer.token.endpoint.url": options.token_url,
            }
            if options.scope is not None:
                properties["sasl.oauthbearer.scope"] = options.scope
    return properties


def password_of(secret: Secret) -> str:
    """The password; SinkError where it is not there, or is none. Never show what this returns."""
    value = secret.read()
    if "\0" in value:
        raise SinkError("the password of kafka holds a NUL: give one without", lasting=True)
    return value
