"""Azure's access documents: what they say, whom they let in, and who can become whom. Pure functions.

An adapter fills the documents of `model` (a part that was not read stays `Unread`) and asks:

storage_access, pull_access, site_access     who gets data without credentials
connection_access, ...                       who may open a connection
role_access                                  who outside holds a role, or can do one thing
authorize                                    one request against all assignments
escalation_edges                             who can become whom
"""

from providers.azure.policy.concrete.authorize import Authorizer, authorize
from providers.azure.policy.engine import ENGINE, AzureAccessEngine
from providers.azure.policy.escalation import escalation_edges
from providers.azure.policy.judging import (
    connection_access,
    policy_access,
    pull_access,
    registry_connection_access,
    site_access,
    site_connection_access,
    storage_access,
)
from providers.azure.policy.model.requests import Request, Source
from providers.azure.policy.questions.roles import RoleQuestion
from providers.azure.policy.role_access import role_access

__all__ = [
    "ENGINE",
    "Authorizer",
    "AzureAccessEngine",
    "Request",
    "RoleQuestion",
    "Source",
    "authorize",
    "connection_access",
    "escalation_edges",
    "policy_access",
    "pull_access",
    "registry_connection_access",
    "role_access",
    "site_access",
    "site_connection_access",
    "storage_access",
]
