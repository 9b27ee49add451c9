"""`owners.yaml`, read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from scanner.accountability.form import Form, called
from scanner.accountability.known import Known
from scanner.accountability.match import Matcher, check_match
from scanner.accountability.owners import Due, Owners, OwnersFile, Party, Rule, RuleRow, folded
from scanner.check import SEVERITIES


def read_owners(path: Path, known: Known) -> Owners:
    """The owners file; Problems where something is wrong with it."""
    form = Form(path)
    file = form.whole(OwnersFile)
    _check_due(form, file.due, ".due")
    parties = dict(_parties(form, file))
    rows = form.each(file.rules, RuleRow, ".rules")
    form.unique((place, row.id) for place, row in rows)
    for place, row in rows:
        if row.after_tags and (file.from_tags is None or file.first == "tags"):
            form.blame(
                f"{place}.after_tags", "after_tags says nothing without from_tags and `first: rules`: leave it out"
            )
    rules = [rule for place, row in rows if (rule := _rule(form, row, known, place, tags_first=file.first == "tags"))]
    rules.sort(key=lambda rule: rule.after_tags)
    if file.from_tags is not None and not file.from_tags.owner.strip():
        form.blame(
            ".from_tags", "from_tags has no owner: write the key of the tag that names it, such as `owner: team`"
        )
    if not rows and file.from_tags is None and not form.problems:
        form.blame("", "the file gives no owner to anything: write `rules`, or `from_tags`")
    form.refuse()
    return Owners(form.where(".from_tags"), file.due, file.from_tags, parties, tuple(rules))


def _parties(form: Form, file: OwnersFile) -> Iterator[tuple[str, Party]]:
    met: dict[str, str] = {}
    for table in ("teams", "people"):
        for name, value in getattr(file, table).items():
            place = f'.{table}["{name}"]'
            party = Party() if value is None else form.row(value, Party, place)
            if folded(name) in met:
                form.blame(place, f"{name!r} stands in {form.where(met[folded(name)])} already: keep one")
            met[folded(name)] = place
            _check_backup(form, name, party.backup, place)
            yield name, party


def _rule(form: Form, row: RuleRow, known: Known, place: str, *, tags_first: bool) -> Rule | None:
    _check_due(form, row.due, f"{place}.due")
    named = form.said(row, {"owner": "write the person or team that answers, such as `owner: storage`"}, place)
    if row.match is not None and row.match.finding != ():
        form.blame(f"{place}.match.finding", "a rule about one finding is none: match its uid, its name or its scope")
    matches = check_match(form, row.match, known, f"{place}.match")
    if named:
        _check_backup(form, row.owner, row.backup, place)
    if not (named and matches) or row.match is None:
        return None
    return Rule(
        form.where(place),
        row.id,
        Matcher(row.match),
        row.owner,
        row.backup,
        row.channel,
        row.due,
        tags_first or row.after_tags,
    )


def _check_backup(form: Form, owner: str, backup: str, place: str) -> None:
    if backup and folded(owner) == folded(backup):
        form.blame(
            f"{place}.backup",
            f"the backup of {called(place)} is its owner {owner!r}: name somebody else, or leave it out",
        )


def _check_due(form: Form, due: Due, place: str) -> None:
    for severity in SEVERITIES:
        days = due.days(severity)
        if days is not None and days < 1:
            form.blame(
                f"{place}.{severity}", f"{days} days for {severity} is no time: write 1 or more, or leave it out"
            )
