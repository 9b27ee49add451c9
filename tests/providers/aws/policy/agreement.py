"""The two evaluators against each other: what must never be so, over generated policies and requests.

`python -m tests.providers.aws.policy.agreement --seconds 600 --seed 1` runs for long and prints counts.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from random import Random
from typing import Final

import msgspec

from providers.aws.policy.concrete.evaluate import Request, decide
from providers.aws.policy.language.parse import parse
from providers.aws.policy.language.tree import Policy
from providers.aws.policy.questions.outsiders import outsiders
from providers.aws.policy.questions.witnesses import concrete, is_confirmed
from providers.aws.policy.reference.services import resource_kind
from providers.aws.policy.symbolic.actions import covers
from providers.aws.policy.symbolic.ask import Asking, Open, Subject
from providers.aws.policy.symbolic.document import Documents
from providers.aws.policy.symbolic.pair import Pair
from providers.aws.policy.symbolic.scene import Level, Owner, Party, ResourceContext
from scanner.access.attribute import Domain, Undecidable, satisfy
from scanner.access.work import LimitReached
from tests.providers.aws.policy.generated import Json, document, party, request
from tests.providers.aws.policy.vocabulary import BUCKET, NOW, ORGANIZATION, OWN, SUFFIXES

OWNER: Final = Owner(OWN, organization=ORGANIZATION)
RESOURCE: Final = ResourceContext(BUCKET, NOW)
SAMPLES: Final = 12
_LEVELS: Final[tuple[Level, ...]] = ("all", "all", "named", "anyone")
_VERBS: Final = {"s3:GetObject": "read", "s3:PutObject": "write", "s3:ListBucket": "list"}
_UNPROVEN: Final = "no request was found"


class Disagreement(msgspec.Struct, frozen=True):
    """A law that a policy breaks."""

    law: str
    document: Json
    detail: str

    def as_text(self) -> str:
        """For somebody who has to find out why."""
        return f"{self.law}: {self.detail}\n{json.dumps(self.document, indent=1)}"


def disagreement(seed: int, counts: Counter[str]) -> Disagreement | None:
    """What is wrong with the policy of this seed, made as small as it gets."""
    found = _judge(document(Random(seed)), Random(seed), counts)
    return None if found is None else _smallest(found, lambda other: _judge(other, Random(seed), Counter()))


def _judge(given: Json, random: Random, counts: Counter[str]) -> Disagreement | None:
    random = Random(random.random())  # not the one that made the policy
    policy = parse(json.dumps(given))
    if not isinstance(policy, Policy):
        return None
    counts["policies"] += 1
    level: Level = random.choice(_LEVELS)
    action = random.choice(sorted(SUFFIXES))
    who = party(random, level)
    for law in (_questions, _outsiders):
        found = law(policy, who, action, level, random, counts)
        if found is not None:
            return Disagreement(found[0], given, f"{found[1]} ({who}, {action}, {level})")
    return None


def _questions(
    policy: Policy, who: Party, action: str, level: Level, random: Random, counts: Counter[str]
) -> tuple[str, str] | None:
    """Closed is closed, witnesses are confirmed, and nothing is open without a reason."""
    documents = Documents(policy)
    subject = Subject(who, action, SUFFIXES[action], level)
    closed: dict[int, bool] = {}
    for statement in policy.statements:
        if statement.effect != "Allow":
            continue
        asking = Asking(documents, OWNER, RESOURCE, subject, "named")
        answer = asking.answer(statement)
        closed[statement.index] = answer is None
        counts["closed" if answer is None else "open" if isinstance(answer, Open) else "witnesses"] += 1
        if isinstance(answer, Open):
            if answer.why.startswith(_UNPROVEN) and _is_exact(asking, policy):
                return "nothing is left open, and yet there is no answer", answer.why
        elif answer is not None:
            made = concrete(answer, action, BUCKET + SUFFIXES[action], documents)
            if not is_confirmed((policy,), (statement,), made):
                return "a witness is not confirmed", f"{made} says {decide(policy, made)}"
    for made in _requests(random, who, action, level):
        decision = decide(policy, made)
        counts["requests"] += 1
        counts[decision] += 1
        if decision == "allow" and all(closed.values()):
            return "what is closed lets a request in", str(made)
    return None


def _outsiders(
    policy: Policy, who: Party, action: str, level: Level, random: Random, counts: Counter[str]
) -> tuple[str, str] | None:
    """The same for what is said of outsiders as a whole."""
    kind = resource_kind("s3")
    assert kind is not None
    if level == "all" or random.random() < 0.5:
        return None
    answer = outsiders(policy, OWNER, RESOURCE, kind)
    counts["documents judged"] += 1
    defects = [one.why for one in answer.undecided if "defect" in one.why]
    if defects:
        return "the question layer met a disagreement", defects[0]
    verb = _VERBS[action]
    shut = answer.closed("anyone", verb)  # type: ignore[arg-type]  # names out of the table
    if level == "named" or who.kind == "service":
        # A service is named, whoever it works for.
        shut = shut and answer.closed("named", verb)  # type: ignore[arg-type]
    if not shut:
        return None
    for made in _requests(random, who, action, level):
        counts["requests"] += 1
        if decide(policy, made) == "allow":
            return "what is closed to outsiders lets one in", str(made)
    return None


def _requests(random: Random, who: Party, action: str, level: Level) -> Iterator[Request]:
    if who.kind != "exact" or level != "anyone":
        yield from (request(random, who, action, level) for _ in range(SAMPLES))


def _is_exact(asking: Asking, policy: Policy) -> bool:
    """Whether the two readings of every statement say the same of every request that there is."""
    try:
        return not asking._documents.variables and not any(
            covers(statement.actions, asking._subject.action) == "maybe"
            or any(_can_differ(pair, asking._domain(name)) for name, pair in asking._pairs(statement))
            for statement in policy.statements
        )
    except (Undecidable, LimitReached):
        return False


def _can_differ(pair: Pair, values: Domain) -> bool:
    return not pair.exact and satisfy(values, ((pair.maybe, True), (pair.sure, False))) is not None


def _smallest(found: Disagreement, judge: Callable[[Json], Disagreement | None]) -> Disagreement:
    """Leave out statements, conditions and values as long as something is wrong."""
    while True:
        for smaller in _smaller(found.document):
            again = judge(smaller)
            if again is not None and again.law == found.law:
                found = again
                break
        else:
            return found


def _smaller(given: Json) -> Iterator[Json]:
    statements = given["Statement"]
    for index, statement in enumerate(statements):
        rest = [*statements[:index], *statements[index + 1 :]]
        yield given | {"Statement": rest}
        block = statement.get("Condition", {})
        for operator, keys in block.items():
            fewer = {key: value for key, value in block.items() if key != operator}
            yield given | {
                "Statement": [*statements[:index], statement | {"Condition": fewer}, *statements[index + 1 :]]
            }
            for key, values in keys.items():
                for value in values if isinstance(values, list) and len(values) > 1 else ():
                    less = block | {operator: keys | {key: [one for one in values if one != value]}}
                    changed = statement | {"Condition": less}
                    yield given | {"Statement": [*statements[:index], changed, *statements[index + 1 :]]}


def main() -> int:
    """Search for disagreements; 1 where there is one."""
    arguments = argparse.ArgumentParser(description=main.__doc__)
    arguments.add_argument("--seconds", type=float, default=600)
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--most", type=int, default=5, help="disagreements after which to stop")
    given = arguments.parse_args()
    counts: Counter[str] = Counter()
    until, seed, wrong = time.monotonic() + given.seconds, given.seed * 1_000_000_000, 0
    while time.monotonic() < until and wrong < given.most:
        found = disagreement(seed, counts)
        if found is not None:
            wrong += 1
            print(f"seed {seed}: {found.as_text()}\n", flush=True)
        seed += 1
    print(", ".join(f"{count:,} {name}" for name, count in sorted(counts.items())))
    print(f"{wrong} disagreements")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
