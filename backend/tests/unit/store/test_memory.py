"""The store in memory: things by id, workflows by their last change, and the log of a sandbox."""

from __future__ import annotations

import gc
import random
import weakref

import pytest

from app.errors import NotFound
from app.models.event import Change
from app.models.execution import Execution
from app.models.workflow import Workflow
from app.store.memory import MemoryLog, MemoryRepository, MemoryStore, MemoryWorkflows


def workflow(number, moment):
    return Workflow(f"wf_{number}", number, "", "", [], [], [], {}, {}, {}, moment, moment)


def execution(number, workflow_id="wf_1"):
    return Execution(f"ex_{number}", number, workflow_id, 1, "", "manual", None, 1, 0)


def note(log, whose, at):
    log.append(whose, "execution.paused", at, None, {})


def test_things_come_back_in_the_order_they_came():
    things = MemoryRepository("execution")
    for number in (3, 1, 2):
        things.add(execution(number))
    assert [thing.id for thing in things] == ["ex_3", "ex_1", "ex_2"]
    assert len(things) == 3
    assert things.get("ex_1").number == 1


def test_what_is_not_there_is_not_found_by_its_kind():
    things = MemoryRepository("execution")
    assert things.find("ex_9") is None
    for ask in (things.get, things.remove):
        with pytest.raises(NotFound) as refused:
            ask("ex_9")
        assert refused.value.code == "execution_not_found"


def test_what_was_removed_is_gone():
    things = MemoryRepository("execution")
    things.add(execution(1))
    assert things.remove("ex_1").id == "ex_1"
    assert things.find("ex_1") is None
    assert len(things) == 0


def test_workflows_are_told_the_last_changed_first_whatever_happens_to_them():
    luck, kept = random.Random(4), MemoryWorkflows()
    for number in range(60):
        kept.add(workflow(number, luck.randrange(20)))
    for _ in range(200):
        one = kept.get(f"wf_{luck.randrange(60)}")
        before, one.updated_at = one.updated_at, luck.randrange(40)
        kept.moved(one, before)
    for number in range(0, 60, 7):
        kept.remove(f"wf_{number}")
    wanted = sorted(kept, key=lambda one: (one.updated_at, one.number), reverse=True)
    assert kept.newest(0, 100) == wanted
    assert kept.newest(10, 20) == wanted[10:20]
    assert kept.newest(len(wanted) - 1, len(wanted) + 5) == wanted[-1:]
    assert kept.newest(500, 600) == []


def test_the_log_counts_for_the_sandbox_and_for_each_execution():
    log, one, other = MemoryLog(100), execution(1), execution(2)
    for place, whose in enumerate((one, other, one)):
        note(log, whose, place)
    told = [(event.cursor, event.execution.id, event.seq, event.at) for event in log.after(0)]
    assert told == [(1, "ex_1", 1, 0), (2, "ex_2", 1, 1), (3, "ex_1", 2, 2)]
    assert [event.seq for event in one.events] == [1, 2]


@pytest.mark.parametrize(("cursor", "found"), [(-5, [1, 2, 3]), (0, [1, 2, 3]), (2, [3]), (3, []), (99, [])])
def test_the_log_tells_what_came_after_a_cursor(cursor, found):
    log, one = MemoryLog(100), execution(1)
    for moment in range(3):
        note(log, one, moment)
    assert [event.cursor for event in log.after(cursor)] == found


def test_the_log_forgets_the_oldest_and_goes_on_counting():
    log, one = MemoryLog(3), execution(1)
    for moment in range(5):
        note(log, one, moment)
    assert [event.cursor for event in log.after(0)] == [3, 4, 5]
    assert log.cursor == 5
    assert len(one.events) == 5


def change(log, number):
    log.append_change(Change("wf_1", "updated", number, "Tea", number), number)


def cursors(events):
    return [event.cursor for event in events]


def test_changes_of_workflows_are_told_among_what_executions_did():
    log, one = MemoryLog(100), execution(1)
    note(log, one, 0)
    change(log, 2)
    note(log, one, 0)
    told = [(event.cursor, event.seq, event.execution_id, event.workflow_id) for event in log.after(0)]
    assert told == [(1, 1, "ex_1", "wf_1"), (2, 0, None, "wf_1"), (3, 2, "ex_1", "wf_1")]
    assert log.after(1, 1)[0].data["revision"] == 2


