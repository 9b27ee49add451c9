"""Laws over the source of all checks: what it may use, and that no check is written twice."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "checks"
FILES = sorted(path for path in FOLDER.rglob("*.py") if path.name != "__init__.py")
PACKAGES = sorted(path for path in FOLDER.rglob("__init__.py") if path.parent != FOLDER)
DOORS = {"__future__", "scanner.access", "scanner.check", "scanner.facts", "scanner.kinds", "scanner.model"}
ROOMS_OF_SDKS = {"client", "emulator", "sinks"}
REFUSED_NAMES = {
    "getattr",
    "hasattr",
    "setattr",
    "vars",
    "globals",
    "eval",
    "exec",
    "open",
    "input",
    "print",
    "__import__",
}
REFUSED_ATTRIBUTES = {"stored", "view", "identity", "layers", "guards", "everything", "escalation", "hops"}
"""What lies behind a question that can be unknown: `by(...).to(...)`, `all_powerful()`, a fact."""
REFUSED_NODES = (ast.Try, ast.With, ast.While, ast.Global, ast.ClassDef, ast.AsyncFunctionDef, ast.Import)


def name_of(path: Path) -> str:
    return str(path.relative_to(FOLDER))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


each_file = pytest.mark.parametrize("path", FILES, ids=name_of)


@each_file
def test_a_check_imports_the_model_and_kinds_only(path: Path) -> None:
    """So it has no clock, no pattern, no network, no SDK."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom):
            module, names = node.module or "", {alias.name for alias in node.names}
            if module == "datetime":
                assert names == {"timedelta"}
            elif module.startswith("providers."):
                assert not ROOMS_OF_SDKS & set(module.split("."))
            else:
                assert module in DOORS


@each_file
def test_a_check_is_a_plain_function_of_facts(path: Path) -> None:
    for node in ast.walk(tree(path)):
        assert not isinstance(node, REFUSED_NODES), f"line {node.lineno}: {type(node).__name__}"
        assert not (isinstance(node, ast.Name) and node.id in REFUSED_NAMES), node.id
        assert not (isinstance(node, ast.Attribute) and node.attr in REFUSED_ATTRIBUTES), node.attr


@pytest.mark.parametrize("path", PACKAGES, ids=name_of)
def test_a_folder_is_a_docstring(path: Path) -> None:
    (docstring,) = tree(path).body
    assert isinstance(docstring, ast.Expr)
    folders = path.parent.relative_to(FOLDER).parts
    if len(folders) > 1:
        assert ast.get_docstring(tree(path)) == f"Duty `{'.'.join(folders).replace('_', '-')}`."


def rules(path: Path) -> Iterator[ast.FunctionDef]:
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef) and node.decorator_list:
            yield node


class Shape(ast.NodeTransformer):
    """A function without what can differ by taste: constants, its docstring and the names that it gives itself.

    A member that is looked for in a fact stays: it tells one rule from another as the name of a fact does.
    """

    def __init__(self, own: set[str]) -> None:
        self.own = own

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Constant(None)

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        looked_for = isinstance(node.left, ast.Constant) and isinstance(node.ops[0], ast.In | ast.NotIn)
        left = node.left if looked_for else self.visit(node.left)
        return ast.Compare(left, node.ops, [self.visit(one) for one in node.comparators])

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return ast.Constant(None)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name("own" if node.id in self.own else node.id)


def shape(rule: ast.FunctionDef) -> str:
    own = {node.id for node in ast.walk(rule) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    own |= {argument.arg for argument in rule.args.args}
    kinds = [ast.dump(argument.annotation) for argument in rule.args.args if argument.annotation]
    return "\n".join([*kinds, *(ast.dump(Shape(own).visit(node)) for node in rule.body[1:])])


def test_no_two_checks_differ_in_constants_only() -> None:
    alike: dict[str, list[str]] = defaultdict(list)
    for path in FILES:
        for rule in rules(path):
            alike[shape(rule)].append(name_of(path))
    assert not [names for names in alike.values() if len(names) > 1]


def test_the_shape_of_a_rule_ignores_constants_and_own_names() -> None:
    """The law above can only be as good as its measure."""
    written = [
        "@check\ndef a(x: Bucket):\n  'Doc.'\n  for y in x.access.to('read'):\n    yield Reason(f'{y} is bad')",
        "@check\ndef b(z: Bucket):\n  'Else.'\n  for w in z.access.to('write'):\n    yield Reason('worse')",
        "@check\ndef c(x: Bucket):\n  'Doc.'\n  for y in x.trust.to('read'):\n    yield Reason(f'{y} is bad')",
        "@check\ndef d(x: Account):\n  'Doc.'\n  if 'firewall' not in x.alerted:\n    yield Reason('bad')",
        "@check\ndef e(y: Account):\n  'Doc.'\n  if 'firewall' not in y.alerted:\n    yield Reason('worse')",
        "@check\ndef f(x: Account):\n  'Doc.'\n  if 'network' not in x.alerted:\n    yield Reason('bad')",
    ]
    first, same, other, sought, sought_again, another_sought = (
        shape(node) for text in written for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)
    )
    assert first == same
    assert first != other
    assert sought == sought_again
    assert sought != another_sought


def test_checks_are_short() -> None:
    lengths = [len(path.read_text(encoding="utf-8").splitlines()) for path in FILES]
    assert max(lengths) <= 80
    assert sorted(lengths)[len(lengths) // 2] <= 40


def test_ids_are_unique_in_the_source() -> None:
    ids = re.findall(r'@check\(\s*"([^"]+)"', "\n".join(path.read_text(encoding="utf-8") for path in FILES))
    assert len(ids) == len(set(ids)) == len(FILES)
