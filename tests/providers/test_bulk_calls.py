"""How many bulk calls many scopes take: at most 300 for 1,000 subscriptions of 100 resources, 200 for 1,000 projects.

What bulk answers tell is not asked again of the services. The whole size is measured in `benchmarks/estates.py`.
"""

from __future__ import annotations

from providers import azure, gcp
from providers.azure.emulator import Emulator as Azure
from providers.azure.emulator.size import big_estate as azure_estate
from providers.azure.rows import ROWS
from providers.gcp.emulator import Emulator as Gcp
from providers.gcp.emulator.size import big_estate as gcp_estate
from tests.providers import denial

SCOPES = 40
RESOURCES = 30
OWN = {"Microsoft.Resources:subscriptions.list", "Microsoft.Authorization:permissions.list"}


def test_subscriptions() -> None:
    with Azure(azure_estate(subscriptions=SCOPES, resources=RESOURCES)) as cloud:
        scanned = denial.scan(azure.PROVIDER, cloud.settings())
        assert cloud.writes == []
        bulk = cloud.counts["Microsoft.ResourceGraph:resources.list"]
        told = {row.wire for row in ROWS if row.table in ("resources", "resourcecontainers")}
        asked = {wire: count for wire, count in cloud.counts.items() if wire in told - OWN}
    assert scanned.result.report.run.complete
    assert 0 < bulk <= 300 * SCOPES // 1000
    assert asked == {}


def test_projects() -> None:
    with Gcp(gcp_estate(projects=SCOPES, resources=RESOURCES)) as cloud:
        organization = str(cloud.estate.organization.body["name"])
        scanned = denial.scan(gcp.PROVIDER, {**cloud.settings(), "organization": organization})
        assert cloud.writes == []
        bulk = cloud.counts["cloudasset:assets.list"]
        asked = [cloud.counts[wire] for wire in ("storage:buckets.list", "compute:disks.aggregatedList")]
    assert scanned.result.report.run.complete
    assert 0 < bulk <= 200 * SCOPES // 1000
    assert asked == [0, 0]
