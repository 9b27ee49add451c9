"""Files that are wrong, each with the line, what is said and the way out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Broken:
    """One wrong file; `>` marks the line that has to be named, the last one where there are several."""

    file: str
    name: str
    marked: str
    says: str
    fix: str

    @property
    def text(self) -> str:
        """Its content."""
        return "".join(f"{line.removeprefix('>')}\n" for line in self.marked.strip("\n").split("\n"))

    @property
    def line(self) -> int:
        """The line that has to be named."""
        return max(n for n, line in enumerate(self.marked.strip("\n").split("\n"), 1) if line.startswith(">"))


def _rule(**changed: str) -> str:
    fields = {"match": "{duty: data.*}", "owner": "ann", "backup": "bob", **changed}
    return "rules:\n" + _entry(fields)


def _exception(**changed: str) -> str:
    fields = {
        "match": "{check: bucket-open, name: b1}",
        "ticket": "T-1",
        "owner": "ann",
        "approver": "eve",
        "reason": "It is public.",
        "expires": "2027-06-01",
        **changed,
    }
    return "exceptions:\n" + _entry(fields)


def _attestation(**changed: str) -> str:
    fields = {
        "duty": "governance.incident-readiness",
        "scope": "'*'",
        "who": "eve",
        "on": "2027-01-01",
        "until": "2027-12-01",
        "evidence": "https://wiki.example/exercise",
        **changed,
    }
    return "attestations:\n" + _entry(fields)


def _document(**changed: str) -> str:
    fields = {
        "provider": "cumulus",
        "title": "Who does what",
        "url": "https://cumulus.example/shared",
        "reviewed": "2027-01-01",
        "review_by": "2028-01-01",
        "layers": "[facility]",
        **changed,
    }
    return "documents:\n" + _entry(fields)


def _entry(fields: dict[str, str]) -> str:
    """An entry of a list. A changed field is marked; one that is taken away marks the entry."""
    written = {name: value for name, value in fields.items() if value != GONE}
    changed = [name for name, value in written.items() if value.startswith(">")]
    lines = []
    for number, (name, value) in enumerate(written.items()):
        mark = ">" if name in changed or (number == 0 and not changed) else ""
        lines.append(f"{mark}{'- ' if number == 0 else '  '}{name}: {value.removeprefix('>')}")
    return "\n".join(lines)


GONE = "gone"

_AGAIN = """
- ticket: T-2
>  match: {check: bucket-open, name: b1}
  owner: ann
  approver: eve
  reason: Again.
  expires: 2027-06-01"""
_READ_AGAIN = """
- provider: cumulus
>  title: Who does what
  url: https://cumulus.example/again
  reviewed: 2027-01-01
  review_by: 2028-01-01
  layers: facility"""

BROKEN = [
    Broken(
        "owners", "duty", _rule(match=">{duty: data.public-acces}"), "unknown duty 'data.public-acces'", "did you mean"
    ),
    Broken("owners", "layer", _rule(match=">{layer: dat}"), "unknown layer 'dat'", "did you mean 'data'?"),
    Broken("owners", "check", _rule(match=">{check: bucket-opened}"), "unknown check", "did you mean 'bucket-open'?"),
    Broken("owners", "provider", _rule(match=">{provider: cumulos}"), "unknown provider", "did you mean 'cumulus'?"),
    Broken("owners", "pattern", _rule(match=">{duty: ['data.*', 'dat.*']}"), "unknown duty 'dat.*'", "did you mean"),
    Broken("owners", "no owner", _rule(owner=GONE), "rules[0] has no owner", "write the person or team"),
    Broken("owners", "empty owner", _rule(owner=">"), "Expected text, got nothing", "write one text"),
    Broken("owners", "no match", _rule(match=GONE), "matches nothing in particular", "name a duty"),
    Broken("owners", "empty match", _rule(match=">{}"), "matches nothing in particular", "name a duty"),
    Broken("owners", "empty pattern", _rule(match=">{scope: ''}"), "scope is empty", "or leave it out"),
    Broken("owners", "empty tag", _rule(match=">{tags: {team: ''}}"), "tag team is empty", "or leave it out"),
    Broken("owners", "backup", _rule(backup=">Ann"), "is its owner", "name somebody else"),
    Broken(
        "owners",
        "key",
        "rules:\n- match: {duty: data.*}\n  owner: ann\n>  bakup: bob",
        "unknown key 'bakup'",
        "'backup'?",
    ),
    Broken("owners", "match's key", _rule(match=">{dutty: data.*}"), "unknown key 'dutty'", "did you mean 'duty'?"),
    Broken("owners", "finding", _rule(match=">{finding: x}"), "about one finding", "match its uid"),
    Broken("owners", "severity", _rule(due=">{urgent: 1}"), "unknown key 'urgent'", "choose among critical"),
    Broken("owners", "days", _rule(due=">{high: soon}"), "Expected `int`", "write a whole number"),
    Broken("owners", "no days", "due:\n>  high: 0\nfrom_tags: {owner: team}", "is no time", "write 1 or more"),
    Broken("owners", "first", ">first: labels\nfrom_tags: {owner: team}", "'labels'", "docs/owners.md"),
    Broken("owners", "list", ">rules: {duty: data.*}", "must be a list", "begin each entry with `- `"),
    Broken("owners", "entry", "rules:\n>- ann", "must be a mapping", "match"),
    Broken("owners", "nothing", ">due: {high: 3}", "gives no owner to anything", "write `rules`"),
    Broken("owners", "tags' key", ">from_tags: {backup: team}", "from_tags has no owner", "write the key"),
    Broken("owners", "after tags", _rule(after_tags=">true"), "says nothing", "leave it out"),
    Broken(
        "owners",
        "id",
        _rule(id="a") + "\n- match: {duty: '*'}\n  owner: bob\n>  id: a",
        "stands in owners.yaml:2",
        "give another",
    ),
    Broken(
        "owners",
        "team's backup",
        "from_tags: {owner: team}\nteams:\n>  ann: {backup: ann}",
        "is its owner",
        "name somebody else",
    ),
    Broken(
        "owners",
        "team twice",
        "from_tags: {owner: team}\nteams: {ann: {}}\npeople:\n>  Ann: {}",
        "stands in",
        "keep one",
    ),
    Broken("owners", "yaml", "rules:\n>- match: {duty: [}\n  owner: ann", "is not YAML", ""),
    Broken("owners", "anchor", "rules:\n>- &a {match: {duty: data.*}, owner: ann}", "anchors", "write the value out"),
    Broken("exceptions", "ticket", _exception(ticket=GONE), "has no ticket", "write where it was decided"),
    Broken("exceptions", "approver", _exception(approver=GONE), "has no approver", "somebody other than its owner"),
    Broken("exceptions", "no owner", _exception(owner=GONE), "has no owner", "write who answers"),
    Broken("exceptions", "reason", _exception(reason=">'  '"), "has no reason", "write why"),
    Broken("exceptions", "expires", _exception(expires=GONE), "has no expires", "write the last day"),
    Broken(
        "exceptions", "own approver", _exception(approver=">ANN"), "is owner and approver", "let somebody else approve"
    ),
    Broken("exceptions", "date", _exception(expires=">next week"), "Invalid", "write a day as year-month-day"),
    Broken("exceptions", "no such day", _exception(expires=">2027-02-30"), "Invalid", "write a day as year-month-day"),
    Broken(
        "exceptions",
        "far",
        _exception(expires=">2028-03-01"),
        "is too far ahead, 365 days",
        "write 2028-02-29 or earlier",
    ),
    Broken(
        "exceptions",
        "broad",
        _exception(match="{check: bucket-open, uid: '*'}", expires=">2027-06-01"),
        "as broad as `*`",
        "2027-05-30 or earlier",
    ),
    Broken("exceptions", "what", _exception(match=">{name: b1}"), "does not say what", "name a check or a duty"),
    Broken("exceptions", "where", _exception(match=">{check: bucket-open}"), "does not say where", "name a uid"),
    Broken("exceptions", "match", _exception(match=GONE), "matches nothing in particular", "name a duty"),
    Broken(
        "exceptions", "check", _exception(match=">{check: bucket-opn, name: b1}"), "unknown check", "'bucket-open'?"
    ),
    Broken("exceptions", "duty", _exception(match=">{duty: dat.*, name: b1}"), "unknown duty", "did you mean"),
    Broken("exceptions", "finding", _exception(match=">{finding: 'f1:abc'}"), "is no finding's id", "copy it whole"),
    Broken(
        "exceptions",
        "twice",
        _exception() + _AGAIN,
        "matches the same as",
        "keep one",
    ),
    Broken("exceptions", "longest", ">longest: 0\nexceptions: []", "longest is 0", "write 1 or more"),
    Broken(
        "exceptions",
        "longer",
        "longest: 30\n>longest_broad: 60\nexceptions: []",
        "longer than longest",
        "at most as many",
    ),
    Broken("exceptions", "warn", ">warn: -1\nexceptions: []", "warn is -1", "write 0 or more"),
    Broken("exceptions", "key", _exception(aprover=">eve"), "unknown key 'aprover'", "did you mean 'approver'?"),
    Broken("exceptions", "key twice", _exception() + "\n>  reason: Again.", "a second time", "keep one"),
    Broken("attestations", "duty", _attestation(duty=">governance.incident-redyness"), "unknown duty", "did you mean"),
    Broken("attestations", "duties", _attestation(duty=">'governance.*'"), "stands for several", "name each duty"),
    Broken("attestations", "scope", _attestation(scope=GONE), "has no scope", "'*'"),
    Broken("attestations", "who", _attestation(who=GONE), "has no who", "write who attests"),
    Broken("attestations", "before", _attestation(until=">2026-12-31"), "is before 2027-01-01", "write a later day"),
    Broken(
        "attestations", "long", _attestation(until=">2028-01-02"), "more than 365 days", "write 2028-01-01 or earlier"
    ),
    Broken("attestations", "to come", _attestation(on=">2027-03-02"), "has not come yet", "on which it was done"),
    Broken("attestations", "link", _attestation(evidence=">see wiki"), "is no address", "https://"),
    Broken("contract", "provider", _document(provider=">cumuls"), "unknown provider", "did you mean 'cumulus'?"),
    Broken("contract", "layer", _document(layers=">[facilities]"), "unknown layer", "did you mean 'facility'?"),
    Broken("contract", "own layer", _document(layers=">[facility, data]"), "always the customer's", "drop it"),
    Broken("contract", "url", _document(url=GONE), "has no url", "write where it is found"),
    Broken("contract", "reviewed", _document(reviewed=">2027-05-01"), "has not come yet", "on which it was done"),
    Broken("contract", "review", _document(review_by=">2027-01-01"), "is not after", "write a later day"),
    Broken(
        "contract",
        "twice",
        _document() + _READ_AGAIN,
        "stands in contract.yaml:2",
        "give another",
    ),
]
