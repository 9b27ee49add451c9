"""Each published framework with what bears on each of its controls: duties, or checks at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from scanner.check import Check
from scanner.document import DataError
from scanner.frameworks.benchmark import Benchmark
from scanner.responsibility.known_ids import stored_lists, strangers
from scanner.responsibility.model import Framework, ResponsibilityModel


class Control(msgspec.Struct, frozen=True):
    """One control, and what bears on it."""

    id: str
    duties: tuple[str, ...]
    """The duties whose violation is evidence against it; for a benchmark those of its checks."""
    checks: tuple[str, ...]
    """The installed checks that look at it."""


class Published(msgspec.Struct, frozen=True):
    """One version of a framework."""

    framework: Framework
    provider: str
    """The one provider that it is about; empty for all."""
    by_duty: bool
    """Whether its controls are reached through duties."""
    controls: tuple[Control, ...]
    """All of them, in the publisher's order."""
    note: str = ""
    """What of it is counted as a control."""

    @property
    def checks(self) -> tuple[str, ...]:
        """All checks that bear on any of its controls."""
        return tuple(sorted({check for control in self.controls for check in control.checks}))


def all_published(
    model: ResponsibilityModel, benchmarks: Mapping[str, Iterable[Benchmark]], checks: Mapping[str, Check[Any]]
) -> Mapping[str, Published]:
    """Every framework by id, the benchmarks by provider; DataError where a citation does not fit its version."""
    lists = stored_lists()
    for problem in strangers(model, lists):
        raise DataError("scanner/responsibility/controls.yaml", 0, problem)
    duties: dict[tuple[str, str], list[str]] = {}
    for duty in model.duties:
        for control in model.controls_of(duty):
            duties.setdefault((control.framework, control.id), []).append(duty)
    found = {}
    for framework in model.frameworks.values():
        controls = (
            _by_duty(id_, tuple(duties.get((framework.id, id_), ())), checks) for id_ in lists[framework.id].ids
        )
        found[framework.id] = Published(framework, "", True, tuple(controls), lists[framework.id].note)
    for provider, brought in benchmarks.items():
        for benchmark in brought:
            own = (_by_check(id_, named, checks) for id_, named in benchmark.controls.items())
            found[benchmark.framework.id] = Published(benchmark.framework, provider, False, tuple(own))
    return found


def _by_duty(id_: str, duties: tuple[str, ...], checks: Mapping[str, Check[Any]]) -> Control:
    return Control(id_, duties, tuple(name for name, check in checks.items() if check.duty in duties))


def _by_check(id_: str, named: tuple[str, ...], checks: Mapping[str, Check[Any]]) -> Control:
    installed = tuple(name for name in named if name in checks)
    return Control(id_, tuple(dict.fromkeys(checks[name].duty for name in installed)), installed)
