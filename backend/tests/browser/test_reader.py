"""A page that keeps the events of an execution knows its exact state, although its connections break."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from app.testing import SandboxClient, Server, serve

from ..unit.engine.conftest import graph, node, took
from .forwarder import Forwarder

Json = Any

PAGE = Path(__file__).with_name("reader.html")

LOST = re.compile(r"Failed to load resource: net::ERR_(INCOMPLETE_CHUNKED_ENCODING|CONNECTION_RESET)")
"""What Chromium itself writes on the console when an EventSource loses its connection; of WebSockets it is silent."""

GRAPH = graph(
    "start -> loop:item -> body -> loop",
    "loop:done -> if:true -> yes -> ask:approved -> end",
    "if:false -> no -> end",
    "start -> flaky -> end",
    start="manual_trigger",
    loop=node("loop", mock={"output": ["one", {"two": 2.5}, [3]]}),
    body=took(400),
    **{"if": node("if", mock={"output": {"true": {"city": "Bath"}}})},
    yes=took(800),
    no=took(100),
    ask="approval",
    flaky=node(
        mock={"duration_ms": 1500, "fail_attempts": 2, "error": {"code": "busy", "message": "Later, please."}},
        retry={"max_attempts": 3, "delay_ms": 700, "backoff": 2},
    ),
    end="merge",
)


@pytest.fixture
def server() -> Iterator[Server]:
    """A server."""
    with serve(heartbeat=0.5, check_contract="fail") as running:
        yield running


@pytest.fixture
def sandbox(server: Server) -> Iterator[SandboxClient]:
    """A sandbox whose clock is moved by hand."""
    with server.sandbox() as found:
        yield found


@pytest.fixture
def network(server: Server) -> Iterator[Forwarder]:
    """What lies between the page and the server."""
    forwarder = Forwarder(int(server.url.rpartition(":")[2]))
    yield forwarder
    forwarder.close()


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path.startswith("/?") else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        if self.path.startswith("/?"):
            self.wfile.write(PAGE.read_bytes())

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def frontend() -> Iterator[str]:
    """Where the page is: not where the API is."""
    served = ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://localhost:{served.server_port}/"
    served.shutdown()
    served.server_close()
    thread.join()


class Tab:
    """The page in a browser, with what it wrote on its console."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.console: list[str] = []
        page.on("console", lambda message: self.console.append(message.text))
        page.on("pageerror", lambda error: self.console.append(str(error)))

    def wait_for(self, condition: str, value: Json = None) -> None:
        """Wait until something is true of both readers."""
        self.page.wait_for_function(f"value => readers.every(reader => {condition})", arg=value)

    def read(self, member: str) -> list[Json]:
        """A member of both readers."""
        found: list[Json] = self.page.evaluate(f"readers.map(reader => reader.{member})")
        return found


@pytest.fixture
def tab(browser: Any) -> Iterator[Tab]:
    """A tab of its own for every test."""
    with browser.new_context(viewport={"width": 1100, "height": 700}) as context:
        yield Tab(context.new_page())


@pytest.fixture
def execution(sandbox: SandboxClient) -> Json:
    """An execution that is held back, so that nothing happens before the page reads."""
    workflow = sandbox.post("/api/workflows", {"nodes": GRAPH.nodes, "connections": GRAPH.connections})
    return sandbox.post(f"/api/workflows/{workflow['id']}/execute", {"input": {"city": "Bath"}, "hold": True})


def open_page(tab: Tab, frontend: str, sandbox: SandboxClient, port: int, execution: Json) -> None:
    """Have the page read an execution, over the network that may fail."""
    api = re.sub(r":\d+/", f":{port}/", sandbox.api)
    tab.page.goto(f"{frontend}?api={api}&execution={execution['id']}")
    tab.wait_for("reader.told.length === 1")


def check(tab: Tab, sandbox: SandboxClient, execution: Json, lost: int) -> None:
    """The page knows what the API shows, was told each event once, and lost its connections so often."""
    tab.wait_for("reader.isOver")
    shown = sandbox.get(f"/api/executions/{execution['id']}")
    assert shown["status"] == "completed"
    assert tab.read("state") == [shown, shown]
    assert tab.read("told") == [[*range(1, shown["last_seq"] + 1)]] * 2
    assert tab.read("lost") == [lost, lost]
    assert [line for line in tab.console if not LOST.fullmatch(line)] == []


def test_a_page_whose_streams_break_three_times_ends_with_the_exact_state(
    tab: Tab, frontend: str, sandbox: SandboxClient, server: Server, execution: Json
) -> None:
    begun = sandbox.get("/api/events?after=latest")["last_cursor"] - execution["last_seq"]
    for seq in (4, 19, 33):
        streams = {"/api/executions/*/events": seq, "/api/ws": begun + seq}
        for path, place in streams.items():
            sandbox.faults.add(match={"path": path}, stream={"drop_after": place}, times=1)
    open_page(tab, frontend, sandbox, int(server.url.rpartition(":")[2]), execution)
    sandbox.post(f"/api/executions/{execution['id']}/release")
    sandbox.clock.until(execution_id=execution["id"], status="waiting")
    sandbox.post(f"/api/executions/{execution['id']}/nodes/ask/answer", {"decision": "approved"})
    sandbox.clock.until(execution_id=execution["id"], status="completed")
    check(tab, sandbox, execution, lost=3)
    assert [rule["applied"] for rule in sandbox.faults.list()] == [1] * 6


def test_a_page_whose_network_fails_three_times_ends_with_the_exact_state(
    tab: Tab, frontend: str, sandbox: SandboxClient, network: Forwarder, execution: Json
) -> None:
    open_page(tab, frontend, sandbox, network.port, execution)
    path = f"/api/executions/{execution['id']}"
    sandbox.post(f"{path}/release")
    for number, wanted in enumerate(({"node_id": "body", "status": "completed"}, {"event": "node.retrying"}), 1):
        told = sandbox.clock.until(execution_id=execution["id"], **wanted)["events"]
        tab.wait_for("reader.lastSeq >= value", told[-1]["seq"])
        assert tab.read("state") == [sandbox.get(path)] * 2
        network.hang_up()
        tab.wait_for("reader.lost === value", number)
        sandbox.clock.advance(0.3)
        sandbox.post(f"{path}/pause")
        sandbox.clock.advance(60)
        sandbox.post(f"{path}/resume")
    sandbox.clock.until(execution_id=execution["id"], status="waiting")
    tab.wait_for("reader.state.status === 'waiting'")
    network.hang_up()
    sandbox.post(f"{path}/nodes/ask/answer", {"decision": "approved"})
    sandbox.clock.until(execution_id=execution["id"], status="completed")
    check(tab, sandbox, execution, lost=3)
