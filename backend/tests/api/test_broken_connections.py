"""Connections that break on purpose, seen from the other end of a real socket."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.server import Server, listen

BODY = b'{"name": "x", "description": "' + b"x" * 2000 + b'"}'
CREATE = (
    b"POST /api/workflows HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Content-Length: %d\r\n\r\n%b" % (len(BODY), BODY)
)
LARGE = b"POST /api/workflows HTTP/1.1\r\nHost: localhost\r\nContent-Length: 300000\r\n\r\n" + b"x" * 300_000
GET = b"GET /api/node-types HTTP/1.1\r\nHost: localhost\r\n\r\n"

Dial = Callable[[bytes], socket.socket]


@pytest.fixture
def server(app: Flask) -> Iterator[Server]:
    server = Server(app, listen("127.0.0.1", 0))
    thread = threading.Thread(target=server.serve)
    thread.start()
    yield server
    server.stop()
    thread.join()


@pytest.fixture
def dial(server: Server) -> Iterator[Dial]:
    """Connect and send a request."""
    lines: list[socket.socket] = []

    def send(request: bytes) -> socket.socket:
        lines.append(socket.create_connection(("127.0.0.1", server.port), timeout=10))
        lines[-1].sendall(request)
        return lines[-1]

    yield send
    for line in lines:
        line.close()


@pytest.fixture
def broken(client: FlaskClient) -> Callable[[str], None]:
    """Have every connection break in a way."""

    def give(how: str) -> None:
        assert client.put("/_control/faults", json=[{"id": "cut", "connection": how}]).status_code == 200

    return give


def total(client: FlaskClient) -> Any:
    client.delete("/_control/faults")
    return client.get("/api/workflows").get_json()["total"]


def read_all(line: socket.socket) -> bytes:
    return b"".join(iter(lambda: line.recv(65536), b""))


def test_a_reset_is_a_reset_and_the_request_never_arrived(client: FlaskClient, dial: Dial, broken: Any) -> None:
    broken("reset")
    with pytest.raises(ConnectionResetError):
        dial(CREATE).recv(1)
    assert total(client) == 0


@pytest.mark.parametrize("request_sent", [CREATE, LARGE], ids=["post", "large post"])
def test_an_empty_answer_is_an_end_without_a_byte(
    client: FlaskClient, dial: Dial, broken: Any, request_sent: bytes
) -> None:
    broken("empty")
    assert read_all(dial(request_sent)) == b""
    assert total(client) == 0


def test_a_truncated_answer_got_lost_but_all_of_the_request_happened(
    client: FlaskClient, dial: Dial, broken: Any
) -> None:
    broken("truncate")
    head, _, body = read_all(dial(CREATE)).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 201 ")
    assert b"x-understudy-rule: cut" in head.lower()
    length = int(head.lower().partition(b"content-length: ")[2].split()[0])
    assert len(body) == length // 2 > 1000
    assert total(client) == 1


def test_an_answer_without_a_body_leaves_its_head_before_the_end(dial: Dial, broken: Any) -> None:
    broken("truncate")
    answer = read_all(dial(GET.replace(b"GET", b"HEAD")))
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"\r\n\r\n")


@pytest.mark.parametrize("request_sent", [GET, CREATE, LARGE], ids=["get", "post", "large post"])
def test_a_hang_says_nothing_and_ends_when_the_client_leaves(
    client: FlaskClient, server: Server, dial: Dial, broken: Any, request_sent: bytes
) -> None:
    broken("hang")
    line = dial(request_sent)
    line.settimeout(0.2)
    with pytest.raises(TimeoutError):
        line.recv(1)
    assert server.connections == 1
    line.close()
    assert any(server.connections == 0 for _ in range(10_000) if total(client) == 0), "the connection is still held"
    assert total(client) == 0


def test_the_next_connection_is_as_good_as_any(client: FlaskClient, dial: Dial, broken: Any) -> None:
    broken("reset")
    with pytest.raises(ConnectionResetError):
        dial(GET).recv(1)
    client.delete("/_control/faults")
    with closing(dial(GET)) as line:
        assert line.recv(15) == b"HTTP/1.1 200 OK"


@pytest.mark.parametrize(
    ("how", "error"),
    [("reset", ConnectionResetError), ("empty", ConnectionAbortedError), ("hang", ConnectionAbortedError)],
)
def test_where_there_is_no_socket_the_error_of_one_is_raised(
    client: FlaskClient, broken: Any, how: str, error: type[Exception]
) -> None:
    broken(how)
    with pytest.raises(error):
        client.post("/api/workflows", json={"name": "x"})
    assert total(client) == 0


def test_a_truncated_answer_raises_where_there_is_no_socket(client: FlaskClient, broken: Any) -> None:
    broken("truncate")
    with pytest.raises(ConnectionAbortedError):
        client.post("/api/workflows", json={"name": "x"}).get_data()
    assert total(client) == 1
