"""Cookies by which a load balancer leads the requests of one client to the same server.

https://www.rfc-editor.org/rfc/rfc6265: of the little that is kept here, nothing goes to another endpoint, and nothing
is kept for longer than a client is in use.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

MOST = 20
LONGEST = 4096
"""Octets of one, as RFC 6265 (section 6.1) has those of servers that are careful."""
_PAIR = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+=[!-+\--:<-\[\]-~]*")
"""A name and a value, which cannot be more than that in a header."""
_OVER = re.compile(r";\s*max-age\s*=\s*(0|-\d+)\s*(;|$)", re.IGNORECASE)


class Cookies:
    """What one endpoint has set."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}

    def keep(self, told: Iterable[str]) -> None:
        """Take note of headers `Set-Cookie`; what is not one is passed over."""
        for text in told:
            pair = text.partition(";")[0].strip()
            if len(pair) > LONGEST or not _PAIR.fullmatch(pair):
                continue
            name, _, value = pair.partition("=")
            self._values.pop(name, None)
            if not _OVER.search(text) and len(self._values) < MOST:
                self._values[name] = value

    @property
    def headers(self) -> Mapping[str, str]:
        """What a request says of them."""
        pairs = "; ".join(f"{name}={value}" for name, value in self._values.items())
        return {"Cookie": pairs} if pairs else {}
