"""Google Cloud's access engine: answers from documents alone. Reading an account comes later."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, Never

from providers.gcp.policy.services import bigquery, fronts, policy_only, sql, storage
from scanner.access import Judgement
from scanner.facts import Every
from scanner.model import Estate
from scanner.questions import BadInput, Explanation, Input, NewAccess, Result, WhoCan

Judge = Callable[[Input, str], Judgement]

_POLICY_ONLY: Final = (
    "artifact-registry",
    "compute-disk",
    "compute-image",
    "compute-snapshot",
    "kms-key",
    "pubsub-subscription",
    "pubsub-topic",
    "secret",
    "service-account",
)
_JUDGES: Final[Mapping[str, Judge]] = MappingProxyType(
    {
        "bigquery-dataset": bigquery.judge,
        "cloud-functions": fronts.judge_function,
        "cloud-run": fronts.judge_run,
        "cloud-sql": sql.judge,
        "storage": storage.judge,
        **{service: functools.partial(policy_only.judge, service) for service in _POLICY_ONLY},
    }
)


class GcpAccessEngine:
    """Who outside can reach a resource of Google Cloud."""

    name = "gcp"
    services: Mapping[str, tuple[str, ...]] = MappingProxyType(
        {service: ("network",) if service == "cloud-sql" else ("data",) for service in _JUDGES}
    )

    def judge(self, service: str, given: Input, dimension: str = "") -> Judgement:
        """Who outside can reach what `given` describes. A service that is not listed is judged by its policy alone."""
        if not isinstance(given, Mapping) or not all(isinstance(key, str) for key in given):
            raise BadInput("", "must be an object")
        known = self.services.get(service, ("data",))
        if dimension and dimension not in known:
            raise BadInput("", f"{service} is judged by {' and '.join(known)}, not by {dimension!r}")
        judge = _JUDGES.get(service)
        if judge is not None:
            return judge(given, dimension)
        if "iamPolicy" not in given and "inheritedBindings" not in given:
            raise BadInput("", f"{service!r} is not known and there is no iamPolicy to judge it by")
        return policy_only.judge(service, given, dimension)

    def authorize(self, item: Input) -> Result | bool:
        """Not offered yet."""
        _not_offered("one request against layers of policies")

    def reads(self) -> Sequence[Every]:
        """Nothing is read yet."""
        return ()

    def who_can(self, estates: Sequence[Estate], action: str, resource: str) -> WhoCan:
        """Not offered yet."""
        _not_offered("who-can")

    def why(self, estates: Sequence[Estate], principal: str, action: str, resource: str) -> Explanation:
        """Not offered yet."""
        _not_offered("why")

    def new_access(self, older: Input, newer: Input) -> Sequence[NewAccess]:
        """Not offered yet."""
        _not_offered("a comparison of policies")

    def new_access_between(self, older: Sequence[Estate], newer: Sequence[Estate]) -> Sequence[NewAccess]:
        """Not offered yet."""
        _not_offered("a comparison of snapshots")


def _not_offered(what: str) -> Never:
    raise BadInput("", f"{what} is not offered for gcp yet; ask aws, or judge a single resource")


ENGINE: Final = GcpAccessEngine()
