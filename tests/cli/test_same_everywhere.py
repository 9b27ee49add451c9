"""The same estate gives the same report in every process: nothing hangs on the order in which Python hashes texts."""

from __future__ import annotations

from tests.cli.conftest import Shell


def test_no_answer_depends_on_the_process(shell: Shell) -> None:
    assert shell("scan", "--provider", "aws", "--format", "json", "--save-snapshot", "account.snapshot").code == 0

    def judged(seed: int) -> list[dict[str, object]]:
        words = ("scan", "--snapshot", "account.snapshot", "--format", "json")
        ended = shell(*words, more={"PYTHONHASHSEED": str(seed)})
        return [{name: value for name, value in finding.items() if name != "scan"} for finding in ended.findings]

    first, *others = (judged(seed) for seed in (1, 7, 11))
    assert all(other == first for other in others)
