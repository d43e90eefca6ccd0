"""Every example of every page is run, as its reader would."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from app.testing import serve
from tests.docs.browser import NO_BROWSER
from tests.docs.pages import COMMANDS, DOCS, INDEX, ONLY_READ, OUTPUTS, PAGES, ROOT, Block, read_blocks, read_titles

LONGEST = 160
"""Lines of a page that shows how to do one thing."""
OTHERS = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "benchmarks" / "README.md"]
"""Further texts that lead to pages."""

BLOCKS = [block for page in PAGES for block in read_blocks(page)]
PYTHON = [block for block in BLOCKS if block.language == "python"]
RUN = [block for block in BLOCKS if block.language in COMMANDS]
TESTS = [block for block in PYTHON if "/test_" in block.file]
SCRIPTS = [block for block in PYTHON if "/" not in block.file]
CONFTESTS = [block for block in PYTHON if block.file.endswith("/conftest.py")]
MODULES = [block for block in BLOCKS if block.is_module]
START = next(block for block in RUN if block.page == DOCS / "start.md")
"""What every page takes for granted that starts no server of its own."""
DOOR = DOCS / "add-a-door.md"
"""What changes the code."""


def expected(block: Block) -> Block | None:
    """The output that the page shows right behind a block."""
    following = BLOCKS[BLOCKS.index(block) + 1 :][:1]
    is_its = following and following[0].page == block.page and following[0].language in OUTPUTS
    return following[0] if is_its else None


def name_of(block: Block) -> str:
    """The name of a block in the names of tests."""
    return f"{block.page.stem}-line-{block.line}"


def each(blocks: list[Block]) -> pytest.MarkDecorator:
    """A test for each of these blocks, with what became of its page."""
    rows = [pytest.param(block.page, block, id=name_of(block)) for block in blocks]
    return pytest.mark.parametrize(("document", "block"), rows, indirect=["document"], scope="module")


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="module")
def document(request: pytest.FixtureRequest) -> Path:
    """The page that is read."""
    page: Path = request.param
    return page


@pytest.fixture(scope="module")
def place(document: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the reader of a page, in which `understudy` can be imported, and called as a command."""
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
    if document == DOOR:
        _check_out(place)
    return place


def _check_out(place: Path) -> None:
    """Give the reader a copy of this repository to change, and Python to run it with."""
    shutil.copytree(ROOT / "backend" / "app", place / "backend" / "app", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "run.py", place)
    # Not a link: the Python of a virtual environment finds that by its own path.
    python = place / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)


