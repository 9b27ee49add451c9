"""Scans of the other clouds as users run them: processes that find the emulated cloud by their environment."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from providers.azure.emulator import Emulator as Azure
from providers.gcp.emulator import Emulator as Gcp
from tests.cli.conftest import Shell

ONE = ("--check", "storage-public-read", "--format", "json")


def accounts(findings: list[dict[str, object]]) -> set[tuple[str, str]]:
    resources = [cast("dict[str, Any]", finding["resource"]) for finding in findings]
    return {(resource["provider"], resource["account"]) for resource in resources}


def test_the_demo_of_all_clouds_is_one_report(tmp_path: Path) -> None:
    ended = Shell(tmp_path, {})("scan", "--demo", "all", *ONE)
    assert ended.code in (0, 3), ended.stderr
    assert {provider for provider, _ in accounts(ended.findings)} == {"aws", "azure", "gcp"}
    scopes = cast("list[dict[str, Any]]", ended.run["scopes"])
    assert {scope["level"] for scope in scopes} == {"", "tenant", "folder", "organization"}


def test_azure_is_found_by_the_environment_over_tls_and_said_before_it_is_read(tmp_path: Path) -> None:
    with Azure() as cloud:
        cloud.allow_all()
        shell = Shell(tmp_path, cloud.environment())
        ended = shell("scan", "--provider", "azure", *ONE)
        chosen = shell("scan", "--provider", "azure", "--subscription", "Acme Sandbox", *ONE)
        wrong = shell("scan", "--provider", "azure", "--subscription", "Acme Sandbx", *ONE)
        assert cloud.writes == []
    assert ended.code == 0, ended.stderr
    assert ended.stderr.startswith("scanning azure: Acme New, Acme Production, Acme Sandbox, ")
    assert len(accounts(ended.findings)) > len(accounts(chosen.findings)) == 1
    assert (wrong.code, "did you mean 'Acme Sandbox'?" in wrong.last) == (2, True)


def test_a_project_that_nobody_named_is_named_before_it_is_read(tmp_path: Path) -> None:
    with Gcp() as cloud:
        environment = cloud.environment()
        home = Shell(tmp_path, environment | {"GOOGLE_CLOUD_PROJECT": "acme-lab"})("scan", "--provider", "gcp", *ONE)
        named = Shell(tmp_path, environment)("scan", "--provider", "gcp", "--project", "acme-shop", *ONE)
        assert cloud.writes == []
    assert "project acme-lab named by GOOGLE_CLOUD_PROJECT" in home.stderr
    assert accounts(home.findings) == {("gcp", "acme-lab")}
    assert accounts(named.findings) == {("gcp", "acme-shop")}


def test_without_credentials_the_next_step_is_a_command(tmp_path: Path) -> None:
    for provider, command in (("azure", "az login"), ("gcp", "gcloud auth application-default login")):
        ended = Shell(tmp_path, {"NO_GCE_CHECK": "true"})("scan", "--provider", provider, *ONE)
        assert (ended.code, ended.stdout) == (4, "")
        assert f"Run: {command}" in ended.last
