"""SQL Server on virtual machines of the customer's, where its agent has registered it with Azure.

https://learn.microsoft.com/rest/api/sqlvm/sql-virtual-machines/list
"""

from __future__ import annotations

from typing import Final

from providers.azure.arm import arm
from providers.azure.gaps import untold
from providers.azure.groups import in_group
from providers.azure.tags import tagged
from scanner.facts import Answer, Fact, derived
from scanner.kinds import Software
from scanner.kinds.software import Updates

REGISTERED: Final = arm("Microsoft.SqlVirtualMachine/sqlVirtualMachines")


def _patched_by_agent(item: Answer) -> bool:
    # Left out, or off, where it was never switched on:
    # https://learn.microsoft.com/azure/azure-sql/virtual-machines/windows/automated-patching
    return (item["properties"].get("autoPatchingSettings") or {}).get("enable") is True


class SqlMachine(Software, kind="software", type_id="azure.sqlvirtualmachine.sql_server"):
    """An SQL Server that the customer runs on a machine."""

    listed = in_group(REGISTERED)
    tags = tagged()
    patched_by_agent = Fact[bool]("Azure's agent installs important updates of Windows and SQL Server.").listed(
        _patched_by_agent
    )

    @derived(reads=[patched_by_agent])
    def updates(self) -> Updates:
        """How patches of its engine and operating system arrive."""
        if not self.patched_by_agent:
            untold("the engine is yours to patch, by other means than Azure's agent, which nothing tells of")
        return "automatic"
