"""The console in a browser, beside a bare React Flow page with the same graph, by turns in the same browser.

How long a large graph takes to be drawn; how smooth it is moved by a real mouse; how far the nodes on the page are
behind the events of an execution; and what the first load takes.

``--graph FILE`` opens a graph of yours, as React Flow's ``toObject()`` gives it; without it one of the size of React
Flow's own stress example is made up. It needs Chromium, and Node for the bare page (``npm ci`` in ``frontend/``).
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, NamedTuple

from measuring import ROOT, at_share, call, is_quick, layered, spread, understudy
from playwright.sync_api import Browser, Page, sync_playwright

Json = Any

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
SIZE = {"width": 1280, "height": 800}

WATCH = """
  window.seen = { drawnAt: 0, nodes: 0, tasks: [], frames: [], statuses: [] };
  new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: "longtask", buffered: true });
  const counted = document.getElementsByClassName("react-flow__node");
  const look = (now) => {
    seen.frames.push(now);
    const there = counted.length > 0 && counted[counted.length - 1].style.visibility !== "hidden" ? counted.length : 0;
    if (there !== seen.nodes) [seen.nodes, seen.drawnAt] = [there, performance.now()];
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  new MutationObserver((changes) => {
    const changed = changes.map(({ target }) => [target.closest("[data-id]")?.dataset.id, target.dataset.status]);
    requestAnimationFrame(() => seen.statuses.push(...changed.map((change) => [...change, Date.now()])));
  }).observe(document, { subtree: true, attributeFilter: ["data-status"] });
"""
"""Notes in the page what is drawn and when, frames, and tasks of more than 50 ms."""


class Moved(NamedTuple):
    """How a page went along while something was going on."""

    frames_per_second: float
    longest_frame: float
    longest_task: float
    """0 if none took 50 ms."""


class Lag(NamedTuple):
    """How far the nodes on a page were behind the events."""

    seconds: list[float]
    missed: int
    """Statuses that were over before they could be drawn."""
    moved: Moved


# --- graphs ------------------------------------------------------------------------------------------------------


def stress(side: int) -> Json:
    """A square of nodes, each connected with the next, as in React Flow's stress example."""
    count = side * side
    nodes = [
        {
            "id": str(place + 1),
            "data": {"label": f"Node {place + 1}"},
            "position": {"x": place % side * 100, "y": place // side * 50},
            "style": {"width": 50, "height": 30, "fontSize": 11},
        }
        for place in range(count)
    ]
    edges = [{"id": f"{k}-{k + 1}", "source": str(k), "target": str(k + 1)} for k in range(1, count)]
    return {"nodes": nodes, "edges": edges}


def busy(width: int, depth: int) -> Json:
    """Layers of nodes that take between 0.4 and 1.2 seconds."""
    luck = Random(1)
    names, lines = layered(width, depth, 1)
    nodes = [
        {
            "id": name,
            "data": {"label": name, "mock": {"duration_ms": luck.randint(400, 1200)}},
            "position": {"x": place // width * 240, "y": place % width * 90},
        }
        for place, name in enumerate(names)
    ]
    edges = [{"id": f"{source}-{target}", "source": source, "target": target} for source, target in lines]
    return {"nodes": nodes, "edges": edges}


# --- the two pages -----------------------------------------------------------------------------------------------


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder without a word."""

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@contextmanager
def bare_page(folder: Path) -> Iterator[str]:
    """The bare page, built into this folder; the graphs lie beside it."""
    command = ["npx", "vite", "build", "bare", "--outDir", str(folder), "--base", "./", "--logLevel", "error"]
    subprocess.run(command, cwd=ROOT / "frontend", check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@contextmanager
def opened(browser: Browser, url: str, nodes: int) -> Iterator[Page]:
    """A page of its own with nothing in its cache, when all its nodes are drawn."""
    with browser.new_context(viewport=SIZE) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.add_init_script(WATCH)
        page.goto(url)
        page.wait_for_function("count => seen.nodes === count", arg=nodes)
        # What comes in a second more is a part of opening, too.
        page.wait_for_timeout(1000)
        yield page


def open_once(browser: Browser, url: str, nodes: int) -> tuple[float, float]:
    """The milliseconds from navigation to the last node, and the longest task."""
    with opened(browser, url, nodes) as page:
        seen = page.evaluate("seen")
        return seen["drawnAt"], max(seen["tasks"], default=0)


# --- moving ------------------------------------------------------------------------------------------------------


def pan(page: Page) -> None:
    """Drag the canvas about, from a place where there is no node."""
    x, y = page.evaluate("""() => {
      for (let y = 200; y < innerHeight - 100; y += 7) for (let x = innerWidth / 2; x < innerWidth - 250; x += 7)
        if (document.elementFromPoint(x, y)?.classList.contains("react-flow__pane")) return [x, y];
    }""")
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(120):
        page.mouse.move(x + (step % 40) * 6, y + (step % 30) * 4)
    page.mouse.up()


def zoom(page: Page) -> None:
    """Turn the wheel, in and out again."""
    page.mouse.move(SIZE["width"] / 2, SIZE["height"] / 2)
    for step in range(60):
        page.mouse.wheel(0, -60 if step < 30 else 60)


def watch(page: Page, act: Callable[[Page], object]) -> Moved:
    """How the page goes along while something is done."""
    before = page.locator(".react-flow__viewport").get_attribute("style")
    page.evaluate("() => { seen.tasks = []; seen.frames = []; }")
    act(page)
    told = moved(page)
    if page.locator(".react-flow__viewport").get_attribute("style") == before and act in (pan, zoom):
        raise RuntimeError("the canvas did not move")
    return told


def moved(page: Page) -> Moved:
    """What has been noted of frames and tasks."""
    frames, tasks = page.evaluate("[seen.frames, seen.tasks]")
    gaps = [after - before for before, after in pairwise(frames)]
    return Moved(1000 * len(gaps) / max(sum(gaps), 1), max(gaps, default=0), max(tasks, default=0))


# --- an execution ------------------------------------------------------------------------------------------------


def follow(browser: Browser, server: str, graph: Json, url_of: Callable[[str, str], str]) -> Lag:
    """Let a workflow be executed while a page follows it, and compare each node with the log."""
    workflow = call(f"{server}/api/workflows", {"name": "Busy", **graph})["id"]
    execution = call(f"{server}/api/workflows/{workflow}/execute", {"hold": True})["id"]
    with opened(browser, url_of(workflow, execution), len(graph["nodes"])) as page:
        page.evaluate("() => { seen.tasks = []; seen.frames = []; seen.statuses = []; }")
        wall, rate, virtual = read_clock(server)
        call(f"{server}/api/executions/{execution}/release", {})
        while call(f"{server}/api/executions/{execution}")["status"] != "completed":
            page.wait_for_timeout(200)
        page.wait_for_timeout(1000)
        drawn = {(node, status): at / 1000 for node, status, at in reversed(page.evaluate("seen.statuses"))}
        told = moved(page)
    lags, missed = [], 0
    for event in call(f"{server}/api/executions/{execution}/events?limit=10000")["items"]:
        status = {"node.started": "running", "node.completed": "completed"}.get(event["type"])
        if status is None:
            continue
        happened = wall + (read_moment(event["at"]) - virtual) / rate
        found = drawn.get((event["data"]["node_id"], status))
        missed += found is None
        lags += [] if found is None else [found - happened]
    return Lag(lags, missed, told)


def read_clock(server: str) -> tuple[float, float, float]:
    """A moment of the wall clock, the rate of virtual time, and the virtual moment that it was then."""
    asked = time.time()
    clock = call(f"{server}/_control/clock")
    return (asked + time.time()) / 2, clock["rate"], read_moment(clock["now"])


def read_moment(text: str) -> float:
    """Seconds since 1970."""
    return datetime.fromisoformat(text).timestamp()


# --- the first load ----------------------------------------------------------------------------------------------


def first_load(browser: Browser, url: str, nodes: int) -> float:
    """The bytes that the page and the editor take from an empty cache, without what the API answers."""
    with browser.new_context(viewport=SIZE) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.add_init_script(WATCH)
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        addresses: dict[str, str] = {}
        sizes: dict[str, float] = {}
        session.on("Network.responseReceived", lambda it: addresses.update({it["requestId"]: it["response"]["url"]}))
        session.on("Network.loadingFinished", lambda it: sizes.update({it["requestId"]: it["encodedDataLength"]}))
        page.goto(url)
        page.wait_for_function("count => seen.nodes === count", arg=nodes)
        return sum(sizes.get(key, 0) for key, address in addresses.items() if "/api/" not in address)


# --- all of it ---------------------------------------------------------------------------------------------------


def compare_opening(browser: Browser, ours: str, bare: str, nodes: int, rounds: int) -> None:
    """Open both pages by turns."""
    taken = [(open_once(browser, ours, nodes), open_once(browser, bare, nodes)) for _ in range(rounds)]
    own, other = ([pair[place] for pair in taken] for place in (0, 1))
    for name, found in (("console", own), ("bare React Flow", other)):
        times, tasks = [time for time, _ in found], [task for _, task in found]
        print(f"  {name:16} {median(times):6.0f} ms (max {max(times):5.0f}), longest task {max(tasks):5.0f} ms")
    print(f"  ratio {median(b[0] / a[0] for a, b in taken):.2f}")


def compare_moving(browser: Browser, ours: str, bare: str, nodes: int) -> None:
    """Pan and zoom in both pages."""
    for act in (pan, zoom):
        found = []
        for name, url in (("console", ours), ("bare React Flow", bare)):
            with opened(browser, url, nodes) as page:
                found.append(watch(page, act))
            print(f"  {act.__name__:5} {name:16} {say(found[-1])}")
        print(f"  {act.__name__:5} ratio of frames {found[0].frames_per_second / found[1].frames_per_second:.2f}")


def compare_following(browser: Browser, server: str, bare: str, folder: Path, graph: Json) -> None:
    """Let both pages follow an execution, at each pace."""
    (folder / "busy.json").write_text(json.dumps(graph))
    pages: dict[str, Callable[[str, str], str]] = {
        "console": lambda workflow, execution: f"{server}/#/workflows/{workflow}/executions/{execution}",
        "bare React Flow": lambda _, execution: (
            f"{bare}/?graph=busy.json&events={server}/api/executions/{execution}/events%3Funnamed=1"
        ),
    }
    for pace in ("real", "fast"):
        call(f"{server}/_control/clock", {"pace": pace}, "PUT")
        found = []
        for name, url_of in pages.items():
            lag = follow(browser, server, graph, url_of)
            found.append(lag)
            print(f"  {pace} {name:16} {spread(lag.seconds)}   last {lag.seconds[-1] * 1000:.0f} ms")
            print(f"       not drawn {lag.missed} of {lag.missed + len(lag.seconds)}; {say(lag.moved)}")
        print(f"  {pace} ratio of p50 {at_share(found[1].seconds, 0.5) / at_share(found[0].seconds, 0.5):.2f}")


def say(moved: Moved) -> str:
    """In words."""
    task = f"{moved.longest_task:.0f} ms" if moved.longest_task else "under 50 ms"
    return f"{moved.frames_per_second:3.0f} frames/s, longest frame {moved.longest_frame:4.0f} ms, longest task {task}"


def read_graph() -> Json:
    """The graph that is opened."""
    parser = ArgumentParser()
    parser.add_argument("--graph", type=Path)
    parser.add_argument("--quick", action="store_true")
    file = parser.parse_args().graph
    return json.loads(file.read_text()) if file else stress(5 if is_quick() else 25)


def main() -> None:
    """Print what was found."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None or shutil.which("npx") is None:
        sys.exit("This needs Chromium and Node.")
    graph = read_graph()
    count = len(graph["nodes"])
    with (
        tempfile.TemporaryDirectory() as folder,
        bare_page(Path(folder)) as bare,
        understudy("--scenario", "empty", "--pace", "real") as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        Path(folder, "graph.json").write_text(json.dumps(graph))
        saved = {"name": "Stress", "nodes": graph["nodes"], "edges": graph["edges"]}
        ours = f"{server}/#/workflows/{call(f'{server}/api/workflows', saved)['id']}"
        theirs = f"{bare}/?graph=graph.json"
        print(f"{count} nodes, from navigation to all of them drawn")
        compare_opening(browser, ours, theirs, count, 1 if is_quick() else 5)
        print(f"{count} nodes, moved with the mouse")
        compare_moving(browser, ours, theirs, count)
        wide, deep = (4, 3) if is_quick() else (20, 25)
        print(f"an execution of {wide * deep} nodes, from an event to its being drawn")
        compare_following(browser, server, bare, Path(folder), busy(wide, deep))
        print(f"the first load: {first_load(browser, ours, count) / 1000:.0f} kB")
        browser.close()


if __name__ == "__main__":
    main()
