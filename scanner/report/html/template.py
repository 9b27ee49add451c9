"""The parts of a page that are the same with and without its script, made with jinja2."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from scanner.finding import Finding
from scanner.matrix.catalogue import Catalogue
from scanner.matrix.columns import Axis
from scanner.matrix.matrix import Matrix, matrix_of
from scanner.posture import Posture
from scanner.report.html import assets
from scanner.report.html.address import of_finding
from scanner.report.html.gathered import Gathered
from scanner.report.html.glance_view import glance_view
from scanner.report.html.matrix_view import matrix_view
from scanner.report.html.people import overdue
from scanner.report.html.summary_view import summary_view
from scanner.report.matrix.wording import coverage_words, document_words, moved_words
from scanner.report.report import Report
from scanner.report.visible import visible
from scanner.report.words import unread_words

LONGEST = 600
"""Characters of one text that are shown in a row."""
RULES = 100


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("scanner.report.html", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(number=_number, brief=brief)
    return environment


def _shown(value: object) -> object:
    """What is put into the page: every text that is not our own markup shows as itself."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _number(value: int) -> str:
    return f"{value:,}"


def brief(text: str) -> str:
    """A text, or its ends where it is too long for a row: ends tell names apart."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2]}…{text[-LONGEST // 2 :]}"


@dataclass(frozen=True, slots=True)
class Row:
    """A finding in a row."""

    finding: Finding
    check: str
    duty: str
    account: str
    said: tuple[str, ...]
    overdue: bool
    href: str


def head(report: Report, all_: Gathered) -> Iterator[str]:
    """The page up to its list of findings."""
    matrices = {axis: _matrix(report, all_.posture, axis) for axis in ("cloud", "account", "owner")}
    clouds = matrices["cloud"]
    yield from (
        _environment()
        .get_template("page.html.j2")
        .generate(
            policy=assets.policy(),
            style=Markup(assets.style()),  # noqa: S704  # our own file, and the policy has its hash
            run=report.run,
            posture=all_.posture,
            summary=summary_view(report, all_),
            matrix=matrix_view(clouds, report.clouds),
            glance=glance_view(clouds, report.clouds),
            others=[
                matrix_view(each, report.clouds) for axis, each in matrices.items() if axis != "cloud" and each.columns
            ],
            coverage=coverage_words(clouds.coverage, inventory_known=clouds.inventory_known),
            violated=len(clouds.violated),
            moved=[(one, moved_words(one)) for one in clouds.moved[:RULES]],
            more_moved=max(len(clouds.moved) - RULES, 0),
            undecided=clouds.undecided[:RULES],
            heritage=[
                (one, document_words(one.document), bool(one.document and one.document.late(clouds.today)))
                for one in clouds.heritage
            ],
            elsewhere=clouds.elsewhere,
            layers=report.model.layers,
            duties=report.model.duties,
            clouds=report.clouds,
            findings=all_.findings,
            rows=[_row(report, finding) for finding in all_.worst],
        )
    )


def foot(defects: Sequence[str]) -> Iterator[str]:
    """The page after its data."""
    script = Markup(assets.script())  # noqa: S704  # our own file, and the policy has its hash
    yield from _environment().get_template("foot.html.j2").generate(defects=defects, script=script)


def _matrix(report: Report, posture: Posture, axis: Axis) -> Matrix:
    catalogue = report.catalogue or _judged(posture)
    today: date = report.run.taken_at.date()
    return matrix_of(posture, report.model, catalogue, report.promises, axis, today)


def _judged(posture: Posture) -> Catalogue:
    """What can be said of what checks judge where nobody says what is installed: what they have judged here."""
    types: dict[str, set[str]] = {}
    providers: dict[str, set[str]] = {}
    for counted in posture.counted:
        duty = counted.group.responsibility.duty
        types.setdefault(counted.group.type, set()).add(duty)
        providers.setdefault(counted.group.provider, set()).add(duty)
    return Catalogue(
        {name: frozenset(duties) for name, duties in types.items()},
        {name: frozenset(duties) for name, duties in providers.items()},
        {},
    )


def _row(report: Report, finding: Finding) -> Row:
    check = report.checks.get(finding.check)
    duty = report.model.duties.get(finding.responsibility.duty)
    said = [reason.text for reason in finding.reasons] + [unread_words(gap) for gap in finding.unread]
    title = check.guidance.title if check else ""
    return Row(
        finding,
        title,
        duty.title if duty else "",
        " ".join((report.clouds.get(finding.resource.provider, finding.resource.provider), finding.resource.account)),
        tuple(dict.fromkeys(said))[:3],
        overdue(finding),
        of_finding(finding.id),
    )
