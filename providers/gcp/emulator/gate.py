"""What stands between a caller and an answer: mishaps, APIs that are off, permissions that are missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from providers.emulation.faults import Kind
from providers.gcp.emulator import refusals
from providers.gcp.emulator.answers.asked import Asked
from providers.gcp.emulator.refusals import Refused
from providers.gcp.emulator.world import Node

# Requests to these are counted on the caller's project; on all others, on the project that is asked about.
# https://cloud.google.com/docs/quotas/quota-project
_OF_CALLERS: Final = ("cloudresourcemanager", "cloudasset", "orgpolicy", "essentialcontacts", "serviceusage")
# These tell nobody whether a thing that he may not see exists.
_SECRETIVE: Final = ("cloudresourcemanager", "cloudasset", "orgpolicy")
_OLDER: Final = ("sql", "storage")


def admit(
    asked: Asked, kind: Kind | None, permissions: tuple[str, ...], headers: Mapping[str, str], retry_after: int
) -> None:
    """Return when the question may be answered, else raise Refused. `kind` is the mishap that is due."""
    service, route = asked.service, asked.match.route
    match kind:
        case "throttled":
            raise Refused(refusals.throttled(service, route.wire, retry_after))
        case "failed":
            raise Refused(refusals.failed(service))
        case "unavailable":
            raise Refused(refusals.unavailable(service))
        case "gone":
            raise Refused(refusals.not_found(service, asked.relative))
        case _:
            pass
    node = asked.node()
    consumer = _consumer(asked, node, headers.get("x-goog-user-project"))
    if kind == "service-off" or not asked.world.enabled(route.host, consumer):
        raise Refused(refusals.service_disabled(service, route.host, consumer.number, older=service in _OLDER))
    if kind == "denied":
        raise _denial(asked, permissions[0] if permissions else f"{service}.{route.wire.partition(':')[2]}")
    if node is None and permissions and service not in _SECRETIVE:
        raise Refused(refusals.not_found(service, asked.relative))
    for permission in permissions:
        if not asked.world.may(asked.principal, permission, node):
            raise _denial(asked, permission)


def _denial(asked: Asked, permission: str) -> Refused:
    if asked.match.route.api == "cloudresourcemanager.v1":
        return Refused(refusals.denied_of_old())
    return Refused(refusals.denied(asked.service, permission, asked.relative, asked.principal.email))


def _consumer(asked: Asked, node: Node | None, named: str | None) -> Node:
    """The project that a request is counted on, where the API must be on."""
    own = asked.world.node(f"projects/{asked.principal.project}")
    if named is not None:
        own = asked.world.node(f"projects/{named}")
        if own is None or not asked.world.may(asked.principal, "serviceusage.services.use", own):
            raise Refused(refusals.user_project_denied(asked.principal.email, named))
    if asked.service not in _OF_CALLERS and node is not None and node.project:
        return node
    if own is None:
        raise LookupError(f"the estate has no project {asked.principal.project}")
    return own
