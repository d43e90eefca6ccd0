"""Snapshots: one sandbox as JSON, in the middle of whatever is going on.

What goes on afterwards goes on in the same way: a snapshot holds the values that were made, and what lies in the
future. It leaves out what can be derived (plans, rendered documents, thumbnails) and where it was (the name of the
sandbox, real time), so that the same state is the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any, Literal, TypeVar

import msgspec
import orjson

from ..config import MOST_RATE, Settings
from ..engine.stage_state import StageState
from ..errors import InvalidInput, MalformedInput, UnderstudyError
from ..models.event import as_wire
from ..models.execution import Execution
from ..models.file import File
from ..models.pool import Pool
from ..models.reply import Reply
from ..models.workflow import refuse_twins
from ..nodes.custom import from_json, to_json
from ..sandbox import Sandbox
from ..store.snapshot import (
    Count,
    ExecutionPart,
    FilePart,
    Line,
    Moment,
    Part,
    TemplatePart,
    WorkflowPart,
    execution_fields,
    read_execution,
    read_file,
    read_template,
    read_workflow,
    write_file,
    write_template,
    write_workflow,
)
from ..version import VERSION
from .changes import check_writable
from .documents import render
from .graphs import check_shape

FORMAT = "understudy-snapshot"
READS = 1
"""The version of the format that is written and read."""


class ReplyPart(Part):
    """An answer that is kept for its ``Idempotency-Key``."""

    key: list[str]
    fingerprint: Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{2})*\Z")]
    """In hex."""
    status: Annotated[int, msgspec.Meta(ge=100, le=599)]
    body: bytes
    headers: list[tuple[Line, Line]]


class SandboxPart(Part):
    """What a sandbox has beside what it keeps."""

    seed: Annotated[int, msgspec.Meta(ge=0, lt=2**53)]
    scenario: str
    pace: Literal["real", "fast", "stopped", "instant", "auto"]
    rate: Annotated[float, msgspec.Meta(gt=0, le=MOST_RATE)]
    """That of pace ``fast``."""
    now: Moment
    """Where its clock stands, in microseconds."""
    counters: dict[str, Count]
    cursor: Count
    untold: tuple[Count, Count]
    failures: bool
    values: dict[str, dict[str, Any]]
    node_types: list[Any]
    registry_version: Count
    replies: list[ReplyPart]
    faults: Any


class LivePart(ExecutionPart, kw_only=True):
    """An execution, with its stage if it is under way."""

    stage: StageState | None
    files: list[str]
    """Ids of the files that it was given, as long as it is under way."""
    deleted_files: list[FilePart]
    """Those that are not among the files of the sandbox any more."""


class Snapshot(Part):
    """A whole sandbox."""

    format: str
    version: int
    understudy: str
    """The version of the server that wrote it."""
    sandbox: SandboxPart
    workflows: list[WorkflowPart]
    templates: list[TemplatePart]
    files: list[FilePart]
    executions: list[LivePart]


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing of a sandbox, for whoever writes only what has changed."""

    kind: str
    """sandbox, workflow, template, file or execution"""
    key: str
    stamp: tuple[Any, ...] | None
    """Changes whenever the bytes could have; ``None`` if they are always to be written."""
    encode: Callable[[], bytes]


# --- writing -----------------------------------------------------------------------------------------------------


def capture(sandbox: Sandbox) -> Snapshot:
    """Everything that is needed to go on exactly as this sandbox would; call it inside of a view or a turn."""
    store = sandbox.store
    return Snapshot(
        format=FORMAT,
        version=READS,
        understudy=VERSION,
        sandbox=_write_sandbox(sandbox),
        workflows=[write_workflow(workflow) for workflow in store.workflows],
        templates=[write_template(template) for template in store.templates],
        files=[write_file(file) for file in store.files],
        executions=[_write_execution(sandbox, execution) for execution in store.executions],
    )


def encode(snapshot: Snapshot) -> bytes:
    """A snapshot as JSON."""
    return msgspec.json.encode(snapshot)


