"""Writes sandboxes as snapshots, or piece by piece; see `snapshot_format.py` for the shape.

What is captured within a turn or a view is of one moment, and nothing that happens afterwards changes it: so it can be
encoded, which takes long, while the sandbox goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec
import orjson

from ..models.event import Record
from ..models.execution import Execution
from ..models.pool import Pool
from ..models.reply import Reply
from ..models.schedule import Schedule
from ..models.user import User
from ..models.workflow import Workflow
from ..nodes.custom import to_json
from ..sandbox import Sandbox
from ..store.account_parts import write_api_key, write_login, write_user
from ..store.part_writer import (
    execution_fields,
    write_changes,
    write_file,
    write_schedule,
    write_template,
    write_version,
    write_workflow,
)
from ..store.parts import ChangesPart
from ..version import VERSION
from .snapshot_format import FORMAT, FORMAT_VERSION, LivePart, ReplyPart, SandboxPart, Snapshot

_ENDED = "ended"
"""The stamp of an execution that has."""

_STATE_OF_SCHEDULE = attrgetter(*(field.name for field in fields(Schedule)))
_STATE_OF_USER = attrgetter(*(field.name for field in fields(User)))
"""All there is of one: much of it can change within a moment, and nothing in it is changed in its place."""


class Captured(Snapshot):
    """A snapshot that is still to be encoded."""

    executions: list[Any]
    """Those that have ended as `Ended`, the others as JSON."""


class Ended:
    """An execution that has ended, so that nothing changes it any more; who removes it takes its events away."""

    __slots__ = ("execution", "records")

    def __init__(self, execution: Execution) -> None:
        self.execution = execution
        self.records: list[Record] = list(execution.events.records)


class Piece(NamedTuple):
    """One thing of a sandbox, for whoever writes only what has changed."""

    kind: str
    """sandbox, reply, workflow, version, template, schedule, file, execution or changes, or that of an account"""
    key: str
    stamp: Any
    """Changes whenever the bytes could have; ``None`` if they are always to be written."""
    capture: Callable[[], Any]
    """Gives what `encode` takes, as it is at this moment."""


class Bundle(NamedTuple):
    """Pieces that need not be looked at as long as the stamp of all together is the same."""

    key: str
    stamp: Any
    pieces: Callable[[], Iterator[Piece]]


def capture(sandbox: Sandbox) -> Captured:
    """Everything that is needed to go on exactly as this sandbox would; call it inside of a view or a turn."""
    store = sandbox.store
    held = _write_sandbox(sandbox)
    held.replies = [_write_reply(key, reply) for key, reply in _replies(sandbox)]
    return Captured(
        format=FORMAT,
        version=FORMAT_VERSION,
        understudy=VERSION,
        sandbox=held,
        workflows=[write_workflow(workflow) for workflow in store.workflows],
        templates=[write_template(template) for template in store.templates],
        files=[write_file(file) for file in store.files],
        executions=[_capture_execution(sandbox, execution) for execution in store.executions],
        schedules=[write_schedule(schedule) for schedule in store.schedules],
        versions=[write_version(one, version) for one in store.workflows for version in one.past],
        users=[write_user(user) for user in store.users],
        logins=[write_login(login) for login in store.logins.values()],
        api_keys=[write_api_key(key) for key in store.api_keys],
        changes=[part for records in store.log.changes().values() for part in write_changes(records)],
    )


def encode(captured: Any) -> bytes:
    """What was captured, a whole sandbox or a piece, as JSON; the sandbox may go on meanwhile."""
    return msgspec.json.encode(captured, enc_hook=_write_ended)


def pieces(sandbox: Sandbox) -> Iterator[Piece]:
    """A sandbox piece by piece; call it, and every `capture`, inside of one view or turn."""
    yield from single_pieces(sandbox)
    for bundle in bundles(sandbox):
        yield from bundle.pieces()


def bundles(sandbox: Sandbox) -> Iterator[Bundle]:
    """The versions that workflows were at before, which are many and hardly ever change."""
    for workflow in sandbox.store.workflows:
        if workflow.past:
            stamp = (workflow.revision, workflow.past_changes)
            yield Bundle(workflow.id, stamp, partial(_pieces_of_past, workflow))


def _pieces_of_past(workflow: Workflow) -> Iterator[Piece]:
    for version in workflow.past:
        # Of what was saved, only the label can be another one.
        place = f"{workflow.id}/{version.revision}"
        yield Piece("version", place, (version.label,), partial(write_version, workflow, version))


def single_pieces(sandbox: Sandbox) -> Iterator[Piece]:
    """The pieces that are in no bundle."""
    store, engine = sandbox.store, sandbox.engine
    yield Piece("sandbox", "", None, partial(_write_sandbox, sandbox))
    for key, reply in _replies(sandbox):
        # It is the reply itself that is its stamp: the same key may come to stand for another one.
        yield Piece("reply", orjson.dumps(key).decode(), reply, partial(_write_reply, key, reply))
    for workflow in store.workflows:
        shared = (workflow.shares, workflow.link)
        changed = (workflow.revision, workflow.updated_at, workflow.version_label, workflow.last_execution_id, shared)
        yield Piece("workflow", workflow.id, changed, partial(write_workflow, workflow))
    for template in store.templates:
        yield Piece("template", template.id, template.revision, partial(write_template, template))
    for schedule in store.schedules:
        yield Piece("schedule", schedule.id, _STATE_OF_SCHEDULE(schedule), partial(write_schedule, schedule))
    for file in store.files:
        yield Piece("file", file.id, (), partial(write_file, file))
    yield from _pieces_of_accounts(sandbox)
    for execution in store.executions:
        stamp = _ENDED if execution.is_final else (len(execution.events), *engine.stamp(execution))
        yield Piece("execution", execution.id, stamp, partial(_capture_execution, sandbox, execution))
    for block, records in store.log.changes().items():
        yield Piece("changes", str(block), len(records), partial(_write_block, records))


def _pieces_of_accounts(sandbox: Sandbox) -> Iterator[Piece]:
    store = sandbox.store
    for user in store.users:
        yield Piece("user", user.id, _STATE_OF_USER(user), partial(write_user, user))
    for login in store.logins.values():
        yield Piece("login", login.id, login.refresh_id, partial(write_login, login))
    for api_key in store.api_keys:
        yield Piece("api_key", api_key.id, (), partial(write_api_key, api_key))


def _write_sandbox(sandbox: Sandbox) -> SandboxPart:
    settings, world = sandbox.settings, sandbox.world
    return SandboxPart(
        seed=world.seed,
        scenario=settings.scenario,
        pace=sandbox.pace,  # type: ignore[arg-type]
        rate=world.clock.rate if sandbox.pace == "fast" else settings.rate,
        now=world.clock.now(),
        counters=dict(world.ids.counters),
        cursor=sandbox.store.log.cursor,
        untold=(sandbox.untold.start, sandbox.untold.stop),
        failures=sandbox.engine.failures,
        values={namespace: dict(held) for namespace, held in sandbox.store.values.items()},
        node_types=[to_json(kind) for kind in sandbox.registry.custom()],
        registry_version=sandbox.registry.version,
        replies=[],
        faults=sandbox.faults.as_state(),
        windows=dict(sandbox.windows),
        due_count=sandbox.store.schedules.due_count,
    )


def _replies(sandbox: Sandbox) -> list[tuple[tuple[str, ...], Reply]]:
    """The answers that are kept, without those that are still being made."""
    return [(key, reply) for key, reply in sandbox.replies.items() if reply.status]


def _write_reply(key: tuple[str, ...], reply: Reply) -> ReplyPart:
    return ReplyPart(list(key), reply.fingerprint.hex(), reply.status, reply.body, list(reply.headers))


def _write_block(records: list[Record]) -> ChangesPart:
    return ChangesPart(write_changes(records))


def _capture_execution(sandbox: Sandbox, execution: Execution) -> Ended | msgspec.Raw:
    if execution.is_final:
        return Ended(execution)
    # What is under way changes: files that a node wrote are completed where they are shown.
    return msgspec.Raw(msgspec.json.encode(_write_live(sandbox, execution)))


def _write_live(sandbox: Sandbox, execution: Execution) -> LivePart:
    pool = Pool()
    fields = execution_fields(execution, execution.events.records, pool)
    stage = sandbox.engine.capture(execution, pool)
    deleted = [file for key, file in execution.files.items() if sandbox.store.files.find(key) is None]
    return LivePart(
        **fields,
        stage=stage,
        pool=pool.values,
        files=list(execution.files),
        deleted_files=[write_file(file) for file in deleted],
    )


def _write_ended(held: Any) -> LivePart:
    if not isinstance(held, Ended):
        raise TypeError(f"This has no place in JSON: {held!r}.")
    pool = Pool()
    fields = execution_fields(held.execution, held.records, pool)
    return LivePart(**fields, stage=None, pool=pool.values, files=[], deleted_files=[])
