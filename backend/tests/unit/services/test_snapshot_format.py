"""What is kept, as plain data: each value once, everything back, and what does not fit is named."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.config import Settings
from app.engine.simulated import SimulatedEngine
from app.errors import InvalidInput, MalformedInput
from app.models.event import as_wire
from app.models.reply import Reply
from app.sandbox import Sandbox, Sandboxes
from app.services import files, node_types, workflows
from app.services.scenarios import fill
from app.services.snapshot_reader import assemble, decode
from app.services.snapshot_writer import encode, pieces
from app.services.users import add_ready_made

from ..engine.conftest import Play, graph, node
from .conftest import installed, written

Json = Any


def demo() -> Sandbox:
    return Sandboxes(Settings(pace="stopped", seed=1), SimulatedEngine, fill).get()


def spoiled(change: Any) -> bytes:
    play = Play()
    play.run(graph("a -> b"))
    document = json.loads(written(play.box))
    change(document)
    return json.dumps(document).encode()


def test_what_goes_through_many_nodes_is_written_once():
    play = Play()
    names = [f"n{number}" for number in range(30)]
    play.run(graph(" -> ".join(names), n0=node(mock={"output": "tea" * 1000})))
    assert written(play.box).count(b"tea" * 1000) == 3  # The document that pins it, the value, the output of the whole.


def test_everything_in_the_demo_comes_back():
    sandbox = demo()
    node_types.create(sandbox, {"type": "brew", "output": {"output": "{{ $json }}"}})
    files.upload(sandbox, [("note.txt", b"tea")])
    sandbox.replies["key",] = Reply(b"\x01\x02", 201, b'{"id":1}', (("Location", "/api/x"),))
    sandbox.replies["busy",] = Reply(b"\x03")
    sandbox.store.values["box"] = {"count": 3}
    raw = written(sandbox)
    other = installed(raw)
    assert written(other) == raw
    assert list(other.replies.items()) == [(("key",), sandbox.replies["key",])]
    assert other.store.values == sandbox.store.values
    assert other.registry.knows("brew")
    assert [file.content for file in other.store.files] == [file.content for file in sandbox.store.files]
    assert other.now() == sandbox.now()
    newest = [one.id for one in sandbox.store.workflows.newest(0, 100)]
    assert [one.id for one in other.store.workflows.newest(0, 100)] == newest


def test_the_parts_of_a_sandbox_are_its_snapshot():
    sandbox = demo()
    with sandbox.view():
        parts = [(piece.kind, encode(piece.capture())) for piece in pieces(sandbox)]
    assert encode(assemble(reversed(parts))) == written(sandbox)


def test_a_kept_answer_is_a_part_of_its_own_that_is_written_once():
    sandbox = demo()
    sandbox.replies["key",] = Reply(b"\x01", 201, b"tea" * 1000, ())
    before = _stamps(sandbox)
    sandbox.replies["later",] = Reply(b"\x02", 201, b"{}", ())
    after = _stamps(sandbox)
    place = ("reply", '["key"]')
    assert after[place] == before[place]
    assert len(before["sandbox", ""][1]) < 3000
    assert {key for key in after if key not in before} == {("reply", '["later"]')}


def test_a_stamp_changes_with_the_bytes_and_not_without():
    sandbox = demo()
    before = _stamps(sandbox)
    assert _stamps(sandbox) == before
    for _ in range(20):
        due = sandbox.engine.next_due()
        if due is None:
            break
        sandbox.world.clock.jump_to(due)
        after = _stamps(sandbox)
        changed = {key for key in after if key not in before or after[key][1] != before[key][1]}
        assert changed - {("sandbox", "")} <= {key for key in after if after[key][0] != before.get(key, (0,))[0]}
        before = after
    assert len(before) > 20


def changed() -> Sandbox:
    """A sandbox with more changes than one part of a data file holds, an execution among them."""
    play = Play()
    tea = workflows.create(play.box, {"name": "Tea"})
    play.run(graph("a -> b"))
    for number in range(300):
        workflows.patch(play.box, tea.id, {"name": f"Tea {number}"})
    workflows.delete(play.box, tea.id)
    return play.box


def _told(sandbox: Sandbox) -> list[Json]:
    return [as_wire(event) for event in sandbox.store.log.after(0)]


def test_changes_of_workflows_come_back_with_what_executions_did():
    sandbox = changed()
    other = installed(written(sandbox))
    assert _told(other) == _told(sandbox)
    assert _told(sandbox)[-1]["data"]["change"] == "deleted"
    assert written(other) == written(sandbox)


def test_changes_are_bounded_like_all_events():
    play = Play(max_events=20)
    for number in range(300):
        workflows.create(play.box, {"name": f"Tea {number}"})
    document = json.loads(written(play.box))
    assert len(document["changes"]) < 20 + 256
    other = installed(written(play.box))
    assert written(other) == written(play.box)


def test_a_change_is_written_again_with_few_others_only():
    sandbox = changed()
    before = _stamps(sandbox)
    workflows.create(sandbox, {"name": "Coffee"})
    after = _stamps(sandbox)
    written_again = {key for key in after if key not in before or after[key][0] != before[key][0]}
    assert {key for key in written_again if key[0] == "changes"} == {("changes", "1")}
    assert {key for key in after if key[0] == "changes"} == {("changes", "0"), ("changes", "1")}
    assert after["changes", "0"] == before["changes", "0"]


def test_the_parts_of_a_sandbox_hold_its_changes():
    sandbox = changed()
    # Parts without a single user are from before there were users.
    add_ready_made(sandbox, 0)
    with sandbox.view():
        parts = [(piece.kind, encode(piece.capture())) for piece in pieces(sandbox)]
    assert encode(assemble(reversed(parts))) == written(sandbox)


def test_a_snapshot_from_before_there_were_changes_is_read():
    other = installed(spoiled(lambda document: document.pop("changes")))
    assert {event["execution_id"] for event in _told(other)} == {next(iter(other.store.executions)).id}


def _stamps(sandbox: Sandbox) -> dict[tuple[str, str], tuple[Any, bytes]]:
    with sandbox.view():
        return {(piece.kind, piece.key): (piece.stamp, encode(piece.capture())) for piece in pieces(sandbox)}


@pytest.mark.parametrize("raw", [b"", b"{", b"no", b"\xff\xfe", b'{"format": "\xff"}', b"{} x"])
def test_what_is_no_json_is_malformed(raw):
    with pytest.raises(MalformedInput) as refused:
        decode(raw)
    assert refused.value.code == "malformed_json"


@pytest.mark.parametrize("head", [{}, {"format": "other", "version": 1}, {"version": 1}])
def test_another_format_is_refused(head):
    with pytest.raises(InvalidInput) as refused:
        decode(json.dumps(head).encode())
    assert refused.value.code == "unknown_snapshot_version"


def test_another_version_is_told_beside_the_one_that_is_read():
    with pytest.raises(InvalidInput, match="version 99; what is read here is version 1") as refused:
        decode(spoiled(lambda document: document.update(version=99)))
    assert refused.value.code == "unknown_snapshot_version"


def test_the_place_that_is_broken_is_named():
    raw = spoiled(lambda document: document["executions"][0].update(created_at="noon"))
    with pytest.raises(InvalidInput) as refused:
        decode(raw)
    assert refused.value.code == "broken_snapshot"
    assert refused.value.errors[0]["pointer"] == "/executions/0/created_at"


def test_something_nested_too_deep_is_broken():
    for raw in (b"[" * 100_000, b'{"x":' + b"[" * 100_000):
        with pytest.raises(InvalidInput) as refused:
            decode(raw)
        assert refused.value.code == "broken_snapshot"


def _twice(document: Json) -> None:
    document["workflows"].append(document["workflows"][0])


def _lost_value(document: Json) -> None:
    document["executions"][0]["pool"].clear()


def _same_cursor(document: Json) -> None:
    for event in document["executions"][0]["events"]:
        event[4] = 1


def _future_cursor(document: Json) -> None:
    document["sandbox"]["cursor"] = 1


def _tell_changes(document: Json, *cursors: int) -> None:
    """Put changes of a workflow where the log has room for them."""
    document["sandbox"]["cursor"] += 10
    document["changes"] = [[0, "wf_1", "updated", 2, "Tea", 0, cursor] for cursor in cursors]


def _change_twice(document: Json) -> None:
    _tell_changes(document, document["sandbox"]["cursor"] + 1, document["sandbox"]["cursor"] + 1)


def _change_at_the_cursor_of_an_execution(document: Json) -> None:
    _tell_changes(document, 1)


def _future_change(document: Json) -> None:
    _tell_changes(document, document["sandbox"]["cursor"] + 11)


def _disordered_changes(document: Json) -> None:
    _tell_changes(document, document["sandbox"]["cursor"] + 2, document["sandbox"]["cursor"] + 1)


@pytest.mark.parametrize(
    "change", [_change_twice, _change_at_the_cursor_of_an_execution, _future_change, _disordered_changes]
)
def test_changes_that_do_not_fit_into_the_log_are_refused(change):
    with pytest.raises(InvalidInput) as refused:
        installed(spoiled(change))
    assert refused.value.errors[0]["pointer"] == "/changes"


def test_changes_that_fit_into_the_log_are_taken():
    other = installed(spoiled(lambda document: _tell_changes(document, document["sandbox"]["cursor"] + 1)))
    assert _told(other)[-1]["type"] == "workflow.changed"


def _no_stage(document: Json) -> None:
    document["executions"][0]["status"] = "running"


def _no_id(document: Json) -> None:
    del document["workflows"][0]["nodes"][0]["id"]


def _past_time(document: Json) -> None:
    document["executions"][0]["created_at"] = 10**18


@pytest.mark.parametrize("change", [_twice, _lost_value, _same_cursor, _future_cursor, _no_stage, _no_id, _past_time])
def test_parts_that_do_not_fit_together_are_refused(change):
    with pytest.raises(InvalidInput) as refused:
        installed(spoiled(change))
    assert refused.value.code == "broken_snapshot"


def test_events_of_executions_that_were_removed_are_told_no_more_on_either_side():
    play = Play(max_events=20)
    workflow = play.save(graph("a -> b"))
    executions = [play.run(workflow) for _ in range(3)]
    play.box.store.remove_execution(executions[1])
    other = installed(written(play.box))
    told = [[event.cursor for event in sandbox.store.log.after(0)] for sandbox in (play.box, other)]
    assert told[0]
    assert other.store.log.cursor == play.box.store.log.cursor
    gone = [event.cursor for event in executions[1].events]
    assert gone == []
    assert set(told[0]) <= {event.cursor for one in play.box.store.executions for event in one.events}


def test_a_sandbox_that_is_dropped_lets_go_of_its_rings():
    sandbox = demo()
    execution = next(iter(sandbox.store.executions))
    sandbox.engine.clear()
    sandbox.store.clear()
    assert sandbox.engine.next_due() is None
    assert len(execution.events) == 0
    assert sandbox.store.log.after(0) == []
