"""Brokers of librdkafka's own for tests, told to answer with errors: what its Python client does not offer.

https://github.com/confluentinc/librdkafka/blob/master/src/rdkafka_mock.h
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from ctypes import c_char_p, c_int, c_int16, c_size_t, c_void_p
from pathlib import Path
from typing import Self

import confluent_kafka
import pytest

PRODUCE, API_VERSIONS = 0, 18
"""https://kafka.apache.org/protocol#protocol_api_keys"""
PRODUCER = 0


def _library() -> ctypes.CDLL:
    beside = Path(confluent_kafka.__file__).parents[1] / "confluent_kafka.libs"
    found = sorted(beside.glob("librdkafka*.so*"))
    if not found:
        pytest.skip("the Kafka client has its library elsewhere")
    library = ctypes.CDLL(str(found[0]))
    for name, result, arguments in (
        ("conf_new", c_void_p, ()),
        ("new", c_void_p, (c_int, c_void_p, c_char_p, c_size_t)),
        ("destroy", None, (c_void_p,)),
        ("set_log_level", None, (c_void_p, c_int)),
        ("mock_cluster_new", c_void_p, (c_void_p, c_int)),
        ("mock_cluster_destroy", None, (c_void_p,)),
        ("mock_cluster_bootstraps", c_char_p, (c_void_p,)),
        ("mock_push_request_errors_array", None, (c_void_p, c_int16, c_size_t, c_void_p)),
        ("mock_clear_request_errors", None, (c_void_p, c_int16)),
    ):
        function = getattr(library, f"rd_kafka_{name}")
        function.restype, function.argtypes = result, arguments
    return library


class FaultyBrokers:
    """One broker, and the errors that it answers with."""

    def __init__(self) -> None:
        self._library = _library()
        configuration = self._library.rd_kafka_conf_new()
        self._owner = self._library.rd_kafka_new(PRODUCER, configuration, ctypes.create_string_buffer(512), 512)
        self._library.rd_kafka_set_log_level(self._owner, 0)
        self._cluster = self._library.rd_kafka_mock_cluster_new(self._owner, 1)
        self.places = tuple(self._library.rd_kafka_mock_cluster_bootstraps(self._cluster).decode().split(","))

    def fail(self, *names: str) -> None:
        """Answer the next requests to take messages with these errors, and no others."""
        self._answer(PRODUCE, names)

    def turn_away(self, *names: str) -> None:
        """Answer the next new connections with these errors, and no others."""
        self._answer(API_VERSIONS, names)

    def _answer(self, request: int, names: Sequence[str]) -> None:
        self._library.rd_kafka_mock_clear_request_errors(self._cluster, request)
        codes = [getattr(confluent_kafka.KafkaError, name) for name in names]
        array = (c_int * len(codes))(*codes)
        self._library.rd_kafka_mock_push_request_errors_array(self._cluster, request, len(codes), array)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._library.rd_kafka_mock_cluster_destroy(self._cluster)
        self._library.rd_kafka_destroy(self._owner)
