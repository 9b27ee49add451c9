"""What to do about an answer that leads elsewhere: https://www.rfc-editor.org/rfc/rfc9110#name-redirection-3xx"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from scanner.deliver.address import Place, place_of

STEP = "redirects are not followed: give the address that it leads to as `url`"


def redirect_words(headers: Mapping[str, str]) -> str:
    """Where it leads, as far as that may be shown, and the next step. `headers`: names in lower case.

    Paths are not shown: a webhook's is a secret, and who redirects repeats it.
    """
    place = _place_in(headers.get("location", "").strip())
    return f"it redirects to {place.origin}, and {STEP}" if place is not None else STEP


def _place_in(location: str) -> Place | None:
    """The endpoint of an absolute address; None where it is another path of the same, or no address of a sink."""
    try:
        parts = urlsplit(location)
    except ValueError:
        return None
    try:
        return place_of(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}")
    except ValueError:
        return None
