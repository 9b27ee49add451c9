"""`exceptions.yaml`, read."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

from scanner.accountability.exceptions import Entry, ExceptionRow, Exceptions, ExceptionsFile
from scanner.accountability.form import Form, called
from scanner.accountability.known import Known
from scanner.accountability.match import Match, Matcher, check_match
from scanner.accountability.owners import folded

_WHERE = ("uid", "name", "scope", "tags", "finding")
_ID = re.compile(r"f1:[0-9a-f]{32}")
_FIXES = {
    "ticket": "write where it was decided, such as `ticket: SEC-123`",
    "approver": "write who accepted it, somebody other than its owner",
    "owner": "write who answers for it, such as `owner: storage`",
    "reason": "write why the failure is acceptable for now",
    "expires": "write the last day on which it holds, such as `expires: 2027-03-31`",
}


def read_exceptions(path: Path, known: Known, today: date) -> Exceptions:
    """The exceptions file; Problems where something is wrong with it. One that has expired is not wrong."""
    form = Form(path)
    file = form.whole(ExceptionsFile)
    for name in ("longest", "longest_broad", "warn"):
        least = 0 if name == "warn" else 1
        if getattr(file, name) < least:
            form.blame(f".{name}", f"{name} is {getattr(file, name)}: write {least} or more days")
    if file.longest < file.longest_broad and form.wrote("longest_broad"):
        form.blame(
            ".longest_broad", f"longest_broad is longer than longest ({file.longest}): write at most as many days"
        )
    rows = form.each(file.exceptions, ExceptionRow, ".exceptions")
    form.unique((place, row.id) for place, row in rows)
    _repeated(form, rows)
    entries = [entry for place, row in rows if (entry := _entry(form, row, known, file, today, place))]
    form.refuse()
    return Exceptions(today, tuple(entries), file.warn)


def _repeated(form: Form, rows: list[tuple[str, ExceptionRow]]) -> None:
    """Two exceptions about the same: nobody could say which of them is meant."""
    first: dict[tuple[tuple[str, object], ...], str] = {}
    for place, row in rows:
        if row.match is None or not row.match.named():
            continue
        same = tuple(sorted(row.match.named().items()))
        if first.setdefault(same, place) != place:
            form.blame(f"{place}.match", f"{called(place)} matches the same as {form.where(first[same])}: keep one")


def _entry(form: Form, row: ExceptionRow, known: Known, file: ExceptionsFile, today: date, place: str) -> Entry | None:
    said = form.said(row, _FIXES, place)
    if row.approver.strip() and folded(row.approver) == folded(row.owner):
        form.blame(f"{place}.approver", f"{row.approver!r} is owner and approver: let somebody else approve")
    matches = check_match(form, row.match, known, f"{place}.match")
    if not matches or row.match is None:
        return None
    _check_explicit(form, row.match, f"{place}.match")
    matcher = Matcher(row.match)
    if row.expires is not None:
        broad = any(texts.broad for texts in matcher.texts.values())
        _check_end(
            form, row.expires, min(file.longest, file.longest_broad) if broad else file.longest, broad, today, place
        )
    if not said or row.expires is None:
        return None
    return Entry(form.where(place), matcher, row.ticket, row.approver, row.owner, row.reason, row.expires)


def _check_explicit(form: Form, match: Match, place: str) -> None:
    ids = (match.finding,) if isinstance(match.finding, str) else match.finding
    for id_ in ids:
        if not _ID.fullmatch(id_):
            form.blame(f"{place}.finding", f"{id_!r} is no finding's id: copy it whole, f1: and 32 digits")
    if ids:
        return
    if match.check == () and match.duty == ():
        form.blame(place, f"{called(place)} does not say what is accepted: name a check or a duty, or a finding's id")
    if all(not getattr(match, name) for name in _WHERE):
        form.blame(place, f"{called(place)} does not say where: name a uid, name, scope or tags, or a finding's id")


def _check_end(form: Form, expires: date, longest: int, broad: bool, today: date, place: str) -> None:
    latest = today + timedelta(days=min(longest, 100_000))
    if expires > latest:
        why = (
            f" for a match as broad as `*`, and {longest} days are the most"
            if broad
            else f", {longest} days are the most"
        )
        form.blame(f"{place}.expires", f"{expires} is too far ahead{why}: write {latest} or earlier")
