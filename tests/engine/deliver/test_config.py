"""Sinks in a file of options: what is right is read, and each slip is told with its line and no secret."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.deliver.config import routes_of
from scanner.deliver.route import Route
from scanner.deliver.secret import Secret
from scanner.deliver.sinks import file
from scanner.document import Document, Problems, read
from tests.engine.deliver.paper_sinks import BELL, DRUM, FORMATS, TYPES, Bell, Login

GOOD = """\
provider: aws
sinks:
  siem:
    type: bell
    format: ecs
    only: [new, changed]
    status: fail
    severity: high
    url: https://bell.example/ring
    token: {env: BELL_TOKEN}
    at-most: 5
    loud: true
    headers:
      X-Key: {file: /run/secrets/key}
    auth:
      user: ringer
      password:
        env: BELL_PASSWORD
  second:
    type: drum
"""
LINES = GOOD.splitlines()
HIDDEN = "hunter2-is-secret"


def document(folder: Path, text: str) -> Document:
    path = folder / "config.yaml"
    path.write_text(text)
    return read(path)


def routes(folder: Path, text: str) -> tuple[Route, ...]:
    return routes_of(document(folder, text), TYPES, FORMATS)


def test_what_is_right_is_read(tmp_path: Path) -> None:
    assert routes(tmp_path, GOOD) == (
        Route(
            name="siem",
            type=BELL,
            options=Bell(
                url="https://bell.example/ring",
                token=Secret(env="BELL_TOKEN"),
                at_most=5,
                loud=True,
                headers={"X-Key": Secret(file="/run/secrets/key")},
                auth=Login(user="ringer", password=Secret(env="BELL_PASSWORD")),
            ),
            format="ecs",
            only=frozenset({"new", "changed"}),
            status=frozenset({"fail"}),
            severity="high",
            where=f"{tmp_path / 'config.yaml'}:3",
        ),
        Route(name="second", type=DRUM, options=DRUM.options(), format="ocsf", where=f"{tmp_path / 'config.yaml'}:19"),
    )


@pytest.mark.parametrize("text", ["", "provider: aws", "sinks:", "sinks: {}", "- a"])
def test_a_file_without_sinks_has_none(tmp_path: Path, text: str) -> None:
    assert routes(tmp_path, text) == ()


def test_the_usual_form_is_the_first_that_is_installed(tmp_path: Path) -> None:
    (route,) = routes_of(document(tmp_path, "sinks: {a: {type: drum}}"), TYPES, ["json", "ecs"])
    assert route.format == "ecs"


@pytest.mark.parametrize("text", ["new, changed", "[new, changed]", "[changed, new, new]"])
def test_words_stand_in_a_list_or_with_commas(tmp_path: Path, text: str) -> None:
    (route,) = routes(tmp_path, f"sinks: {{a: {{type: drum, only: '{text}'}}}}".replace("'[", "[").replace("]'", "]"))
    assert route.only == {"new", "changed"}


# Which line of GOOD is written anew, and what is said of it.
SLIPS = [
    (2, "sinks: [a]", "must be a mapping"),
    (3, "  off:", "is no name for a sink"),
    (3, "  si em:", "is no name for a sink"),
    (3, "  'si\"em':", "is no name for a sink"),
    (3, f"  {'a' * 65}:", "is no name for a sink"),
    (3, "  'ä':", "is no name for a sink"),
    (4, "    type: bel", "unknown type 'bel': did you mean 'bell'?"),
    (4, "    type: xylophone", "choose among bell, drum"),
    (4, "    type: [bell]", "type must be one of bell, drum"),
    (4, "    type:", "type must be one of bell, drum"),
    (5, "    format: esc", "unknown format 'esc': bell takes json, ecs"),
    (5, "    format: ocsf", "bell takes json, ecs"),
    (5, "    format: [ecs]", "format must be one of"),
    (6, "    only: [new, changd]", "unknown only 'changd': did you mean 'changed'?"),
    (6, "    only: fail", "unknown only 'fail': choose among new, standing"),
    (6, "    only: {new: true}", "only must be a list"),
    (6, "    only: [[new]]", "only must be one of"),
    (6, "    only: true", "only must be a list"),
    (7, "    status: failed", "unknown status 'failed': did you mean 'fail'?"),
    (7, "    status: [fail, open]", "unknown status 'open'"),
    (8, "    severity: hihg", "unknown severity 'hihg': did you mean 'high'?"),
    (8, "    severity: [high]", "severity must be one of critical"),
    (9, "    url: http://bell.example/ring", "url must begin with https://"),
    (9, "    url: [a]", "Expected text, got a list"),
    (9, "    url:", "got nothing"),
    (9, f"    url: https://me:{HIDDEN}@bell.example/", "url holds a password: a secret is never written here"),
    (9, f"    url: https://:{HIDDEN}@bell.example/", "url holds a password"),
    (9, "    uri: https://bell.example/ring", "the type bell takes no 'uri': did you mean 'url'?"),
    (10, f"    token: {HIDDEN}", "token: a secret is never written here: say where it is"),
    (10, f"    token: [{HIDDEN}]", "got a list"),
    (10, "    token: {}", "give `env: NAME`, `file: PATH` or `credential: NAME`"),
    (10, "    token: {env: A, file: /b}", "give `env: NAME`, `file: PATH` or `credential: NAME`"),
    (10, f"    token: {{env: {HIDDEN}}}", "env takes the name of an environment variable, not what it holds"),
    (10, "    token: {file: secrets/token}", "file takes a whole path"),
    (10, "    token: {credential: ../token}", "`credential` has to be the name of a file"),
    (10, f"    token: {{value: {HIDDEN}}}", "unknown field `value`"),
    (11, "    at-most: 10", "Expected `int` <= 9"),
    (11, "    at-most: many", "Expected `int`"),
    (11, "    at_most: 5", "the type bell takes no 'at_most': did you mean 'at-most'?"),
    (11, "    at-most: 6", "at-most is 5 for a bell that is loud"),
    (12, "    loud: perhaps", "Expected true or false"),
    (12, "    proxy: https://proxy.example", "the type bell takes no 'proxy': choose among type, format"),
    (13, "    headers: X-Key", "Expected a mapping"),
    (14, f"      X-Key: {HIDDEN}", "a secret is never written here"),
    (16, "      usr: ringer", "unknown field `usr`"),
    (18, "        env: 5 bells", "env takes the name of an environment variable"),
    (19, "  second: 5", "must be a mapping that says its type"),
    (19, "  second:", "must be a mapping that says its type"),
    (20, "    severity: high", "has no type"),
    (20, "    type: bell", "has no url, and the type bell needs it"),
]
ELSEWHERE = {"has no type": 19, "has no url,": 19}
"""What is missing has no line of its own: its sink's is named."""


