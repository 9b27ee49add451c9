"""The kinds of Google Cloud, in the order of the report."""

from __future__ import annotations

from typing import Final

from providers.gcp.api_keys import ApiKey
from providers.gcp.bigquery import BigQueryDataset
from providers.gcp.compute import GceDisk, GceImage, GceInstance, GceSnapshot
from providers.gcp.custom_roles import GcpOrganizationRole, GcpRole
from providers.gcp.gke import GkeCluster
from providers.gcp.hierarchy import GcpDenyPolicy, GcpFolder, GcpOrganization
from providers.gcp.kms import KmsKey, KmsKeyRing, KmsLocation
from providers.gcp.log_sinks import GcpFolderSink, GcpOrganizationSink, GcpSink
from providers.gcp.network import GcpFirewallPolicy, GcpFirewallRule, GcpNetwork, GcpSubnet
from providers.gcp.project import GcpProject
from providers.gcp.roles import GcpPredefinedRole
from providers.gcp.service_accounts import ServiceAccount
from providers.gcp.sql import CloudSqlInstance
from providers.gcp.storage import GcsBucket
from scanner.model import Resource

KINDS: Final[tuple[type[Resource], ...]] = (
    GcpOrganization,
    GcpFolder,
    GcpProject,
    GcpDenyPolicy,
    GcpPredefinedRole,
    GcpOrganizationRole,
    GcpRole,
    ServiceAccount,
    ApiKey,
    GcpOrganizationSink,
    GcpFolderSink,
    GcpSink,
    GcsBucket,
    GceInstance,
    GceDisk,
    GceSnapshot,
    GceImage,
    GcpFirewallRule,
    GcpFirewallPolicy,
    GcpNetwork,
    GcpSubnet,
    CloudSqlInstance,
    BigQueryDataset,
    KmsLocation,
    KmsKeyRing,
    KmsKey,
    GkeCluster,
)
