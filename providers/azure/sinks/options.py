"""What an entry for Sentinel says in a file of options."""

from __future__ import annotations

import re
from typing import Literal

from scanner.deliver.http_options import HttpOptions
from scanner.deliver.secret import Secret

_RULE = re.compile(r"dcr-[0-9a-f]{32}")
_STREAM = re.compile(r"Custom-[A-Za-z][A-Za-z0-9_]{0,99}")
CLOUDS = {"AzureCloud": ".azure.com", "AzureChinaCloud": ".azure.cn", "AzureUSGovernment": ".azure.us"}
"""How endpoints of a cloud end: https://learn.microsoft.com/azure/azure-monitor/fundamentals/azure-monitor-network-access"""


class SentinelOptions(HttpOptions, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """A data collection rule, and how to sign in."""

    url: str
    """The endpoint of the rule, or of a data collection endpoint, for the ingestion of logs."""
    rule: str
    """The immutable id of the data collection rule: `dcr-` and 32 digits."""
    stream: str = "Custom-Ourside"
    """The stream of the rule."""
    auth: Literal["auto", "cli", "env", "managed", "workload"] = "auto"
    """How to sign in; `auto` tries what the Azure SDK tries."""
    cloud: Literal["AzureCloud", "AzureChinaCloud", "AzureUSGovernment"] = "AzureCloud"
    """The cloud."""
    authority: str | None = None
    """Where to sign in, instead of where AZURE_AUTHORITY_HOST or the cloud says."""
    tenant: str | None = None
    """The tenant."""
    client_id: str | None = None
    """An application that signs in with a secret."""
    client_secret: Secret | None = None
    """Its secret."""
    gzip: bool = True
    """Whether requests are compressed."""

    def __post_init__(self) -> None:
        super().__post_init__()
        place = self.check_url(self.url)
        if place.path:
            raise ValueError("url has a path: give the endpoint alone, such as https://x.ingest.monitor.azure.com")
        if not _RULE.fullmatch(self.rule):
            raise ValueError("rule is no immutable id: it is dcr- and 32 digits, in the JSON view of the rule")
        if not _STREAM.fullmatch(self.stream):
            raise ValueError("stream is no name of one: it begins with Custom-, as in the rule")
        if (self.client_id is None) != (self.client_secret is None):
            raise ValueError("client-id and client-secret go together: give both, or none")
        if self.client_id is not None and self.tenant is None:
            raise ValueError("client-id needs the tenant: give tenant")
        other = next((name for name, end in CLOUDS.items() if place.host.endswith(end)), self.cloud)
        if other != self.cloud:
            raise ValueError(f"cloud is {self.cloud}, and url is of {other}: say `cloud: {other}`")
