"""Microsoft Graph v1.0, as far as posture goes: lists, single objects, `$select`, `$filter`, `$top` and `$expand`.

https://learn.microsoft.com/graph/query-parameters
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from providers.azure.emulator import refusals
from providers.azure.emulator.directory_routes import find_route
from providers.azure.emulator.estate import Estate, Principal
from providers.azure.emulator.refusals import Refusal, Refused, bad_request
from providers.azure.emulator.wire import Operation

Members = dict[str, Any]

# What a user shows unless more is asked for: https://learn.microsoft.com/graph/api/resources/users#common-properties
_USUAL = {
    "users": (
        *("businessPhones", "displayName", "givenName", "id", "jobTitle", "mail", "mobilePhone", "officeLocation"),
        *("preferredLanguage", "surname", "userPrincipalName"),
    )
}
_REFERENCES = ("members", "owners")
_KINDS = {
    "users": "#microsoft.graph.user",
    "groups": "#microsoft.graph.group",
    "servicePrincipals": "#microsoft.graph.servicePrincipal",
}
_COMPARISON = re.compile(r"\s*([\w/]+)\s+(eq|ne)\s+('[^']*'|true|false|null)\s*")
_STARTS = re.compile(r"\s*startswith\(([\w/]+),\s*'([^']*)'\)\s*", re.IGNORECASE)
_PREMIUM = "reports/authenticationMethods/userRegistrationDetails"
_NOT_PREMIUM = "Neither tenant is B2C or tenant doesn't have premium license"


class UnknownPath(Exception):
    """A path of Microsoft Graph that the emulator does not know."""


class Directory:
    """Answers for one tenant."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        self._lists = estate.directory.lists
        self._singles = estate.directory.singles

    def answer(self, operation: Operation, principal: Principal) -> Members | list[Members]:
        """The object or the whole list; Refused where the answer is an error."""
        single = operation.verb == "get"
        route = find_route(operation.kind, single)
        if route is None:
            raise UnknownPath(operation.path)
        if not set(route.permissions) & set(principal.graph):
            raise Refused(refusals.denied(operation, principal.client_id, principal.object_id, ""))
        if operation.kind == _PREMIUM and not self._estate.tenant.premium:
            raise Refused(Refusal(403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", _NOT_PREMIUM))
        selected = self._selected(operation, principal)
        if single:
            return self._chosen(self._one(operation), selected, operation)
        found = self._many(operation)
        condition = operation.query.get("$filter", "")
        if condition:
            keep = _conditions(condition)
            found = [item for item in found if all(_holds(item, *each) for each in keep)]
        return [self._chosen(item, selected, operation) for item in found]

    def _selected(self, operation: Operation, principal: Principal) -> Sequence[str]:
        selected = [name for name in operation.query.get("$select", "").split(",") if name]
        if "signInActivity" in selected:
            if "AuditLog.Read.All" not in principal.graph:
                raise Refused(refusals.denied(operation, principal.client_id, principal.object_id, ""))
            if not self._estate.tenant.premium:
                raise Refused(Refusal(403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", _NOT_PREMIUM))
        return selected

    def _chosen(self, item: Members, selected: Sequence[str], operation: Operation) -> Members:
        shown = selected or _USUAL.get(operation.kind)
        chosen = {key: value for key, value in item.items() if key not in _REFERENCES}
        if shown is not None:
            # What is asked for and not set is null.
            chosen = {name: item.get(name) for name in shown if selected or name in item}
        for name in operation.query.get("$expand", "").split(","):
            bare = name.partition("(")[0]
            if bare in _REFERENCES:
                chosen[bare] = self._resolved(item.get(bare, ()))
            elif bare == "principal":
                chosen[bare] = next(iter(self._resolved([item.get("principalId", "")])), None)
        if "@odata.type" in item:
            chosen = {"@odata.type": item["@odata.type"], **chosen}
        return chosen

    def _one(self, operation: Operation) -> Members:
        single = self._singles.get(operation.kind)
        if single is not None and not operation.names:
            return single
        if not operation.names:
            raise UnknownPath(operation.path)
        return self._named(operation.kind, operation.names[0])

    def _named(self, kind: str, name: str) -> Members:
        for item in self._lists.get(kind, ()):
            if name.lower() in (str(item.get("id", "")).lower(), str(item.get("userPrincipalName", "")).lower()):
                return item
        message = f"Resource '{name}' does not exist or one of its queried reference-property objects are not present."
        raise Refused(Refusal(404, "Request_ResourceNotFound", message))

    def _many(self, operation: Operation) -> list[Members]:
        if not operation.names:
            return self._lists.get(operation.kind, [])
        kind, _, member = operation.kind.partition("/")
        owner = self._named(kind, operation.names[0])
        inside = owner.get(member.removeprefix("transitive").lower() if member == "transitiveMembers" else member, [])
        return self._resolved(inside) if member.lower().endswith(_REFERENCES) else list(inside)

    def _resolved(self, ids: Sequence[str]) -> list[Members]:
        found = []
        for wanted in ids:
            for kind, name in _KINDS.items():
                for item in self._lists.get(kind, ()):
                    if item["id"] == wanted:
                        members = {key: value for key, value in item.items() if key not in _REFERENCES}
                        found.append({"@odata.type": name, **members})
        return found


def _conditions(text: str) -> list[tuple[str, str, object]]:
    """Comparisons joined by `and`; anything else is refused, as Graph refuses what it does not support."""
    found: list[tuple[str, str, object]] = []
    for part in text.split(" and "):
        comparison, starts = _COMPARISON.fullmatch(part), _STARTS.fullmatch(part)
        if comparison is not None:
            found.append((comparison[1], comparison[2], _literal(comparison[3])))
        elif starts is not None:
            found.append((starts[1], "startswith", starts[2]))
        else:
            raise Refused(bad_request("Request_UnsupportedQuery", "Unsupported or invalid query filter clause."))
    return found


def _literal(text: str) -> object:
    return {"true": True, "false": False, "null": None}.get(text, text.strip("'"))


def _holds(item: Mapping[str, Any], path: str, operator: str, wanted: object) -> bool:
    value: Any = item
    for step in path.split("/"):
        value = value.get(step) if isinstance(value, Mapping) else None
    if operator == "startswith":
        return isinstance(value, str) and value.lower().startswith(str(wanted).lower())
    same = value.lower() == wanted.lower() if isinstance(value, str) and isinstance(wanted, str) else value == wanted
    return same is (operator == "eq")
