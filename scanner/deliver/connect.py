"""Connections of the HTTP client: to an address that was looked at, or through the proxy that the environment names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from scanner.deliver import wire_errors
from scanner.deliver.address import Place, refuse, resolve
from scanner.deliver.http_options import HttpOptions
from scanner.deliver.proxy import Proxy, proxy_of
from scanner.deliver.sink import SinkError

if TYPE_CHECKING:
    import ssl

    from urllib3.connection import HTTPConnection

CONNECTING = 5.0
"""Seconds for a connection to one address."""
MOST_ADDRESSES = 4


def connect(place: Place, options: HttpOptions, context: ssl.SSLContext | None) -> HTTPConnection:
    """A connection to an endpoint, ready for requests. SinkError where there is none. `context`: for TLS."""
    proxy = proxy_of(place)
    tries: list[Callable[[], HTTPConnection]]
    if proxy is None:
        addresses = resolve(place, anywhere=options.allow_link_local)[:MOST_ADDRESSES]
        tries = [partial(_opened, place, address, place.port, context) for address in addresses]
    else:
        if not options.allow_link_local:
            refuse(place, (place.host,))
        tries = [partial(_opened, place, proxy.host, proxy.port, context, proxy.headers)]
    failure: Exception | None = None
    for attempt in tries:
        try:
            return attempt()
        except wire_errors.all_of_them() as error:
            failure = error
    raise _unreachable(place, failure, proxy)


def tls_of(options: HttpOptions) -> ssl.SSLContext:
    """How TLS is spoken: what the other side shows is verified, always. SinkError where a file cannot be read."""
    import ssl

    try:
        context = ssl.create_default_context(cafile=options.ca_file)
    except (OSError, ValueError) as error:
        raise SinkError(
            f"ca-file {options.ca_file}: it holds no certificates that can be read: name a file of PEM", lasting=True
        ) from error
    if options.client_certificate is not None:
        try:
            # Without a password that is given, OpenSSL would ask the terminal for one.
            context.load_cert_chain(options.client_certificate, options.client_key, password=lambda: "")
        except (OSError, ValueError) as error:
            raise SinkError(
                f"client-certificate {options.client_certificate}: it and its key cannot be read: "
                "name files of PEM that belong together; the key must not be encrypted",
                lasting=True,
            ) from error
    return context


def _opened(
    place: Place,
    host: str,
    port: int,
    context: ssl.SSLContext | None,
    tunnel: Mapping[str, str] | None = None,
) -> HTTPConnection:
    """A connection to a host on the way to the endpoint; `tunnel`: what its proxy is told."""
    from urllib3.connection import HTTPConnection, HTTPSConnection

    connection = (
        # The certificate must be that of the name, wherever the name was found to lead.
        HTTPSConnection(host, port, timeout=CONNECTING, ssl_context=context, server_hostname=place.host)
        if place.secure
        else HTTPConnection(host, port, timeout=CONNECTING)
    )
    if tunnel is not None:
        connection.set_tunnel(place.host, place.port, tunnel)
    try:
        connection.connect()
    except wire_errors.all_of_them():
        connection.close()
        raise
    return connection


def _unreachable(place: Place, error: Exception | None, proxy: Proxy | None) -> SinkError:
    why = wire_errors.why(error)
    if error is not None and wire_errors.is_distrust(error):
        step = "check the name in `url`, or name the authority that signed it in `ca-file`"
        return SinkError(f"{place.origin}: its certificate is not accepted: {why}: {step}", lasting=True)
    by = f" by the proxy {proxy.host}:{proxy.port}" if proxy else ""
    step = "check HTTPS_PROXY and NO_PROXY" if proxy else "check `url`, and whether it runs and can be reached"
    return SinkError(f"{place.origin}: no connection{by}: {why}: {step}")
