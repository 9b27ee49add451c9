"""Entries of a project's log, as far as filters for the changes of one resource ask for them."""

from __future__ import annotations

import re
from typing import Final

from providers.gcp.emulator import refusals
from providers.gcp.emulator.answers.asked import Asked
from providers.gcp.emulator.estate import Body
from providers.gcp.emulator.refusals import Refused

_MOST, _USUAL = 1000, 50
_FILTER: Final = re.compile(
    r'logName="(?P<log>[^"]+)" AND protoPayload\.resourceName="(?P<resource>[^"]+)"'
    r' AND NOT protoPayload\.status\.code>0 AND timestamp>="(?P<since>[^"]+)"'
)


def entries(asked: Asked) -> Body:
    """A page of entries, the latest first where that is asked for.

    https://cloud.google.com/logging/docs/reference/v2/rest/v2/entries/list
    """
    wanted = _FILTER.fullmatch(str(asked.body.get("filter", "")))
    if wanted is None:
        raise Refused(refusals.invalid(asked.service, "The filter is none of those that are kept here."))
    found = [
        thing.body
        for thing in asked.whole_node().resources("logging.entries")
        if thing.body["logName"] == wanted["log"]
        and thing.body["protoPayload"]["resourceName"] == wanted["resource"]
        and not thing.body["protoPayload"].get("status", {}).get("code")
        and thing.body["timestamp"] >= wanted["since"]
    ]
    found.sort(key=lambda body: str(body["timestamp"]), reverse=asked.body.get("orderBy") == "timestamp desc")
    token = str(asked.body.get("pageToken", "0"))
    if not token.isdigit():
        raise Refused(refusals.invalid(asked.service, "page_token is invalid"))
    start, size = int(token), asked.page or min(int(asked.body.get("pageSize", _USUAL)), _MOST)
    page = found[start : start + size]
    more = start + size < len(found)
    return ({"entries": page} if page else {}) | ({"nextPageToken": str(start + size)} if more else {})
