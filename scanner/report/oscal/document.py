"""The document, piece by piece: what its lists hold is written as it is read back, in the order of their UUIDs."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from functools import partial
from uuid import UUID

from scanner.attempt import Defect, attempt
from scanner.jsonline import json_line
from scanner.record import GapRecord
from scanner.report.lost import defect_text, in_place_of
from scanner.report.ordered import Ordered
from scanner.report.oscal import parts
from scanner.report.oscal.inventory import Seen, items, keep
from scanner.report.oscal.known import ROLES, Known, account_components, objectives, rules_hash, token
from scanner.report.oscal.names import NAMESPACE, line, markup, moment, same
from scanner.report.oscal.parts import props
from scanner.report.oscal.results import TOOL, Whose, Written, observation_uuid, written
from scanner.report.report import Report
from scanner.report.words import missing
from scanner.responsibility.attribution import Responsibility

NO_CLAIM = (
    "Results of single checks. A finding is evidence against an objective; where there is none, no objective is "
    "thereby satisfied. Objects that the provider owns are left out."
)


def write(report: Report) -> Generator[str, None, tuple[str, ...]]:
    """The document; as the generator's value, the defects met while writing."""
    defects: list[str] = []
    known = Known()
    attributions: dict[Responsibility, Whose] = {}
    with closing(Ordered(Written)) as results, closing(Ordered(Seen)) as inventory:
        for finding in report.findings:
            if finding.status == "not-applicable":
                known.statuses[finding.status] += 1
                continue
            said = attempt(partial(written, finding, report, attributions))
            if isinstance(said, Defect):
                defects.append(defect_text(finding, said))
                finding = in_place_of(finding, said)  # what stands for it
                said = written(finding, report, attributions)
            known.add(finding)
            results.keep(observation_uuid(finding).hex, said)
            keep(inventory, finding)
        yield from _document(report, known, results, inventory)
    return tuple(defects)


def _document(report: Report, known: Known, results: Ordered[Written], inventory: Ordered[Seen]) -> Iterator[str]:
    run = report.run
    plan = same("rules", run.version, rules_hash(report.checks.values()))
    yield f'{{"assessment-results":{{"uuid":{json_line(same("document", run.scan))}'
    yield from _member("metadata", _metadata(report, known))
    yield from _member("import-ap", parts.ImportPlan(href=f"#{plan}", remarks="The rules; there is no other plan."))
    duties = tuple(objectives(known, report.model))
    if duties:
        yield from _member("local-definitions", parts.Objectives(objectives_and_methods=duties))
    yield f',\n"results":[{{"uuid":{json_line(same("result", run.scan))}'
    yield from _member("title", line(f"Scan {run.scan}"))
    yield from _member("description", NO_CLAIM)
    yield from _member("start", moment(run.taken_at))
    yield from _member("props", _numbers(report, known))
    yield f',\n"local-definitions":{{"assessment-assets":{json_line(_assets(report))}'
    yield from _list("components", map(json_line, account_components(known, report)))
    yield from _list("inventory-items", items(inventory))
    yield "}"
    yield from _member("reviewed-controls", _reviewed(known))
    if run.gaps:
        entries = tuple(_entry(gap, number, report) for number, gap in enumerate(run.gaps))
        yield from _member("assessment-log", parts.Log(entries=entries))
    yield from _list("observations", (each.observation for _, each in results))
    yield from _list("risks", (each.risk for _, each in results if each.risk))
    yield from _list("findings", (each.finding for _, each in results if each.finding))
    yield "}]"
    yield from _member("back-matter", parts.BackMatter(resources=(_rules(report, plan),)))
    yield "}}\n"


def _member(name: str, value: object) -> Iterator[str]:
    yield f',\n"{name}":{json_line(value)}'


def _list(name: str, encoded: Iterable[str]) -> Iterator[str]:
    """A member that is a list, and nothing where it would be empty."""
    opened = False
    for each in encoded:
        yield f",\n{each}" if opened else f',\n"{name}":[\n{each}'
        opened = True
    if opened:
        yield "]"


def _metadata(report: Report, known: Known) -> parts.Metadata:
    run = report.run
    return parts.Metadata(
        title="Results of a posture scan",
        last_modified=moment(run.taken_at),
        version=line(run.scan),
        oscal_version=parts.OSCAL_VERSION,
        props=props(tool=run.tool, tool_version=run.version),
        roles=ROLES,
        parties=known.parties(),
        responsible_parties=known.responsible(),
        remarks=f"Properties of the namespace {NAMESPACE} say whose duty each result is, for its resource.",
    )


def _numbers(report: Report, known: Known) -> tuple[parts.Prop, ...]:
    run = report.run
    counts = {f"results_{status}": str(count) for status, count in sorted(known.statuses.items())}
    return props(complete="yes" if run.complete else "no", evaluated=str(run.evaluated), asked=str(run.asked), **counts)


def _assets(report: Report) -> parts.Assets:
    run = report.run
    tool = parts.Component(
        uuid=TOOL,
        type="software",
        title=line(run.tool.capitalize()),
        description="Reads settings of cloud accounts, and judges them.",
        props=props(version=run.version),
        status=parts.Status(state="operational"),
    )
    platform = parts.Platform(
        uuid=same("platform", run.tool),
        title=line(run.tool.capitalize()),
        uses_components=(parts.ComponentUse(component_uuid=TOOL),),
    )
    return parts.Assets(components=(tool,), assessment_platforms=(platform,))


def _reviewed(known: Known) -> parts.Reviewed:
    chosen = tuple(parts.Selected(control_id=token(duty)) for duty in sorted(known.duties))
    nothing: dict[str, str] | None = None if chosen else {}
    selection = parts.Selection(
        description="Duties of the customer that checks looked at, each in part.",
        include_controls=chosen,
        include_all=nothing,
    )
    return parts.Reviewed(description="Each check looks at a part of one duty.", control_selections=(selection,))


def _entry(gap: GapRecord, number: int, report: Report) -> parts.LogEntry:
    return parts.LogEntry(
        uuid=same("gap", report.run.scan, str(number)),
        title="Not read",
        description=markup(f"needs {missing(gap.needs, gap.call, gap.kind)} ({gap.why}): {gap.detail}"),
        start=moment(report.run.taken_at),
        props=props(
            provider=gap.provider, account=gap.account, region=gap.region, kind=gap.kind, call=gap.call, why=gap.why,
            affects=str(gap.affects),
        ),
    )  # fmt: skip


def _rules(report: Report, plan: UUID) -> parts.BackMatterResource:
    return parts.BackMatterResource(
        uuid=plan,
        title="The rules by which it was judged",
        description=markup(f"The {len(report.checks)} checks of {report.run.tool} {report.run.version}."),
        props=props(checks=str(len(report.checks)), sha256=rules_hash(report.checks.values())),
    )
