"""The sink `syslog`: RFC 5424 messages over TLS or TCP, each octet counted."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Sequence

from scanner.deliver.sink import SENT, Delivery, Limits, Outcome, SinkError, SinkType
from scanner.deliver.sinks.syslog_frame import FACILITIES, HEADER, Sender, framed
from scanner.deliver.sinks.syslog_line import Receiver, Unconfirmed
from scanner.deliver.sinks.syslog_options import LARGEST_MESSAGE, SyslogOptions

ITEMS = 500
OCTETS = 1024 * 1024
COUNT = 10
"""Octets of a count and its blank, at most."""


class SyslogSink:
    """Sends each batch over a connection of its own, and calls it sent when the receiver shows that it has it.

    What can still be lost is what a receiver has read and keeps in its memory when it is killed: rsyslog's usual queue
    does, one of the type `direct` or `disk` does not. With `confirm: kernel`, what it has not read is lost, too.
    """

    def __init__(self, options: SyslogOptions) -> None:
        self._largest = options.largest_message
        self._sender = Sender(
            facility=FACILITIES.index(options.facility),
            host=options.hostname or socket.gethostname(),
            application=options.app_name,
            process=str(os.getpid()),
            enterprise=options.enterprise_number,
        )
        self._receiver = Receiver(
            host=options.host,
            port=options.port or (6514 if options.tls else 514),
            tls=_context(options) if options.tls else None,
            name=options.server_name or options.host,
            confirm=options.confirm or ("close-notify" if options.tls else "close"),
            timeout=options.timeout,
        )

    def open(self) -> None:
        """Hand over nothing, so that a receiver that would not confirm is told of before it gets events twice."""
        try:
            self._receiver.hand_over(b"")
        except Unconfirmed as error:
            step = error.step or "see in its log why"
            raise SinkError(f"{self._place}: {error.why}; {step}", lasting=bool(error.step)) from error

    def send(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        """Hand over a batch; messages that are too long for the receiver are refused, the others go."""
        frames = [framed(delivery, self._sender) for delivery in batch]
        fit = [len(frame) <= self._largest + COUNT for frame in frames]
        try:
            self._receiver.hand_over(b"".join(frame for frame, fits in zip(frames, fit, strict=True) if fits))
        except Unconfirmed as error:
            taken = Outcome("again", f"{self._place}: {error.why}")
        else:
            taken = SENT
        return [taken if fits else self._too_long(frame) for frame, fits in zip(frames, fit, strict=True)]

    def close(self) -> None:
        """Nothing is held between batches."""

    @property
    def _place(self) -> str:
        return f"syslog at {self._receiver.host}:{self._receiver.port}"

    def _too_long(self, frame: bytes) -> Outcome:
        why = f"a message of {len(frame)} octets is more than `largest-message` ({self._largest})"
        return Outcome("refused", f"{why}: raise it, and what the receiver takes")


def limits_of(options: SyslogOptions) -> Limits:
    """What a receiver takes of such messages."""
    largest = options.largest_message - HEADER
    return Limits(ITEMS, max(OCTETS, 2 * options.largest_message), largest, HEADER + COUNT)


def _context(options: SyslogOptions) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=options.ca_file)
    except (OSError, ValueError) as error:
        step = "name a readable file of certificates in PEM"
        raise SinkError(f"{options.ca_file}: `ca-file` cannot be used: {_why(error)}; {step}", lasting=True) from error
    if options.client_certificate:
        try:
            context.load_cert_chain(options.client_certificate, options.client_key, password=_no_password)
        except (OSError, ValueError) as error:
            what = f"{options.client_certificate}: `client-certificate` or its key cannot be used: {_why(error)}"
            step = "name readable files in PEM that belong together, the key without a password"
            raise SinkError(f"{what}; {step}", lasting=True) from error
    return context


def _no_password() -> str:
    """Instead of a question at the terminal."""
    return ""


def _why(error: OSError | ValueError) -> str:
    return (isinstance(error, OSError) and error.strerror) or type(error).__name__


TYPE = SinkType(
    name="syslog",
    summary="RFC 5424 messages over TLS or TCP, as rsyslog, syslog-ng and most SIEMs take them.",
    options=SyslogOptions,
    make=SyslogSink,
    limits=Limits(items=ITEMS, octets=OCTETS, largest=LARGEST_MESSAGE - HEADER, around=HEADER + COUNT),
    formats=("ocsf", "ecs", "json"),
    limits_of=limits_of,
    example="""\
host: siem.example.com
port: 6514
ca-file: /etc/ssl/siem-ca.pem
confirm: close-notify
""",
    rights=(
        "None, unless the receiver asks for a client certificate. What its own queue holds in memory is lost "
        "when it dies: for rsyslog set `queue.type` to `direct` or `disk`."
    ),
)
