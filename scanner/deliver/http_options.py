"""What sinks that speak HTTP have in common in a file of options."""

from __future__ import annotations

import msgspec


class HttpOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """What all sinks that speak HTTP have in their entries."""

    ca_file: str | None = None
    """Certificates of the authorities that are trusted, as PEM, instead of the system's."""
    client_certificate: str | None = None
    """A certificate to show, as PEM, with its chain."""
    client_key: str | None = None
    """Its key, as PEM and not encrypted, where the certificate's file does not hold it."""
    allow_link_local: bool = False
    """Whether it may have a link-local address, or one where clouds keep credentials."""
    timeout: float = 30.0
    """Seconds to wait for an answer."""

    def __post_init__(self) -> None:
        if not 0 < self.timeout <= 600:
            raise ValueError("timeout must be more than 0 and at most 600 seconds")
        if self.client_key is not None and self.client_certificate is None:
            raise ValueError("client-key stands without client-certificate: give both")
