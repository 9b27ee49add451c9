"""Services whose allow policy decides alone.

https://cloud.google.com/iam/docs/resource-types-with-policies
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from providers.gcp.policy.language.request import Resource, World
from providers.gcp.policy.language.roles import ANY_OF, permissions_of
from providers.gcp.policy.questions.grants import Found, Question, granted
from providers.gcp.policy.questions.targets import Target, targets
from providers.gcp.policy.services.answers import verdict, with_metadata
from providers.gcp.policy.services.given import Given, hierarchy, read, text
from scanner.access import Judgement
from scanner.facts import Unread
from scanner.questions import Input

_DESCRIBED: Final[Mapping[str, str]] = {
    "bigquery-dataset": "bigquery.googleapis.com",
    "compute-disk": "compute.googleapis.com",
    "compute-image": "compute.googleapis.com",
    "compute-snapshot": "compute.googleapis.com",
    "kms-key": "cloudkms.googleapis.com",
    "secret": "secretmanager.googleapis.com",
}
"""Services that give conditions the attributes of the resource.

https://cloud.google.com/iam/docs/conditions-resource-attributes
"""


def resource_of(service: str, given: Input) -> Resource:
    """The resource as conditions see it; its name where it is told."""
    host = _DESCRIBED.get(service, "")
    name = text(given, "resource") or text(given, "name")
    return Resource(name, service=host, described=bool(host))


def judge(service: str, given: Input, dimension: str) -> Judgement:
    """Who outside can use the resource, by its allow policy and those above it."""
    facts = read(given)
    resource = resource_of(service, given)
    called = resource.name or f"{service} in project {facts.owner.project}"
    world = World(facts.owner, hierarchy(given, called), facts.roles)
    asked = service_targets(service, resource, called, world)
    judged = verdict(policy_access(world, facts, service, asked), world)
    return with_metadata(judged, world, service, next(iter(asked), None))


def policy_access(world: World, facts: Given, service: str, asked: tuple[Target, ...]) -> Found:
    """The layers of a resource's policies. Any of them may be unread."""
    return granted(Question(world, service, asked, facts.time))


def service_targets(service: str, resource: Resource, called: str, world: World) -> tuple[Target, ...]:
    """What can be asked; of a service that the data does not list, whatever each role in its policies holds."""
    if permissions_of(service):
        return targets(service, resource, called)
    roles = {
        binding.role: None
        for node in world.hierarchy.nodes
        if not isinstance(node.allow, Unread)
        for binding in node.allow.bindings
    }
    return tuple(Target(ANY_OF + role, "read", resource, called=called) for role in roles)
