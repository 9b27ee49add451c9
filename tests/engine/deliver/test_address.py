"""Where a sink may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.deliver.address import is_forbidden, place_of, resolve
from scanner.deliver.sink import SinkError


@pytest.mark.parametrize(
    ("url", "origin", "target"),
    [
        ("https://Splunk.example.com:8088", "https://splunk.example.com:8088", "/x"),
        ("https://a.example/deep/path/", "https://a.example", "/deep/path/x"),
        ("https://a.example:443", "https://a.example", "/x"),
        ("HTTPS://[2001:db8::1]:9200/", "https://[2001:db8::1]:9200", "/x"),
        ("http://localhost:8088", "http://localhost:8088", "/x"),
        ("http://127.9.9.9", "http://127.9.9.9", "/x"),
        ("http://[::1]:80", "http://[::1]", "/x"),
    ],
)
def test_a_url_is_read(url: str, origin: str, target: str) -> None:
    place = place_of(url)
    assert place.origin == origin
    assert place.target("/x") == target


def test_a_query_is_asked_for_beside_ours() -> None:
    place = place_of("https://a.example/hook?sig=secret", query=True)
    assert place.target("", "a=b") == "/hook?sig=secret&a=b"
    assert "secret" not in repr(place) + place.origin


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://a.example", "use https"),
        ("http://2130706433", "use https"),
        ("http://localhost.example", "use https"),
        ("http://127.0.0.1.example", "use https"),
        ("ftp://a.example", "no URL"),
        ("//a.example", "no URL"),
        ("a.example:8088", "no URL"),
        ("", "no URL"),
        ("https://", "no URL"),
        ("https:///path", "no host"),
        ("https://ex%61mple", "no host"),
        ("https://a b.example", "no URL"),
        ("https://a.example/\r\nX: y", "no URL"),
        ("https://a.example\\@b.example", "no URL"),
        ("https://bücher.example", "no URL"),
        ("https://user:pass@a.example", "holds a user"),
        ("https://token@a.example", "holds a user"),
        ("https://@a.example", "holds a user"),
        ("https://a.example?sig=1", "a query"),
        ("https://a.example#x", "a query"),
        ("https://a.example:99999", "no port"),
        ("https://a.example:0", "no port"),
        ("https://a.example:x", "no port"),
        ("https://[::1", "no URL"),
        ("https://-a.example", "no host"),
    ],
)
def test_a_url_that_may_not_be_one_is_refused_and_not_shown(url: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as caught:
        place_of(url)
    assert len(url) < 10 or url not in str(caught.value)
    assert "pass" not in str(caught.value)


@given(st.text(max_size=30) | st.from_regex(r"https?://\S{0,20}"))
def test_any_text_is_an_endpoint_or_refused(text: str) -> None:
    try:
        place = place_of(text, query=True)
    except ValueError:
        return
    target = place.target("/x")
    assert target.isascii() and target.isprintable() and " " not in target
    assert target.startswith("/")


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "169.254.170.2",
        "fe80::1",
        "fe80::1%eth0",
        "fd00:ec2::254",
        "fd20:ce::254",
        "168.63.129.16",
        "100.100.100.200",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
    ],
)
def test_links_and_metadata_services_are_no_sinks(address: str) -> None:
    assert is_forbidden(address)
    bare = address.partition("%")[0]
    place = place_of(f"https://[{bare}]" if ":" in bare else f"https://{bare}")
    with pytest.raises(SinkError, match="allow-link-local: true") as caught:
        resolve(place, anywhere=False)
    assert caught.value.lasting
    assert resolve(place, anywhere=True)


@pytest.mark.parametrize(
    "address", ["10.1.2.3", "127.0.0.1", "8.8.8.8", "::1", "2001:db8::1", "64:ff9b::808:808", "x.example"]
)
def test_other_addresses_are(address: str) -> None:
    assert not is_forbidden(address)


def test_a_number_that_is_an_address_is_looked_at_as_one() -> None:
    with pytest.raises(SinkError, match="allow-link-local"):
        resolve(place_of("https://2852039166"), anywhere=False)


def test_a_name_that_nobody_has_is_told() -> None:
    with pytest.raises(SinkError, match=r"https://nobody\.invalid:1: no address is known") as caught:
        resolve(place_of("https://nobody.invalid:1"), anywhere=False)
    assert not caught.value.lasting