def pieces(sandbox: Sandbox) -> Iterator[Piece]:
    """A sandbox piece by piece; call it, and every `encode`, inside of one view or turn."""
    store, engine = sandbox.store, sandbox.engine
    yield _piece("sandbox", "", None, partial(_write_sandbox, sandbox))
    for workflow in store.workflows:
        changed = (workflow.revision, workflow.updated_at, workflow.last_execution_id)
        yield _piece("workflow", workflow.id, changed, partial(write_workflow, workflow))
    for template in store.templates:
        yield _piece("template", template.id, (template.revision,), partial(write_template, template))
    for file in store.files:
        yield _piece("file", file.id, (), partial(write_file, file))
    for execution in store.executions:
        stamp = (len(execution.events), *engine.stamp(execution))
        yield _piece("execution", execution.id, stamp, partial(_write_execution, sandbox, execution))


def _piece(kind: str, key: str, stamp: tuple[Any, ...] | None, write: Callable[[], Part]) -> Piece:
    return Piece(kind, key, stamp, lambda: msgspec.json.encode(write()))


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
        replies=[_write_reply(key, reply) for key, reply in sandbox.replies.items() if reply.status],
        faults=sandbox.faults.as_state(),
    )


def _write_reply(key: tuple[str, ...], reply: Reply) -> ReplyPart:
    return ReplyPart(list(key), reply.fingerprint.hex(), reply.status, reply.body, list(reply.headers))


def _write_execution(sandbox: Sandbox, execution: Execution) -> LivePart:
    pool = Pool()
    fields = execution_fields(execution, pool)
    stage = sandbox.engine.capture(execution, pool)
    deleted = [file for key, file in execution.files.items() if sandbox.store.files.find(key) is None]
    return LivePart(
        **fields,
        stage=stage,
        pool=pool.values,
        files=list(execution.files),
        deleted_files=[write_file(file) for file in deleted],
    )


# --- reading -----------------------------------------------------------------------------------------------------


def decode(raw: bytes) -> Snapshot:
    """Read a snapshot, and check the form of everything in it.

    :raises MalformedInput: ``malformed_json``.
    :raises InvalidInput: ``unknown_snapshot_version``; ``broken_snapshot``, with the place of what does not fit.
    """
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    head = _parse(raw, _Head)
    if head.format != FORMAT:
        raise InvalidInput(f"This is no snapshot: its format is not '{FORMAT}'.", code="unknown_snapshot_version")
    if head.version != READS or isinstance(head.version, bool):
        found = f"{head.version!r}"[:100]
        message = f"This snapshot has version {found}; what is read here is version {READS}."
        raise InvalidInput(message, code="unknown_snapshot_version")
    return _parse(raw, Snapshot)


def assemble(given: Iterable[tuple[str, bytes]]) -> Snapshot:
    """The snapshot whose parts these are, in whatever order: each with its kind.

    :raises MalformedInput: ``malformed_json``.
    :raises InvalidInput: ``broken_snapshot``.
    """
    found: dict[str, list[Any]] = {kind: [] for kind in _KINDS}
    for kind, raw in given:
        if kind not in _KINDS:
            raise _broken("$", f"there is no part of kind '{kind}'")
        found[kind].append(_parse(raw, _KINDS[kind]))
    if len(found["sandbox"]) != 1:
        raise _broken("$.sandbox", f"there must be one part of kind 'sandbox', not {len(found['sandbox'])}")
    for kind in ("workflow", "template", "execution"):
        found[kind].sort(key=lambda part: part.number)
    found["file"].sort(key=lambda part: part.id)
    lists = (found[kind] for kind in ("workflow", "template", "file", "execution"))
    return Snapshot(FORMAT, READS, VERSION, found["sandbox"][0], *lists)


class _Head(msgspec.Struct):
    """What tells whether the rest can be read."""

    format: Any = None
    version: Any = None


_KINDS: dict[str, type[Part]] = {
    "sandbox": SandboxPart,
    "workflow": WorkflowPart,
    "template": TemplatePart,
    "file": FilePart,
    "execution": LivePart,
}

_Read = TypeVar("_Read", bound=msgspec.Struct)


def _parse(raw: bytes, kind: type[_Read]) -> _Read:
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `")
        raise _broken(place.rstrip("`") or "$", message) from None
    except RecursionError:
        raise _broken("$", "it is nested too deep") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedInput(f"This is no JSON: {error}.", code="malformed_json") from None


def _broken(place: str, told: str) -> InvalidInput:
    culprit = {"pointer": place, "message": told}
    return InvalidInput(f"The snapshot is broken at {place}: {told}.", [culprit], code="broken_snapshot")


# --- installing --------------------------------------------------------------------------------------------------


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
    _install_executions(snapshot, sandbox)
    _prove(snapshot, sandbox)


