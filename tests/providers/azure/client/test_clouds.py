"""Each cloud has its endpoints, and what is given replaces one of them."""

from __future__ import annotations

import pytest

from providers.azure.client.clouds import cloud_of, is_of_this_machine, origin
from providers.azure.provider import CLOUDS
from scanner.provider import SettingError


@pytest.mark.parametrize(
    ("name", "arm", "audience", "graph", "authority"),
    [
        (
            "AzureCloud",
            "https://management.azure.com",
            "https://management.azure.com/.default",
            "https://graph.microsoft.com",
            "https://login.microsoftonline.com",
        ),
        (
            "AzureChinaCloud",
            "https://management.chinacloudapi.cn",
            "https://management.chinacloudapi.cn/.default",
            "https://microsoftgraph.chinacloudapi.cn",
            "https://login.chinacloudapi.cn",
        ),
        (
            "AzureUSGovernment",
            "https://management.usgovcloudapi.net",
            "https://management.core.usgovcloudapi.net/.default",
            "https://graph.microsoft.us",
            "https://login.microsoftonline.us",
        ),
    ],
)
def test_a_cloud_is_named_or_follows_from_its_authority(
    name: str, arm: str, audience: str, graph: str, authority: str
) -> None:
    for settings in ({"azure-cloud": name}, {"azure-authority": authority}, {"azure-authority": f"{authority}/"}):
        cloud = cloud_of(settings)
        assert (cloud.name, cloud.arm, cloud.arm_audience) == (name, arm, audience)
        assert (cloud.graph, cloud.graph_audience) == (graph, f"{graph}/.default")
        assert (cloud.authority, cloud.authority_known) == (authority, True)
    assert name in CLOUDS


def test_without_settings_it_is_the_public_cloud() -> None:
    assert cloud_of({}).name == "AzureCloud"


def test_an_endpoint_is_replaced_and_the_audience_stays() -> None:
    cloud = cloud_of({"azure-arm-endpoint": "http://127.0.0.1:1/", "azure-authority": "https://localhost:2"})
    assert (cloud.arm, cloud.arm_audience) == ("http://127.0.0.1:1", "https://management.azure.com/.default")
    assert (cloud.authority, cloud.authority_known) == ("https://localhost:2", False)


def test_an_unknown_cloud_is_named() -> None:
    with pytest.raises(SettingError, match="AzureCloud"):
        cloud_of({"azure-cloud": "AzureGermanCloud"})


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:1", True),
        ("http://127.9.9.9", True),
        ("http://[::1]:8", True),
        ("http://localhost", True),
        ("http://azure.localhost", True),
        ("http://localhost.example", False),
        ("http://10.0.0.1", False),
        ("http://127.0.0.1.example", False),
        ("http://", False),
    ],
)
def test_only_this_machine_is_loopback(url: str, here: bool) -> None:
    assert is_of_this_machine(url) is here


def test_the_usual_port_is_a_port() -> None:
    assert origin("https://Management.Azure.com/x") == origin("https://management.azure.com:443")
    assert origin("https://management.azure.com") != origin("http://management.azure.com:443")
