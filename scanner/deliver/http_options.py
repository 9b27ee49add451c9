"""What sinks that speak HTTP have in common in a file of options."""

from __future__ import annotations

import msgspec

from scanner.deliver.address import Place, is_forbidden, place_of
from scanner.deliver.whole_path import check_whole_paths


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
        check_whole_paths(ca_file=self.ca_file, client_certificate=self.client_certificate, client_key=self.client_key)

    def check_url(self, url: str, *, query: bool = False) -> Place:
        """The endpoint of a URL that is written in the entry; ValueError where a sink can never be there."""
        place = place_of(url, query=query)
        if not self.allow_link_local and is_forbidden(place.host):
            raise ValueError(
                "url has the address of a link or of a metadata service, where nothing is ever sent: "
                "correct it, or say `allow-link-local: true`"
            )
        return place
