"""Which endpoints the environment lets be reached without a proxy."""

from __future__ import annotations

import pytest

from scanner.deliver.address import place_of
from scanner.deliver.proxy import is_spared


@pytest.mark.parametrize(
    ("url", "listed"),
    [
        ("https://siem.example.com:8088", "siem.example.com"),
        ("https://siem.example.com:8088", "a.example, EXAMPLE.com"),
        ("https://siem.example.com:8088", ".example.com"),
        ("https://siem.example.com:8088", "*.example.com"),
        ("https://siem.example.com.:8088", "example.com"),
        ("https://siem.example.com:8088", "example.com:8088"),
        ("https://siem.example.com", "example.com:443"),
        ("https://siem.example.com", "*"),
        ("https://10.1.2.3:8088", "10.1.2.3"),
        ("https://10.1.2.3:8088", "192.0.2.0/24,10.0.0.0/8"),
        ("https://10.1.2.3:8088", "10.1.2.3:8088"),
        ("https://[2001:db8::7]", "2001:db8::/32"),
        ("https://[2001:db8::7]", "2001:db8:0::7"),
        ("https://[2001:db8::7]", "[2001:db8::7]:443"),
    ],
)
def test_what_is_named_is_spared(url: str, listed: str) -> None:
    assert is_spared(place_of(url), listed)


@pytest.mark.parametrize(
    ("url", "listed"),
    [
        ("https://siem.example.com", ""),
        ("https://siem.example.com", " , ,"),
        ("https://siem.example.com", "."),
        ("https://siem.example.com", "other.example.com"),
        ("https://siem.example.com", "le.com"),
        ("https://example.com", "siem.example.com"),
        ("https://siem.example.com:8088", "example.com:443"),
        ("https://siem.example.com", "10.0.0.0/8"),
        ("https://11.1.2.3", "10.0.0.0/8"),
        ("https://10.1.2.3:8088", "10.1.2.3:443"),
        ("https://[2001:db9::7]", "2001:db8::/32"),
        ("https://10.1.2.3", "2.3"),
    ],
)
def test_what_is_not_named_is_not(url: str, listed: str) -> None:
    assert not is_spared(place_of(url), listed)
