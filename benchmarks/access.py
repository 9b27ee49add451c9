"""The cost of reasoning about access on AWS: CPU milliseconds a document, and how many stay undecided.

Limits: median 1 ms, 99 % within 15 ms, none undecided, no two evaluators that disagree. Foreign policies, and
mutants of them, are judged where the project's shared cases are at hand (OURSIDE_SHARED); our own corpus always.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random
from typing import Any

from providers.aws.policy.engine import ENGINE
from providers.aws.policy.language.parse import parse
from providers.aws.policy.language.tree import Malformed
from providers.aws.policy.questions.satisfiable import some_request
from providers.aws.policy.symbolic.ask import Open

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("OURSIDE_SHARED", ROOT.parent / "shared"))
MEDIAN, MOST = 1.0, 15.0
MUTANTS = 700
_WILD = ("*", "?")

Json = Any
Answer = tuple[str, str]
"""`decided`, `undecided`, `refused` (no policy that AWS would store) or `defect`; and why."""


def allowed(document: Json) -> Answer:
    """Whether some request is allowed by the document alone."""
    policy = parse(json.dumps(document))
    if isinstance(policy, Malformed):
        return "refused", policy.why
    found = some_request(policy)
    if isinstance(found, Open):
        return ("defect" if "defect" in found.why else "undecided"), found.why
    return "decided", "nothing" if found is None else "something"


def outside(case: Json) -> Answer:
    """Who outside reaches the resource of a case."""
    found = ENGINE.judge(case["service"], case["input"], case.get("dimension", ""))
    if "defect" in found.why:
        return "defect", found.why
    wanted = {case["verdict"], *case.get("accept", ())}
    return ("undecided" if found.verdict == "unknown" and "unknown" not in wanted else "decided"), found.verdict


def mutants(documents: Sequence[Json], count: int, seed: int = 1) -> list[Json]:
    """Documents with one to three changes: statements dropped, turned, taken over; patterns widened, narrowed."""
    random = Random(seed)  # noqa: S311
    return [_mutant(random, documents) for _ in range(count)]


def _mutant(random: Random, documents: Sequence[Json]) -> Json:
    document = json.loads(json.dumps(random.choice(documents)))
    statements = document["Statement"]
    document["Statement"] = statements if isinstance(statements, list) else [statements]
    for _ in range(random.choice((1, 1, 2, 3))):
        random.choice(_CHANGES)(random, document["Statement"], documents)
    return document


def _drop(random: Random, statements: list[Json], _: Sequence[Json]) -> None:
    if len(statements) > 1:
        statements.pop(random.randrange(len(statements)))


def _turn(random: Random, statements: list[Json], _: Sequence[Json]) -> None:
    one = random.choice(statements)
    one["Effect"] = "Deny" if one["Effect"] == "Allow" else "Allow"


def _take_over(random: Random, statements: list[Json], documents: Sequence[Json]) -> None:
    others = random.choice(documents)["Statement"]
    other = random.choice(others if isinstance(others, list) else [others])
    has_principal = {"Principal", "NotPrincipal"} & set(statements[0])
    if bool(has_principal) == bool({"Principal", "NotPrincipal"} & set(other)):
        statements.append(json.loads(json.dumps(other)))


def _change_pattern(random: Random, statements: list[Json], _: Sequence[Json]) -> None:
    one = random.choice(statements)
    element = random.choice([name for name in ("Action", "NotAction", "Resource", "NotResource") if name in one])
    values = one[element] if isinstance(one[element], list) else [one[element]]
    place = random.randrange(len(values))
    values[place] = _changed(random, values[place])
    one[element] = values


def _change_condition(random: Random, statements: list[Json], _: Sequence[Json]) -> None:
    one = random.choice(statements)
    blocks = one.get("Condition", {})
    if not blocks:
        return
    operator = random.choice(sorted(blocks))
    if random.random() < 0.3:
        del blocks[operator]
    elif random.random() < 0.5 and "Not" in operator:
        blocks[operator.replace("Not", "", 1)] = blocks.pop(operator)
    else:
        blocks[operator if operator.endswith("IfExists") or operator == "Null" else f"{operator}IfExists"] = blocks.pop(
            operator
        )


def _changed(random: Random, text: str) -> str:
    """A star in the place of the end, or an end in the place of a star."""
    if text.endswith("*") and random.random() < 0.5:
        return f"{text[:-1]}a" if len(text) > 1 else "*"
    cut = random.randrange(max(text.find(":") + 1, 1), len(text) + 1) if text else 0
    return f"{text[:cut]}*"


_CHANGES: tuple[Callable[[Random, list[Json], Sequence[Json]], None], ...] = (
    _drop,
    _turn,
    _take_over,
    _change_pattern,
    _change_pattern,
    _change_condition,
)


def measure(name: str, ask: Callable[[Json], Answer], given: Iterable[Json]) -> bool:
    """Print a line about one set of documents; whether a limit is missed."""
    costs: list[float] = []
    answers: dict[str, int] = {}
    doubts: list[str] = []
    gc.collect()
    for one in given:
        started = time.process_time()
        word, why = ask(one)
        costs.append((time.process_time() - started) * 1000)
        answers[word] = answers.get(word, 0) + 1
        if word in ("undecided", "defect"):
            doubts.append(f"  {word}: {one.get('id', '') if isinstance(one, dict) else ''} {why}")
    costs.sort()
    median, most = costs[len(costs) // 2], costs[len(costs) * 99 // 100]
    told = ", ".join(f"{count} {word}" for word, count in sorted(answers.items()))
    print(f"{name:28} {len(costs):5} {median:8.2f} {most:8.2f} {costs[-1]:8.2f}   {told}")
    print("\n".join(doubts), end="\n" if doubts else "")
    return median > MEDIAN or most > MOST or bool(doubts)


def main() -> int:
    """Print a table; 1 where a limit is missed."""
    corpus = [
        case for path in sorted((ROOT / "tests/cases/aws").glob("*.json")) for case in json.loads(path.read_text())
    ]
    allowed({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]})
    outside(corpus[0])
    print(f"{'CPU milliseconds':28} {'of':>5} {'median':>8} {'p99':>8} {'max':>8}")
    missed = False
    path = SHARED / "cases" / "iam" / "quacky-policies.json"
    if path.is_file():
        foreign = [case["policy"] for case in json.loads(path.read_text())]
        missed |= measure("foreign policies", allowed, foreign)
        missed |= measure(f"{MUTANTS} mutants of them", allowed, mutants(foreign, MUTANTS))
    else:
        print(f"no foreign policies at {path} (set OURSIDE_SHARED)")
    missed |= measure("own cases, judged", outside, corpus)
    print("a limit is MISSED" if missed else "all limits are kept")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
