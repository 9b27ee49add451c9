"""Role assignments, with the verdicts that the documentation gives."""

from __future__ import annotations

from typing import Any

from tests.providers.azure.policy.documents import (
    BLOB_READ,
    BLOB_READER,
    CONTRIBUTOR,
    FOREIGN,
    GUEST,
    MEMBER,
    OWN,
    OWNER,
    READER,
    SUBSCRIPTION,
    Case,
    Json,
    assigned,
)

_ROLES = "https://learn.microsoft.com/azure/role-based-access-control/role-definitions"
_DENY = "https://learn.microsoft.com/azure/role-based-access-control/deny-assignments"
_ABAC = "https://learn.microsoft.com/azure/role-based-access-control/conditions-format"
_GUESTS = "https://learn.microsoft.com/entra/external-id/user-properties"
_APPS = "https://learn.microsoft.com/entra/identity-platform/app-objects-and-service-principals"
_LIGHT = "https://learn.microsoft.com/azure/lighthouse/concepts/architecture"
_KEYS = "https://learn.microsoft.com/azure/storage/common/shared-key-authorization-prevent"
_CONTAINER = (
    f"{SUBSCRIPTION}/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/s/blobServices/default/containers/c"
)
_CONDITION = (
    "((!(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write'})) OR "
    "(@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'logs'))"
)
_WRITE = "Microsoft.Authorization/roleAssignments/write"
_UAA: Json = {"name": "User Access Administrator", "actions": ["*/read", "Microsoft.Authorization/*"]}
_BLOB: Json = {"dataAction": BLOB_READ}


def _r(name: str, given: Json, verdict: str, why: str, source: str = _ROLES) -> Case:
    return Case(f"role-{name}", "role-assignment", "rbac", given, verdict, why, source)


def _who(name: str, principal: Json, verdict: str, why: str, source: str = _GUESTS) -> Case:
    return _r(f"held-{name}", assigned(READER, principal), verdict, why, source)


def _asked(name: str, role: Json, question: Json, verdict: str, why: str, source: str = _ROLES, **more: Any) -> Case:
    return _r(name, assigned(role, GUEST, question=question, **more), verdict, why, source)


def _group(*members: Json | str) -> Json:
    return {"type": "Group", "members": list(members)}


