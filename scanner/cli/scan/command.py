"""`scan`: the main job."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scanner.check import SEVERITIES
from scanner.cli import doors
from scanner.cli.accountability_options import accountability_of, accountability_options
from scanner.cli.clock import Clock
from scanner.cli.config.options import config_option
from scanner.cli.deliver.draining import delivery_time_option
from scanner.cli.deliver.routes import never_told, routes, sink_option
from scanner.cli.exits import Exit, Stop, worst
from scanner.cli.history_option import history_option, opened_to_write, opening
from scanner.cli.misplaced import refuse_misplaced
from scanner.cli.options import (
    CHECK_CHOICE,
    CloudCommand,
    call_timeout_option,
    choice_of,
    choose_checks,
    demos_chosen,
    flat,
    provider_options,
    settings_of,
)
from scanner.cli.scan.options import (
    STATES,
    STATUSES,
    fail_on_of,
    starting_options,
    states_of,
    statuses_of,
    told_of,
)
from scanner.cli.scan.outputs import outputs_of, write_outputs
from scanner.cli.scan.progress import Progress
from scanner.cli.signals import ending_in_order
from scanner.cli.summary_line import Summary, Summed, summary_of

if TYPE_CHECKING:
    from scanner.cli.scan.judge import Result
    from scanner.cli.scan.run import Job
    from scanner.cli.scan.underway import Underway
    from scanner.history import History


class _Scan(CloudCommand, Summed):
    """A scan, which ends with a line for logs."""


@click.command(cls=_Scan, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--provider", type=click.Choice(sorted(doors.providers())), help="The cloud to scan.")
@provider_options
@choice_of(
    ("region", "REGION", "Only these regions, and what belongs to none. Repeats, takes commas."),
    ("account", "ID", "Only these accounts. Repeats, takes commas."),
    *CHECK_CHOICE,
)
@click.option("--severity", type=click.Choice(SEVERITIES), help="Only checks of at least this severity.")
@choice_of(
    ("status", "STATUS", f"Report only findings of these statuses: {', '.join(STATUSES)}."),
    ("format", "FORMAT", f"{', '.join(doors.writer_names())}; table is the default. Repeats, takes commas."),
    ("output", "[FORMAT=]PATH", "Write to a file; `-` is stdout. Repeats, takes commas."),
)
@click.option("--redact", is_flag=True, help="Put stand-ins for accounts, names, tags and people into all outputs.")
@choice_of(("only", "STATE", f"Report only what came to these states: {', '.join(STATES)}."))
@sink_option
@delivery_time_option
@click.option("--fail-on", metavar="SEVERITY[:new]", help="Exit 1 if a finding of at least this severity fails.")
@click.option("--allow-partial", is_flag=True, help="Exit 0 even if something could not be read.")
@config_option
@click.option(
    "--snapshot", type=click.Path(path_type=Path), is_eager=True, help="Judge a saved snapshot rather than a cloud."
)
@click.option("--save-snapshot", type=click.Path(path_type=Path), help="Save the facts that were read.")
@click.option("--who-changed", is_flag=True, help="Ask audit logs who changed what fails; a slow call per resource.")
@history_option
@accountability_options
@click.option(
    "--demo",
    metavar="aws|azure|gcp|all",
    is_eager=True,
    help="Scan an emulated account on this machine, or a breach like `capital-one-2019`.",
)
@call_timeout_option
@starting_options
@click.option("--summary", is_flag=True, help="End with a line of key=value pairs on stderr, on a terminal, too.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing on stderr but why the exit code is not 0.")
@click.option("-v", "--verbose", is_flag=True, help="Say on stderr what is done.")
@click.version_option(package_name="ourside", prog_name="ourside")
def scan(**values: Any) -> int:
    """Scan a cloud account, judge it, and attribute each finding to the duty of yours that it violates.

    The exit code is 0 for a complete scan whatever it found, 1 where --fail-on is met, 2 for a wrong option,
    3 where something could not be read, 4 without credentials or target, 5 where the output could not be written or
    delivered, 75 where the same scan is under way, 70 after a defect of ours, 130 and 143 where it was told to end.
    """
    summary = summary_of(click.get_current_context())
    summary.begin(quiet=values["quiet"], always=values["summary"])
    clock = Clock(values["time_limit"])
    with ending_in_order(), ExitStack() as stack:
        return _whole(values, clock, summary, stack)


def _whole(values: dict[str, Any], clock: Clock, summary: Summary, stack: ExitStack) -> int:
    """The scan, and all that is told of it; `stack`: what is open until then."""
    # What a scan needs is loaded only for a scan, so that --help answers at once.
    from scanner.cli.scan.run import Job, exits_of
    from scanner.cli.scan.signing_in import Where
    from scanner.cli.starting import underway_of
    from scanner.schedule import Limits

    demos = demos_chosen(values["provider"], values["demo"], values["snapshot"])
    if not demos and values["snapshot"] is None and values["provider"] is None:
        raise Stop(Exit.USAGE, f"choose a cloud: --provider {'|'.join(doors.providers())}, or try --demo aws")
    refuse_misplaced(also_of_snapshots=("provider",))
    if values["redact"] and values["save_snapshot"] is not None:
        raise Stop(
            Exit.USAGE, "--redact and --save-snapshot: a snapshot holds every name. Save it in a scan of its own"
        )
    outputs = outputs_of(flat(values["format"]), flat(values["output"]), values["save_snapshot"])
    statuses = statuses_of(flat(values["status"]))
    checks = choose_checks(flat(values["check"]), flat(values["duty"]), values["severity"], flat(values["framework"]))
    # Every file is read before anything is scanned, so that a slip in one costs no scan.
    people = accountability_of(values)
    with Progress(quiet=values["quiet"], verbose=values["verbose"]) as progress:
        history = _history(values, progress)
        if history is not None:
            stack.enter_context(history)
        kept = history is not None
        fail_on = fail_on_of(values["fail_on"], kept=kept)
        only = states_of(flat(values["only"]), kept=kept)
        if lost := never_told(values, kept=kept):
            progress.announce(lost)
        underway: Underway | None = None
        if values["snapshot"] is None:
            underway = stack.enter_context(underway_of(values, checks, history, clock, progress.announce))
        job = Job(
            checks,
            people,
            history,
            statuses,
            Where(flat(values["region"]), flat(values["account"])),
            Limits(attempt=values["call_timeout"], scan=values["time_limit"]),
            keep=values["save_snapshot"] is not None,
            who_changed=values["who_changed"],
            over_time=values["history"] is not None or bool(only),
            only=only,
            routes=told_of(values, kept=kept),
            underway=underway,
        )
        result = _scan(job, values, demos, progress)
    summary.judged(result.report.run, kept=kept, resumed=len(underway.done) if underway else 0)
    exits = exits_of(result, fail_on, allow_partial=values["allow_partial"])
    try:
        left_out, failures = write_outputs(outputs, result, progress.announce, redacted=values["redact"])
    finally:
        result.spool.close()
        result.gone.close()
    exits |= {Exit.INTERNAL} if left_out else set()
    exits |= {Exit.NOT_DELIVERED} if failures else set()
    for each in (*(f"not written: {text}" for text in left_out), *failures, *filter(None, [result.unrecorded])):
        progress.error(each)
    if underway is not None:
        underway.reported()
    exits |= _delivered(job, values, summary, progress)
    progress.conclude(result.report.run, exits, underway.way_on if underway and underway.ended_early else "")
    return worst(exits)


def _delivered(job: Job, values: dict[str, Any], summary: Summary, progress: Progress) -> set[Exit]:
    from scanner.cli.deliver.draining import deliver_after
    from scanner.cli.deliver.words import lines_about, unrouted

    opened = opening(values["history"], demo=values["demo"] is not None)
    delivered = deliver_after(job.history, opened, routes(values), values["delivery_time"])
    summary.add(**delivered.counts)
    for line in lines_about(delivered):
        progress.error(line)
    for line in unrouted(job.history, values):
        progress.announce(line)
    return delivered.exits


def _scan(job: Job, values: dict[str, Any], demos: Sequence[tuple[str, str]], progress: Progress) -> Result:
    from scanner.cli.scan.run import scan_live, scan_snapshot

    name = values["provider"]
    if values["snapshot"] is not None:
        return scan_snapshot(job, values["snapshot"])
    with ExitStack() as stack:
        clouds = [(doors.provider(each), stack.enter_context(doors.provider(each).demo(it))) for each, it in demos]
        if not demos:
            clouds = [(doors.provider(name), settings_of(name, values))]
        return scan_live(job, clouds, progress.count, progress.note, progress.announce)


def _history(values: dict[str, Any], progress: Progress) -> History | None:
    if values["snapshot"] is not None and values["history"] is None:
        # A snapshot may be anybody's, and of any day: it is told to a history only where that is asked for.
        return None
    return opened_to_write(values["history"], demo=values["demo"] is not None, say=progress.announce)
