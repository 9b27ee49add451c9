"""Options of the sink `syslog`."""

from __future__ import annotations

import sys
from typing import Literal

import msgspec

from scanner.deliver.sinks.syslog_frame import FACILITIES
from scanner.deliver.whole_path import check_whole_paths

LARGEST_MESSAGE = 8192
SMALLEST_MESSAGE = 5120
"""Less than any event can be told in."""
NO_NUMBER = 32473


class SyslogOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """Where messages go, and what their headers say."""

    host: str
    """A name or an address."""
    port: int | None = None
    """6514 with TLS, 514 without, where it is not given."""
    tls: bool = True
    """Without it, whoever is on the way can read and change events."""
    ca_file: str | None = None
    """Certificates of the authorities that may have signed the receiver's; those of the system where not given."""
    server_name: str | None = None
    """The name that its certificate has to be for, where that is not `host`."""
    client_certificate: str | None = None
    """A file with the certificate that the receiver wants to see of us, and with its key where `client-key` is none."""
    client_key: str | None = None
    """That key, as PEM."""
    facility: str = "local0"
    """What syslog calls the kind of program: https://www.rfc-editor.org/rfc/rfc5424#section-6.2.1"""
    hostname: str | None = None
    """What messages say that they come from; the name of this machine where not given."""
    app_name: str = "ourside"
    """What messages say that they are of."""
    enterprise_number: int = NO_NUMBER
    """Under which the structured data `ourside@NUMBER` is named. The usual one is the number for examples, as we have
    none of our own (https://www.rfc-editor.org/rfc/rfc5612): set your organisation's, if it has one."""
    largest_message: int = LARGEST_MESSAGE
    """Octets of a message that the receiver takes whole, at least 5120. Events that would be larger leave out what does
    not fit.

    8192 is what receivers should take (https://www.rfc-editor.org/rfc/rfc5425#section-4.3.1) and where rsyslog cuts
    messages that it was not told to take (https://www.rsyslog.com/doc/configuration/global/index.html, maxMessageSize):
    raise both together."""
    confirm: Literal["close-notify", "close", "kernel"] | None = None
    """How the receiver shows that it has a batch. It reads to the end and says so in TLS (`close-notify`, usual with
    TLS); it reads to the end, closes, and takes a new connection (`close`, usual without); or only its system has
    acknowledged all octets (`kernel`, for a receiver that does not close when we do)."""
    timeout: float = 10
    """Seconds that a batch may take."""

    def __post_init__(self) -> None:
        if not self.host or any(character.isspace() for character in self.host):
            raise ValueError("`host` has to be a name or an address")
        if self.facility not in FACILITIES:
            raise ValueError(f"`facility` has to be one of {', '.join(FACILITIES)}")
        if not self.tls:
            self._check_without_tls()
        if self.client_key and not self.client_certificate:
            raise ValueError("`client-key` is the key of a `client-certificate`: give both")
        if self.confirm == "kernel" and sys.platform != "linux":
            raise ValueError("`confirm: kernel` is possible on Linux only")
        for name, value, least, most in (
            ("port", self.port or 1, 1, 65_535),
            ("enterprise-number", self.enterprise_number, 1, 2**32 - 1),
            ("largest-message", self.largest_message, SMALLEST_MESSAGE, 16 * 1024 * 1024),
            ("timeout", self.timeout, 0.1, 600),
        ):
            if not least <= value <= most:
                raise ValueError(f"`{name}` has to be between {least} and {most}")
        check_whole_paths(ca_file=self.ca_file, client_certificate=self.client_certificate, client_key=self.client_key)

    def _check_without_tls(self) -> None:
        for name, value in (
            ("ca-file", self.ca_file),
            ("server-name", self.server_name),
            ("client-certificate", self.client_certificate),
            ("confirm: close-notify", self.confirm == "close-notify"),
        ):
            if value:
                raise ValueError(f"`{name}` is for TLS, and `tls` is false: leave one of them out")
