"""The error codes that the source can give, read from its syntax tree."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import app
from app import errors
from app.nodes.registry import BUILT_IN
from app.web.errors import CODES, status_of

ROOT = Path(app.__file__).parent
TREES = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8")) for path in ROOT.rglob("*.py")}

AT_START = ("command.py", "config.py", "store/data_file.py", "services/keeping.py")
"""What refuses to start a server; nobody ever sees the code of that."""

MAKERS = {
    "NotFound": (0, "", "{}_not_found", errors.NotFound),
    "MemoryRepository": (0, "", "{}_not_found", errors.NotFound),
    "check_count": (0, "", "too_many_{}", errors.TooMany),
    "check_name": (2, "sandbox", "bad_{}_name", errors.NoSandbox),
}
"""What makes codes of words: which argument the word is, what it is if there is none, the code, the class."""

MEDIA = ("media/describe.py", "media/images.py")
"""What refuses the bytes of a file: a node that reads or writes one passes the code on."""

COMPUTED = {
    "code": "check_count",
    "f'bad_{kind}_name'": "check_name",
    "refused[0][1].code": "MEDIA",
    "error.code": "MEDIA",
    "f'http_{status}'": "http_4xx, http_5xx",
}
"""The codes that are no plain text where they are given, and what is read here in their place."""

Answers = dict[str, set[type[errors.UnderstudyError] | int]]


class Call(NamedTuple):
    """A call in the source."""

    file: str
    name: str
    node: ast.Call


def calls() -> Iterator[Call]:
    """Every call, under the last part of its name."""
    for file, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield Call(file, ast.unparse(node.func).rpartition(".")[2], node)


def answer_codes() -> Answers:
    """The codes of answers, each with the classes that have it; of errors of the framework, with the status."""
    found: Answers = defaultdict(set)
    for kind in kinds():
        found[kind.code].add(kind)
    for status, code in CODES.items():
        found[code].add(status)
    for file, name, node in calls():
        kind = getattr(errors, name, None)
        if file not in AT_START and isinstance(kind, type) and (code := text(keyword(node, "code"))):
            found[code].add(kind)
        if name in MAKERS and (made := made_code(name, node)):
            found[made].add(MAKERS[name][3])
    return found


def statuses(answers: Answers) -> dict[str, set[int]]:
    """The statuses of each code."""
    return {
        code: {given if isinstance(given, int) else status_of(given) for given in every}
        for code, every in answers.items()
    }


def kinds() -> list[type[errors.UnderstudyError]]:
    """The tree of errors."""
    waiting = [errors.UnderstudyError]
    for kind in waiting:
        waiting += kind.__subclasses__()
    return waiting


def failure_codes() -> set[str]:
    """The codes with which nodes and executions fail."""
    found = {"http_4xx", "http_5xx"}
    found |= {code for kind in BUILT_IN.values() for code, _ in kind.simulation.errors}
    for file, name, node in calls():
        if name == "NodeFailure":
            found |= {code} if (code := text(node.args[0])) else set()
        elif file in MEDIA and (code := text(keyword(node, "code"))):
            found.add(code)
    for file, tree in TREES.items():
        if file.startswith(("engine/", "models/")):
            found |= {code for code, told in told_codes(tree) if "pointer" not in told}
            found |= codes_of_tables(tree)
    return {re.sub(r"^http_([45])\d\d$", r"http_\1xx", code) for code in found}


def issue_codes() -> dict[str, set[str]]:
    """The codes of issues, each with its severities."""
    found: dict[str, set[str]] = defaultdict(set)
    for file, name, node in calls():
        if file == "services/validation.py" and name in ("_on_node", "_on_connection"):
            found[text(node.args[0]) or ast.unparse(node.args[0])] |= severities(node.args[1])
    for file, tree in TREES.items():
        if file == "services/validation.py" or file.startswith("engine/"):
            for code, told in told_codes(tree):
                if "pointer" in told:
                    found[code] |= severities(told["severity"]) if "severity" in told else {"error"}
    return found


def computed_codes() -> set[str]:
    """The codes that are given and are no plain text."""
    given = [keyword(node, "code") for _, name, node in calls() if isinstance(getattr(errors, name, None), type)]
    given += [node.args[0] for _, name, node in calls() if name == "NodeFailure"]
    return {ast.unparse(code) for code in given if code is not None and text(code) is None}


def told_codes(tree: ast.Module) -> Iterator[tuple[str, dict[str, ast.expr]]]:
    """What is told of what went wrong: dictionaries with a code and a message."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            told = {text(key): value for key, value in zip(node.keys, node.values, strict=True) if text(key)}
            if "code" in told and "message" in told and (code := text(told["code"])):
                yield code, told


def codes_of_tables(tree: ast.Module) -> set[str]:
    """The values of the tables of a module whose name says that they are codes."""
    return {
        str(text(value))
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).endswith("_CODES")
        if isinstance(node.value, ast.Dict)
        for value in node.value.values
    }


def made_code(name: str, node: ast.Call) -> str | None:
    """The code that a maker makes of the word it is given; ``None`` if that is no plain text."""
    place, usual, pattern, _ = MAKERS[name]
    word = text(node.args[place]) if len(node.args) > place else usual
    return pattern.format(word.replace(" ", "_")) if word else None


def severities(severity: ast.expr) -> set[str]:
    """What a severity can be: one of the constants, or what the types of two ports say."""
    name = ast.unparse(severity).lower()
    return {"error", "warning"} if name == "severity" else {name}


def keyword(node: ast.Call, name: str) -> ast.expr | None:
    """An argument that is given by name."""
    return next((each.value for each in node.keywords if each.arg == name), None)


def text(node: ast.expr | None) -> str | None:
    """A plain text; of a field that may give the code, its default."""
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("read_text"):
        node = node.args[-1]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
