"""From a label to an estate: each answer is laid where the scanner asks for it."""

from __future__ import annotations

from typing import Any, Final

from providers.azure.kinds import KINDS
from scanner.model import Estate, Resource, Scope
from tests.providers.azure.kinds.desk import NO_PERIMETER, entry, read, scope
from tests.providers.labels import Answer, Case

BELOW: Final = {
    "microsoft.storage.storageaccounts.blobservices": "/blobServices/default",
    "microsoft.storage.storageaccounts.blobservices.containers": "/blobServices/default/containers",
    "microsoft.sql.servers.firewallrules": "/firewallRules",
    "microsoft.sql.servers.auditingsettings": "/auditingSettings/default",
    "microsoft.sql.servers.encryptionprotector": "/encryptionProtector/current",
    "microsoft.sql.servers.administrators": "/administrators",
    "microsoft.sql.servers.databases.transparentdataencryption": "/transparentDataEncryption/current",
    "microsoft.keyvault.vaults.keys": "/keys",
}
"""Where answers about a resource are asked for, after its id."""
UNSURE: Final = "2024-01-01T00:00:00Z"
"""A day from which accounts may have been made with or without anonymous access."""
LOGS: Final = {
    "azure.storage.account": "/blobServices/default",
    "azure.sql.server": "/databases/master",
    "azure.keyvault.vault": "",
}
"""What of a resource its diagnostic settings are about."""
SUBSCRIPTION_WIDE: Final = {
    "microsoft.network.networkinterfaces": "Microsoft.Network/networkInterfaces",
    "microsoft.network.publicipaddresses": "Microsoft.Network/publicIPAddresses",
    "microsoft.network.networkwatchers": "Microsoft.Network/networkWatchers",
    "microsoft.authorization.locks": "Microsoft.Authorization/locks",
    "microsoft.storage.storageaccounts": "Microsoft.Storage/storageAccounts",
    "microsoft.sql.servers": "Microsoft.Sql/servers",
    "microsoft.keyvault.vaults": "Microsoft.KeyVault/vaults",
}
OWN: Final = {kind.type_id: kind for kind in KINDS}


def estate_of(case: Case) -> Estate:
    """The estate that holds the case's resource and what goes with it; whatever is not given is refused."""
    return Table(case).estate()


class Table:
    """The answers of one case, by path."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.kind: type[Resource] = OWN[case.type]
        self.resource = case.resource if "id" in case.resource else managed_key(case.resource)
        self.uid = str(self.resource["id"]).lower()
        self.scope: Scope = scope(self.uid.split("/")[2])
        self.answers: dict[str, Any] = {}

    def estate(self) -> Estate:
        """Everything that is known of it."""
        for companion in self.case.companions:
            self._companion(companion)
        self._own()
        return read(self.answers, of=self.scope)

    def _own(self) -> None:
        listing = self.kind.listed
        assert listing is not None
        assert listing.call is not None
        path = str(listing.call.params["path"])
        if listing.parent is None:
            self._add(path.replace("{scope.uid}", self.scope.uid), [self.resource])
            self._no_perimeter(self.uid)
            return
        below = path.removeprefix("{it.uid}")
        above = self.uid.partition(below.lower() + "/")[0]
        self._add(above + below, [self.resource])
        self._no_perimeter(above.partition("/blobservices/")[0])
        parent = listing.parent.listed
        assert parent is not None
        assert parent.call is not None
        where = str(parent.call.params["path"]).replace("{scope.uid}", self.scope.uid)
        if where.lower() not in self.answers:
            days = self.case.resource.get("attributes", {}).get("recoverableDays", 90)
            stub = entry("", "x", creationTime=UNSURE, supportsHttpsTrafficOnly=True, softDeleteRetentionInDays=days)
            self._add(where, [{**stub, "id": above, "name": above.rpartition("/")[2], "kind": "StorageV2"}])

    def _companion(self, companion: Answer) -> None:
        operation, _, verb = companion.operation.rpartition(".")
        if operation in SUBSCRIPTION_WIDE:
            entries = companion.body["value"] if verb == "list" and "value" in companion.body else [companion.body]
            if operation == "microsoft.storage.storageaccounts":  # every recorded account tells when it was made
                entries = [{**one, "properties": {"creationTime": UNSURE, **one["properties"]}} for one in entries]
            self._add(f"{self.scope.uid}/providers/{SUBSCRIPTION_WIDE[operation]}", entries)
        elif operation == "microsoft.insights.diagnosticsettings":
            self._put(f"{LOGS[self.case.type]}/providers/Microsoft.Insights/diagnosticSettings", companion)
        elif operation == "microsoft.network.networkwatchers.flowlogs":
            watcher = entry("Microsoft.Network/networkWatchers", "watcher")
            self._add(f"{self.scope.uid}/providers/Microsoft.Network/networkWatchers", [watcher])
            self.answers[f"{watcher['id']}/flowLogs".lower()] = companion.body
        elif companion.operation == "keyvault-data.keys.rotationpolicy":
            self.answers[self.uid] = {"properties": {"rotationPolicy": companion.body}}
        elif operation == "microsoft.sql.servers.auditingsettings" and verb == "list":
            [setting] = companion.body["value"]
            self.answers[f"{self.uid}{BELOW[operation]}".lower()] = setting
        elif operation == "microsoft.sql.servers.databases.transparentdataencryption":
            told = companion.body["properties"]  # api-versions before 2021 call the member `status`
            state = {"state": told["state"] if "state" in told else told["status"]}
            self.answers[f"{self.uid}{BELOW[operation]}".lower()] = {"properties": state}
        else:
            self._put(BELOW[operation], companion)

    def _put(self, below: str, companion: Answer) -> None:
        self.answers[f"{self.uid}{below}".lower()] = companion.body
        if below == "/firewallRules":  # a server without the two newer sorts of rules
            for other in ("/ipv6FirewallRules", "/virtualNetworkRules"):
                self.answers.setdefault(f"{self.uid}{other}".lower(), {"value": []})

    def _no_perimeter(self, uid: str) -> None:
        for below, answer in NO_PERIMETER.items():
            self.answers.setdefault(f"{uid}{below}".lower(), answer)

    def _add(self, path: str, entries: list[Any]) -> None:
        held = self.answers.setdefault(path.lower(), {"value": []})
        held["value"] = [*held["value"], *entries]


def managed_key(item: Any) -> Any:
    """A key as the management API tells it, from what the data plane told: the attributes are the same.

    https://learn.microsoft.com/rest/api/keyvault/keyvault/keys/list
    """
    vault, name = (
        str(item["kid"]).removeprefix("https://").split("/")[0].partition(".")[0],
        str(item["kid"]).split("/")[4],
    )
    key = entry("Microsoft.KeyVault/vaults", f"{vault}/keys/{name}", attributes=item["attributes"])
    return {**key, "type": "Microsoft.KeyVault/vaults/keys"}
