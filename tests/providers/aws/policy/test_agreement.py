"""The two evaluators agree: a sample of what `make agree` asks for as long as it is told to."""

from __future__ import annotations

import json
from collections import Counter
from random import Random

import pytest

from providers.aws.policy.language.parse import parse
from providers.aws.policy.language.tree import Policy
from tests.effort import effort
from tests.providers.aws.policy.agreement import disagreement
from tests.providers.aws.policy.generated import document
from tests.providers.aws.policy.vocabulary import EVERY_OPERATOR, KEYS

_BATCHES, _EACH = effort(3), 500


@pytest.mark.parametrize("batch", range(_BATCHES))
def test_the_evaluators_agree(batch: int) -> None:
    counts: Counter[str] = Counter()
    for seed in range(batch * _EACH, (batch + 1) * _EACH):
        found = disagreement(seed, counts)
        assert found is None, f"seed {seed}: {found.as_text()}"
    assert counts["policies"] > _EACH * 0.9
    assert min(counts[name] for name in ("allow", "deny", "none", "unknown", "witnesses", "closed", "open")) > 0


def test_policies_use_the_whole_language() -> None:
    policies = [parse(json.dumps(document(Random(seed)))) for seed in range(4_000)]
    statements = [each for policy in policies if isinstance(policy, Policy) for each in policy.statements]
    conditions = [condition for statement in statements for condition in statement.conditions]
    assert {condition.key for condition in conditions} == {name.lower() for name in KEYS}
    for qualifier in ("", "ForAllValues", "ForAnyValue"):
        assert set(EVERY_OPERATOR[:-1]) <= {c.operator for c in conditions if c.qualifier == qualifier}
    assert set(EVERY_OPERATOR[:-1]) <= {condition.operator for condition in conditions if condition.if_exists}
    assert EVERY_OPERATOR[-1] in {condition.operator for condition in conditions}
    assert any(condition.operator == "Null" for condition in conditions)
    kinds = {name.kind for statement in statements if statement.principals for name in statement.principals.names}
    assert kinds == {"everyone", "AWS", "Service", "Federated", "CanonicalUser"}
    for part in ("principals", "actions", "resources"):
        elements = [getattr(statement, part) for statement in statements]
        assert {element.negated for element in elements if element is not None} == {False, True}
    assert {policy.version for policy in policies if isinstance(policy, Policy)} == {"2012-10-17", "2008-10-17"}
