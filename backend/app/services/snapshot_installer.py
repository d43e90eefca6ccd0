"""Puts snapshots into sandboxes, if all parts of them fit together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import msgspec
import orjson

from ..config import Settings
from ..errors import InvalidInput, UnderstudyError
from ..models.event import Event, as_wire
from ..models.execution import Execution
from ..models.file import File
from ..models.pool import Pool
from ..models.reply import Reply
from ..models.user import DEFAULT_USER
from ..models.workflow import refuse_twins
from ..models.written import must
from ..moments import as_date
from ..nodes import cron
from ..nodes.custom import from_json
from ..sandbox import Sandbox
from ..store.part_reader import (
    read_changes,
    read_execution,
    read_file,
    read_schedule,
    read_template,
    read_version,
    read_workflow,
)
from ..store.parts import SchedulePart, VersionPart
from .changes import check_writable, reuse
from .documents import render
from .graphs import check_shape
from .snapshot_accounts import install_accounts
from .snapshot_format import LivePart, SandboxPart, Snapshot, broken


def settings_of(snapshot: Snapshot, settings: Settings) -> Settings:
    """The settings of a sandbox that is to take the snapshot in; its clock begins at ``snapshot.sandbox.now``."""
    held = snapshot.sandbox
    return replace(settings, seed=held.seed, scenario=held.scenario, pace=held.pace, rate=held.rate)


def install(snapshot: Snapshot, sandbox: Sandbox) -> None:
    """Fill a fresh sandbox, made with `settings_of`. After an error it is to be thrown away.

    :raises InvalidInput: ``broken_snapshot``, if the parts do not fit together.
    """
    with _within("$.sandbox"):
        _install_sandbox(snapshot.sandbox, sandbox)
    _install_documents(snapshot, sandbox)
    install_accounts(snapshot, sandbox)
    _check_shares(snapshot, sandbox)
    _install_executions(snapshot, sandbox)
    _prove(snapshot, sandbox)


@contextmanager
def _within(place: str) -> Iterator[None]:
    """Whatever goes wrong here is the fault of what stands at this place: a stranger may have written it."""
    try:
        yield
    except UnderstudyError as error:
        details = "; ".join(f"{culprit.get('pointer')} {culprit.get('message')}" for culprit in _culprits(error))
        raise broken(place, f"{error.message.rstrip('.')} {details}".strip().rstrip(".")) from error
    except Exception as error:
        raise broken(place, f"{error}" if isinstance(error, ValueError) else repr(error)) from error


def _culprits(error: UnderstudyError) -> list[dict[str, Any]]:
    return error.errors[:3] if isinstance(error, InvalidInput) else []


def _install_sandbox(held: SandboxPart, sandbox: Sandbox) -> None:
    sandbox.world.ids.counters.update(held.counters)
    sandbox.untold = range(*held.untold)
    sandbox.engine.failures = held.failures
    sandbox.faults.restore(held.faults)
    sandbox.windows.update(held.windows)
    sandbox.store.schedules.due_count = held.due_count
    check_writable(held.values)
    sandbox.store.values.update(held.values)
    for document in held.node_types:
        sandbox.registry.add(from_json(document))
    sandbox.registry.version = held.registry_version
    for part in held.replies:
        reply = Reply(bytes.fromhex(part.fingerprint), part.status, part.body, tuple(part.headers))
        sandbox.replies[tuple(part.key)] = reply


def _install_documents(snapshot: Snapshot, sandbox: Sandbox) -> None:
    store = sandbox.store
    for place, workflow in enumerate(snapshot.workflows):
        with _within(f"$.workflows[{place}]"):
            must(store.workflows.find(workflow.id) is None, f"there are two workflows '{workflow.id}'")
            _check_graph(workflow.nodes, workflow.connections)
            store.workflows.add(read_workflow(workflow))
    for place, version in enumerate(snapshot.versions):
        with _within(f"$.versions[{place}]"):
            _install_version(version, sandbox)
    for place, template in enumerate(snapshot.templates):
        with _within(f"$.templates[{place}]"):
            must(store.templates.find(template.id) is None, f"there are two templates '{template.id}'")
            check_shape(template.nodes, template.connections)
            check_writable(msgspec.structs.asdict(template))
            store.templates.add(read_template(template))
    for place, schedule in enumerate(snapshot.schedules):
        with _within(f"$.schedules[{place}]"):
            _install_schedule(schedule, sandbox)
    for place, file in enumerate(snapshot.files):
        with _within(f"$.files[{place}]"):
            must(store.files.find(file.id) is None, f"there are two files '{file.id}'")
            check_writable(file.metadata)
            store.files.add(read_file(file))


def _check_shares(snapshot: Snapshot, sandbox: Sandbox) -> None:
    """Those who own workflows, and those with whom they are shared, are there; no link leads to two workflows."""
    tokens: set[str] = set()
    for place, part in enumerate(snapshot.workflows):
        with _within(f"$.workflows[{place}]"):
            # The default user is there wherever there are users.
            for user_id in (part.owner_id, *part.shares):
                if user_id != DEFAULT_USER:
                    sandbox.store.users.get(user_id)
            if part.link is not None:
                must(part.link.token not in tokens, "two workflows have the same link")
                tokens.add(part.link.token)


def _install_version(part: VersionPart, sandbox: Sandbox) -> None:
    workflow = sandbox.store.workflows.get(part.workflow_id)
    last = workflow.past[-1].revision if workflow.past else 0
    must(last < part.revision < workflow.revision, "versions come in the order of their revisions, up to the present")
    must(part.restored_from is None or part.restored_from < part.revision, "what was restored was there before")
    _check_graph(part.nodes, part.connections)
    check_writable(msgspec.structs.asdict(part))
    before = workflow.past[-1] if workflow.past else workflow
    version = read_version(part)
    nodes, connections = reuse(before.nodes, version.nodes), reuse(before.connections, version.connections)
    workflow.past.append(version._replace(nodes=nodes, connections=connections))


def _install_schedule(part: SchedulePart, sandbox: Sandbox) -> None:
    store = sandbox.store
    last = max((schedule.number for schedule in store.schedules), default=0)
    must(last < part.number <= sandbox.world.ids.counters.get("sc", 0), "schedules come in the order of their numbers")
    must(store.schedules.find(part.id) is None, f"there are two schedules '{part.id}'")
    store.workflows.get(part.workflow_id)
    must((part.cron is None) != (part.interval_seconds is None), "a schedule goes by an expression or by an interval")
    must(part.enabled or part.next_at is None, "a schedule that is not enabled is never due")
    must(part.last_error is None or {*part.last_error} == {"code", "message"}, "an error has a code and a message")
    zone = cron.read_zone(part.timezone)
    if part.cron is not None:
        cron.moments(part.cron, as_date(max(part.updated_at, 0)).astimezone(zone))
    check_writable(msgspec.structs.asdict(part))
    store.schedules.add(read_schedule(part))


def _install_executions(snapshot: Snapshot, sandbox: Sandbox) -> None:
    store, pools = sandbox.store, []
    last = 0
    for place, part in enumerate(snapshot.executions):
        with _within(f"$.executions[{place}]"):
            _check_execution(part, last)
            last = part.number
            pools.append(Pool(part.pool))
            execution = read_execution(part, pools[-1])
            execution.files = _read_files(part, sandbox)
            store.add_execution(execution)
    with _within("$.executions"):
        must(last <= snapshot.sandbox.counters.get("ex", 0), "an execution has a number that was not given yet")
        _check_cursors([event.cursor for part in snapshot.executions for event in part.events], snapshot)
    with _within("$.changes"):
        _check_changes(snapshot)
    store.log.restore(store.executions, read_changes(snapshot.changes), snapshot.sandbox.cursor)
    # A stage may refer to any execution, so that they all must be there by now.
    restore = sandbox.engine.restorer()
    for place, (execution, part, pool) in enumerate(zip(store.executions, snapshot.executions, pools, strict=True)):
        with _within(f"$.executions[{place}]"):
            restore(execution, part.stage, pool)


def _read_files(part: LivePart, sandbox: Sandbox) -> dict[str, File]:
    deleted = {file.id: read_file(file) for file in part.deleted_files}
    return {key: deleted[key] if key in deleted else sandbox.store.files.get(key) for key in part.files}


def _check_execution(part: LivePart, last: int) -> None:
    must(part.number > last, "executions come in the order of their numbers")
    # They are looked at as what they are in a node.
    check_shape([{"id": key, "data": {"mock": mock}} for key, mock in part.mocks.items()], [])
    if part.stage is not None:
        source = part.stage.source
        _check_graph(source.nodes, source.connections)
        check_shape([{"id": key, "data": {"mock": mock}} for key, mock in source.mocks.items()], [])


def _check_graph(nodes: list[dict[str, Any]], connections: list[dict[str, Any]]) -> None:
    check_shape(nodes, connections)
    for things, where in ((nodes, "nodes"), (connections, "connections")):
        must(all(isinstance(thing.get("id"), str) for thing in things), f"each of the {where} has an id")
        refuse_twins(things, where)


def _check_cursors(cursors: list[int], snapshot: Snapshot) -> None:
    must(len(set(cursors)) == len(cursors), "two events have the same cursor")
    must(max(cursors, default=0) <= snapshot.sandbox.cursor, "an event has a cursor that was not given yet")


def _check_changes(snapshot: Snapshot) -> None:
    told = [change.cursor for change in snapshot.changes]
    must(told == sorted(told), "events come in the order of their cursors")
    _check_cursors(told + [event.cursor for part in snapshot.executions for event in part.events], snapshot)


def _prove(snapshot: Snapshot, sandbox: Sandbox) -> None:
    """Show everything once: what can be shown is whole."""
    for place, workflow in enumerate(sandbox.store.workflows):
        with _within(f"$.workflows[{place}]"):
            render(sandbox, workflow)
    for place, execution in enumerate(sandbox.store.executions):
        with _within(f"$.executions[{place}]"):
            _show(execution, snapshot.executions[place].pool)
    for place, record in enumerate(read_changes(snapshot.changes)):
        with _within(f"$.changes[{place}]"):
            orjson.dumps(as_wire(Event(*record)))
    with _within("$"):
        sandbox.engine.next_due()


def _show(execution: Execution, pool: list[Any]) -> None:
    orjson.dumps(pool)
    orjson.dumps(execution.as_dict(iterations=True))
    orjson.dumps([as_wire(event) for event in execution.events])
