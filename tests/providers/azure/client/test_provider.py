"""What the provider says without any SDK: options, the custom role, the calls of a session."""

from __future__ import annotations

import json
import subprocess
import sys

from providers.azure.calls import PERMISSIONS, RESOURCES, SUBSCRIPTIONS
from providers.azure.provider import PROVIDER


def test_permissions_become_a_role_and_a_list_for_microsoft_graph() -> None:
    given = [
        "User.Read.All",
        "Microsoft.Storage/storageAccounts/read",
        "Microsoft.Compute/disks/read",
        "Policy.Read.All",
    ]
    document = json.loads(PROVIDER.policy(given))
    role = document["properties"]
    (permissions,) = role["permissions"]
    assert permissions["actions"] == ["Microsoft.Compute/disks/read", "Microsoft.Storage/storageAccounts/read"]
    assert permissions["dataActions"] == []
    assert role["assignableScopes"] == ["/subscriptions/{id}"]
    assert document["microsoftGraphApplicationPermissions"] == ["Policy.Read.All", "User.Read.All"]


def test_a_sessions_own_calls_are_named() -> None:
    assert [call.wire for call in PROVIDER.session_calls(regional=False)] == [
        "Microsoft.Resources:subscriptions.list",
        "Microsoft.Authorization:permissions.list",
        "Microsoft.ResourceGraph:resources.list",
    ]
    assert SUBSCRIPTIONS.permissions == ("Microsoft.Resources/subscriptions/read",)
    assert PERMISSIONS.permissions == ("Microsoft.Authorization/permissions/read",)
    assert RESOURCES.permissions == ()


def test_no_sdk_is_loaded_before_somebody_signs_in() -> None:
    code = (
        "import sys; from providers.azure import PROVIDER; PROVIDER.session_calls(regional=True); PROVIDER.policy([]);"
        "print([name for name in sys.modules if name.split('.')[0] in ('azure', 'msal', 'requests')])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_options_name_the_contracts_variables() -> None:
    variables = {option.name: option.environment for option in PROVIDER.options if option.environment}
    assert variables == {
        "azure-arm-endpoint": "OURSIDE_AZURE_ARM_ENDPOINT",
        "azure-authority": "AZURE_AUTHORITY_HOST",
        "azure-graph-endpoint": "OURSIDE_AZURE_GRAPH_ENDPOINT",
    }
