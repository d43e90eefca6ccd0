"""The control API: directing a sandbox, for tests and demos."""

from __future__ import annotations

from typing import Any

from ..services import advance, controls, scenarios, snapshots
from ..web.addresses import of_sandbox
from ..web.body import read_body, read_raw
from ..web.conditional import tagged
from ..web.current import check_name, choice, current_sandbox, limits, sandboxes, settings
from ..web.idempotency import idempotent
from ..web.query import read_query
from ..web.restful import Resource
from .schemas import control as schemas


class State(Resource):
    """A sandbox as a whole."""

    def get(self) -> Any:
        """Its seed, its clock, how much it holds, its faults and its limits."""
        return controls.state(current_sandbox())


class Reset(Resource):
    """A new beginning."""

    def post(self) -> Any:
        """Make the sandbox like a new one; its snapshots stay."""
        controls.reset(sandboxes(), choice().name, **read_body(schemas.RESET, required=False))
        return None, 204


class Clock(Resource):
    """The clock of a sandbox."""

    def get(self) -> Any:
        """How time goes by, and when it is."""
        return controls.clock(current_sandbox())

    def put(self) -> Any:
        """Change how time goes by, or let it go on to a moment."""
        return controls.set_clock(current_sandbox(), **read_body(schemas.CLOCK_BODY, required=False))


class Advance(Resource):
    """Time that goes on when told."""

    shows_files = True

    def post(self) -> Any:
        """Let time go on; the answer comes when all is settled, with what happened."""
        return _advance(read_body(schemas.ADVANCE, required=False))


class Sandboxes(Resource):
    """All sandboxes of the server."""

    def get(self) -> Any:
        """Those that are alive, by name."""
        return {"items": controls.list_sandboxes(sandboxes())}


class Sandbox(Resource):
    """One sandbox of the server."""

    def delete(self, name: str) -> Any:
        """Forget it, with all that it holds; its name begins anew when it is used again."""
        sandboxes().remove(name)
        return None, 204


class Scenarios(Resource):
    """What a sandbox can be filled with."""

    def get(self) -> Any:
        """All scenarios of the server."""
        return {"items": scenarios.list_scenarios(settings())}


class Snapshots(Resource):
    """The snapshots that a sandbox keeps."""

    def get(self) -> Any:
        """All of them, in the order in which they came."""
        return {"items": snapshots.list_snapshots(current_sandbox())}

    @idempotent
    def post(self) -> Any:
        """Keep the sandbox as it is at this moment."""
        name = read_body(schemas.SNAPSHOT_BODY)["name"]
        return snapshots.take(current_sandbox(), name), 201, {"Location": _at(name)}


class Snapshot(Resource):
    """One snapshot."""

    def get(self, name: str) -> Any:
        """The document, which can be kept, and put here or elsewhere again."""
        found = snapshots.get(current_sandbox(), name)
        return tagged(found.content, headers={"Content-Disposition": f'attachment; filename="{name}.json"'})

    def put(self, name: str) -> Any:
        """Keep a document that was got somewhere."""
        check_name(name, "in the path", "snapshot")
        shown, is_new = snapshots.put(sandboxes(), current_sandbox(), name, read_raw(limits().max_snapshot_bytes))
        return (shown, 201, {"Location": _at(name)}) if is_new else shown

    def delete(self, name: str) -> Any:
        """Forget it."""
        snapshots.delete(current_sandbox(), name)
        return None, 204


class SnapshotRestore(Resource):
    """A way back."""

    def post(self, name: str) -> Any:
        """Set the sandbox back to the snapshot."""
        return controls.state(snapshots.restore(sandboxes(), current_sandbox(), name))


class SnapshotFork(Resource):
    """A second way from there."""

    @idempotent
    def post(self, name: str) -> Any:
        """Let another sandbox go on from the snapshot."""
        other = read_body(schemas.FORK)["sandbox"]
        forked = snapshots.fork(sandboxes(), current_sandbox(), name, other)
        return controls.state(forked), 201, {"Location": of_sandbox(other, "/_control")}


class Requests(Resource):
    """The request log of a sandbox."""

    def get(self) -> Any:
        """The latest requests, oldest first; filters are method, path (glob), status and rule, and limit."""
        return {"items": controls.list_requests(current_sandbox(), read_query(schemas.REQUESTS_QUERY))}

    def delete(self) -> Any:
        """Forget the requests that GET would show with the same filters."""
        controls.clear_requests(current_sandbox(), read_query(schemas.REQUESTS_QUERY))
        return None, 204


def _at(name: str) -> str:
    return f"/_control/snapshots/{name}"


def _advance(body: dict[str, Any]) -> Any:
    sandbox = current_sandbox()
    if "seconds" in body:
        return advance.by(sandbox, body["seconds"])
    if "to" in body:
        return advance.to(sandbox, body["to"])
    if "events" in body:
        return advance.step(sandbox, body["events"])
    return advance.until(sandbox, body.pop("until"), **body)
