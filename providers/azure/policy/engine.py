"""Azure's access engine: what it answers from documents alone. Over accounts it comes with the adapter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NoReturn

from msgspec.structs import replace

from providers.azure.policy.given.fields import Fields
from providers.azure.policy.services import NOBODY, SERVICES
from scanner.access import Judgement, judgement
from scanner.facts import Every
from scanner.model import Estate
from scanner.questions import BadInput, Explanation, Input, NewAccess, Result, WhoCan


class AzureAccessEngine:
    """Judges documents of Azure's services."""

    name = "azure"
    services: Mapping[str, tuple[str, ...]] = {
        service: tuple(asked.dimension for asked in every) for service, every in SERVICES.items()
    }

    def judge(self, service: str, given: Input, dimension: str = "") -> Judgement:
        """Who outside can reach what `given` describes. Raises BadInput."""
        every = SERVICES.get(service)
        if every is None:
            raise BadInput("", f"{service!r} is no service that is judged; these are: {', '.join(sorted(SERVICES))}")
        chosen = next((asked for asked in every if dimension in ("", asked.dimension)), None)
        if chosen is None:
            known = ", ".join(asked.dimension for asked in every)
            raise BadInput("", f"{dimension!r} is no question about {service}; these are: {known}")
        access = chosen.answer(Fields(given))
        found = judgement(access, NOBODY[chosen.dimension])
        return replace(found, why="; ".join((found.why, *access.remarks)))

    def authorize(self, item: Input) -> Result | bool:
        """Raises BadInput: not offered yet."""
        _not_yet("Deciding single requests is")

    def reads(self) -> Sequence[Every]:
        """Nothing: questions about what was read are not offered yet."""
        return ()

    def who_can(self, estates: Sequence[Estate], action: str, resource: str) -> WhoCan:
        """Raises BadInput: not offered yet."""
        _not_yet("Asking who can do something is")

    def why(self, estates: Sequence[Estate], principal: str, action: str, resource: str) -> Explanation:
        """Raises BadInput: not offered yet."""
        _not_yet("Asking why somebody can do something is")

    def new_access(self, older: Input, newer: Input) -> Sequence[NewAccess]:
        """Raises BadInput: not offered yet."""
        _not_yet("Comparing policies is")

    def new_access_between(self, older: Sequence[Estate], newer: Sequence[Estate]) -> Sequence[NewAccess]:
        """Raises BadInput: not offered yet."""
        _not_yet("Comparing accounts is")


def _not_yet(what: str) -> NoReturn:
    raise BadInput("", f"{what} not offered for azure yet")


ENGINE = AzureAccessEngine()
