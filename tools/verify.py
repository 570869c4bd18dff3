"""Whether generated code works: it parses, no name hides another, it can be imported, models lose nothing.

Gap of the generator: it keeps its names apart from Python's, and not from the ones that it uses itself, so
that a schema called Response or a property called cls gives code that fails when it is called.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tools import settings
from tools.problems import ToolError

_PROBE = Path(__file__).with_name("probe.py")


def verify(package: Path, samples: Mapping[str, Any], places: Mapping[str, str]) -> None:
    """Check the generated package at ``package``.

    Args:
        package: The folder of the package.
        samples: By a model's name a JSON object that it should take and give back.
        places: By a file's or a class's name the place in the document that it comes from.

    Raises:
        ToolError: It does not work; the message says what in the document to look at.
    """
    faults: list[str] = []
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package).as_posix()
        where = f"{name}, from {places[name]}" if name in places else name
        tree = _parsed(path, where)
        for hidden, origins in _hidden_names(tree):
            schema = f" ({places[hidden]})" if hidden in places else ""
            faults.append(f"{where}: {hidden}{schema} comes from {origins}")
        if name.startswith("api/"):
            faults += [f"{where}: {fault}" for fault in _hiding_arguments(tree)]
    if faults:
        raise ToolError(
            "names in the document collide with names that generated code uses itself; a schema gets another "
            "with class_overrides in generator-config.yaml (Name: {class_name: Other, module_name: other}):",
            dict.fromkeys(faults),
        )
    _probe(package, samples)


def _parsed(path: Path, name: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            tree = ast.parse(path.read_bytes(), name)
            compile(tree, name, "exec", dont_inherit=True)
        except SyntaxError as exc:
            raise ToolError(f"the generated {name}, is no Python: {exc.msg} in line {exc.lineno}") from exc
        except (ValueError, Warning) as exc:
            raise ToolError(f"the generated {name}, is no Python: {exc}") from exc
    return tree


def _hidden_names(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield what is imported or defined twice at the top of a module, with the places that it comes from."""
    origins: dict[str, set[str]] = defaultdict(set)
    for node in _top(tree.body):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                origins[alias.asname or alias.name].add(f"{'.' * node.level}{node.module or ''}")
        elif isinstance(node, ast.Import):
            for alias in node.names:
                origins[alias.asname or alias.name.partition(".")[0]].add(alias.name)
        elif isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            origins[node.name].add("this module")
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    origins[target.id].add("this module's constants")
    for name, found in origins.items():
        if len(found) > 1:
            yield name, " and from ".join(sorted(found))


def _top(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        if isinstance(node, ast.If):
            yield from _top(node.body)
        else:
            yield node


def _hiding_arguments(tree: ast.Module) -> Iterator[str]:
    """Yield arguments that have the name of something that the function uses besides them."""
    imported = {
        alias.asname or alias.name
        for node in _top(tree.body)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    for function in tree.body:
        if isinstance(function, ast.FunctionDef) and function.name == "_get_kwargs":
            names = {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}
            for name in sorted(names & (_assigned(function) | (imported & _called(function)))):
                yield f"a parameter is called {name!r}, which the function uses itself"


def _assigned(function: ast.AST) -> set[str]:
    nodes = (node for node in ast.walk(function) if isinstance(node, ast.Name))
    return {node.id for node in nodes if isinstance(node.ctx, ast.Store)}


def _called(function: ast.AST) -> set[str]:
    calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return {called.id for called in calls if isinstance(called, ast.Name)}


def _probe(package: Path, samples: Mapping[str, Any]) -> None:
    """Import every module, and send every sample through its model, in another process."""
    modules = [
        ".".join((settings.PACKAGE, *path.relative_to(package).with_suffix("").parts)).removesuffix(
            ".__init__"
        )
        for path in sorted(package.rglob("*.py"))
    ]
    done = subprocess.run(
        # -P keeps the generated types.py from being taken for the standard library's.
        [sys.executable, "-P", "-B", str(_PROBE), str(package.parent)],
        input=json.dumps({"models": f"{settings.PACKAGE}.models", "modules": modules, "samples": samples}),
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=package.parent,
        check=False,
    )
    if done.returncode:
        raise ToolError("the generated code cannot be tried", [done.stderr or f"status {done.returncode}"])
    _refuse(json.loads(done.stdout))


def _refuse(faults: list[str]) -> None:
    if faults:
        raise ToolError("generated code does not work, or does not give back what it is given:", faults)
