"""The page: docs/scoreboard.md from the cases, our answers now, and the other tools' answers of the last run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from benchmarks.scoreboard import stored
from benchmarks.scoreboard.asking import Answers, ask_ours
from benchmarks.scoreboard.cases import IDENTITY, Case
from benchmarks.scoreboard.classes import CLASSES
from benchmarks.scoreboard.tally import OUTCOMES, Score, outcome
from benchmarks.scoreboard.tools import SIDE_BY_SIDE, TOOLS
from benchmarks.scoreboard.wording import HOW, INTRODUCTION, LEGEND, REPRODUCE, ROLES

OURS: Final = "ourside"
_TITLES: Final = {OURS: "Ourside", **{tool.name: tool.title for tool in TOOLS}}
_BESIDE: Final = (OURS, *(tool.name for tool in SIDE_BY_SIDE))
_SIGNS: Final = {"false PASS": "P", "false FAIL": "F", "crash": "C"}
_CLOUDS: Final = {"aws": "AWS", "azure": "Azure storage", "gcp": "Google Cloud storage"}


def page(cases: Sequence[Case]) -> str:
    """The whole page."""
    run = stored.run()
    counted = stored.scored(cases)
    answers = {OURS: ask_ours(counted)} | {tool.name: stored.answers_of(tool.name) for tool in TOOLS}
    aws = [case for case in counted if case.provider == "aws" and case.service != IDENTITY]
    identities = [case for case in counted if case.service == IDENTITY]
    beside = {tool: answers[tool] for tool in _BESIDE}
    parts = [
        [INTRODUCTION.format(cases=len(aws), date=run.date)],
        _summary(aws, beside),
        ["", LEGEND],
        ["", "## By service", "", *_by(aws, beside, _service)],
        ["", "## S3 by what the case is about", "", *_by((c for c in aws if c.service == "s3"), beside, _theme)],
        ["", "## What goes wrong", *_classes()],
        ["", "## Who gets to everything", "", ROLES.format(cases=len(identities)), "", *_summary(identities, answers)],
        ["", "## Storage of other clouds", "", *_other_clouds(counted, answers)],
        *([["", "## Cases that came with the specification", "", *_given(run)]] if run.given else []),
        ["", HOW, "", REPRODUCE, "", *_versions(run)],
        ["", "## Every case that a tool gets wrong", "", *_wrong(counted, answers)],
    ]
    return "\n".join(line for part in parts for line in part) + "\n"


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _head(*titles: str) -> list[str]:
    return [_row(*titles), "|" + "---|" * len(titles)]


def _summary(cases: Sequence[Case], answers: Mapping[str, Answers]) -> list[str]:
    return _scores({tool: Score.of(cases, given) for tool, given in answers.items()})


def _scores(scores: Mapping[str, Score]) -> list[str]:
    rows = [_row(_TITLES[tool], *score.counts.values()) for tool, score in scores.items() if score.answered]
    return [*_head("tool", *OUTCOMES), *rows]


def _service(case: Case) -> str:
    return {"role_federation": "iam-role, web identity"}.get(case.theme, case.service)


def _theme(case: Case) -> str:
    return case.theme.removeprefix("s3_").replace("_", " ")


def _by(cases: Iterable[Case], answers: Mapping[str, Answers], key: Callable[[Case], str]) -> list[str]:
    groups: dict[str, list[Case]] = {}
    for case in cases:
        groups.setdefault(key(case), []).append(case)
    rows = [
        _row(name, len(some), *(Score.of(some, given) for given in answers.values()))
        for name, some in sorted(groups.items())
    ]
    return [*_head("", "cases", *(_TITLES[tool] for tool in answers)), *rows]


def _classes() -> Iterator[str]:
    kind = ""
    for each in CLASSES:
        if each.kind != kind:
            kind = each.kind
            yield from ("", f"### {kind}", "")
        tools = ", ".join(_TITLES[tool] for tool in each.tools)
        yield f"- **{each.title}** ({tools}). {each.text} Such as {', '.join(f'`{case}`' for case in each.cases)}."


def _other_clouds(cases: Sequence[Case], answers: Mapping[str, Answers]) -> Iterator[str]:
    yield "Of the other tools only Prowler has a check. Can data be read or changed without an identity of the tenant?"
    for cloud in ("azure", "gcp"):
        some = [case for case in cases if case.provider == cloud]
        yield from ("", f"{_CLOUDS[cloud]}, {len(some)} cases:", "")
        yield from _summary(some, {tool: answers[tool] for tool in (OURS, "prowler")})


def _given(run: stored.Run) -> Iterator[str]:
    yield "They are not in this repository; the numbers are those of the last run that had them."
    for cloud, scores in run.given.items():
        cases = sum(next(iter(scores.values())).counts.values())
        yield from ("", f"{_CLOUDS[cloud]}, {cases} cases:", "", *_scores(scores))


def _versions(run: stored.Run) -> Iterator[str]:
    yield f"Last run: {run.date}, Python {run.python}."
    yield ""
    for tool, versions in run.versions.items():
        yield f"- {_TITLES[tool]}: " + ", ".join(f"{name} {version}" for name, version in versions.items())


def _wrong(cases: Sequence[Case], answers: Mapping[str, Answers]) -> Iterator[str]:
    tools = [OURS, *(tool.name for tool in TOOLS)]
    for tool in tools:
        given = answers[tool]
        rows = [
            _row(f"`{case.id}`", _service(case), case.verdict, _SIGNS[found], case.why.replace("|", "\\|"))
            for case in cases
            if case.id in given and (found := outcome(case, given[case.id])) in _SIGNS
        ]
        if not rows:
            yield from (f"{_TITLES[tool]}: none.", "")
            continue
        yield from ("<details>", f"<summary>{_TITLES[tool]}: {len(rows)}</summary>", "")
        yield from (*_head("case", "service", "right", "answer", "because"), *rows, "", "</details>", "")
