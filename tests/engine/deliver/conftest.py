"""Histories for couriers: files here, a real PostgreSQL under `make test-services`."""

from tests.engine.history.conftest import place, server

__all__ = ["place", "server"]
