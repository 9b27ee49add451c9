"""What many OCSF events have in common, made once for a report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from scanner.finding import Subject
from scanner.report import ocsf_event as ocsf
from scanner.report.report import Report
from scanner.responsibility.attribution import Responsibility


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
    """A report's shared parts. It belongs to one writing and is then thrown away."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._scopes = {(scope.provider, scope.account): scope for scope in report.run.scopes}
        self._checks: dict[str, CheckParts] = {}
        self._duties: dict[str, DutyParts] = {}
        self._clouds: dict[tuple[str, str, str], ocsf.Cloud] = {}
        self._responsibilities: dict[Responsibility, Mapping[str, Any]] = {}
        tool = report.run.tool
        self.taken_at = report.run.taken_at
        self.product = ocsf.Product(
            name=tool.capitalize(), uid=tool, vendor_name=tool, version=report.run.version or None
        )
        self.reporter = ocsf.Reporter(name=tool)

    def check(self, check_id: str) -> CheckParts:
        """The parts about a check; its id alone where the report does not hold it."""
        if check_id not in self._checks:
            self._checks[check_id] = self._check(check_id)
        return self._checks[check_id]

    def _check(self, check_id: str) -> CheckParts:
        check = self._report.checks.get(check_id)
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
        model = self._report.model
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

    def cloud(self, resource: Subject) -> ocsf.Cloud:
        """Where a resource is."""
        key = (resource.provider, resource.account, resource.region)
        if key not in self._clouds:
            self._clouds[key] = self._cloud(resource)
        return self._clouds[key]

    def _cloud(self, resource: Subject) -> ocsf.Cloud:
        provider = resource.provider
        scope = self._scopes.get((provider, resource.account))
        own = self._report.model.account_types.get((provider, ""))
        account_type = self._report.model.account_types.get((provider, scope.level)) if scope else own
        # The provider spells itself in the name of its accounts: "GCP Project" rather than "Gcp Project".
        spelled = own.title[: len(provider)] if own else ""
        account = ocsf.Account(
            uid=resource.account,
            name=(scope.name if scope else "") or None,
            type=account_type.title if account_type else None,
            type_id=account_type.ocsf_type_id if account_type else None,
        )
        return ocsf.Cloud(
            provider=spelled if spelled.lower() == provider.lower() and spelled else provider.upper() or "Unknown",
            region=resource.region or None,
            account=account if resource.account else None,
        )

    def responsibility(self, responsibility: Responsibility) -> Mapping[str, Any]:
        """An attribution without empty members."""
        if responsibility not in self._responsibilities:
            self._responsibilities[responsibility] = self.without_empty(msgspec.to_builtins(responsibility))
        return self._responsibilities[responsibility]

    @staticmethod
    def without_empty(value: Any) -> Any:
        """The same without members and items that are None or empty."""
        if isinstance(value, dict):
            inner = ((key, Context.without_empty(each)) for key, each in value.items())
            return {key: each for key, each in inner if each not in (None, "", [], {})}
        if isinstance(value, list | tuple):
            return [each for each in map(Context.without_empty, value) if each not in (None, "", [], {})]
        return value
