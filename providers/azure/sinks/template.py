"""What has to be there before Sentinel takes events: a table, a data collection rule, and a role on it.

A template for Azure Resource Manager, made from the columns that rows have:
https://learn.microsoft.com/azure/azure-monitor/logs/tutorial-logs-ingestion-api
https://learn.microsoft.com/azure/azure-monitor/data-collection/data-collection-rule-structure
"""

from __future__ import annotations

import json
from typing import Any

from providers.azure.sinks.columns import COLUMNS

TABLE, STREAM, RULE = "Ourside_CL", "Custom-Ourside", "ourside"
PUBLISHER = "3913510d-42f4-4e42-8a64-420c390055eb"
"""The role Monitoring Metrics Publisher.

https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/monitor#monitoring-metrics-publisher
"""
_ID = f"resourceId('Microsoft.Insights/dataCollectionRules', '{RULE}')"
_RULES_VERSION = "2023-03-11"


def template() -> dict[str, Any]:
    """The template. Its outputs are what `url` and `rule` say in an entry for the sink."""
    return {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": {
            "workspaceName": _parameter("The Log Analytics workspace that Sentinel uses, in this resource group."),
            "principalId": _parameter("The object id of the service principal or managed identity that sends."),
            "location": {**_parameter("The workspace's region."), "defaultValue": "[resourceGroup().location]"},
        },
        "resources": [_table(), _rule(), _role()],
        "outputs": {
            "url": _output(f"[reference({_ID}, '{_RULES_VERSION}').endpoints.logsIngestion]"),
            "rule": _output(f"[reference({_ID}, '{_RULES_VERSION}').immutableId]"),
            "stream": _output(STREAM),
        },
    }


def text() -> str:
    """The template as it is shipped."""
    return json.dumps(template(), indent=2) + "\n"


def _table() -> dict[str, Any]:
    columns = [{"name": one.name, "type": one.type, "description": one.description} for one in COLUMNS]
    return {
        "type": "Microsoft.OperationalInsights/workspaces/tables",
        "apiVersion": "2022-10-01",
        "name": f"[concat(parameters('workspaceName'), '/{TABLE}')]",
        "properties": {"schema": {"name": TABLE, "columns": columns}},
    }


def _rule() -> dict[str, Any]:
    workspace = "resourceId('Microsoft.OperationalInsights/workspaces', parameters('workspaceName'))"
    table = f"resourceId('Microsoft.OperationalInsights/workspaces/tables', parameters('workspaceName'), '{TABLE}')"
    return {
        "type": "Microsoft.Insights/dataCollectionRules",
        "apiVersion": _RULES_VERSION,
        "name": RULE,
        "location": "[parameters('location')]",
        # Only this kind has an endpoint of its own.
        "kind": "Direct",
        "dependsOn": [f"[{table}]"],
        "properties": {
            "streamDeclarations": {STREAM: {"columns": [{"name": one.name, "type": one.type} for one in COLUMNS]}},
            "destinations": {"logAnalytics": [{"workspaceResourceId": f"[{workspace}]", "name": "workspace"}]},
            "dataFlows": [
                {
                    "streams": [STREAM],
                    "destinations": ["workspace"],
                    "transformKql": "source",
                    "outputStream": f"Custom-{TABLE}",
                }
            ],
        },
    }


def _role() -> dict[str, Any]:
    role = f"subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '{PUBLISHER}')"
    return {
        "type": "Microsoft.Authorization/roleAssignments",
        "apiVersion": "2022-04-01",
        "scope": f"[{_ID}]",
        "name": f"[guid({_ID}, parameters('principalId'))]",
        "dependsOn": [f"[{_ID}]"],
        "properties": {"roleDefinitionId": f"[{role}]", "principalId": "[parameters('principalId')]"},
    }


def _parameter(description: str) -> dict[str, Any]:
    return {"type": "string", "metadata": {"description": description}}


def _output(value: str) -> dict[str, Any]:
    return {"type": "string", "value": value}
