"""Findings in AWS Security Finding Format: `--format asff`, and what Security Hub is sent."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from datetime import UTC, datetime

import msgspec

from providers.aws.partitions import main_region, partition_of
from providers.aws.provider import PROVIDER
from providers.aws.sinks import asff_finding as asff
from providers.aws.sinks import asff_words as words
from providers.aws.sinks.fitting import fields, fitting
from scanner.finding import Finding
from scanner.jsonline import json_line
from scanner.model import GLOBAL
from scanner.report.event import Background, Event, ScopeRead
from scanner.report.events import lines_of
from scanner.report.fix_words import of_cloud
from scanner.report.news import News, news_of
from scanner.report.report import Report

TYPE = "Software and Configuration Checks/AWS Security Best Practices/"
"""Before a classifier of our own, the duty.

https://docs.aws.amazon.com/securityhub/latest/userguide/asff-type-taxonomy.html
"""
LEFT_OUT = "ourside/left-out"


def write(report: Report) -> Generator[str, None, tuple[str, ...]]:
    """`--format asff`: a finding a line; those of other clouds' accounts are left out, for it has no word for them."""
    return lines_of(Asff, report)


class Asff:
    """Makes events that are findings in ASFF, of AWS accounts alone; of scopes it has nothing to tell."""

    def __init__(self, background: Background) -> None:
        self._background = background
        self._largest = min(background.largest or asff.LARGEST, asff.LARGEST)
        self._requirements: dict[str, tuple[str, ...]] = {}

    def scope(self, read: ScopeRead) -> Iterable[Event]:
        """None: ASFF has no word for a scope that was read."""
        return ()

    def finding(self, finding: Finding) -> Event | None:
        """The finding; None for one that no AWS account of twelve digits holds."""
        account = finding.resource.account
        if finding.resource.provider != "aws" or len(account) != 12 or not (account.isascii() and account.isdigit()):
            return None
        news = news_of(finding)
        told = self._told(finding, news)
        return Event(news.uid, finding.id, self._body(told))

    def _body(self, told: asff.AsffFinding) -> str:
        """One line; fields of our own are left out from their end, then tags, until it is small enough."""
        body = json_line(told)
        kept = list(told.product_fields.items())
        while len(body) > self._largest and kept:
            kept.pop()
            left = {**dict(kept), LEFT_OUT: "fields and tags, because the finding would be too large"}
            resources = told.resources
            if not kept:
                resources = tuple(msgspec.structs.replace(each, tags={}, details=None) for each in resources)
            told = msgspec.structs.replace(told, product_fields=left, resources=resources)
            body = json_line(told)
        return body

    def _told(self, finding: Finding, news: News) -> asff.AsffFinding:
        resource, account, over = finding.resource, finding.resource.account, words.over(finding)
        scope = self._background.scopes.get((resource.provider, account))
        partition = partition_of(resource.uid, scope.uid if scope else "")
        region = main_region(partition) if resource.region in ("", GLOBAL) else resource.region
        check = self._background.checks.get(finding.check)
        title = check.guidance.title.rstrip(".") if check else finding.check
        check_id = fitting(finding.check, asff.IDENTIFIER)
        ours = words.product_fields(finding, self._background.tool, self._background.version)
        return asff.AsffFinding(
            schema_version=asff.SCHEMA_VERSION,
            id=fitting(finding.id, asff.IDENTIFIER),
            product_arn=f"arn:{partition}:securityhub:{region}:{account}:product/{account}/default",
            generator_id=check_id,
            aws_account_id=account,
            created_at=_time(news.first),
            # It has to be later than the last one, or the update is ignored.
            updated_at=_time(news.at),
            first_observed_at=_time(news.first),
            last_observed_at=_time(finding.last_seen or news.at),
            title=fitting(f"{fitting(title, asff.TITLE - 96)}: {resource.name or resource.uid}", asff.TITLE),
            description=fitting(
                " ".join(words.sentences(finding, check.guidance.why if check else "")), asff.DESCRIPTION
            ),
            finding_provider_fields=asff.FindingProviderFields(
                severity=asff.Severity(label=words.label(finding), original=finding.severity),
                types=(fitting(TYPE + finding.responsibility.duty, asff.IDENTIFIER),),
            ),
            remediation=self._remediation(finding.check),
            compliance=asff.Compliance(
                status=words.verdict(finding),
                security_control_id=check_id,
                related_requirements=() if over else self._required(finding.responsibility.duty),
            ),
            record_state="ARCHIVED" if over else "ACTIVE",
            resources=(self._resource(finding, partition),),
            product_fields=fields(ours, asff.FIELD_NAME, asff.FIELD_VALUE, asff.MOST_FIELDS - 1),
        )

    def _remediation(self, check_id: str) -> asff.Remediation | None:
        check = self._background.checks.get(check_id)
        if check is None or not check.guidance.fix.strip():
            return None
        pages = [page for page in check.guidance.references if page.startswith("https://")]
        text = fitting(of_cloud(check.guidance.fix, PROVIDER.title), asff.REMEDIATION)
        return asff.Remediation(recommendation=asff.Recommendation(text=text, url=pages[0] if pages else None))

    def _required(self, duty: str) -> tuple[str, ...]:
        """Controls that a violation is evidence against, as many as fit; a pass is no evidence that they are met."""
        if duty not in self._requirements:
            model = self._background.model
            controls = model.controls_of(duty) if duty in model.duties else ()
            self._requirements[duty] = tuple(
                f"{each.framework} {each.id}" for each in controls[: asff.MOST_REQUIREMENTS]
            )
        return self._requirements[duty]

    def _resource(self, finding: Finding, partition: str) -> asff.Resource:
        resource = finding.resource
        kind = self._background.model.types.get(resource.type)
        other = fields(words.matched(finding), asff.FIELD_NAME, asff.FIELD_VALUE, asff.MOST_FIELDS)
        return asff.Resource(
            type=kind.native.get("asff", "Other") if kind else "Other",
            id=fitting(resource.uid, asff.IDENTIFIER),
            partition=partition if partition in asff.PARTITIONS else None,
            region=None if resource.region in ("", GLOBAL) else fitting(resource.region, asff.REGION),
            tags=fields((resource.tags or {}).items(), asff.TAG_NAME, asff.TAG_VALUE, asff.MOST_TAGS),
            details=asff.Details(other=other),
        )


def _time(moment: datetime) -> str:
    """Its form: https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html, CreatedAt."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
