"""The command line and the real server: started, asked, stopped."""

from __future__ import annotations

import http.client
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from app.config import read_settings

ROOT = Path(__file__).resolve().parents[3]
RUN = [sys.executable, "-u", str(ROOT / "run.py")]


class Running:
    """A server in a process of its own."""

    def __init__(self, *options: str) -> None:
        command = [*RUN, "--port", "0", "--scenario", "empty", *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.lines: list[http.client.HTTPConnection] = []
        self.told = ""
        assert self.process.stdout is not None
        while "Press Ctrl-C" not in self.told:
            read = self.process.stdout.readline()
            assert read, self.process.communicate()
            self.told += read
        self.port = int(self.told.partition("http://127.0.0.1:")[2].partition("/")[0])

    def connect(self) -> http.client.HTTPConnection:
        """A connection that stays open."""
        self.lines.append(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10))
        return self.lines[-1]

    def raw(self, request: bytes) -> bytes:
        """Everything that comes back for these bytes until the server hangs up."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as line:
            line.sendall(request)
            return b"".join(iter(lambda: line.recv(65536), b""))

    def end(self, number: int) -> float:
        """The seconds that it takes to end after a signal."""
        start = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(10)
        return time.monotonic() - start

    def close(self) -> None:
        """Be gone, whatever the test did."""
        for line in self.lines:
            line.close()
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def start() -> Iterator[Callable[..., Running]]:
    servers: list[Running] = []

    def make(*options: str) -> Running:
        servers.append(Running(*options))
        return servers[-1]

    yield make
    for server in servers:
        server.close()


def test_it_says_where_it_is_and_what_it_plays(start: Callable[..., Running]) -> None:
    server = start("--seed", "42", "--pace", "stopped")
    for part in ("/api/workflows", "/health", "scenario empty", "pace stopped", "seed 42", "Ctrl-C"):
        assert part in server.told


def test_a_connection_stays_open_from_request_to_request(start: Callable[..., Running]) -> None:
    line = start().connect()
    line.request("POST", "/api/workflows", b'{"name": "x"}', {"Content-Type": "application/json"})
    created = line.getresponse()
    assert (created.status, bool(created.read())) == (201, True)
    first = line.sock
    for method, path, status in [
        ("HEAD", "/api/workflows", 200),
        ("GET", "/api/workflows", 200),
        ("DELETE", "/api/workflows/none", 404),
        ("OPTIONS", "/api/workflows", 204),
    ]:
        line.request(method, path)
        answer = line.getresponse()
        answer.read()
        assert answer.status == status
    assert line.sock is first


def test_a_body_that_nobody_read_does_not_disturb_the_next_request(start: Callable[..., Running]) -> None:
    line = start().connect()
    for _ in range(2):
        line.request("POST", "/api/nothing", b"x" * 300_000)
        refused = line.getresponse()
        refused.read()
        assert refused.status == 404
    line.request("POST", "/api/workflows", iter([b'{"name": ', b'"chunks"}']), {"Content-Type": "application/json"})
    answer = line.getresponse()
    assert (answer.status, b'"chunks"' in answer.read()) == (201, True)


def test_who_is_refused_while_it_sends_gets_the_answer_and_may_go_on(start: Callable[..., Running]) -> None:
    head = b"POST /api/nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90000000\r\n\r\n"
    with socket.create_connection(("127.0.0.1", start().port), timeout=10) as line:
        line.sendall(head)
        refused = http.client.HTTPResponse(line)
        refused.begin()
        assert refused.status == 404
        assert json.loads(refused.read())["code"] == "unknown_url"
        line.sendall(b"x" * 90_000_000)
        line.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert line.recv(65536).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"NONSENSE\r\n\r\n", 400),
        (b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 400),
    ],
)
def test_what_cannot_even_be_read_is_a_problem_too(
    start: Callable[..., Running], request_line: bytes, status: int
) -> None:
    head, _, body = start().raw(request_line).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert b"application/problem+json" in head
    assert b'"status":%d' % status in body


BODY = b'{"name": "One\\r\\nUpgrade: h2c", "x": "\r\nUpgrade: h2c\r\n\r\n"}'.replace(b"\r\n", b"  ")
OFFER = (
    b"POST /api/workflows HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: %b\r\nHTTP2-Settings: AAEAAEAA\r\n"
)
WHOLE = b"Content-Length: %d\r\n\r\n%b" % (len(BODY), BODY)
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)


@pytest.mark.parametrize("offered", [b"h2c", b"foo", b"websocketfoo"])
@pytest.mark.parametrize("framed", [WHOLE, CHUNKED], ids=["whole", "chunked"])
@pytest.mark.parametrize("cut", [0, 20, 300])
def test_an_offer_to_speak_another_protocol_loses_no_body(
    start: Callable[..., Running], offered: bytes, framed: bytes, cut: int
) -> None:
    """Java's client offers HTTP/2 with every request."""
    request = OFFER % offered + framed
    with socket.create_connection(("127.0.0.1", start().port), timeout=10) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(2):
            if cut:
                line.sendall(request[:cut])
                # What the server has taken in by then, it has taken in alone.
                select.select([line], [], [], 0.05)
            line.sendall(request[cut:])
            answer = http.client.HTTPResponse(line)
            answer.begin()
            assert (answer.status, json.loads(answer.read())["name"]) == (201, json.loads(BODY)["name"])