@pytest.mark.parametrize(("limit", "found"), [(0, []), (1, [3]), (2, [3, 6]), (3, [3, 6, 7]), (99, [3, 6, 7])])
def test_a_reader_gets_the_oldest_first_and_those_of_removed_executions_do_not_count(limit, found):
    store, kept, removed = MemoryStore(), execution(1), execution(2)
    for one in (kept, removed):
        store.add_execution(one)
    for whose in (kept, kept, kept, removed, removed, kept, kept):
        note(store.log, whose, 0)
    store.remove_execution(removed)
    assert cursors(store.log.after(2, limit)) == found


def test_a_full_log_tells_the_newest_from_wherever_one_reads():
    log, one = MemoryLog(1000), execution(1)
    for moment in range(5000):
        note(log, one, moment)
        if moment % 97 == 0:
            kept = range(max(log.cursor - 1000, 0) + 1, log.cursor + 1)
            for cursor in (0, kept[0] - 1, kept[0], kept[len(kept) // 2], kept[-1] - 1, kept[-1]):
                assert cursors(log.after(cursor)) == [other for other in kept if other > cursor]


def test_a_restored_log_is_the_same_from_every_cursor_on_though_it_has_gaps():
    luck, store = random.Random(7), MemoryStore(max_events=300)
    every = [execution(number) for number in range(1, 8)]
    for one in every:
        store.add_execution(one)
    for number in range(400):
        whose = luck.choice([*every, None])
        if whose is None:
            change(store.log, number)
        else:
            note(store.log, whose, number)
    for one in every[::2]:
        store.remove_execution(one)
    changes = [record for block in store.log.changes().values() for record in block]
    again = MemoryLog(300)
    again.restore(store.executions, changes, store.log.cursor)
    for log in (store.log, again):
        change(log, 400)
    assert again.forgotten == store.log.forgotten == 101
    told = cursors(store.log.after(0))
    assert 100 < len(told) < 200
    for cursor in range(403):
        assert again.after(cursor) == store.log.after(cursor)
        assert cursors(again.after(cursor)) == [other for other in told if other > cursor]


def test_a_log_tells_how_far_it_has_forgotten():
    log, one = MemoryLog(3), execution(1)
    for forgotten in (0, 0, 0, 1, 2):
        note(log, one, 0)
        assert log.forgotten == forgotten


def test_changes_are_let_go_in_blocks_once_all_in_a_block_are_forgotten():
    log, one = MemoryLog(1000), execution(1)
    for number in range(3000):
        change(log, number)
    kept = [record[6] for block in log.changes().values() for record in block]
    assert kept[0] <= 2001
    assert kept == list(range(kept[0], 3001))
    assert all(len(block) <= 256 for block in log.changes().values())
    assert len(kept) < 1256
    for moment in range(1256):
        note(log, one, moment)
    assert log.changes() == {}


def test_executions_are_known_by_their_workflow():
    store = MemoryStore()
    for number, owner in ((1, "wf_1"), (2, "wf_2"), (3, "wf_1")):
        store.add_execution(execution(number, owner))
    assert [one.id for one in store.executions_of("wf_1")] == ["ex_1", "ex_3"]
    store.remove_execution(store.executions.get("ex_1"))
    assert [one.id for one in store.executions_of("wf_1")] == ["ex_3"]
    assert store.executions.find("ex_1") is None
    assert store.executions_of("wf_9") == []


class Heavy:
    """What an execution holds on to."""


def test_a_forgotten_execution_is_gone_without_a_search_for_garbage():
    store, forgotten, kept = MemoryStore(max_events=1), execution(1), execution(2)
    for one in (forgotten, kept):
        store.add_execution(one)
        note(store.log, one, 0)
    forgotten.input = Heavy()
    trace = weakref.ref(forgotten.input)
    gc.disable()
    try:
        store.remove_execution(forgotten)
        del forgotten
        assert trace() is None
    finally:
        gc.enable()


def test_workflows_that_were_let_go_are_in_no_list():
    workflows = MemoryWorkflows()
    workflows.add(workflow(1, 10))
    workflows.clear()
    assert workflows.newest(0, 20) == []