@contextmanager
def _within(place: str) -> Iterator[None]:
    """Whatever goes wrong here is the fault of what stands at this place: a stranger may have written it."""
    try:
        yield
    except UnderstudyError as error:
        details = "; ".join(f"{culprit.get('pointer')} {culprit.get('message')}" for culprit in _culprits(error))
        raise _broken(place, f"{error.message.rstrip('.')} {details}".strip().rstrip(".")) from error
    except Exception as error:
        raise _broken(place, f"{error}" if isinstance(error, ValueError) else repr(error)) from error


def _culprits(error: UnderstudyError) -> list[dict[str, Any]]:
    return error.errors[:3] if isinstance(error, InvalidInput) else []


def _install_sandbox(held: SandboxPart, sandbox: Sandbox) -> None:
    sandbox.world.ids.counters.update(held.counters)
    sandbox.untold = range(*held.untold)
    sandbox.engine.failures = held.failures
    sandbox.faults.restore(held.faults)
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
            _must(store.workflows.find(workflow.id) is None, f"there are two workflows '{workflow.id}'")
            _check_graph(workflow.nodes, workflow.connections)
            store.workflows.add(read_workflow(workflow))
    for place, template in enumerate(snapshot.templates):
        with _within(f"$.templates[{place}]"):
            _must(store.templates.find(template.id) is None, f"there are two templates '{template.id}'")
            check_shape(template.nodes, template.connections)
            check_writable(msgspec.structs.asdict(template))
            store.templates.add(read_template(template))
    for place, file in enumerate(snapshot.files):
        with _within(f"$.files[{place}]"):
            _must(store.files.find(file.id) is None, f"there are two files '{file.id}'")
            check_writable(file.metadata)
            store.files.add(read_file(file))


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
        _must(last <= snapshot.sandbox.counters.get("ex", 0), "an execution has a number that was not given yet")
        _check_cursors(snapshot)
    store.log.restore(store.executions, snapshot.sandbox.cursor)
    # A stage may refer to any execution, so that they all must be there by now.
    restore = sandbox.engine.restorer()
    for place, (execution, part, pool) in enumerate(zip(store.executions, snapshot.executions, pools, strict=True)):
        with _within(f"$.executions[{place}]"):
            restore(execution, part.stage, pool)


def _read_files(part: LivePart, sandbox: Sandbox) -> dict[str, File]:
    deleted = {file.id: read_file(file) for file in part.deleted_files}
    return {key: deleted[key] if key in deleted else sandbox.store.files.get(key) for key in part.files}


def _check_execution(part: LivePart, last: int) -> None:
    _must(part.number > last, "executions come in the order of their numbers")
    # They are looked at as what they are in a node.
    check_shape([{"id": key, "data": {"mock": mock}} for key, mock in part.mocks.items()], [])
    if part.stage is not None:
        source = part.stage.source
        _check_graph(source.nodes, source.connections)
        check_shape([{"id": key, "data": {"mock": mock}} for key, mock in source.mocks.items()], [])


def _check_graph(nodes: list[dict[str, Any]], connections: list[dict[str, Any]]) -> None:
    check_shape(nodes, connections)
    for things, where in ((nodes, "nodes"), (connections, "connections")):
        _must(all(isinstance(thing.get("id"), str) for thing in things), f"each of the {where} has an id")
        refuse_twins(things, where)


def _check_cursors(snapshot: Snapshot) -> None:
    cursors = [event.cursor for part in snapshot.executions for event in part.events]
    _must(len(set(cursors)) == len(cursors), "two events have the same cursor")
    _must(max(cursors, default=0) <= snapshot.sandbox.cursor, "an event has a cursor that was not given yet")


def _prove(snapshot: Snapshot, sandbox: Sandbox) -> None:
    """Show everything once: what can be shown is whole."""
    for place, workflow in enumerate(sandbox.store.workflows):
        with _within(f"$.workflows[{place}]"):
            render(sandbox, workflow)
    for place, execution in enumerate(sandbox.store.executions):
        with _within(f"$.executions[{place}]"):
            _show(execution, snapshot.executions[place].pool)
    with _within("$"):
        sandbox.engine.next_due()


def _show(execution: Execution, pool: list[Any]) -> None:
    orjson.dumps(pool)
    orjson.dumps(execution.as_dict(iterations=True))
    orjson.dumps([as_wire(event) for event in execution.events])


def _must(fits: bool, message: str) -> None:
    if not fits:
        raise ValueError(message)
