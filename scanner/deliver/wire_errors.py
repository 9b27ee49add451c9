"""What goes wrong below HTTP, in words that show nothing of what was sent."""

from __future__ import annotations

from collections.abc import Iterator


def all_of_them() -> tuple[type[Exception], ...]:
    """The errors of a connection, from the socket up to HTTP."""
    from http.client import HTTPException

    from urllib3.exceptions import HTTPError

    return (OSError, HTTPException, HTTPError)


def is_distrust(error: BaseException) -> bool:
    """Whether the other side's certificate was not accepted."""
    import ssl

    return any(isinstance(link, ssl.SSLCertVerificationError) for link in _chain(error))


def why(error: BaseException | None) -> str:
    """What went wrong, in words."""
    import socket
    import ssl
    from http.client import BadStatusLine, IncompleteRead, RemoteDisconnected

    for link in _chain(error):
        match link:
            case ssl.SSLCertVerificationError():
                return link.verify_message
            case ssl.SSLError():
                return f"TLS: {(link.reason or 'it ended').replace('_', ' ').lower()}"
            case TimeoutError():
                return "no answer in time"
            case socket.gaierror():
                return "its name is not known"
            case RemoteDisconnected():
                return "the connection was closed without an answer"
            case BadStatusLine() | IncompleteRead():
                return "the answer is not whole, or no HTTP"
            case OSError(strerror=str(words)):
                return words.lower()
            case OSError() if str(link).startswith("Tunnel connection failed"):
                return f"the proxy said {str(link).rpartition('failed: ')[2]}"
    return "the connection broke"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        for inner in (*error.args, getattr(error, "reason", None)):
            if isinstance(inner, BaseException) and id(inner) not in seen:
                seen.add(id(inner))
                yield inner
        error = error.__cause__ or error.__context__
