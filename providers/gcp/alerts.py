"""Of which changes somebody is told: metrics over the log, and alerts on them or on the log itself.

https://cloud.google.com/logging/docs/alerting/log-based-alerts
https://cloud.google.com/logging/docs/logs-based-metrics
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, get_args

import msgspec

from providers.gcp.log_filter.matching import Entry, takes_in
from providers.gcp.log_filter.records import records
from providers.gcp.log_filter.syntax import All, Filter, Test, Unreadable, parse
from scanner.facts import Answer, Unread, UnreadFact
from scanner.kinds.account import Change

_METRIC: Final = "logging.googleapis.com/user/"
CHANGES: Final[tuple[Change, ...]] = get_args(Change)


class LogMetric(msgspec.Struct, frozen=True):
    """A metric that counts entries of the log."""

    name: str
    filter: str
    disabled: bool = False
    narrowed: bool = False
    """It counts what one log bucket holds, rather than all that the project receives."""


class Condition(msgspec.Struct, frozen=True):
    """When an alert goes off."""

    metric: str = ""
    """Filter over time series."""
    log: str = ""
    """Filter over entries of the log."""
    at_once: bool = True
    """One entry is enough."""
    query: str = ""
    """A query in another language."""


class AlertPolicy(msgspec.Struct, frozen=True):
    """An alert, and whom it tells."""

    name: str
    enabled: bool
    conditions: tuple[Condition, ...]
    together: bool
    """All conditions must hold at the same time."""
    channels: tuple[str, ...]


def log_metrics(answer: Answer) -> tuple[LogMetric, ...]:
    """The metrics of an answer."""
    return tuple(
        LogMetric(one["name"], one["filter"], one.get("disabled", False), "bucketName" in one)
        for one in answer["metrics"]
    )


def alert_policies(answer: Answer) -> tuple[AlertPolicy, ...]:
    """The alerts of an answer; lists always say whether one is enabled.

    https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies
    """
    return tuple(
        AlertPolicy(
            str(one["name"]).rpartition("/")[2],
            one["enabled"],
            tuple(map(_condition, one["conditions"])),
            one.get("combiner", "OR") != "OR",
            tuple(one.get("notificationChannels", ())),
        )
        for one in answer["alertPolicies"]
    )


def _condition(one: Mapping[str, Any]) -> Condition:
    if "conditionMatchedLog" in one:
        return Condition(log=one["conditionMatchedLog"]["filter"])
    if "conditionThreshold" in one:
        threshold = one["conditionThreshold"]
        above = threshold.get("comparison") == "COMPARISON_GT" and 0 <= threshold.get("thresholdValue", 0) < 1
        at_once = (
            above and threshold.get("duration", "0s") == "0s" and threshold.get("trigger", {}).get("count", 1) == 1
        )
        return Condition(metric=threshold["filter"], at_once=at_once)
    texts = (part.get("query", "") for part in one.values() if isinstance(part, dict))
    return Condition(query=" ".join(map(str, texts)))


def working_channels(answer: Answer) -> tuple[str, ...]:
    """Names of the channels by which messages get out: enabled, and confirmed where that is asked for.

    https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.notificationChannels
    """
    return tuple(
        one["name"]
        for one in answer["notificationChannels"]
        if one["enabled"] and one.get("verificationStatus") != "UNVERIFIED"
    )


def alerted(
    project: str, metrics: Iterable[LogMetric], alerts: Iterable[AlertPolicy], channels: Iterable[str]
) -> tuple[Change, ...]:
    """The changes each of whose records sets off an alert that tells somebody.

    A filter that takes in only some of those records tells of some changes, and does not count. Raises UnreadFact where
    the answer rests on a filter or query that we cannot read.
    """
    working = frozenset(channels)
    by_name = {metric.name: metric for metric in metrics if not metric.disabled}
    telling = [alert for alert in alerts if alert.enabled and working.intersection(alert.channels)]
    found: list[Change] = []
    doubts: list[Unread] = []
    for change in CHANGES:
        answers = [list(_told(record, telling, by_name)) for record in records(change, project)]
        if all(True in one for one in answers):
            found.append(change)
        elif all(one for one in answers):
            problem = next(part for one in answers for part in one if isinstance(part, str))
            doubts.append(Unread("not-yet-known", detail=f"whether an alert tells of changes to {change}: {problem}"))
    if doubts:
        raise UnreadFact(*doubts)
    return tuple(found)


def _told(record: Entry, alerts: Iterable[AlertPolicy], metrics: Mapping[str, LogMetric]) -> Iterator[str | bool]:
    """True for each alert that the record sets off, and a text where that cannot be told."""
    for alert in alerts:
        for condition in alert.conditions:
            try:
                answer = _goes_off(condition, record, metrics, alone=len(alert.conditions) == 1 or not alert.together)
            except Unreadable as problem:
                yield f"alert {alert.name}: {problem}"
            else:
                if answer:
                    yield True


def _goes_off(condition: Condition, record: Entry, metrics: Mapping[str, LogMetric], *, alone: bool) -> bool:
    if condition.log:
        answer = takes_in(parse(condition.log), record) is True
        return answer and _for_sure(alone=alone)
    if condition.query:
        if _METRIC in condition.query or "logging_googleapis_com:user_" in condition.query:
            raise Unreadable("its query is in a language that we do not read")
        return False
    named = [metric for metric in metrics.values() if _METRIC + metric.name in condition.metric]
    counting = {metric.name for metric in named if takes_in(parse(metric.filter), record) is True}
    if not counting:
        return False
    name, fits = _series(parse(condition.metric), record)
    if not fits or name not in counting:
        return False
    if metrics[name].narrowed:
        raise Unreadable(f"what the log bucket of metric {name} receives is not read")
    return _for_sure(alone=alone, at_once=condition.at_once)


def _for_sure(*, alone: bool, at_once: bool = True) -> bool:
    if not alone:
        raise Unreadable("it waits for another condition, too")
    if not at_once:
        raise Unreadable("whether a single record is enough for it")
    return True


def _series(found: Filter, record: Entry) -> tuple[str, bool]:
    """The metric that a filter over time series names, and whether series of the record's type are among them.

    A type that Monitoring does not know is written as `global`.
    https://cloud.google.com/monitoring/api/v3/filters
    """
    parts = found.parts if isinstance(found, All) else (found,)
    name, fits = "", True
    for part in parts:
        if not isinstance(part, Test) or part.operator != "=":
            raise Unreadable("its filter over time series")
        if part.field == "metric.type":
            name = part.text.removeprefix(_METRIC)
        elif part.field == "resource.type":
            own = record.get("resource.type")
            fits = own is None or part.text in ("global", own)
        else:
            raise Unreadable(f"its filter over time series asks for {part.field}")
    return name, fits