def broken(line: int, text: str) -> str:
    # What stands below the line goes with it where it does not fit any more.
    below = {2: len(LINES), 13: 14, 19: 20}.get(line, line)
    return "\n".join([*LINES[: line - 1], text, *LINES[below:]])


def problems(folder: Path, text: str) -> Problems:
    with pytest.raises(Problems) as refused:
        routes(folder, text)
    return refused.value


@pytest.mark.parametrize(("line", "text", "said"), SLIPS, ids=lambda value: str(value).strip()[:40])
def test_a_slip_is_told_with_its_line_and_no_secret(tmp_path: Path, line: int, text: str, said: str) -> None:
    error = problems(tmp_path, broken(line, text))
    line = next((other for words, other in ELSEWHERE.items() if words in said), line)
    assert any(each.line == line and said in each.message for each in error.problems), str(error)
    # Only an option that is written wrong is missing, too.
    assert len(error.problems) == 1 or "takes no" in said or "has no" in said or "usr" in text, str(error)
    assert HIDDEN not in str(error) and str(error).startswith(f"{tmp_path / 'config.yaml'}:")


@given(st.lists(st.sampled_from([slip for slip in SLIPS if 4 < slip[0] < 13]), min_size=2, unique_by=lambda s: s[0]))
def test_all_slips_are_told_at_once(
    tmp_path_factory: pytest.TempPathFactory, slips: list[tuple[int, str, str]]
) -> None:
    lines = list(LINES)
    for line, text, _ in slips:
        lines[line - 1] = text
    error = problems(tmp_path_factory.mktemp("slips"), "\n".join(lines))
    told = {problem.line for problem in error.problems}
    # What options say together is told when each says something by itself.
    together = {line for line, text, _ in slips if "http://" in text or "at-most: 6" in text}
    assert told >= {line for line, _, _ in slips} - together
    assert told <= {line for line, _, _ in slips} | {3}
    assert [problem.line for problem in error.problems] == sorted(problem.line for problem in error.problems)


def test_a_form_that_nobody_brings_is_told(tmp_path: Path) -> None:
    with pytest.raises(Problems, match="has no format: none of json, ecs is installed"):
        routes_of(document(tmp_path, GOOD.replace("    format: ecs\n", "")), TYPES, ["ocsf"])


LINES_OF = """\
sinks:
  one:
    type: file
    directory: {one}
  two:
    type: file
    directory: {two}
    prefix: {prefix}
    format: json
  other:
    type: drum
  another:
    type: drum
"""


def lines_of(folder: Path, two: str, prefix: str = "ourside") -> tuple[Route, ...]:
    text = LINES_OF.format(one=folder / "lines", two=two, prefix=prefix)
    return routes_of(document(folder, text), {**TYPES, "file": file.TYPE}, FORMATS)


def test_two_sinks_do_not_share_a_place(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "lines")
    for same in ("lines", "lines/", "./lines", "other/../lines", "link"):
        with pytest.raises(Problems) as refused:
            lines_of(tmp_path, f"{tmp_path}/{same}")
        assert [problem.line for problem in refused.value.problems] == [5]
        assert f"sink 'two': it writes to the same place as the sink 'one' of {tmp_path}/config.yaml:2" in str(
            refused.value
        )


def test_other_places_are_not_shared(tmp_path: Path) -> None:
    assert len(lines_of(tmp_path, str(tmp_path / "lines"), prefix="more")) == 4
    assert len(lines_of(tmp_path, str(tmp_path / "more"))) == 4
