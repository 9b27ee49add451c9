"""Ask the tools: ours in this process, each of the others in an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from benchmarks.scoreboard.cases import IDENTITY, ROOT, Case, plain
from benchmarks.scoreboard.identities import judge_identity
from benchmarks.scoreboard.tools import Tool
from providers.aws.policy.engine import ENGINE as AWS
from providers.azure.policy.engine import ENGINE as AZURE
from providers.gcp.policy.engine import ENGINE as GCP
from scanner.questions import AccessEngine, BadInput

_PEERS: Final = Path(__file__).parent / "peers"
_ENVIRONMENTS: Final = ROOT / "build" / "scoreboard"
_ENGINES: Final[Mapping[str, Any]] = {"aws": AWS, "azure": AZURE, "gcp": GCP}

Answers = Mapping[str, str]
"""By id of the case: an answer of `peers/answering.py`."""


class Asked(msgspec.Struct, frozen=True):
    """What another tool answered, and which versions of it and what it stands on."""

    versions: Mapping[str, str]
    answers: Answers


def ask_ours(cases: Sequence[Case]) -> Answers:
    """Our engines' answers; undecided is one that cannot be given."""
    return {case.id: _ours(case) for case in cases}


def _ours(case: Case) -> str:
    try:
        if case.service == IDENTITY:
            verdict = judge_identity(case.input)
        else:
            engine: AccessEngine = _ENGINES[case.provider]
            verdict = engine.judge(case.service, case.input, case.dimension).verdict
    except BadInput as error:
        return f"crash: {error.why}"
    return "cannot answer: undecided" if verdict == "unknown" else plain(verdict, case.service)


def ask_peer(tool: Tool, cases: Sequence[Case]) -> Asked:
    """Install the tool as pinned in `peers/`, if it is not yet, and ask it."""
    python = _environment(tool.source)
    questions = [
        {field: getattr(case, field) for field in ("id", "provider", "service", "dimension", "input")}
        for case in cases
        if tool.only in ("", case.service)
    ]
    script = str(_PEERS / f"ask_{tool.source}.py")
    over = {"PYTHONPATH": str(_overlay(python, tool))} if tool.overlay else {}
    done = subprocess.run(  # noqa: S603  # our own script
        [python, script],
        input=json.dumps(questions),
        env={**os.environ, **over},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{tool.name}: {done.stderr[-2000:]}")
    return msgspec.json.decode(done.stdout, type=Asked)


def _environment(name: str) -> str:
    """The interpreter of the tool's own environment."""
    folder = _ENVIRONMENTS / name
    python = str(folder / "bin" / "python")
    pins = _PEERS / f"{name}.txt"
    if not _is_installed(folder, pins):
        venv.create(folder, clear=True, with_pip=True)
        _install(python, folder, pins)
    return python


def _overlay(python: str, tool: Tool) -> Path:
    """A folder of packages that stand before those of the environment."""
    folder = _ENVIRONMENTS / tool.name
    pins = _PEERS / tool.overlay
    if not _is_installed(folder, pins):
        _install(python, folder, pins, "--no-deps", "--upgrade", "--target", str(folder))
    return folder


def _is_installed(folder: Path, pins: Path) -> bool:
    mark = folder / "installed"
    return mark.exists() and mark.read_text("utf-8") == pins.read_text("utf-8")


def _install(python: str, folder: Path, pins: Path, *options: str) -> None:
    print(f"installing {pins.name} into {folder.relative_to(ROOT)}", file=sys.stderr)
    command = [python, "-m", "pip", "install", "--quiet", *options, "--requirement", str(pins)]
    subprocess.run(command, check=True)  # noqa: S603
    (folder / "installed").write_text(pins.read_text("utf-8"), "utf-8")
