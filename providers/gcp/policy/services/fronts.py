"""Cloud Run and Cloud Functions: a call needs a grant to the caller and a way through the ingress.

https://cloud.google.com/run/docs/securing/ingress
https://cloud.google.com/run/docs/authenticating/public
https://cloud.google.com/functions/docs/networking/network-settings#ingress_settings
https://cloud.google.com/functions/docs/reference/iam/roles
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal

import msgspec

from providers.gcp.policy.language.request import Resource, World
from providers.gcp.policy.questions.grants import Found
from providers.gcp.policy.questions.targets import Target, targets
from providers.gcp.policy.services.answers import verdict, with_metadata
from providers.gcp.policy.services.given import boolean, hierarchy, read, text
from providers.gcp.policy.services.policy_only import policy_access
from scanner.access import Access, Allowed, Guard, Judgement, Layer, Witness
from scanner.facts import Unread
from scanner.questions import BadInput, Input

Ingress = Literal["all", "internal", "internal-and-load-balancing", "unclear"]

_RUN: Final = "run.routes.invoke"
_FIRST: Final = "cloudfunctions.functions.invoke"
_INGRESS: Final[dict[str, Ingress]] = {
    "": "all",
    "all": "all",
    "ingress_traffic_all": "all",
    "allow_all": "all",
    "ingress_traffic_unspecified": "all",
    "ingress_settings_unspecified": "all",
    "internal": "internal",
    "ingress_traffic_internal_only": "internal",
    "ingress_traffic_none": "internal",
    "allow_internal_only": "internal",
    "internal-and-cloud-load-balancing": "internal-and-load-balancing",
    "ingress_traffic_internal_load_balancer": "internal-and-load-balancing",
    "allow_internal_and_gclb": "internal-and-load-balancing",
}
_UNCHECKED: Final = "the check of callers is switched off"
_INSIDE: Final = "callers on the internal network and the owner's own"


def ingress(written: str) -> Ingress:
    """What an ingress setting lets through; everything where nothing is set."""
    return _INGRESS.get(written.lower(), "unclear")


def ingress_guard(setting: Ingress | Unread, layers: tuple[str, ...]) -> Iterator[Guard]:
    """The ingress, over the layers of calls."""
    if isinstance(setting, Unread):
        yield Guard("ingress", could_cut=layers, unread=setting)
    elif setting == "internal":
        yield Guard("ingress", layers, layers)
    elif setting != "all":
        words = {"unclear": "the ingress setting is new to us"}
        why = words.get(setting, "whether a load balancer brings calls from outside in is not known")
        yield Guard("ingress", could_cut=layers, unread=Unread("not-yet-known", detail=why))


def judge_run(given: Input, dimension: str) -> Judgement:
    """Who outside can call or change a Cloud Run service."""
    facts = read(given)
    called = text(given, "resource") or f"a Cloud Run service of project {facts.owner.project}"
    world = World(facts.owner, hierarchy(given, called), facts.roles)
    asked = targets("cloud-run", Resource("", described=False), called, invokes=(_RUN,))
    found = policy_access(world, facts, "cloud-run", asked)
    unchecked = boolean(given, "invokerIamDisabled") is True
    found = fronted(found, ingress(text(given, "ingress")), called, unchecked=unchecked)
    return with_metadata(verdict(found, world, _INSIDE), world, "cloud-run", asked[0])


def fronted(found: Found, setting: Ingress | Unread, called: str, *, unchecked: bool | Unread = False) -> Found:
    """The same layers behind an ingress, with one that lets everybody call where callers are not checked."""
    layers: list[Layer] = [*found.access.layers]
    names = found.invoking_layers
    if isinstance(unchecked, Unread):
        layers.append(Layer(_UNCHECKED, unread=unchecked))
        names = (*names, _UNCHECKED)
    elif unchecked:
        told = Witness("anonymous", _RUN, called, statement="/invokerIamDisabled")
        layers.append(Layer(_UNCHECKED, (Allowed("anyone", "anyone on the internet", "read", _UNCHECKED, told),)))
        names = (*names, _UNCHECKED)
    guards = (*found.access.guards, *ingress_guard(setting, names))
    return msgspec.structs.replace(found, access=Access(tuple(layers), guards))


def judge_function(given: Input, dimension: str) -> Judgement:
    """Who outside can call or change a function. Of an unknown generation both must agree."""
    generation = _generation(given)
    if generation:
        return _judge_function(given, generation)
    first, second = _judge_function(given, 1), _judge_function(given, 2)
    if first.verdict == second.verdict:
        return first
    return Judgement("unknown", "not decided", None, "the function's generation is not told, and it matters")


def _over_http(given: Input) -> bool:
    """Whether HTTP triggers it, as far as that is told; an event trigger is told by other words."""
    trigger = given.get("trigger")
    words = ",".join(map(str, trigger)) if isinstance(trigger, Mapping) else text(given, "trigger", "http")
    return "http" in words.lower()


def _generation(given: Input) -> int | None:
    value = given.get("generation", given.get("environment"))
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise BadInput("/generation", "must be 1 or 2")
    found = {
        "1": 1,
        "1.0": 1,
        "gen_1": 1,
        "1st_gen": 1,
        "gen1": 1,
        "2": 2,
        "2.0": 2,
        "gen_2": 2,
        "2nd_gen": 2,
        "gen2": 2,
    }
    generation = found.get(str(value).lower().replace(" ", "_"))
    if generation is None:
        raise BadInput("/generation", "must be 1 or 2")
    return generation


def _judge_function(given: Input, generation: int) -> Judgement:
    facts = read(given)
    called = text(given, "resource") or f"a function of project {facts.owner.project}"
    world = World(facts.owner, hierarchy(given, called), facts.roles)
    asked = function_targets(generation, called, over_http=_over_http(given))
    found = policy_access(world, facts, "cloud-functions", asked)
    found = fronted(found, ingress(text(given, "ingressSettings") or text(given, "ingress")), called)
    return with_metadata(verdict(found, world, _INSIDE), world, "cloud-functions", asked[0])


def function_targets(generation: int, called: str, *, over_http: bool) -> tuple[Target, ...]:
    """What can be asked of a function.

    One of the second generation is a Cloud Run service with an address, whatever triggers it, and is called by the
    permission of that. One of the first has an address only if it is triggered by HTTP.
    """
    nowhere = Resource("", described=False)
    own = targets("cloud-functions", nowhere, called, invokes=(_FIRST,))
    if generation == 1:
        return own if over_http else tuple(target for target in own if target.permission != _FIRST)
    run = targets("cloud-run", nowhere, called, invokes=(_RUN,))
    return (*run, *(target for target in own if target.permission != _FIRST))
