"""Tokens that end."""

from __future__ import annotations

import time

import pytest

from scanner.deliver.bearer import EARLY, Bearer


@pytest.mark.parametrize(("lasting", "asked"), [(EARLY + 3600, 1), (EARLY - 10, 3), (-10, 3)])
def test_a_token_is_asked_for_again_in_time(lasting: float, asked: int) -> None:
    given: list[str] = []

    def ask() -> tuple[str, float]:
        given.append(f"token {len(given)}")
        return given[-1], time.time() + lasting

    bearer = Bearer(ask)
    assert [bearer.token() for _ in range(3)][-1] == given[-1]
    assert len(given) == asked
    bearer.forget()
    assert bearer.token() == given[asked]