def run(place: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a program in the reader's folder."""
    paths = os.pathsep.join([str(place / "packages"), str(Path(__file__).parent)])
    env = os.environ | {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"} | variables
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=place, env=env, stdout=pipe, stderr=pipe, text=True, start_new_session=True
    ) as process:
        try:
            told = process.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            # A server that it started would outlive it.
            os.killpg(process.pid, signal.SIGKILL)
            raise
    return subprocess.CompletedProcess(command, process.returncode, *told)


@pytest.fixture(scope="module")
def results(document: Path, place: Path) -> dict[str, list[ElementTree.Element]]:
    """What became of the tests of the page, by file; pytest ran them all as they stand there."""
    with serve(require_sandbox=True) as server:
        tests = [block for block in TESTS if block.page == document]
        folders = sorted({Path(block.file).parts[0] for block in tests})
        # Who reads one page has the conftest of another, where that stands.
        for block in [*tests, *(block for block in CONFTESTS if Path(block.file).parts[0] in folders)]:
            file = place / block.file
            file.parent.mkdir(exist_ok=True)
            file.write_text(block.text.replace("http://localhost:8000", server.url), "utf-8")
        told = "\n".join(
            run(place, sys.executable, "-m", "pytest", "-p", "browser", f"--junitxml={folder}.xml", folder).stdout
            for folder in folders
        )
    found: dict[str, list[ElementTree.Element]] = {}
    for report in place.glob("*.xml"):
        for case in ElementTree.parse(report).iter("testcase"):
            found.setdefault(case.attrib["classname"].replace(".", "/") + ".py", []).append(case)
    assert found, told
    return found


@pytest.fixture(scope="module")
def outputs(document: Path, place: Path) -> dict[int, str]:
    """What each block for the shell or the browser printed, by line; one shell ran them all in their order."""
    ports = {"8000": str(free_port()), "8001": str(free_port())}
    for block in MODULES:
        (place / block.file).write_text(on_ports(block.text, ports), "utf-8")
    blocks = [block for block in RUN if block.page == document]
    script = ["set -eu", "trap 'jobs -p >jobs; kill $(cat jobs) || :' EXIT"]
    if not any(re.search("^understudy (?!--port)", block.text, re.MULTILINE) for block in blocks):
        script += [on_ports(START.text, ports)]
    for block in blocks:
        text = on_ports(block.text, ports)
        script += [f"echo '<<<{block.line}>>>'", in_browser(block, text, place) if block.language == "js" else text]
    path = f"{place}{os.pathsep}{os.environ['PATH']}"
    done = run(place, "sh", "-c", "\n".join(script), PATH=path, UNDERSTUDY_PORT=ports["8000"])
    assert done.returncode == 0, done.stdout + done.stderr
    pieces = re.split(r"<<<(\d+)>>>\n", done.stdout)[1:]
    return {int(line): text for line, text in zip(pieces[::2], pieces[1::2], strict=True)}


def on_ports(text: str, ports: dict[str, str]) -> str:
    """The text with ports that are free here in the place of those that the pages name."""
    return re.sub(r"\b800[01]\b", lambda port: ports[port[0]], text)


def in_browser(block: Block, text: str, place: Path) -> str:
    """The command that runs a block of JavaScript, or nothing if others import it."""
    if block.is_module:
        return ""
    file = place / f"line-{block.line}.js"
    file.write_text(text, "utf-8")
    return f'"{sys.executable}" "{Path(__file__).with_name("browser.py")}" "{file}"'


def test_every_page_but_the_index_has_examples() -> None:
    assert {block.page for block in RUN} == set(PAGES) - {INDEX}


def test_the_index_leads_to_every_page() -> None:
    named = re.findall(r"^- \[[^]]+\]\((\w[\w-]*\.md)\)", INDEX.read_text("utf-8"), re.MULTILINE)
    assert sorted(named) == sorted(page.name for page in PAGES if page != INDEX)


def test_pages_are_short() -> None:
    long = {page.name: lines for page in PAGES if (lines := len(page.read_text("utf-8").splitlines())) > LONGEST}
    assert long == {}


@pytest.mark.parametrize("page", [*PAGES, *OTHERS], ids=lambda page: f"{page.parent.name}-{page.name}")
def test_links_to_pages_lead_somewhere(page: Path) -> None:
    for path, part in re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", page.read_text("utf-8")):
        found = page.parent / path if path else page
        assert found.exists(), (page.name, path)
        assert not part or part in read_titles(found), (page.name, path, part)


def test_there_is_no_block_that_nothing_runs() -> None:
    for block in BLOCKS:
        assert block.language in ("python", *COMMANDS, *OUTPUTS, *ONLY_READ), block
        if block.language in OUTPUTS:
            assert expected(BLOCKS[BLOCKS.index(block) - 1]) == block, block
            assert BLOCKS[BLOCKS.index(block) - 1].language in COMMANDS, block
    files = [block.file for block in [*PYTHON, *MODULES]]
    assert all(re.fullmatch(r"(\w+/)?\w+\.(py|js)", file) for file in files)
    assert len(set(files)) == len(files)
    assert {Path(block.file).parent for block in TESTS} == {Path(block.file).parent for block in CONFTESTS}
    assert len(TESTS) + len(SCRIPTS) + len(CONFTESTS) == len(PYTHON)


@each(TESTS)
def test_tests_of_the_page_pass(results: dict[str, list[ElementTree.Element]], block: Block) -> None:
    cases = results.get(block.file, [])
    assert len(cases) >= max(1, len(re.findall("^def test_", block.text, re.MULTILINE))), "it was not run"
    for case in cases:
        if (skipped := case.find("skipped")) is not None:
            pytest.skip(skipped.attrib["message"])
        wrong = [*case.findall("failure"), *case.findall("error")]
        assert not wrong, wrong[0].text


@each(SCRIPTS)
def test_scripts_of_the_page_run(place: Path, block: Block) -> None:
    done = run(place, sys.executable, "-c", block.text)
    assert (done.returncode, done.stderr) == (0, "")


@each(RUN)
def test_commands_of_the_page_print_what_it_says(outputs: dict[int, str], block: Block) -> None:
    wanted, printed = expected(block), outputs[block.line]
    if printed.startswith(NO_BROWSER):
        pytest.skip(printed)
    if wanted is None:
        assert printed == ""
    elif wanted.language == "json":
        assert json.loads(printed) == json.loads(wanted.text)
    else:
        assert printed == wanted.text


@pytest.mark.parametrize("document", [DOCS / "fold.md"], indirect=True, ids=["fold"], scope="module")
def test_the_recipe_folds_whatever_happened_to_what_is_answered(place: Path, outputs: dict[int, str]) -> None:
    with serve(scenario="demo") as server, server.sandbox("demo") as demo, server.sandbox("other") as other:
        other.reset(scenario="mid-flight")
        again = {
            "retry": {"max_attempts": 2, "delay_ms": 10},
            "mock": {"output": 1, "duration_ms": 10, "fail_attempts": 1},
        }
        workflow = other.post("/api/workflows", {"nodes": [{"id": "again", "type": "delay", "data": again}]})
        execution = other.post(f"/api/workflows/{workflow['id']}/execute")
        for command in ("pause", "resume"):
            other.post(f"/api/executions/{execution['id']}/{command}")
            other.clock.advance(5)
        (place / "every.js").write_text(f"const places = {json.dumps([demo.api, other.api])};\n{FOLD_EVERY}", "utf-8")
        done = run(place, sys.executable, str(Path(__file__).with_name("browser.py")), "every.js")
    if done.stdout.startswith(NO_BROWSER):
        pytest.skip(done.stdout)
    count, *wrong = done.stdout.splitlines()
    assert (int(count) > 20, wrong, done.stderr) == (True, [], "")


FOLD_EVERY = """
import { fold } from "./fold.js";
const get = async (url) => (await fetch(url)).json();
const told = [];
let count = 0;
for (const api of places)
  for (const { id } of (await get(`${api}/executions?per_page=500`)).items) {
    const { items } = await get(`${api}/executions/${id}/events?limit=10000`);
    const state = items.flatMap((event) => [event, event]).reduce(fold, { last_seq: 0 });
    const asked = await get(`${api}/executions/${id}`);
    count += 1;
    if (JSON.stringify(state) !== JSON.stringify(asked)) told.push(JSON.stringify([state, asked]));
  }
console.log([count, ...told].join("\\n"));
"""
"""Folds the events of all executions of some sandboxes, each event twice, as a careless backend sends them."""
