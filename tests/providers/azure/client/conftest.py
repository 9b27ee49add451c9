"""An office for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.providers.azure.client.office import ONE, TWO, Office, said, subscription


@pytest.fixture
def office() -> Iterator[Office]:
    """Two subscriptions, over plain http."""
    with Office() as azure:
        azure.on("/subscriptions", said({"value": [subscription(ONE, "one"), subscription(TWO, "two")]}))
        yield azure
