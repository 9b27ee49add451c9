"""Reading which members a client's models have, from their source; nothing of the clients is imported.

Three generations of Microsoft's generators are understood: `rest_field` annotations, `_attribute_map` tables, and the
deserialisers of Microsoft Graph's client. A type is written as `str`, `int`, `float`, `bool`, `any`, `[T]`, `{T}`, or
the name of a model.
"""

import ast
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

Models = dict[str, dict[str, str]]

_GRAPH_FIELD = re.compile(r'"([^"]+)": lambda n : setattr\(self, \'\w+\', n\.get_(\w+)\(([\w.]*)\)\)')
_GRAPH_CLASS = re.compile(r"^class (\w+)\(([^)]*)\):", re.MULTILINE)
_TEXTS = frozenset(
    {"str", "datetime", "date", "time", "timedelta", "bytes", "UUID", "iso-8601", "duration", "bytearray"}
)
_PLAIN = {"int": "int", "long": "int", "float": "float", "bool": "bool", "Any": "any", "object": "any", "JSON": "any"}


def read_models(wheels: Path, prefix: str, place: str) -> Models:
    """The models of one file of one wheel: every class with its members, inherited ones included."""
    wheel = next(path for path in sorted(wheels.glob(f"{prefix}-*.whl")))
    with zipfile.ZipFile(wheel) as archive:
        if prefix == "msgraph_sdk":
            names = [name for name in archive.namelist() if name.startswith("msgraph/generated/models/")]
            return _inherited(_graph_classes(archive.read(name).decode() for name in names if name.count("/") == 3))
        name = next(
            name
            for name in archive.namelist()
            if name.endswith((f"{place}models/_models.py", f"{place}models/_models_py3.py")) and "/aio/" not in name
        )
        return _inherited(_classes(archive.read(name).decode()))


class _Class(NamedTuple):
    bases: tuple[str, ...]
    members: dict[str, str]
    polymorphic: bool = False
    """Whether a value may be any of its subclasses, as a member of it tells."""


Classes = dict[str, _Class]


def _classes(source: str) -> Classes:
    found: Classes = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef):
            bases = tuple(ast.unparse(base).rpartition(".")[2] for base in node.bases)
            found[node.name] = _Class(bases, dict(_fields(node)), "rest_discriminator(" in ast.unparse(node))
    return found


def _fields(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for item in node.body:
        match item:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=ast.Call() as call):
                if ast.unparse(call.func) in ("rest_field", "rest_discriminator"):
                    named = [word.value for word in call.keywords if word.arg == "name"]
                    wire = ast.literal_eval(named[0]) if named else name
                    yield wire, _annotated(annotation)
            case ast.Assign(targets=[ast.Name(id="_attribute_map")], value=table):
                for row in ast.literal_eval(table).values():
                    yield row["key"], _mapped(row["type"])


def _annotated(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str() as text):
            return _annotated(ast.parse(text, mode="eval").body)
        case ast.Subscript(value=container, slice=inside):
            match ast.unparse(container).rpartition(".")[2]:
                case "Optional":
                    return _annotated(inside)
                case "list" | "List" | "Sequence":
                    return f"[{_annotated(inside)}]"
                case "dict" | "Dict" | "Mapping":
                    assert isinstance(inside, ast.Tuple)
                    return f"{{{_annotated(inside.elts[1])}}}"
                case "Union":
                    assert isinstance(inside, ast.Tuple)
                    kinds = {_annotated(each) for each in inside.elts}
                    return "str" if "str" in kinds else "any"
                case "Literal":
                    return "str"
                case _:
                    return "any"
        case _:
            return _mapped(ast.unparse(node).rpartition(".")[2])


def _mapped(text: str) -> str:
    if text.startswith(("[", "{")):
        return f"{text[0]}{_mapped(text[1:-1])}{text[-1]}"
    return "str" if text in _TEXTS else _PLAIN.get(text, text)


def _graph_classes(sources: Iterable[str]) -> Classes:
    found: Classes = {}
    for source in sources:
        head = _GRAPH_CLASS.search(source)
        if head is not None:
            bases = tuple(name.strip() for name in head[2].split(","))
            members = {wire: _graph_type(way, of) for wire, way, of in _GRAPH_FIELD.findall(source)}
            found[head[1]] = _Class(bases, members)
    return found


def _graph_type(way: str, of: str) -> str:
    match way:
        case "bool_value" | "int_value" | "float_value":
            return way.removesuffix("_value")
        case "object_value":
            return of
        case "collection_of_object_values":
            return f"[{of}]"
        case "collection_of_primitive_values":
            return f"[{_mapped(of)}]"
        case "collection_of_enum_values":
            return "[str]"
        case _:
            return "str"


def _inherited(classes: Classes) -> Models:
    below: dict[str, list[str]] = defaultdict(list)
    for name, each in classes.items():
        for base in each.bases:
            below[base].append(name)

    def upward(name: str) -> dict[str, str]:
        gathered: dict[str, str] = {}
        if name in classes:
            for base in classes[name].bases:
                gathered.update(upward(base))
            gathered.update(classes[name].members)
        return gathered

    def downward(name: str) -> dict[str, str]:
        gathered: dict[str, str] = {}
        for each in below[name]:
            gathered.update(downward(each) | classes[each].members)
        return gathered

    return {name: (downward(name) if each.polymorphic else {}) | upward(name) for name, each in tuple(classes.items())}
