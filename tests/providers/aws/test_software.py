"""How patches arrive on AWS, and what the settings of databases, functions, services and clusters mean."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.data.recoverability.database_not_backed_up import not_backed_up
from providers.aws.ecs import EcsService
from providers.aws.eks import EksCluster, EksNodeGroup
from providers.aws.lambda_functions import LambdaFunction
from providers.aws.lambda_runtimes import DEPRECATED
from providers.aws.rds import RdsInstance
from providers.aws.rds_parameters import RdsParameterGroup
from scanner.facts import FromBulk, FromCall, FromListing, Reads, UnreadFact
from scanner.model import EXAMPLE_SCOPE, EXAMPLE_TIME, Estate, Example, Resource, View
from tests.checks.judging import judge

NETWORKS = st.lists(st.ip_addresses(v=4).map(lambda one: f"{one}/32") | st.sampled_from(["10.0.0.0/8", "0.0.0.0/1"]))


def told(resource: Resource, name: str, estate: Estate) -> object:
    """A fact of a resource in an estate; `untold` where nothing decides."""
    view = View(Reads(frozenset({name}), {}, {}), estate)
    try:
        return resource.bound(view).value_of(type(resource).facts[name])
    except UnreadFact as gap:
        assert {one.why for one in gap.unread} == {"not-yet-known"}
        return "untold"


def updates(resource: Resource, at: datetime = EXAMPLE_TIME) -> object:
    """How patches of a resource arrive on a day."""
    return told(resource, "updates", Estate(EXAMPLE_SCOPE, at, {}))


def taken(kind: type[Resource], name: str, answer: object) -> Any:
    """What a fact takes from an answer."""
    source = kind.facts[name].source
    assert isinstance(source, FromCall | FromListing | FromBulk)
    take: Any = source.take
    return take(answer)


# --- functions ------------------------------------------------------------------------------------------------------


@given(
    st.sampled_from(sorted(DEPRECATED)), st.integers(-4000, 4000), st.sampled_from(["Auto", "Manual", "FunctionUpdate"])
)
def test_a_runtime_is_out_of_support_from_its_day_on(runtime: str, days: int, mode: str) -> None:
    function = LambdaFunction.given(package="Zip", runtime=runtime, update_mode=mode)
    at = datetime.combine(DEPRECATED[runtime], datetime.min.time(), UTC) + timedelta(days=days)
    expected = "unsupported" if days >= 0 else "automatic" if mode == "Auto" else "manual"
    assert updates(function, at=at) == expected


@pytest.mark.parametrize(
    "facts",
    [
        {"package": "Image", "runtime": None, "update_mode": None},
        {"package": "Zip", "runtime": "cobol74", "update_mode": "Auto"},
        {"package": "Zip", "runtime": "custom", "update_mode": "Auto"},
        {"package": "Zip", "runtime": "python3.14", "update_mode": None},
    ],
)
def test_what_is_not_known_of_a_function_is_no_pass(facts: Any) -> None:
    assert updates(LambdaFunction.given(**facts)) == "untold"


# --- databases ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("engine", "itself", "expected"), [
    ("postgres", True, "automatic"), ("postgres", False, "manual"), ("aurora-mysql", True, "automatic"),
    ("custom-oracle-ee", False, "untold"), ("custom-sqlserver-se", True, "untold"),
])  # fmt: skip
def test_a_database_is_patched_by_its_switch_unless_its_host_is_the_customers(
    engine: str, itself: bool, expected: str
) -> None:
    assert updates(RdsInstance.given(engine=engine, upgrades_itself=itself)) == expected


@pytest.mark.parametrize(("engine", "cluster", "said", "expected"), [
    ("postgres", None, True, True), ("postgres", None, False, False), ("mysql", None, False, False),
    ("sqlserver-se", None, True, True), ("mariadb", None, None, "untold"), ("oracle-ee", None, True, "untold"),
    ("custom-sqlserver-se", None, True, "untold"), ("aurora-postgresql", "c", True, "untold"),
    ("postgres", "multi-az", True, "untold"),
])  # fmt: skip
def test_plain_text_is_refused_where_the_parameter_group_in_force_says_so(
    engine: str, cluster: str | None, said: bool | None, expected: object
) -> None:
    group = RdsParameterGroup.given("own", tls_only=said)
    database = RdsInstance.given(engine=engine, cluster=cluster, parameters=group.uid)
    estate = Estate(EXAMPLE_SCOPE, EXAMPLE_TIME, {RdsInstance: [database], RdsParameterGroup: [group]})
    assert told(database, "tls_only", estate) == expected
    alone = RdsInstance.given(engine=engine, cluster=cluster, parameters=None)
    assert told(alone, "tls_only", estate) == "untold"


@pytest.mark.parametrize(("value", "expected"), [
    ("1", True), ("ON", True), ("0", False), ("off", False), ("2", None), ("", None), (None, None),
])  # fmt: skip
def test_a_parameter_that_says_anything_else_says_nothing(value: str | None, expected: bool | None) -> None:
    said = {} if value is None else {"ParameterValue": value}
    for name in ("rds.force_ssl", "require_secure_transport"):
        parameters = [{"ParameterName": "a", "ParameterValue": "1"}, {"ParameterName": name, **said}]
        assert taken(RdsParameterGroup, "tls_only", {"Parameters": parameters}) is expected
    assert taken(RdsParameterGroup, "tls_only", {"Parameters": []}) is None


# --- services -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("service", "where", "expected"), [
    ({"launchType": "FARGATE"}, "fargate", "automatic"),
    ({"launchType": "MANAGED_INSTANCES"}, "managed-instances", "automatic"),
    ({"launchType": "EC2"}, "own-machines", "untold"),
    ({"launchType": "EXTERNAL"}, "own-machines", "untold"),
    ({"capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT"}]}, "fargate", "automatic"),
    ({"capacityProviderStrategy": [{"capacityProvider": "FARGATE"}, {"capacityProvider": "ours"}]}, "untold", "untold"),
    ({"capacityProviderStrategy": []}, "untold", "untold"),
    ({}, "untold", "untold"),
])  # fmt: skip
def test_a_service_is_patched_by_whose_machines_it_runs_on(
    service: dict[str, object], where: str, expected: str
) -> None:
    assert taken(EcsService, "runs_on", service) == where
    assert updates(EcsService.given(runs_on=where)) == expected


# --- clusters -------------------------------------------------------------------------------------------------------


def cluster(public: bool, networks: list[str]) -> dict[str, object]:
    return {"cluster": {"resourcesVpcConfig": {"endpointPublicAccess": public, "publicAccessCidrs": networks}}}


@given(NETWORKS, st.booleans())
def test_an_api_is_open_exactly_when_it_is_public_and_its_networks_are_everybody(
    networks: list[str], public: bool
) -> None:
    parts = [ipaddress.IPv4Network(text) for text in networks]
    everybody = sum(part.num_addresses for part in ipaddress.collapse_addresses(parts)) == 2**32
    assert taken(EksCluster, "api_open", cluster(public, networks)) is (public and everybody)
    whole = [*networks, "0.0.0.0/1", "128.0.0.0/1"]
    assert taken(EksCluster, "api_open", cluster(public, whole)) is public


def test_an_open_address_of_the_newer_sort_is_open() -> None:
    assert taken(EksCluster, "api_open", cluster(True, ["203.0.113.0/24", "::/0"]))


@pytest.mark.parametrize(("image", "day", "expected"), [
    ("AL2_x86_64", "2025-11-25", "untold"), ("AL2_x86_64", "2025-11-26", "unsupported"),
    ("AL2_ARM_64", "2026-06-01", "unsupported"), ("AL2023_x86_64_STANDARD", "2026-06-01", "untold"),
    ("BOTTLEROCKET_x86_64", "2026-06-01", "untold"), ("CUSTOM", "2026-06-01", "untold"),
])  # fmt: skip
def test_a_node_group_fails_only_where_no_images_are_made_any_more(image: str, day: str, expected: str) -> None:
    at = datetime.fromisoformat(day).replace(tzinfo=UTC)
    assert updates(EksNodeGroup.given(image=image), at=at) == expected


def group(name: str, of: Resource, image: str) -> EksNodeGroup:
    return EksNodeGroup.given(name, cluster=of.uid, image=image)


@pytest.mark.parametrize(("auto", "profiles", "images", "nodes", "expected"), [
    (True, (), (), "auto-mode", "automatic"), (True, ("p",), (), "auto-mode", "automatic"),
    (False, ("p",), (), "fargate", "automatic"), (False, (), (), "unseen", "untold"),
    (True, (), ("AL2023_x86_64_STANDARD",), "mixed", "untold"), (False, (), ("CUSTOM",), "own-images", "untold"),
    (False, (), ("CUSTOM", "AL2023_x86_64_STANDARD"), "mixed", "untold"),
    (False, (), ("AL2023_x86_64_STANDARD",), "images-of-eks", "untold"),
])  # fmt: skip
def test_a_cluster_passes_only_where_eks_alone_runs_its_nodes(
    auto: bool, profiles: tuple[str, ...], images: tuple[str, ...], nodes: str, expected: str
) -> None:
    own = EksCluster.given("own", auto_mode=auto, profiles=profiles)
    groups = [group(str(number), own, image) for number, image in enumerate(images)]
    stranger = group("of-another", EksCluster.given("another"), "CUSTOM")
    estate = Estate(EXAMPLE_SCOPE, EXAMPLE_TIME, {EksCluster: [own], EksNodeGroup: [*groups, stranger]})
    assert told(own, "nodes", estate) == nodes
    assert told(own, "updates", estate) == expected


@pytest.mark.parametrize(
    ("member", "source", "uid"),
    [
        ("ReadReplicaSourceDBInstanceIdentifier", "shop", "arn:aws:rds:eu-west-1:444455556666:db:shop"),
        ("ReadReplicaSourceDBInstanceIdentifier", "arn:aws:rds:us-east-1:1:db:shop", "arn:aws:rds:us-east-1:1:db:shop"),
        # Of a Multi-AZ cluster: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html
        ("ReadReplicaSourceDBClusterIdentifier", "shops", "arn:aws:rds:eu-west-1:444455556666:cluster:shops"),
        ("ReadReplicaSourceDBClusterIdentifier", "", None),
    ],
)
def test_what_a_replica_is_of_is_told_by_two_members(member: str, source: str, uid: str | None) -> None:
    take = RdsInstance.facts["replica_of"].source
    assert isinstance(take, FromListing)
    assert callable(take.take)
    assert take.take({"DBInstanceArn": "arn:aws:rds:eu-west-1:444455556666:db:copy", member: source}) == uid


def test_the_replica_of_a_cluster_is_not_said_to_have_no_backups() -> None:
    cluster = "arn:aws:rds:eu-west-1:444455556666:cluster:shops"
    assert judge(not_backed_up, Example(RdsInstance.given(kept=False, replica_of=cluster))).status == "unknown"
    assert judge(not_backed_up, Example(RdsInstance.given(kept=False, replica_of=None))).status == "fail"
