"""What many OCSF events have in common, made once for a scan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from scanner.record import ScopeRecord
from scanner.report import ocsf_event as ocsf
from scanner.report.event import Background
from scanner.report.parts import organization_of, without_empty
from scanner.responsibility.attribution import Responsibility
from scanner.scope import Container


class CheckParts(msgspec.Struct, frozen=True):
    """What events say about a check."""

    title: str
    why: str | None
    analytic: ocsf.Analytic
    remediation: ocsf.Remediation | None


class DutyParts(msgspec.Struct, frozen=True):
    """What events say about a duty."""

    title: str | None = None
    layer: str | None = None
    standards: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    """`framework-id control-id`: several frameworks number alike."""


class Context:
    """The shared parts of one scan's events; thrown away after it."""

    def __init__(self, background: Background) -> None:
        self._background = background
        self._checks: dict[str, CheckParts] = {}
        self._duties: dict[str, DutyParts] = {}
        self._clouds: dict[tuple[str, str, str], ocsf.Cloud] = {}
        self._responsibilities: dict[Responsibility, Mapping[str, Any]] = {}
        tool = background.tool
        self._product = ocsf.Product(
            name=tool.capitalize(), uid=tool, vendor_name=tool, version=background.version or None
        )
        self._reporter = ocsf.Reporter(name=tool)

    def metadata(self, uid: str, scan: str, code: str, cloud: ocsf.Cloud) -> ocsf.Metadata:
        """About an event."""
        return ocsf.Metadata(
            version=ocsf.SCHEMA_VERSION,
            profiles=("cloud",),
            product=self._product,
            reporter=self._reporter,
            log_name=self._product.uid,
            tenant_uid=cloud.org.uid if cloud.org is not None else None,
            uid=uid,
            correlation_uid=scan,
            event_code=code,
        )

    def check(self, check_id: str) -> CheckParts:
        """The parts about a check; its id alone where it is not known."""
        if check_id not in self._checks:
            self._checks[check_id] = self._check(check_id)
        return self._checks[check_id]

    def _check(self, check_id: str) -> CheckParts:
        check = self._background.checks.get(check_id)
        if check is None:
            return CheckParts(check_id, None, ocsf.Analytic(uid=check_id, name=check_id, type="Rule", type_id=1), None)
        guidance = check.guidance
        return CheckParts(
            guidance.title,
            guidance.why,
            ocsf.Analytic(uid=check_id, name=guidance.title, type="Rule", type_id=1),
            ocsf.Remediation(desc=guidance.fix, references=guidance.references),
        )

    def duty(self, responsibility: Responsibility) -> DutyParts:
        """The parts about a duty; none where the model does not hold it."""
        duty_id = responsibility.duty
        if duty_id not in self._duties:
            self._duties[duty_id] = self._duty(duty_id)
        return self._duties[duty_id]

    def _duty(self, duty_id: str) -> DutyParts:
        model = self._background.model
        if duty_id not in model.duties:
            return DutyParts()
        controls = model.controls_of(duty_id)
        cited = dict.fromkeys(control.framework for control in controls)
        frameworks = [model.frameworks[framework] for framework in cited]
        return DutyParts(
            model.duties[duty_id].title,
            model.layer_of(duty_id).title,
            tuple(f"{framework.title} {framework.version}" for framework in frameworks),
            tuple(f"{control.framework} {control.id}" for control in controls),
        )

    def cloud(self, provider: str, account: str, region: str) -> ocsf.Cloud:
        """Where something is."""
        key = (provider, account, region)
        found = self._clouds.get(key)
        if found is None:
            scope = self._background.scopes.get((provider, account))
            nameless = ScopeRecord("", (), True, provider, account)
            found = self.cloud_of(scope or nameless, region, known=scope is not None)
            self._clouds[key] = found
        return found

    def cloud_of(self, scope: ScopeRecord, region: str = "", *, known: bool = True) -> ocsf.Cloud:
        """Where a scope is, or something in one of its regions; `known`: whether more than its account is."""
        provider = scope.provider
        types = self._background.model.account_types
        own = types.get((provider, ""))
        account_type = types.get((provider, scope.level)) if known else own
        # The provider spells itself in the name of its accounts: "GCP Project" rather than "Gcp Project".
        spelled = own.title[: len(provider)] if own else ""
        account = ocsf.Account(
            uid=scope.account,
            name=scope.name or None,
            type=account_type.title if account_type else None,
            type_id=account_type.ocsf_type_id if account_type else None,
        )
        return ocsf.Cloud(
            provider=spelled if spelled.lower() == provider.lower() and spelled else provider.upper() or "Unknown",
            region=region or None,
            account=account if scope.account else None,
            org=_organization(scope.within),
        )

    def responsibility(self, responsibility: Responsibility) -> Mapping[str, Any]:
        """An attribution without empty members."""
        if responsibility not in self._responsibilities:
            self._responsibilities[responsibility] = without_empty(msgspec.to_builtins(responsibility))
        return self._responsibilities[responsibility]


def _organization(within: tuple[Container, ...]) -> ocsf.Organization | None:
    """What accounts belong to, and the innermost part of it that one lies in."""
    whole = organization_of(within)
    if whole is None:
        return None
    unit = within[-1] if len(within) > 1 else None
    return ocsf.Organization(
        uid=whole.uid,
        name=whole.name or None,
        ou_uid=unit.uid or None if unit else None,
        ou_name=unit.name or None if unit else None,
    )
