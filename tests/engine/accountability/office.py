"""A small office: findings, files and names to draw from, so few that rules and findings often meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import strategies as st

from scanner.accountability.known import Known
from scanner.accountability.load import Files, load_accountability
from scanner.accountability.settle import Accountability
from scanner.check import SEVERITIES
from scanner.finding import Finding, Status, Subject
from scanner.responsibility.attribution import Responsibility
from scanner.scope import Container

TODAY = date(2027, 3, 1)
DUTIES = {
    "data.public-access": "data",
    "data.recoverability": "data",
    "identity.lifecycle": "identity",
    "governance.incident-readiness": "governance",
}
CHECKS = {"bucket-open": "data.public-access", "bucket-lost": "data.recoverability", "user-old": "identity.lifecycle"}
LAYERS = {
    "data": "customer-fixed",
    "identity": "customer-fixed",
    "governance": "customer-fixed",
    "runtime": "variable",
    "facility": "provider-fixed",
}
KNOWN = Known(DUTIES, LAYERS, CHECKS, ("cumulus", "nimbus"))

PEOPLE = ("ann", "bob", "cem")
KEYS, VALUES = ("team", "env"), ("ann", "bob", "prod")


def responsibility(duty: str) -> Responsibility:
    """Whose duty it is, before anybody is named."""
    return Responsibility(
        duty=duty,
        layer=DUTIES[duty],
        layer_owner="customer",
        side="customer",
        service_model="paas",
        customer_part="Yours.",
        provider_part="Theirs.",
        shared_kind="customer-only",
        ccm_ownership="csc-owned",
        inheritance="system-specific",
        confidence="mapped",
    )


def finding(
    check: str = "bucket-open",
    name: str = "b1",
    tags: Mapping[str, str] | None = None,
    within: Sequence[Container] = (Container("account", "cumulus::1", "shop"),),
    status: Status = "fail",
    **given: Any,
) -> Finding:
    """A result on a bucket."""
    uid = given.pop("uid", f"cumulus::1/{name}")
    placed = given.pop("placed", bool(within) and within[0].level != "account")
    subject = Subject(uid, "bucket", "cumulus.store.bucket", name, "cumulus", "1", "here", tuple(within), tags, placed)
    made: dict[str, Any] = {
        "id": "f1:" + check.encode().hex().ljust(32, "0")[:32],
        "severity": "high",
        "scan": "scan-1",
        "responsibility": responsibility(CHECKS[check]),
    }
    return Finding(check=check, status=status, resource=subject, **{**made, **given})


def load(folder: Path, files: Mapping[str, object], today: date = TODAY) -> Accountability:
    """What files with these contents say; a text is written as it is, all else as JSON, which is YAML."""
    paths = {}
    for name, content in files.items():
        paths[name] = folder / f"{name}.yaml"
        text = content if isinstance(content, str) else msgspec.json.encode(content).decode()
        paths[name].write_text(text, encoding="utf-8")
    return load_accountability(Files(**paths), KNOWN, today)


tags = st.none() | st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES), max_size=2)
ACCOUNT, GROUP = ("account", "cumulus::1", "shop"), ("group", "cumulus::1/g", "web")
ABOVE = (("organization", "cumulus::o", "acme"), ("folder", "cumulus::f", "prod"))


@st.composite
def findings(draw: st.DrawFn, statuses: Sequence[Status] = ("fail", "pass", "unknown")) -> Finding:
    """A result, of which all or little may be known."""
    above = draw(st.sampled_from([(), ABOVE[:1], ABOVE]))
    below = draw(st.sampled_from([(), (GROUP,)]))
    within = [Container(*each, draw(tags)) for each in (*above, ACCOUNT, *below)]
    given: dict[str, Any] = {"uid": "cumulus::1"} if draw(st.integers(0, 5)) == 0 else {}
    return finding(
        draw(st.sampled_from(sorted(CHECKS))),
        draw(st.sampled_from(["b1", "b2"])),
        draw(tags),
        within,
        draw(st.sampled_from(statuses)),
        severity=draw(st.sampled_from(SEVERITIES)),
        **given,
    )


def globs(*texts: str) -> st.SearchStrategy[Any]:
    """One of some texts, or several of them."""
    return st.sampled_from(texts) | st.lists(st.sampled_from(texts), min_size=1, max_size=2)


WHAT = {
    "duty": globs("*", "data.*", "identity.lifecycle"),
    "check": globs("*", "bucket-*", "user-old"),
}
WHERE = {
    "scope": globs(
        "shop", "prod", "acme/prod", "prod/shop", "acme/*", "1", "web", "shop/web", "cumulus::*", "elsewhere"
    ),
    "name": globs("b1", "b*", "b2"),
    "uid": globs("cumulus::1/*", "cumulus::1", "cumulus::1/b1"),
    "tags": st.dictionaries(st.sampled_from(KEYS), globs("ann", "b*", "prod", "*"), min_size=1, max_size=2),
}
OTHER = {"layer": globs("data", "identity"), "provider": globs("cumulus", "nimbus"), "type": globs("cumulus.*", "x")}


def some_of(
    fields: Mapping[str, st.SearchStrategy[Any]], least: int = 1, most: int = 2
) -> st.SearchStrategy[dict[str, Any]]:
    """Some of these fields."""
    names = st.lists(st.sampled_from(sorted(fields)), min_size=least, max_size=most, unique=True)
    return names.flatmap(lambda chosen: st.fixed_dictionaries({name: fields[name] for name in chosen}))


rules = st.builds(
    lambda match, owner, backup, due, after: {
        "match": match,
        "owner": owner,
        **({"backup": backup} if backup != owner and backup else {}),
        **({"due": {"high": due}} if due else {}),
        **({"after_tags": True} if after else {}),
    },
    some_of(WHERE) | some_of(WHAT, 1, 1) | some_of({**WHAT, **WHERE, **OTHER}),
    st.sampled_from(PEOPLE),
    st.sampled_from((*PEOPLE, "")),
    st.integers(0, 2),
    st.booleans(),
)


@st.composite
def owners_files(draw: st.DrawFn) -> dict[str, Any]:
    """An owners file."""
    file: dict[str, Any] = {"due": {"critical": 7, "high": 30}, "rules": draw(st.lists(rules, max_size=4))}
    if draw(st.booleans()) or not file["rules"]:
        file["from_tags"] = {"owner": "team"}
    if draw(st.booleans()):
        file["first"] = draw(st.sampled_from(["tags", "rules"]))
    if draw(st.booleans()):
        file["teams"] = {name: {"backup": "dan"} for name in PEOPLE[:2]}
    if "from_tags" not in file or file.get("first") == "tags":
        for rule in file["rules"]:
            rule.pop("after_tags", None)
    return file


@st.composite
def exceptions_files(draw: st.DrawFn) -> dict[str, Any]:
    """An exceptions file, some of it over."""
    entries: dict[str, dict[str, Any]] = {}
    for number in range(draw(st.integers(0, 4))):
        approver = draw(st.sampled_from((*PEOPLE, "eve")))
        match = {**draw(some_of(WHAT, 1, 1)), **draw(some_of(WHERE)), **draw(some_of(OTHER, 0, 1))}
        entries[repr(sorted(match.items()))] = {
            "ticket": f"T-{number}",
            "match": match,
            "approver": approver,
            "owner": draw(st.sampled_from([name for name in PEOPLE if name != approver])),
            "reason": "It is so.",
            "expires": TODAY + timedelta(days=draw(st.sampled_from([-1, 0, 5, 60]))),
        }
    return {"exceptions": list(entries.values())}
