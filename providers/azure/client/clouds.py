"""Where a cloud's endpoints are, and which of them may be replaced by what."""

from __future__ import annotations

from typing import Final, NamedTuple
from urllib.parse import urlsplit

import msgspec
from azure.core import AzureClouds
from azure.identity import AzureAuthorityHosts
from azure.mgmt.core.tools import get_arm_endpoints

from scanner.loopback import is_loopback
from scanner.provider import SettingError, Settings


class _Known(NamedTuple):
    cloud: AzureClouds
    authority: str
    graph: str


# Endpoints of Microsoft Graph: https://learn.microsoft.com/graph/deployments
_KNOWN: Final = {
    "AzureCloud": _Known(
        AzureClouds.AZURE_PUBLIC_CLOUD, AzureAuthorityHosts.AZURE_PUBLIC_CLOUD, "https://graph.microsoft.com"
    ),
    "AzureChinaCloud": _Known(
        AzureClouds.AZURE_CHINA_CLOUD, AzureAuthorityHosts.AZURE_CHINA, "https://microsoftgraph.chinacloudapi.cn"
    ),
    "AzureUSGovernment": _Known(
        AzureClouds.AZURE_US_GOVERNMENT, AzureAuthorityHosts.AZURE_GOVERNMENT, "https://graph.microsoft.us"
    ),
}


class Cloud(msgspec.Struct, frozen=True):
    """One of Microsoft's clouds, or what stands for it."""

    name: str
    arm: str
    """Endpoint of the management API, without a slash at the end."""
    arm_audience: str
    graph: str
    graph_audience: str
    authority: str
    """Endpoint that signs in."""
    authority_known: bool
    """Whether Microsoft vouches for the authority, so that it can be looked up."""


def cloud_of(settings: Settings) -> Cloud:
    """The cloud that the settings name, or that their authority belongs to; raises SettingError."""
    authority = _endpoint(settings, "azure-authority")
    name = settings.get("azure-cloud") or _cloud_of_authority(authority)
    known = _KNOWN.get(name)
    if known is None:
        raise SettingError(f"unknown cloud {name!r}: choose {', '.join(_KNOWN)}")
    endpoints = get_arm_endpoints(known.cloud)
    return Cloud(
        name,
        _endpoint(settings, "azure-arm-endpoint") or endpoints["resource_manager"].rstrip("/"),
        endpoints["credential_scopes"][0],
        _endpoint(settings, "azure-graph-endpoint") or known.graph,
        f"{known.graph}/.default",
        authority or f"https://{known.authority}",
        not authority or _host(authority) in {other.authority for other in _KNOWN.values()},
    )


def is_of_this_machine(url: str) -> bool:
    """Whether a URL leads to this machine."""
    return is_loopback(_host(url))


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port; raises ValueError for a URL whose port is none."""
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    return scheme, (parts.hostname or "").lower(), parts.port or {"http": 80, "https": 443}.get(scheme, 0)


def _cloud_of_authority(authority: str) -> str:
    host = _host(authority)
    return next((name for name, known in _KNOWN.items() if known.authority == host), "AzureCloud")


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()


def _endpoint(settings: Settings, name: str) -> str:
    """The endpoint of a setting, empty where it is not given."""
    given = settings.get(name, "")
    url = given if "://" in given or not given else f"https://{given}"
    try:
        scheme, host, _ = origin(url)
    except ValueError as error:
        raise SettingError(f"{name} is no URL: {given!r}") from error
    if not given:
        return ""
    parts = urlsplit(url)
    if scheme not in ("http", "https") or not host or parts.username is not None or parts.query or parts.fragment:
        raise SettingError(f"{name} is no URL of an endpoint: give https://host")
    if scheme == "http" and not is_of_this_machine(url):
        raise SettingError(f"{name} is plain http to another machine ({host}): use https")
    return url.rstrip("/")
