"""The page about sinks, made from their types and from what their options say of themselves."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, get_type_hints

import msgspec

from scanner.cli import doors
from scanner.deliver.secret import Secret
from scanner.deliver.sink import SinkType

INTRODUCTION = """\
A sink is a system that is told what a scan found. Each has a name and an entry below `sinks:` in the
[configuration file](config.md). Events wait in the history until a sink has taken them: [delivery](delivery.md) says
how, and what `ourside deliver` does.

Every entry may also say `format`, `only` (states that findings came to by the scan, such as `[new, changed, reopened,
resolved, excepted]`; all findings where it says nothing), `status` and `severity` (the least one).

A secret is never written in the file: `{env: NAME}`, `{file: PATH}` or `{credential: NAME}` say where it is. Addresses
are https unless they are of this machine, certificates are verified, and no redirect is followed."""


def sinks_page() -> Iterator[str]:
    """The page's lines."""
    yield "# Sinks"
    yield ""
    yield from INTRODUCTION.split("\n")
    yield ""
    yield "| type | what it is | forms of events | most at once | most of one |"
    yield "| --- | --- | --- | --- | --- |"
    types = [doors.sink_type(name) for name in doors.sink_names()]
    for kind in types:
        limits, forms = kind.limits, ", ".join(f"`{form}`" for form in kind.formats)
        most = f"{limits.items:,} events, {limits.octets:,} octets"
        yield f"| [{kind.name}](#{kind.name}) | {kind.summary.rstrip('.')} | {forms} | {most} | {limits.largest:,} |"
    for kind in types:
        yield from _section(kind)


def _section(kind: SinkType) -> Iterator[str]:
    yield ""
    yield f"## {kind.name}"
    yield ""
    yield f"{kind.summary.rstrip('.')}."
    story = inspect.getdoc(inspect.getmodule(kind.make)) or ""
    for paragraph in story.split("\n\n")[1:]:
        yield ""
        for line in paragraph.split("\n"):
            yield f"<{line}>" if line.startswith("https://") else line
    yield ""
    yield "```yaml"
    yield "sinks:"
    yield "  siem:"
    yield f"    type: {kind.name}"
    yield textwrap.indent(kind.example.rstrip("\n"), "    ")
    yield "```"
    yield ""
    yield f"Rights: {kind.rights}"
    if kind.needs:
        yield ""
        yield f"Install: `pip install 'ourside[{kind.needs}]'`"
    yield ""
    yield "| option | what it says | type | unless given |"
    yield "| --- | --- | --- | --- |"
    # What is the type's own stands before what it shares with others.
    own = vars(kind.options)["__annotations__"]
    fields = sorted(msgspec.structs.fields(kind.options), key=lambda field: field.name not in own)
    yield from (_row(kind.options, field) for field in fields)


def _row(options: type[msgspec.Struct], field: msgspec.structs.FieldInfo) -> str:
    said = " ".join(options_said(options).get(field.name, "").split())
    usual = "needed" if field.required else _shown(field)
    hint = get_type_hints(options)[field.name]
    cells = (f"`{field.encode_name}`", said, _typed(hint), usual)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _shown(field: msgspec.structs.FieldInfo) -> str:
    value: Any = field.default
    if value is msgspec.NODEFAULT:
        value = field.default_factory() if field.default_factory is not msgspec.NODEFAULT else None
    if isinstance(value, msgspec.Struct):
        value = msgspec.to_builtins(value)
    if value is None or value in ({}, ()):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _typed(hint: Any) -> str:
    words = str(hint).replace("typing.", "").replace("NoneType", "None").replace(" | None", "")
    if Secret.__name__ in words:
        return "secret" if "str" not in words else "text or secret"
    if words.startswith("<class"):
        name = hint.__name__
        words = {"str": "text", "int": "number", "float": "number", "bool": "true or false"}.get(name, "mapping")
    elif "Literal" in words:
        words = words.partition("Literal[")[2].partition("]")[0].replace("'", "`")
    elif "tuple" in words:
        words = "list"
    return {"str": "text", "int": "number", "float": "number"}.get(words, words)


@cache
def options_said(options: type[msgspec.Struct]) -> Mapping[str, str]:
    """What the docstrings of its fields say, with those of the shapes that it continues."""
    found: dict[str, str] = {}
    for each in reversed(options.__mro__):
        if not (issubclass(each, msgspec.Struct) and each is not msgspec.Struct):
            continue
        (shape,) = ast.parse(textwrap.dedent(inspect.getsource(each))).body
        assert isinstance(shape, ast.ClassDef)
        for field, text in zip(shape.body, shape.body[1:], strict=False):
            match field, text:
                case (
                    ast.AnnAssign(target=ast.Name(id=name)),
                    ast.Expr(value=ast.Constant(value=str(words))),
                ):
                    found[name] = words
                case _:
                    pass
    return found
