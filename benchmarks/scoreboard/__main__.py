"""Ask every tool and write docs/scoreboard.md; with `--page`, write the page from the answers of the last run."""

from __future__ import annotations

import sys

from benchmarks.scoreboard import stored
from benchmarks.scoreboard.asking import ask_ours, ask_peer
from benchmarks.scoreboard.cases import ROOT, Case, own_cases
from benchmarks.scoreboard.given import given_cases
from benchmarks.scoreboard.identities import identity_cases
from benchmarks.scoreboard.page import OURS, page
from benchmarks.scoreboard.tally import Score
from benchmarks.scoreboard.tools import SIDE_BY_SIDE, TOOLS

PAGE = ROOT / "docs" / "scoreboard.md"


def main(arguments: list[str]) -> None:
    """Run the command."""
    cases = [*own_cases(), *identity_cases()]
    if arguments != ["--page"]:
        asked = {tool.name: ask_peer(tool, cases) for tool in TOOLS}
        stored.store(cases, asked, _given(given_cases()))
    PAGE.write_text(page(cases), "utf-8")
    print(f"written: {PAGE.relative_to(ROOT)}")


def _given(cases: list[Case]) -> dict[str, dict[str, Score]]:
    """Scores on the cases that the repository does not hold, by cloud and tool; the last ones where they are absent."""
    if not cases:
        return {cloud: dict(scores) for cloud, scores in stored.run().given.items()}
    answers = {OURS: ask_ours(cases)} | {tool.name: ask_peer(tool, cases).answers for tool in SIDE_BY_SIDE}
    clouds: dict[str, list[Case]] = {}
    for case in cases:
        clouds.setdefault(case.provider, []).append(case)
    return {
        cloud: {tool: Score.of(some, given) for tool, given in answers.items()} for cloud, some in clouds.items()
    }  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