def test_a_body_is_left_as_it_is(start: Callable[..., Running]) -> None:
    content = b"a\r\nUpgrade: h2c\r\n\r\nb" + b"c" * 70_000
    line = start().connect()
    form = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n%b\r\n--x--\r\n' % content
    line.putrequest("POST", "/api/files/upload")
    line.putheader("Content-Type", "multipart/form-data; boundary=x")
    line.putheader("Content-Length", str(len(form)))
    line.endheaders()
    line.send(form[:60])
    line.send(form[60:])
    file = json.loads(line.getresponse().read())["items"][0]
    line.request("GET", file["content_url"])
    assert line.getresponse().read() == content


@pytest.mark.parametrize("endless", [b"X-Header: a\r\n" * 9000, b"X-Header: " + b"a" * 140_000], ids=["many", "long"])
def test_a_head_has_an_end(start: Callable[..., Running], endless: bytes) -> None:
    with socket.create_connection(("127.0.0.1", start().port), timeout=10) as line:
        line.sendall(b"GET / HTTP/1.1\r\n")
        with suppress(OSError):
            for at in range(0, len(endless), 20_000):
                line.sendall(endless[at : at + 20_000])
                select.select([line], [], [], 0.02)
            assert b" 400 " in line.recv(65536)


@pytest.mark.parametrize("endless", [b"X-Trailer: a\r\n" * 9000, b"X-Trailer: " + b"a" * 140_000], ids=["many", "long"])
def test_trailers_have_an_end(start: Callable[..., Running], endless: bytes) -> None:
    head = b"POST /api/workflows HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n"
    with socket.create_connection(("127.0.0.1", start().port), timeout=10) as line:
        line.sendall(head)
        with suppress(OSError):
            for at in range(0, len(endless), 20_000):
                line.sendall(endless[at : at + 20_000])
                select.select([line], [], [], 0.02)
            assert b" 400 " in line.recv(65536)


def test_a_request_behind_a_large_body_is_answered(start: Callable[..., Running]) -> None:
    body = b'{"name": "' + b"x" * 150 + b'", "metadata": {"x": "' + b"y" * 200_000 + b'"}}'
    head = b"POST /api/workflows HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    with socket.create_connection(("127.0.0.1", start().port), timeout=10) as line:
        line.sendall(head % len(body) + body + b"GET /health HT")
        answer = http.client.HTTPResponse(line)
        answer.begin()
        assert answer.status == 201
        answer.read()
        line.sendall(b"TP/1.1\r\nHost: x\r\n\r\n")
        assert line.recv(65536).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_at_once_with_connections_open(start: Callable[..., Running], number: int) -> None:
    server = start()
    line = server.connect()
    line.request("GET", "/health")
    line.getresponse().read()
    assert server.end(number) < 1
    assert server.process.returncode == 0
    assert server.process.stderr is not None
    assert server.process.stderr.read() == ""


def test_node_types_of_ones_own_come_from_a_folder(start: Callable[..., Running], tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text('{"type": "mine", "display_name": "Mine"}')
    line = start("--node-types", str(tmp_path)).connect()
    line.request("GET", "/api/node-types/mine")
    answer = line.getresponse()
    assert (answer.status, b'"Mine"' in answer.read()) == (200, True)


def failed(*options: str, **environment: str) -> str:
    done = subprocess.run(
        [*RUN, *options], capture_output=True, text=True, timeout=30, env={**os.environ, **environment}, check=False
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_port_in_use_is_told_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = failed("--port", str(port), "--scenario", "empty")
    assert f"Port {port} is in use" in told
    assert told.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "part"),
    [
        (["--pace", "slow"], "real, fast, stopped, instant, auto"),
        (["--port", "99999"], "65535"),
        (["--port", "http"], "--port"),
        (["--rate", "0"], "rate"),
        (["--seed", "-1"], "seed"),
        (["--scenario", "full"], "demo, empty, failing"),
        (["--host", "256.1.1.1"], "256.1.1.1"),
        (["--node-types", "/no/such/folder"], "/no/such/folder"),
        (["--loud"], "--loud"),
    ],
)
def test_a_bad_option_is_told_in_clear_words(options: list[str], part: str) -> None:
    assert part in failed(*options)


def test_a_bad_variable_is_named() -> None:
    assert "UNDERSTUDY_PORT" in failed(UNDERSTUDY_PORT="eighty")


def test_a_variable_that_is_no_setting_is_refused() -> None:
    assert "UNDERSTUDY_MAX_NODE is no setting. Did you mean UNDERSTUDY_MAX_NODES?" in failed(UNDERSTUDY_MAX_NODE="5")
    assert "UNDERSTUDY_LIMITS is no setting." in failed(UNDERSTUDY_LIMITS="5")
    assert "UNDERSTUDY_COLOUR is no setting. docs/settings.md lists them all." in failed(UNDERSTUDY_COLOUR="red")


def test_where_clients_find_a_server_is_no_setting() -> None:
    assert read_settings({"UNDERSTUDY_URL": "http://localhost:8000"}) == read_settings({})


def test_what_kubernetes_says_of_a_service_of_this_name_is_no_setting() -> None:
    told = {"UNDERSTUDY_SERVICE_HOST": "10.0.0.1", "UNDERSTUDY_PORT_8000_TCP_ADDR": "10.0.0.1"}
    assert read_settings(told) == read_settings({})


def test_help_names_the_variables() -> None:
    told = subprocess.run([*RUN, "--help"], capture_output=True, text=True, check=True).stdout
    for name in ("HOST", "PORT", "SEED", "PACE", "RATE", "SCENARIO", "NODE_TYPES"):
        assert f"UNDERSTUDY_{name}" in told