CASES = (
    _who("guest", GUEST, "cross-account", "A guest is at home in another tenant."),
    _who("guest-unstated", {"type": "User", "userType": "Guest"}, "cross-account", "A guest comes from outside."),
    _who("internal-guest", GUEST | {"homeTenantId": OWN}, "private", "A guest type with an own account is internal."),
    _who("external-member", MEMBER | {"homeTenantId": FOREIGN}, "cross-account", "Synchronised from another tenant."),
    _who("member-home", MEMBER | {"homeTenantId": OWN.upper()}, "private", "At home here; ids ignore case."),
    _who("untyped-user", {"type": "User"}, "unknown", "Nothing says whether it is a guest."),
    _who("application", {"type": "ServicePrincipal", "appOwnerOrganizationId": OWN}, "private", "An own app.", _APPS),
    _who(
        "foreign-app",
        {"type": "ServicePrincipal", "appOwnerOrganizationId": FOREIGN},
        "cross-account",
        "The owner of a multi-tenant app holds its credentials.",
        _APPS,
    ),
    _who("ownerless-app", {"type": "ServicePrincipal"}, "unknown", "Nothing says who owns it.", _APPS),
    _who(
        "microsoft",
        {"type": "ServicePrincipal", "appOwnerOrganizationId": "f8cdef31-a31e-4b4a-93e4-5f571e91255a"},
        "private",
        "An application of Azure itself.",
        _APPS,
    ),
    _who(
        "identity",
        {"type": "ServicePrincipal", "servicePrincipalType": "ManagedIdentity"},
        "private",
        "Managed identities live in the tenant of their subscription.",
        _APPS,
    ),
    _who(
        "member-by-home",
        _group({"homeTenantId": FOREIGN}),
        "cross-account",
        "Whoever has a home is a user.",
    ),
    _who("member-by-id", _group("an-object-id"), "unknown", "Nothing says who that is."),
    _who("empty-group", _group(), "private", "Nobody."),
    _who("group-members", _group(MEMBER, MEMBER), "private", "Members only."),
    _who("group-guest", _group(MEMBER, GUEST), "cross-account", "One guest is enough."),
    _who("nested", _group(_group(_group(GUEST))), "cross-account", "Groups hold groups."),
    _who(
        "group-app", _group({"type": "ServicePrincipal", "appOwnerOrganizationId": FOREIGN}), "cross-account", "An app."
    ),
    _who("opaque-group", {"type": "Group"}, "unknown", "Nothing says who belongs to it."),
    _who("lighthouse", {"type": "User", "managedByTenantId": FOREIGN}, "cross-account", "A delegation.", _LIGHT),
    _who("own-lighthouse", MEMBER | {"managedByTenantId": OWN}, "private", "Managed by the own tenant.", _LIGHT),
    _who("foreign-group", {"type": "ForeignGroup"}, "cross-account", "A group of another tenant.", _LIGHT),
    _who("everyone", {"type": "Everyone"}, "cross-account", "The directory's guests are in it.", _DENY),
    _who("strange", {"type": "Robot"}, "unknown", "No principal that is documented."),
    _asked("direct", BLOB_READER, _BLOB, "cross-account", "The role has the data action."),
    _asked("case", BLOB_READER, {"dataAction": BLOB_READ.upper()}, "cross-account", "Actions ignore case."),
    _r("direct-member", assigned(BLOB_READER, MEMBER, question=_BLOB), "private", "Held by a member."),
    _asked("wildcard", {"name": "x", "dataActions": ["*/blobs/*"]}, _BLOB, "cross-account", "Wildcards."),
    _asked(
        "not-data", {"name": "x", "dataActions": ["*"], "notDataActions": ["*/read"]}, _BLOB, "private", "Taken out."
    ),
    _asked(
        "given-back",
        {"name": "x", "dataActions": ["*"], "notDataActions": ["*/read"]},
        _BLOB,
        "cross-account",
        "What one role takes out, another gives.",
        otherRoles=[BLOB_READER],
    ),
    _asked(
        "control-only", OWNER, _BLOB | {"allowSharedKeyAccess": False}, "private", "Actions are no data actions.", _KEYS
    ),
    _asked("owner-keys", OWNER, _BLOB, "cross-account", "Owners list keys; shared keys are on by default.", _KEYS),
    _asked(
        "contributor-keys", CONTRIBUTOR, _BLOB | {"allowSharedKeyAccess": True}, "cross-account", "So do they.", _KEYS
    ),
    _asked("reader-keys", READER, _BLOB, "private", "listKeys is an action, not a read.", _KEYS),
    _asked(
        "sas",
        {"name": "x", "actions": ["Microsoft.Storage/storageAccounts/listAccountSas/action"]},
        _BLOB,
        "cross-account",
        "A signature of the whole account.",
        _KEYS,
    ),
    _asked(
        "keys-taken-out",
        {"name": "x", "actions": ["*"], "notActions": ["Microsoft.Storage/*/action"]},
        _BLOB,
        "private",
        "No key action is left.",
        _KEYS,
    ),
    _asked(
        "container-scope",
        CONTRIBUTOR,
        _BLOB,
        "private",
        "Keys belong to the account, not to a container.",
        _KEYS,
        scope=_CONTAINER,
    ),
    _asked("container-data", BLOB_READER, _BLOB, "cross-account", "The data action holds there.", scope=_CONTAINER),
    _asked(
        "cosmos",
        READER,
        {"dataAction": "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/read"},
        "cross-account",
        "Read-only keys are a read.",
        "https://learn.microsoft.com/azure/cosmos-db/secure-access-to-data",
    ),
    _asked(
        "cosmos-write",
        READER,
        {"dataAction": "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/create"},
        "private",
        "They are read-only.",
        "https://learn.microsoft.com/azure/cosmos-db/secure-access-to-data",
    ),
    _asked(
        "vault",
        CONTRIBUTOR,
        {"dataAction": "Microsoft.KeyVault/vaults/secrets/getSecret/action", "enableRbacAuthorization": False},
        "cross-account",
        "Access policies are written by the control plane.",
        "https://learn.microsoft.com/azure/key-vault/general/rbac-guide",
    ),
    _asked(
        "vault-roles",
        CONTRIBUTOR,
        {"dataAction": "Microsoft.KeyVault/vaults/secrets/getSecret/action", "enableRbacAuthorization": True},
        "private",
        "They do not count while the vault uses roles.",
        "https://learn.microsoft.com/azure/key-vault/general/rbac-guide",
    ),
    _asked("contributor-assigns", CONTRIBUTOR, {"action": _WRITE}, "private", "notActions takes it out."),
    _asked(
        "two-roles-assign",
        CONTRIBUTOR,
        {"action": _WRITE},
        "cross-account",
        "The other role gives it back.",
        otherRoles=[_UAA],
    ),
    _asked("owner-assigns", OWNER, {"action": _WRITE}, "cross-account", "Owners assign roles."),
    _asked("reader-writes", READER, {"action": "Microsoft.Compute/virtualMachines/write"}, "private", "Reads only."),
    _asked(
        "denied",
        OWNER,
        {"action": _WRITE},
        "private",
        "A deny assignment beats the grant.",
        _DENY,
        denyAssignments=[
            {
                "permissions": [{"actions": ["Microsoft.Authorization/*"]}],
                "principals": [{"id": "00000000-0000-0000-0000-000000000000", "type": "SystemDefined"}],
            }
        ],
    ),
    _asked(
        "spared",
        OWNER,
        {"action": _WRITE},
        "cross-account",
        "The principal is excluded.",
        _DENY,
        denyAssignments=[{"actions": ["*"], "principals": ["SystemDefined"], "excludePrincipals": ["principal"]}],
    ),
    _asked(
        "condition-other",
        BLOB_READER,
        _BLOB,
        "cross-account",
        "The condition limits writes only.",
        _ABAC,
        condition=_CONDITION,
        conditionVersion="2.0",
    ),
    _asked(
        "condition-same",
        BLOB_READER,
        _BLOB,
        "unknown",
        "The container's name is not given.",
        _ABAC,
        condition=_CONDITION.replace("blobs/write", "blobs/read"),
    ),
    _asked(
        "condition-never",
        BLOB_READER,
        _BLOB,
        "private",
        "It lets nothing through.",
        _ABAC,
        condition="!(ActionMatches{'*'})",
    ),
    _asked("condition-broken", BLOB_READER, _BLOB, "unknown", "No condition that can be read.", _ABAC, condition="(("),
    _asked(
        "condition-old",
        BLOB_READER,
        _BLOB,
        "unknown",
        "A version that is not documented.",
        _ABAC,
        condition="ActionMatches{'*'}",
        conditionVersion="1.0",
    ),
    _asked(
        "eligible",
        OWNER,
        {"action": _WRITE},
        "cross-account",
        "One activation away.",
        "https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-configure",
        eligible=True,
    ),
)
