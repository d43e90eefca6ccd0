"""Every example of the page on testing is run, as its reader would."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

from app.errors import NoSandbox, NotAuthenticated, SetBack, TooManySandboxes
from app.testing import serve

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "testing.md"
OUTPUTS = ("text", "json")
DIRECTING = ("sandbox.py", "services/*scenarios.py", "services/snapshot*.py", "web/current.py", "web/guard.py")
DIRECTING += ("services/advance.py", "services/controls.py")
"""Where a call of the control API can be refused with a code of its own."""


class Block(NamedTuple):
    """A fenced block of the page."""

    line: int
    language: str
    text: str

    @property
    def file(self) -> str:
        """The file that the first line of a block of Python names."""
        return self.text.partition("\n")[0].removeprefix("# ")


def read_blocks() -> list[Block]:
    """The blocks of the page, in their order."""
    page = PAGE.read_text("utf-8")
    found = re.finditer(r"^```(\w*)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    return [Block(page.count("\n", 0, one.start()) + 1, one[1], one[2]) for one in found]


BLOCKS = read_blocks()
PYTHON = [block for block in BLOCKS if block.language == "python"]
SHELL = [block for block in BLOCKS if block.language == "sh"]
TESTS = [block for block in PYTHON if "/test_" in block.file]
SCRIPTS = [block for block in PYTHON if "/" not in block.file]


def expected(block: Block) -> Block | None:
    """The output that the page shows right behind a block."""
    following = BLOCKS[BLOCKS.index(block) + 1 :][:1]
    return following[0] if following and following[0].language in OUTPUTS else None


def name_of(block: Block) -> str:
    """The name of a block in the names of tests."""
    return f"line-{block.line}"


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which `understudy` can be imported, and called as a command."""
    place = tmp_path_factory.mktemp("reader")
    package = place / "packages" / "understudy"
    package.parent.mkdir()
    try:
        package.symlink_to(ROOT / "backend" / "app", target_is_directory=True)
    except OSError:
        shutil.copytree(ROOT / "backend" / "app", package)
    command = place / "understudy"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m understudy.command "$@" >"{place}/log" 2>&1\n')
    command.chmod(0o755)
    return place


def run(place: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a program in the reader's folder."""
    paths = os.pathsep.join([str(place / "packages"), str(Path(__file__).parent)])
    env = os.environ | {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"} | variables
    return subprocess.run(command, cwd=place, env=env, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def results(place: Path) -> dict[str, list[ElementTree.Element]]:
    """What became of the tests of the page, by file; pytest ran them all as they stand there."""
    with serve(require_sandbox=True) as server:
        for block in PYTHON:
            file = place / block.file
            file.parent.mkdir(exist_ok=True)
            file.write_text(block.text.replace("http://localhost:8000", server.url), "utf-8")
        told = "\n".join(
            run(place, sys.executable, "-m", "pytest", "-p", "browser", f"--junitxml={folder}.xml", folder).stdout
            for folder in sorted({Path(block.file).parts[0] for block in TESTS})
        )
    found: dict[str, list[ElementTree.Element]] = {}
    for report in place.glob("*.xml"):
        for case in ElementTree.parse(report).iter("testcase"):
            found.setdefault(case.attrib["classname"].replace(".", "/") + ".py", []).append(case)
    assert found, told
    return found


@pytest.fixture(scope="module")
def outputs(place: Path) -> dict[int, str]:
    """What each block for the shell printed, by line; one shell ran them all in their order."""
    ports = {"8000": str(free_port()), "8001": str(free_port())}
    script = ["set -eu", "trap 'jobs -p >jobs; kill $(cat jobs)' EXIT"]
    for block in SHELL:
        text = re.sub(r"\b800[01]\b", lambda port: ports[port[0]], block.text)
        script += [f"echo '<<<{block.line}>>>'", text]
    path = f"{place}{os.pathsep}{os.environ['PATH']}"
    done = run(place, "sh", "-c", "\n".join(script), PATH=path, UNDERSTUDY_PORT=ports["8000"])
    assert done.returncode == 0, done.stdout + done.stderr
    pieces = re.split(r"<<<(\d+)>>>\n", done.stdout)[1:]
    return {int(line): text for line, text in zip(pieces[::2], pieces[1::2], strict=True)}


def test_there_is_no_block_that_nothing_runs() -> None:
    for block in BLOCKS:
        assert block.language in ("python", "sh", *OUTPUTS), block
        if block.language in OUTPUTS:
            assert BLOCKS[BLOCKS.index(block) - 1].language == "sh", block
    files = [block.file for block in PYTHON]
    assert all(re.fullmatch(r"(\w+/)?\w+\.py", file) for file in files)
    assert len(set(files)) == len(files)
    conftests = {block.file for block in PYTHON if block.file.endswith("/conftest.py")}
    assert {f"{Path(block.file).parent}/conftest.py" for block in TESTS} == conftests
    assert len(TESTS) + len(SCRIPTS) + len(conftests) == len(PYTHON)


@pytest.mark.parametrize("block", TESTS, ids=name_of)
def test_tests_of_the_page_pass(results: dict[str, list[ElementTree.Element]], block: Block) -> None:
    cases = results.get(block.file, [])
    assert len(cases) >= max(1, len(re.findall("^def test_", block.text, re.MULTILINE))), "it was not run"
    for case in cases:
        if (skipped := case.find("skipped")) is not None:
            pytest.skip(skipped.attrib["message"])
        wrong = [*case.findall("failure"), *case.findall("error")]
        assert not wrong, wrong[0].text


@pytest.mark.parametrize("block", SCRIPTS, ids=name_of)
def test_scripts_of_the_page_run(place: Path, block: Block) -> None:
    done = run(place, sys.executable, "-c", block.text)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("block", SHELL, ids=name_of)
def test_commands_of_the_page_print_what_it_says(outputs: dict[int, str], block: Block) -> None:
    wanted, printed = expected(block), outputs[block.line]
    if wanted is None:
        assert printed == ""
    elif wanted.language == "json":
        assert json.loads(printed) == json.loads(wanted.text)
    else:
        assert printed == wanted.text


def test_the_page_tells_every_refusal_of_the_control_api() -> None:
    table = PAGE.read_text("utf-8").partition("## What the control API refuses\n")[2].partition("\n## ")[0]
    told = set(re.findall(r"`([a-z_]+)`", " ".join(re.findall(r"^\|([^|]*)\|", table, re.MULTILINE))))
    sources = [file.read_text("utf-8") for pattern in DIRECTING for file in (ROOT / "backend" / "app").glob(pattern)]
    raised = {code for source in sources for code in re.findall(r'code="(\w+)"', source)}
    raised |= {error.code for error in (NoSandbox, NotAuthenticated, SetBack, TooManySandboxes)}
    assert raised - told == set()
    assert {"clock_backwards", "broken_snapshot", "snapshot_exists", "foreign_origin", "bad_scenario_file"} <= raised
