"""ECS: services, and whose machines their containers run on. Tasks that no service keeps running are not read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from providers.aws.gaps import untold
from providers.aws.tags import DOC
from scanner.facts import Answer, Call, Fact, derived
from scanner.kinds import Workload
from scanner.kinds.software import Updates
from scanner.model import Listing, Resource

CLUSTERS: Final = Call(
    "ecs", "ListClusters", {"maxResults": 100}, "ecs:ListClusters", items="clusterArns", regional=True
)
SERVICES: Final = Call(
    "ecs",
    "ListServices",
    {"cluster": "{it.uid}", "maxResults": 100},
    "ecs:ListServices",
    items="serviceArns",
    gone=("ClusterNotFoundException",),
)
# A service is found in its cluster, whose name stands in its ARN.
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html#ecs-resource-ids
SERVICE: Final = Call(
    "ecs",
    "DescribeServices",
    {"cluster": "{it.parent_id}", "services": ("{it.uid}",)},
    "ecs:DescribeServices",
    items="services",
)
TAGS: Final = Call("ecs", "ListTagsForResource", {"resourceArn": "{it.uid}"}, "ecs:ListTagsForResource", items="tags")

RunsOn: TypeAlias = Literal["fargate", "managed-instances", "own-machines", "untold"]

_LAUNCHED: Final[Mapping[str, RunsOn]] = {
    "FARGATE": "fargate",
    "MANAGED_INSTANCES": "managed-instances",
    "EC2": "own-machines",
    "EXTERNAL": "own-machines",
}


def _runs_on(service: Answer) -> RunsOn:
    """Whose machines: by its launch type, or by its capacity providers, of which Fargate's alone have known names.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html
    """
    launched = service.get("launchType")
    if launched is not None:
        return _LAUNCHED[launched]
    providers = [one["capacityProvider"] for one in service.get("capacityProviderStrategy") or ()]
    return "fargate" if providers and {"FARGATE", "FARGATE_SPOT"}.issuperset(providers) else "untold"


def _tags(answer: Answer) -> dict[str, str]:
    return {tag["key"]: tag["value"] for tag in answer["tags"]}


class EcsCluster(Resource, kind="service-cluster", type_id="aws.ecs.cluster"):
    """A cluster, which services lie in. It is read for them."""

    listed = Listing(
        uid="{arn}",
        name=lambda item: item["arn"].rpartition("/")[2],
        call=CLUSTERS,
        within=lambda arn: ({"arn": arn},),
    )
    tags = Fact[Mapping[str, str]](DOC).read(TAGS, _tags)


class EcsService(Workload, type_id="aws.ecs.service"):
    """A service: containers that ECS keeps running."""

    listed = Listing(
        uid="{arn}",
        name=lambda item: item["arn"].partition("/")[2],
        call=SERVICES,
        parent=EcsCluster,
        within=lambda arn: ({"arn": arn},),
    )
    tags = Workload.tags.read(TAGS, _tags)
    runs_on = Fact[RunsOn](
        "Whose machines its containers run on; `untold` where a capacity provider decides."
    ).from_bulk(SERVICE, row_key="serviceArn", key="{it.uid}", take=_runs_on)

    @derived(reads=[runs_on])
    def updates(self) -> Updates:
        """How patches of the machines beneath its containers arrive.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/platform-fargate.html
        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ManagedInstances.html
        """
        where = self.runs_on
        if where == "own-machines":
            untold("it runs on machines of yours, and nothing tells how their operating system is patched")
        if where == "untold":
            untold("a capacity provider chooses its machines, which is not read")
        return "automatic"
