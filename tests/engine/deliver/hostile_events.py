"""Events whose bodies would break a frame, were they put into it as they are."""

from __future__ import annotations

from hypothesis import strategies as st

from scanner.deliver.sink import Delivery
from scanner.jsonline import json_line

texts = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["\r\n", '\n{"create":{}}\n', "]", "},{", "\u2028\u2029", "\x00\x1b[31m", "\ud800", '"', "\\", "x" * 5000]
    ),
)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


def delivery(number: int, value: object) -> Delivery:
    """An event that says a value somewhere, in the ASCII that makers write."""
    uid = f"e1:{number:032x}"
    body = {"metadata": {"uid": uid}, "unmapped": value, "time": 1_790_000_000_123}
    return Delivery(uid, f"f1:{number}", json_line(body).encode())


batches = st.lists(values, min_size=1, max_size=5).map(
    lambda found: [delivery(number, value) for number, value in enumerate(found)]
)

BROKEN = [
    b"",
    b"null",
    b"[]",
    b"1",
    b"{}{}",
    b'{"a":1},{"b":2}',
    b'{"a":1}\n{"create":{"_id":"x"}}',
    b'{"a":1',
    b'{"a":"\xc3\xbc"}',
    b'{"a":"\xff"}',
    b'{"a":"\\ud800"}',
    b'{"a":"\x1b"}',
    b'{"a":NaN}',
    b"]",
    b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
]
"""What no maker of ours writes, and a stranger's may."""
