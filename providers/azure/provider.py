"""What Azure brings to the scanner: options, kinds, its custom role format, a session, and an emulated tenant."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from providers.azure.calls import DESCENDANTS, PERMISSIONS, RESOURCES, SUBSCRIPTIONS
from scanner.facts import Call
from scanner.model import Resource
from scanner.provider import Option, Session, SessionError, Settings

CLOUDS = ("AzureCloud", "AzureChinaCloud", "AzureUSGovernment")


class AzureProvider:
    """Microsoft Azure and its directory, Microsoft Entra."""

    name = "azure"
    title = "Azure"
    # AZURE_TENANT_ID is left to the SDK: given as if by a flag, it would win over the Azure CLI's own choice.
    options: tuple[Option, ...] = (
        Option("tenant", "Tenant to sign in to, by id or domain name.", "TENANT"),
        Option("subscription", "Subscriptions to scan, by id or name; `all` for every visible one.", "NAME", many=True),
        Option("management-group", "Scan the subscriptions below this management group.", "ID"),
        Option(
            "azure-auth",
            "How to sign in; `auto` tries what the Azure SDK tries.",
            "WAY",
            values=("auto", "cli", "env", "managed", "workload", "browser"),
        ),
        Option(
            "azure-road",
            "`auto` asks Azure Resource Graph first where it may tell everything; `services` never does.",
            "ROAD",
            values=("auto", "services"),
        ),
        Option("azure-cloud", "The cloud; by default the one of the authority.", "CLOUD", values=CLOUDS),
        Option("azure-arm-endpoint", "Endpoint of the management API.", "URL", "OURSIDE_AZURE_ARM_ENDPOINT"),
        Option("azure-authority", "Endpoint that signs in.", "URL", "AZURE_AUTHORITY_HOST"),
        Option("azure-graph-endpoint", "Endpoint of Microsoft Graph.", "URL", "OURSIDE_AZURE_GRAPH_ENDPOINT"),
    )
    demos: Mapping[str, str] = {"azure": "A tenant with the usual mixture"}
    responsibility = Path(__file__).with_name("responsibility.yaml")

    def kinds(self) -> Sequence[type[Resource]]:
        """Every class that is listed, in the order of the report."""
        from providers.azure.kinds import KINDS

        return KINDS

    def session_calls(self, *, regional: bool) -> Sequence[Call]:
        """Which subscriptions there are, what we may do in them, and the queries of Resource Graph."""
        del regional
        return (SUBSCRIPTIONS, PERMISSIONS, RESOURCES)

    def placing_calls(self) -> Sequence[Call]:
        """What is below the root management group: asked where Resource Graph is not to be."""
        return (DESCENDANTS,)

    def policy(self, permissions: Sequence[str]) -> str:
        """A custom role that grants `permissions`, and the Microsoft Graph permissions that no role can grant.

        https://learn.microsoft.com/azure/role-based-access-control/custom-roles
        """
        role = {
            "roleName": "Ourside reader",
            "description": "What an Ourside scan reads, and nothing else.",
            "assignableScopes": ["/subscriptions/{id}"],
            "permissions": [
                {
                    "actions": sorted(name for name in permissions if "/" in name),
                    "notActions": [],
                    "dataActions": [],
                    "notDataActions": [],
                }
            ],
        }
        graph = sorted(name for name in permissions if "/" not in name)
        return json.dumps({"properties": role, "microsoftGraphApplicationPermissions": graph}, indent=2)

    def connect(self, settings: Settings, calls: Sequence[Call], time_limit: float) -> Session:
        """Sign in."""
        try:
            from providers.azure.client.session import AzureSession
        except ModuleNotFoundError as error:
            raise SessionError(f"{error.name} is not installed. Run: pip install 'ourside[azure]'") from error
        return AzureSession(settings, calls, time_limit)

    @contextmanager
    def demo(self, name: str) -> Iterator[Settings]:
        """An emulated tenant on this machine."""
        del name
        try:
            from providers.azure.emulator import Emulator
        except ModuleNotFoundError as error:
            raise SessionError(f"{error.name} is not installed. Run: pip install 'ourside[demo]'") from error
        with Emulator() as tenant:
            yield tenant.settings()


PROVIDER = AzureProvider()
