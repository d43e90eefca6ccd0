"""How a flow gets on, over the Django door's WebSocket."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from app.testing import serve
from tests.editor import node
from tests.reading import BEAT, PATIENCE, Stage

Json = Any


class Listener:
    """Somebody who is told how a flow gets on."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    def hear(self) -> Json:
        """The next message."""
        told = json.loads(self.connection.recv(timeout=PATIENCE))
        assert set(told) == {"type", "flow", "execution", "node", "progress"}
        assert told["type"] == "flow.progress"
        return told

    def hear_to_the_end(self) -> list[Json]:
        """All messages until an execution has ended."""
        found = [self.hear()]
        while found[-1]["execution"]["completed_at"] is None:
            found.append(self.hear())
        return found

    def closed_with(self) -> int:
        """The code with which the server closes, if it says nothing more."""
        with pytest.raises(ConnectionClosed) as closed:
            self.connection.recv(timeout=PATIENCE)
        return closed.value.rcvd.code if closed.value.rcvd else 1006


@pytest.fixture
def listen(stage: Stage) -> Iterator[Callable[[int], Listener]]:
    """Listen to a flow: ``listen(1)``."""
    with ExitStack() as stack:

        def begin(flow: int) -> Listener:
            url = stage.sandbox.url.replace("http:", "ws:") + f"/api/flows/{flow}/ws/"
            return Listener(stack.enter_context(connect(url, proxy=None, open_timeout=PATIENCE)))

        yield begin


def last_of(stage: Stage, flow: int) -> Json:
    """The latest execution of a flow, as it is read."""
    return stage.sandbox.get(f"/api/flows/{flow}/executions/")[0]


def test_every_step_is_told_and_the_last_is_what_is_read(stage: Stage, listen: Callable[[int], Listener]) -> None:
    saved = stage.save(1, 2)
    listener = listen(saved["number"])
    started = stage.sandbox.post(f"/api/flows/{saved['number']}/execute/")
    stage.sandbox.clock.advance(3600)
    told = listener.hear_to_the_end()
    assert {one["flow"] for one in told} == {saved["number"]}
    assert {one["execution"]["id"] for one in told} == {started["execution_id"]}
    assert [one["execution"]["status"] for one in told if one["node"] is None] == ["pending", "running", "completed"]
    assert told[-1]["execution"] == last_of(stage, saved["number"])
    steps = [(one["node"]["node_id"], one["node"]["status"]) for one in told if one["node"]]
    assert [*dict.fromkeys(steps)] == [("n0", "running"), ("n0", "completed"), ("n1", "running"), ("n1", "completed")]
    shares = [one["progress"] for one in told]
    assert (shares[0], shares[-1]) == (0, 100)
    assert shares == sorted(shares)
    read = {run["node_id"]: run for run in stage.sandbox.get(f"/api/flows/executions/{started['execution_id']}/nodes/")}
    assert {one["node"]["node_id"]: one["node"] for one in told if one["node"]} == read


def test_who_comes_later_begins_with_how_it_is(stage: Stage, listen: Callable[[int], Listener]) -> None:
    saved = stage.save(1, 2)
    flow = saved["number"]
    execution = stage.execute(saved)
    stage.sandbox.clock.advance(1.5)
    listener = listen(flow)
    first = listener.hear()
    assert (first["execution"], first["node"], first["progress"]) == (last_of(stage, flow), None, 50)
    stage.finish(execution)
    told = listener.hear_to_the_end()
    assert {one["node"]["node_id"] for one in told if one["node"]} == {"n1"}
    assert told[-1]["execution"] == last_of(stage, flow)
    stage.execute(saved)
    assert listener.hear()["execution"]["id"] == first["execution"]["id"] + 1


def test_all_listeners_are_told_the_same_and_nothing_of_other_flows(
    stage: Stage, listen: Callable[[int], Listener]
) -> None:
    saved, other = stage.save(1), stage.save(1)
    listeners = [listen(saved["number"]) for _ in range(3)]
    stage.finish(stage.execute(other))
    stage.finish(stage.execute(saved))
    told = [listener.hear_to_the_end() for listener in listeners]
    assert told[0] == told[1] == told[2]
    assert {one["flow"] for one in told[0]} == {saved["number"]}


def test_rounds_of_a_loop_and_pauses_are_told_as_they_were(stage: Stage, listen: Callable[[int], Listener]) -> None:
    loop = node("loop", "loop")
    lines = [
        {"id": "in", "source": "loop", "sourceHandle": "item", "target": "body"},
        {"id": "back", "source": "body", "target": "loop", "targetHandle": "back"},
    ]
    body = node("body", mock={"duration_ms": 1000})
    saved = stage.sandbox.post("/api/workflows", {"nodes": [loop, body], "connections": lines})
    listener = listen(saved["number"])
    execution = stage.execute(saved, input=[1, 2, 3])
    stage.sandbox.post(f"/api/executions/{execution['id']}/pause")
    stage.sandbox.post(f"/api/executions/{execution['id']}/resume")
    stage.finish(execution)
    told = listener.hear_to_the_end()
    assert told[-1]["execution"] == last_of(stage, saved["number"])
    statuses = [one["node"]["status"] for one in told if one["node"] and one["node"]["node_id"] == "body"]
    rounds = [status for place, status in enumerate(statuses) if statuses[place - 1 : place] != [status]]
    assert rounds == ["running", "completed"] * 3


def test_what_a_client_says_is_taken_and_changes_nothing(stage: Stage, listen: Callable[[int], Listener]) -> None:
    saved = stage.save(1)
    listener = listen(saved["number"])
    listener.connection.send("hello")
    listener.connection.send(b"\0")
    stage.finish(stage.execute(saved))
    assert listener.hear_to_the_end()[-1]["execution"]["status"] == "completed"


def test_it_ends_when_the_sandbox_is_reset_or_the_flow_deleted(stage: Stage, listen: Callable[[int], Listener]) -> None:
    listener = listen(stage.save(1)["number"])
    stage.sandbox.delete("/api/flows/1/")
    assert listener.closed_with() == 1012
    listener = listen(stage.save(1)["number"])
    stage.sandbox.reset()
    assert listener.closed_with() == 1012


def test_there_is_nothing_to_listen_to_at_a_flow_that_is_not_there(
    stage: Stage, listen: Callable[[int], Listener]
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        listen(77)
    assert refused.value.response.status_code == 404
    assert json.loads(refused.value.response.body or b"") == {"detail": "No FlowDiagram matches the given query."}


def test_it_ends_when_who_listens_is_logged_out() -> None:
    shown = {"username": "alice", "password": "alice-password"}
    with serve(heartbeat=BEAT, auth="required") as server, server.sandbox() as sandbox:
        token = sandbox.post("/api/auth/login", shown)["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        flow = sandbox.post("/api/flows/", {"name": "Mine"}, headers)["id"]
        url = sandbox.url.replace("http:", "ws:") + f"/api/flows/{flow}/ws/?access_token={token}"
        with connect(url, proxy=None, open_timeout=PATIENCE) as connection:
            sandbox.post("/api/auth/logout", headers=headers)
            assert Listener(connection).closed_with() == 1008
