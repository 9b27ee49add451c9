"""What many ECS documents have in common, made once for a scan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from scanner.record import ScopeRecord
from scanner.report import ecs_document as ecs
from scanner.report.event import Background
from scanner.report.parts import organization_of, without_empty
from scanner.responsibility.attribution import Responsibility


class CheckParts(msgspec.Struct, frozen=True):
    """What documents say about a check on behalf of a duty."""

    rule: ecs.Rule
    remediation: str | None


class Context:
    """The shared parts of one scan's documents; thrown away after it."""

    def __init__(self, background: Background) -> None:
        self._background = background
        self._checks: dict[tuple[str, str], CheckParts] = {}
        self._places: dict[tuple[str, str, str], tuple[ecs.Cloud | None, ecs.Organization | None]] = {}
        self._responsibilities: dict[Responsibility, Mapping[str, Any]] = {}
        self.module = background.tool
        self.schema = ecs.Ecs(version=ecs.ECS_VERSION)
        self.observer = ecs.Observer(
            vendor=background.tool,
            product=background.tool.capitalize(),
            type="posture-scanner",
            version=background.version or None,
        )

    def check(self, check_id: str, duty_id: str) -> CheckParts:
        """The parts about a check; its id alone where it is not known."""
        key = (check_id, duty_id)
        if key not in self._checks:
            self._checks[key] = self._check(check_id, duty_id)
        return self._checks[key]

    def _check(self, check_id: str, duty_id: str) -> CheckParts:
        model = self._background.model
        layer = model.layer_of(duty_id).title if duty_id in model.duties else None
        check = self._background.checks.get(check_id)
        if check is None:
            return CheckParts(ecs.Rule(id=check_id, name=check_id, category=layer, ruleset=duty_id), None)
        guidance = check.guidance
        reference = next(iter(guidance.references), None)
        rule = ecs.Rule(
            id=check_id,
            name=guidance.title,
            description=guidance.why,
            category=layer,
            ruleset=duty_id,
            reference=reference,
        )
        return CheckParts(rule, guidance.fix)

    def place(self, provider: str, account: str, region: str) -> tuple[ecs.Cloud | None, ecs.Organization | None]:
        """Where something is."""
        key = (provider, account, region)
        if key not in self._places:
            scope = self._background.scopes.get((provider, account))
            self._places[key] = self.place_of(scope or ScopeRecord("", (), True, provider, account), region)
        return self._places[key]

    @staticmethod
    def place_of(scope: ScopeRecord, region: str = "") -> tuple[ecs.Cloud | None, ecs.Organization | None]:
        """Where a scope is, or something in one of its regions."""
        account = ecs.Account(id=scope.account, name=scope.name or None) if scope.account else None
        cloud = ecs.Cloud(provider=scope.provider or None, region=region or None, account=account)
        whole = organization_of(scope.within)
        return (
            cloud if cloud != ecs.Cloud() else None,
            ecs.Organization(id=whole.uid, name=whole.name or None) if whole is not None else None,
        )

    def responsibility(self, responsibility: Responsibility) -> Mapping[str, Any]:
        """An attribution without empty members."""
        if responsibility not in self._responsibilities:
            self._responsibilities[responsibility] = without_empty(msgspec.to_builtins(responsibility))
        return self._responsibilities[responsibility]
