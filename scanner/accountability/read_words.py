"""`attestations.yaml` and `contract.yaml`, read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from scanner.accountability.attestations import Attestation, AttestationRow, Attestations, AttestationsFile
from scanner.accountability.contract import Contract, ContractFile, Document, DocumentRow
from scanner.accountability.form import Form
from scanner.accountability.known import Known
from scanner.accountability.texts import Globs, Texts, is_glob

_LINK = re.compile(r"[a-z][a-z0-9+.-]*://\S+")
_ATTESTATION = {
    "duty": "write the duty that is attested, such as `duty: governance.incident-readiness`",
    "scope": "write where it is done, such as an account's id; `'*'` is everywhere",
    "who": "write who attests it",
    "on": "write the day on which it was attested",
    "until": "write the last day on which it stands",
    "evidence": "write the address of what shows it",
}
_DOCUMENT = {
    "provider": "write whose document it is",
    "title": "write what it is called",
    "url": "write where it is found",
    "reviewed": "write the day on which somebody read it",
    "review_by": "write the last day before it has to be read again",
    "layers": "write the layers that it speaks of, such as `layers: [facility, physical-host]`",
}


def read_attestations(path: Path | None, known: Known, today: date) -> Attestations:
    """The attestations file; Problems where something is wrong with it."""
    if path is None:
        return Attestations(today)
    form = Form(path)
    file = form.whole(AttestationsFile)
    if file.longest < 1:
        form.blame(".longest", f"longest is {file.longest}: write 1 or more days")
    rows = form.each(file.attestations, AttestationRow, ".attestations")
    found = [made for place, row in rows if (made := _attestation(form, row, known, file.longest, today, place))]
    form.refuse()
    return Attestations(today, tuple(found))


def _attestation(
    form: Form, row: AttestationRow, known: Known, longest: int, today: date, place: str
) -> Attestation | None:
    said = form.said(row, _ATTESTATION, place)
    duties = _each(row.duty)
    _exact(form, duties, "duty", f"{place}.duty")
    form.named(row.duty, known.duties, "duty", f"{place}.duty")
    form.named(row.provider, known.providers, "provider", f"{place}.provider")
    _check_link(form, row.evidence, f"{place}.evidence")
    _check_past(form, row.on, today, f"{place}.on")
    if row.on and row.until:
        latest = row.on + timedelta(days=min(longest, 100_000))
        if row.until < row.on:
            form.blame(f"{place}.until", f"{row.until} is before {row.on}, on which it was attested: write a later day")
        elif row.until > latest:
            form.blame(
                f"{place}.until", f"{row.until} is more than {longest} days after {row.on}: write {latest} or earlier"
            )
    if not said or row.on is None or row.until is None:
        return None
    providers = Texts(row.provider) if row.provider != () else None
    return Attestation(form.where(place), duties, providers, Texts(row.scope), row.who, row.on, row.until, row.evidence)


def read_contract(path: Path | None, known: Known, today: date) -> Contract:
    """The contract file; Problems where something is wrong with it."""
    if path is None:
        return Contract(today)
    form = Form(path)
    file = form.whole(ContractFile)
    rows = form.each(file.documents, DocumentRow, ".documents")
    form.unique(((place, f"{row.provider} {row.title}" if row.title else "") for place, row in rows), "title")
    found = [made for place, row in rows if (made := _document(form, row, known, today, place))]
    form.refuse()
    return Contract(today, tuple(found))


def _document(form: Form, row: DocumentRow, known: Known, today: date, place: str) -> Document | None:
    said = form.said(row, _DOCUMENT, place)
    form.named(row.provider or (), known.providers, "provider", f"{place}.provider")
    form.named(row.layers, known.layers, "layer", f"{place}.layers")
    mine = [layer for layer in _each(row.layers) if known.layers.get(layer) == "customer-fixed"]
    for layer in mine:
        form.blame(f"{place}.layers", f"the layer {layer!r} is always the customer's: no document moves it; drop it")
    _check_link(form, row.url, f"{place}.url")
    _check_past(form, row.reviewed, today, f"{place}.reviewed")
    if row.reviewed and row.review_by and row.review_by <= row.reviewed:
        form.blame(f"{place}.review_by", f"{row.review_by} is not after {row.reviewed}, the review: write a later day")
    if not said or row.reviewed is None or row.review_by is None:
        return None
    texts = Texts(row.layers)
    layers = frozenset(name for name, band in known.layers.items() if band != "customer-fixed" and texts.match(name))
    return Document(form.where(place), row.provider, row.title, row.url, row.reviewed, row.review_by, layers)


def _each(globs: Globs) -> tuple[str, ...]:
    return (globs,) if isinstance(globs, str) else globs


def _exact(form: Form, names: Sequence[str], what: str, place: str) -> None:
    for name in names:
        if is_glob(name):
            form.blame(place, f"{name!r} stands for several: name each {what} that is attested")


def _check_link(form: Form, text: str, place: str) -> None:
    if text.strip() and not _LINK.fullmatch(text.strip()):
        form.blame(place, f"{text!r} is no address: write it whole, such as https://wiki.example/page")


def _check_past(form: Form, day: date | None, today: date, place: str) -> None:
    if day is not None and day > today:
        form.blame(place, f"{day} has not come yet: write the day on which it was done")
