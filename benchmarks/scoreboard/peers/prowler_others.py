"""Azure and Google Cloud storage as Prowler's services read it."""

from types import SimpleNamespace

from prowler_layout import Layout

SERVICES = "prowler.providers.{}.services.{}"


def account(models, given):
    """A storage account: the check reads whether it allows anonymous access, and no container or network."""
    held = given["account"]
    rules = held.get("networkAcls") or {}
    made = models.Account(
        id="/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/acme",
        name="acme",
        location="westeurope",
        resouce_group_name="g",
        enable_https_traffic_only=True,
        allow_blob_public_access=held.get("allowBlobPublicAccess"),
        public_network_access=held.get("publicNetworkAccess"),
        network_rule_set=models.NetworkRuleSet(
            bypass=rules.get("bypass", "AzureServices"), default_action=rules.get("defaultAction", "Allow")
        ),
        encryption_type="Microsoft.Storage",
        minimum_tls_version="TLS1_2",
        private_endpoint_connections=[],
    )
    return {"storage_client": {"storage_accounts": {"s": [made]}, "subscriptions": {"s": "s"}}}


def bucket(models, given):
    """A bucket, read by Prowler's own service from an API that answers with the case."""
    service = models.CloudStorage.__new__(models.CloudStorage)
    service.project_ids = [given["project"]]
    service.buckets = []
    service.client = _Storage(given)
    service._get_buckets()
    return {"cloudstorage_client": {"buckets": service.buckets}}


class _Storage:
    """Answers `buckets().list()` and `buckets().getIamPolicy()` as the API would."""

    def __init__(self, given):
        self._given = given

    def buckets(self):
        """The collection is this object too."""
        return self

    def list(self, project):
        """One page, one bucket."""
        name = self._given["bucket"]["name"]
        stored = {"uniformBucketLevelAccess": {"enabled": False}, **self._given["bucket"].get("iamConfiguration", {})}
        return _Request({"items": [{"id": name, "name": name, "location": "EU", "iamConfiguration": stored}]})

    def list_next(self, previous_request, previous_response):
        """No more pages."""

    def getIamPolicy(self, bucket):  # noqa: N802  # the API's name
        """The bucket's own policy."""
        return _Request({"bindings": [], **(self._given.get("iamPolicy") or {})})


class _Request(SimpleNamespace):
    def __init__(self, answer):
        super().__init__(answer=answer)

    def execute(self, num_retries=0):
        """The answer."""
        return self.answer


OTHERS = {
    ("azure", "storage"): Layout(
        SERVICES.format("azure", "storage"),
        "storage_service",
        ("storage_client",),
        ("storage_blob_public_access_level_is_disabled",),
        account,
    ),
    ("gcp", "storage"): Layout(
        SERVICES.format("gcp", "cloudstorage"),
        "cloudstorage_service",
        ("cloudstorage_client",),
        ("cloudstorage_bucket_public_access",),
        bucket,
    ),
}
