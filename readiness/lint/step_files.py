"""Rules for step files. behave executes them, so no import check sees them: this one reads their syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from readiness.lint.findings import Finding

MOST_LINES = 6
MAY_IMPORT = frozenset({"__future__", "behave", "hamcrest", "readiness"})
KEYWORDS = frozenset({"given", "when", "then"})
JUDGES = frozenset({"judge", "measure"})
TALKS_TO_THE_WORLD = frozenset({"open", "print", "input", "exec", "eval", "__import__"})
LOGIC = (
    ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.TryStar, ast.With, ast.AsyncWith, ast.Match,
    ast.BoolOp, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.FunctionDef, ast.Assert,
)  # fmt: skip


def read_step_file(root: Path, path: Path) -> list[Finding]:
    """All findings of one step file under `root`."""
    return list(step_file_findings(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")))


def step_file_findings(path: str, text: str) -> Iterator[Finding]:
    """All findings of a step file with this text."""
    try:
        module = ast.parse(text)
    except SyntaxError as error:
        yield Finding(
            path, error.lineno or 1, "step-file", f"Python cannot read it: {error.msg}.", "mend the syntax."
        )
        return
    yield from _imports(path, module)
    for position, statement in enumerate(module.body):
        kinds = _kinds(statement)
        if isinstance(statement, ast.FunctionDef) and kinds:
            yield from _step(path, statement, kinds)
        elif not (_is_text(statement) and position == 0) and not isinstance(
            statement, ast.Import | ast.ImportFrom
        ):
            what = "A step file holds something that is neither import nor step."
            yield Finding(path, statement.lineno, "step-file", what, "move it into readiness/.")


def _imports(path: str, module: ast.Module) -> Iterator[Finding]:
    for node in ast.walk(module):
        match node:
            case ast.Import():
                names = [alias.name for alias in node.names]
            case ast.ImportFrom():
                names = [node.module or "."]
            case _:
                continue
        for name in names:
            if name.split(".")[0] not in MAY_IMPORT:
                what = f"A step file imports {name}."
                to_do = f"call a function of readiness/ instead; allowed: {', '.join(sorted(MAY_IMPORT))}."
                yield Finding(path, node.lineno, "step-import", what, to_do)


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _kinds(statement: ast.stmt) -> set[str]:
    """The keywords that a function is registered for; none when it is no step."""
    if not isinstance(statement, ast.FunctionDef):
        return set()
    calls = (decorator.func for decorator in statement.decorator_list if isinstance(decorator, ast.Call))
    return {call.id for call in calls if isinstance(call, ast.Name)} & KEYWORDS


def _step(path: str, function: ast.FunctionDef, kinds: set[str]) -> Iterator[Finding]:
    name, line = function.name, function.lineno
    docstring = ast.get_docstring(function) or ""
    if not docstring.endswith(".") or "\n" in docstring or ". " in docstring:
        what = f"{name} has no docstring of one sentence."
        yield Finding(path, line, "step-docstring", what, "say in one sentence what it does or requires.")
    body = function.body[1:] if docstring else function.body
    if not body:
        yield Finding(path, line, "step-body", f"{name} does nothing.", "let it act or judge.")
        return
    lines = (body[-1].end_lineno or 0) - body[0].lineno + 1
    if lines > MOST_LINES:
        to_do = f"move the work into one function of readiness/; {MOST_LINES} lines are enough to call it."
        yield Finding(path, line, "step-body", f"{name} has {lines} lines.", to_do)
    nodes = [node for statement in body for node in ast.walk(statement)]
    for node in nodes:
        yield from _node(path, name, node)
    if "then" in kinds and not any(isinstance(node, ast.Attribute) and node.attr in JUDGES for node in nodes):
        what = f"{name} is a Then that judges nothing, so it cannot fail."
        yield Finding(path, line, "step-judgement", what, "call world.judge or world.measure.")
    yield from _context(path, function, nodes)


def _node(path: str, name: str, node: ast.AST) -> Iterator[Finding]:
    line = getattr(node, "lineno", 1)
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            to_do = "take it from the sentence or the budget."
            yield Finding(path, line, "step-number", f"{name} holds the number {number}.", to_do)
        case ast.Call(func=ast.Name(id=function)) if function in TALKS_TO_THE_WORLD:
            what = f"{name} calls {function}()."
            yield Finding(path, line, "step-logic", what, "reach the world through readiness/ only.")
        case ast.Pass():
            yield Finding(path, line, "step-body", f"{name} holds a pass.", "let it act or judge.")
    if isinstance(node, LOGIC):
        what = f"{name} holds logic ({type(node).__name__})."
        yield Finding(path, line, "step-logic", what, "move it into a function of readiness/.")


def _context(path: str, function: ast.FunctionDef, nodes: list[ast.AST]) -> Iterator[Finding]:
    """behave's context is good for one thing: `context_world(context)`."""
    arguments = [*function.args.posonlyargs, *function.args.args]
    if not arguments:
        what = f"{function.name} takes no context."
        yield Finding(path, function.lineno, "step-context", what, "take behave's context first.")
        return
    context = arguments[0].arg
    allowed = {
        node.args[0]
        for node in nodes
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "context_world"
        and node.args
    }
    for node in nodes:
        if isinstance(node, ast.Name) and node.id == context and node not in allowed:
            what = f"{function.name} uses behave's context for something else than context_world(context)."
            yield Finding(path, node.lineno, "step-context", what, "keep state in the World.")
