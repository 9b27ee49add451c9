"""Aggregated lists of Compute Engine: by zone or region, with a warning where there is nothing.

https://cloud.google.com/compute/docs/reference/rest/v1/instances/aggregatedList
"""

from __future__ import annotations

from collections import defaultdict

from providers.gcp.emulator.answers import lost
from providers.gcp.emulator.answers.asked import Asked
from providers.gcp.emulator.answers.lists import Answerer
from providers.gcp.emulator.estate import Body

_LARGEST = 500


def aggregated(kind: str, things: str, list_kind: str, *scopes: str) -> Answerer:
    """All of a kind in a project; `scopes` are those that it can stand in: `zones`, `regions`, `global`."""

    def answer(asked: Asked) -> Body:
        found = asked.whole_node().resources(f"compute.{kind}")
        page, token = asked.paged(found, _LARGEST)
        path = asked.relative
        by_scope: dict[str, list[Body]] = defaultdict(list)
        for thing in page:
            # projects/p/zones/z/instances/i
            place = thing.address.split("/")[2:4]
            by_scope["global" if place[0] == "global" else "/".join(place)].append(thing.body)
        zones = asked.world.estate.zones
        regions = dict.fromkeys(zone.rpartition("-")[0] for zone in zones)
        known = ["global"] if "global" in scopes else []
        known += [f"regions/{region}" for region in regions if "regions" in scopes]
        known += [f"zones/{zone}" for zone in zones if "zones" in scopes]
        items = {scope: {things: by_scope[scope]} if scope in by_scope else _nothing(scope) for scope in known}
        lost_scopes = [scope for scope in known if scope.rpartition("/")[2] in asked.world.lost]
        items |= {scope: lost.warning(scope) for scope in lost_scopes}
        body: Body = {"kind": f"compute#{list_kind}", "id": path, "items": items}
        body["selfLink"] = f"https://www.googleapis.com/compute/v1/{path}"
        if lost_scopes:
            body["unreachables"] = [f"projects/{asked.whole_node().id}/{scope}" for scope in lost_scopes]
        if token:
            body["nextPageToken"] = token
        return body

    return answer


def _nothing(scope: str) -> Body:
    message = f"There are no results for scope '{scope}' on this page."
    warning = {"code": "NO_RESULTS_ON_PAGE", "message": message, "data": [{"key": "scope", "value": scope}]}
    return {"warning": warning}
