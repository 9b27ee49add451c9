"""Things in the order of their digests, whether they stayed in memory or not."""

import hashlib

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from scanner.report.ordered import Ordered


class Thing(msgspec.Struct, frozen=True):
    name: str


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=5)), st.integers(0, 20))
def test_the_order_is_that_of_the_digests_however_little_stays_in_memory(names: list[str], in_memory: int) -> None:
    ordered = Ordered(Thing, in_memory)
    for name in names:
        ordered.keep(hashlib.sha256(name.encode()).hexdigest(), Thing(name))
    expected = sorted((hashlib.sha256(name.encode()).hexdigest(), name) for name in names)
    for _ in range(2):
        assert [(key, thing.name) for key, thing in ordered] == expected
    ordered.close()


def test_more_can_be_kept_after_it_was_gone_through() -> None:
    ordered = Ordered(Thing, 1)
    for number in range(5):
        ordered.keep(f"{number:02x}", Thing(str(number)))
        assert [thing.name for _, thing in ordered] == [str(each) for each in range(number + 1)]
    ordered.close()
