"""Verdicts, and what is unknown, in words."""

from __future__ import annotations

from scanner.facts import INCOMPLETE, Unread
from scanner.finding import Finding
from scanner.record import GapRecord
from scanner.report.event import ScopeRead

GAPS_NAMED = 6
REGIONS_NAMED = 6


def unread_words(gap: Unread) -> str:
    """One missing answer: what it needs, or which call failed, and why."""
    detail = f": {gap.detail}" if gap.detail else ""
    return f"needs {missing(gap.needs, gap.call, gap.fact)} ({gap.why}){detail}"


def missing(needs: tuple[str, ...], call: str, fact: str) -> str:
    """What an answer lacks: the permissions, else the call, else the fact."""
    if needs:
        return " and ".join(needs)
    if call:
        return f"an answer to {call}"
    return fact or "more information"


def details_of(finding: Finding) -> tuple[str, ...]:
    """Why a finding is what it is, in words, never empty ones; nothing of what was always well."""
    if is_gone(finding):
        return ("it was not found any more: the resource, or the part of it that failed, is gone",)
    if finding.status == "not-applicable":
        return ("the provider owns this object: nothing on it is the customer's to change",)
    if finding.lifecycle is not None and finding.lifecycle.state == "resolved":
        return ("it does not fail any more",)
    found = [reason.text for reason in finding.reasons] + [unread_words(gap) for gap in finding.unread]
    return tuple(text for text in found if text)


def is_gone(finding: Finding) -> bool:
    """Whether it was resolved because nothing is there any more to be judged.

    What is the provider's is there, and judged by nobody.
    """
    lifecycle = finding.lifecycle
    if lifecycle is None or lifecycle.state != "resolved" or lifecycle.resolved_at is None:
        return False
    no_more = finding.status == "not-applicable" and finding.responsibility.side != "provider"
    return no_more or finding.last_seen is None or finding.last_seen < lifecycle.resolved_at


def gap_words(gap: GapRecord) -> str:
    """One thing that was not read, and what it hides."""
    what = " in ".join(filter(None, [gap.kind, gap.region or gap.account])) or "something"
    lack = missing(gap.needs, gap.call, "")
    if not gap.affects:
        return f"{what}: {lack} was missing ({gap.why}) and changed no result"
    results = "result is" if gap.affects == 1 else "results are"
    return f"{what}: {gap.affects:,} {results} unknown for want of {lack} ({gap.why})"


def reading_words(read: ScopeRead) -> str:
    """What was asked of a scope, whether that was read, how much of it could be decided, and what came out.

    Whoever asked little reads little: that all of it was read is no word on the rest.
    """
    record = read.record
    name = f" ({record.name})" if record.name and record.name != record.account else ""
    scope = f"{record.provider} {record.account or record.uid}{name}".strip()
    how = "whole" if record.complete and not read.defects else "in part"
    return (
        f"{scope}: {_asked(read)} was read {how}: {read.resources:,} resource{'s' * (read.resources != 1)}, "
        f"{record.evaluated:,} of {record.asked:,} answers decided, {record.failed:,} failed"
    )


def _asked(read: ScopeRead) -> str:
    checks = f"{len(read.checks):,} check{'s' * (len(read.checks) != 1)}"
    asked = f"what {checks} asked of it" if read.checks else "what was asked of it"
    if not read.record.restricted:
        return asked
    regions = ", ".join(read.record.regions[:REGIONS_NAMED])
    more = len(read.record.regions) - REGIONS_NAMED
    return f"{asked} in {regions or 'no region'}" + (f" and {more:,} more" if more > 0 else "")


def reading_detail(read: ScopeRead) -> str:
    """What made the reading of a scope incomplete; empty where nothing did."""
    lacks = dict.fromkeys(
        f"needs {missing(gap.needs, gap.call, gap.kind)} ({gap.why})"
        for gap in read.gaps
        if gap.affects and gap.why in INCOMPLETE
    )
    said = list(lacks)[:GAPS_NAMED]
    if len(lacks) > GAPS_NAMED:
        said.append(f"and {len(lacks) - GAPS_NAMED:,} more")
    if read.defects:
        said.append(f"defects of ours: {len(read.defects):,}")
    return "; ".join(said)
