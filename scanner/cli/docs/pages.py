"""Pages that are made from the code: checks, kinds, permissions, duties, sinks. `make docs` writes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from scanner.cli import doors
from scanner.cli.applying import clouds_of, kinds_of
from scanner.cli.docs.sinks import sinks_page
from scanner.facts import Fact, FromBulk, FromCall, FromFacts, FromListing
from scanner.model import NOWHERE, Resource
from scanner.plan import Plan
from scanner.responsibility.load import load_model

MADE = "<!-- Made from the code by `make docs`: do not edit. -->"


def pages() -> Mapping[str, str]:
    """All generated pages, by file name."""
    makers = {
        "checks.md": _checks,
        "kinds.md": _kinds,
        "permissions.md": _permissions,
        "duties.md": _duties,
        "sinks.md": sinks_page,
    }
    return {name: "\n".join([MADE, "", *make(), ""]) for name, make in makers.items()}


def write(folder: Path) -> None:
    """Write the pages."""
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


def _checks() -> Iterator[str]:
    checks = doors.checks()
    yield "# Checks"
    yield ""
    yield f"{len(checks)} checks, each in one file below `checks/`. `ourside checks show ID` prints one."
    yield ""
    yield "| check | severity | duty | judges |"
    yield "| --- | --- | --- | --- |"
    for check in checks.values():
        kinds = ", ".join(f"`{kind.type_id}`" for kind in kinds_of(check))
        yield f"| [{check.id}](#{check.id}) | {check.severity} | {check.duty} | {kinds} |"
    for check in checks.values():
        yield ""
        yield f"## {check.id}"
        yield ""
        yield f"**{check.guidance.title}** Severity {check.severity}; duty {check.duty}."
        yield ""
        yield check.guidance.why
        yield ""
        yield f"Fix: {check.guidance.fix}"
        yield ""
        for provider in map(doors.provider, clouds_of(check)):
            needs = ", ".join(f"`{need}`" for need in Plan.of([check], provider.kinds()).permissions())
            yield f"Needs on {provider.title}: {needs}."
            yield ""
        yield from (f"- <{reference}>" for reference in check.guidance.references)


def _kinds() -> Iterator[str]:
    yield "# Kinds and facts"
    yield ""
    yield "What is known of each type of resource, and which call answers it. What no check reads is not asked for."
    for provider in doors.providers().values():
        yield ""
        yield f"## {provider.title}"
        for kind in provider.kinds():
            yield ""
            yield f"### {kind.type_id}"
            yield ""
            yield f"{_first_line(kind)} Kind `{kind.kind}`. {_listed(kind)}"
            yield ""
            yield "| fact | meaning | from |"
            yield "| --- | --- | --- |"
            for name, fact in kind.facts.items():
                yield f"| {name} | {fact.doc} | {_source(fact)} |"


def _first_line(kind: type[Resource]) -> str:
    return (kind.__doc__ or "").strip().split("\n")[0]


def _listed(kind: type[Resource]) -> str:
    listing = kind.listed
    if listing is None or listing.level == NOWHERE:
        return "Only reached from others."
    if listing.call is None:
        return f"Every {listing.level or 'account'} has one."
    return f"Listed by `{listing.call.wire}`{' in each region' if listing.call.regional else ''}."


def _source(fact: Fact[object]) -> str:
    match fact.source:
        case FromListing():
            return "the listing"
        case FromCall(call=call) | FromBulk(call=call):
            return f"`{call.wire}`"
        case FromFacts():
            return f"computed from {', '.join(sorted(fact.reads.own))}"
        case _:
            return "not answered"


def _permissions() -> Iterator[str]:
    yield "# Permissions"
    yield ""
    yield "Every call that checks make, and what it needs. `ourside permissions` prints the policy for chosen checks."
    yield ""
    yield "What is asked only on demand is in no table. Give `ourside permissions` the same `--owners`, `--exceptions`"
    yield "and `--who-changed` as the scan: the policy then holds what tags, accounts' places and last changes take."
    for provider in doors.providers().values():
        plan = Plan.of(doors.checks().values(), provider.kinds())
        calls = {call.wire: call for call in [*provider.session_calls(regional=True), *plan.calls()]}
        yield ""
        yield f"## {provider.title}"
        yield ""
        yield "| call | permission |"
        yield "| --- | --- |"
        for wire, call in sorted(calls.items()):
            yield f"| `{wire}` | {', '.join(f'`{need}`' for need in call.permissions) or 'none'} |"
        yield ""
        yield "```json"
        yield provider.policy(sorted({need for call in calls.values() for need in call.permissions}))
        yield "```"


def _duties() -> Iterator[str]:
    model = load_model([provider.responsibility for provider in doors.providers().values()])
    checks = doors.checks().values()
    yield "# Duties"
    yield ""
    yield "The customer's side of the shared responsibility model, and the checks that find a duty violated."
    for duty in model.duties.values():
        yield ""
        yield f"## {duty.id}"
        yield ""
        yield f"**{duty.title}.** Layer `{duty.layer}`."
        yield ""
        yield f"- Your part: {duty.customer}"
        yield f"- The provider's part: {duty.counterpart}"
        ids = ", ".join(f"[{check.id}](checks.md#{check.id})" for check in checks if check.duty == duty.id)
        yield f"- Checks: {ids or 'none yet'}"
