"""Snapshots: a sandbox as it was at a moment, to come back to or to go on from elsewhere."""

from __future__ import annotations

from typing import Any

from ..services import controls, snapshots
from ..web.addresses import of_sandbox
from ..web.body import read_body, read_raw
from ..web.conditional import tagged
from ..web.current import check_name, current_sandbox, limits, sandboxes
from ..web.operation import Answer, Body, operation
from ..web.reply import JSON
from ..web.restful import Resource
from .schemas import control as schemas


class Snapshots(Resource):
    """The snapshots that a sandbox keeps."""

    @operation("listSnapshots", gives=schemas.SNAPSHOTS)
    def get(self) -> Any:
        """List the snapshots of a sandbox.

        They come in the order in which they were taken or uploaded.
        """
        return {"items": snapshots.list_snapshots(current_sandbox())}

    @operation(
        "takeSnapshot",
        body=schemas.SNAPSHOT_BODY,
        gives=schemas.SNAPSHOT,
        status=201,
        answer_headers=("Location",),
        once=True,
        errors=("snapshot_exists", "too_many_snapshots"),
    )
    def post(self) -> Any:
        """Take a snapshot of a sandbox.

        It holds everything as it is at this moment, in the middle of whatever is under way. A name that is
        taken is refused with 409 ``snapshot_exists``.
        """
        name = read_body()["name"]
        return snapshots.take(current_sandbox(), name), 201, {"Location": _at(name)}


class Snapshot(Resource):
    """One snapshot."""

    @operation(
        "downloadSnapshot", gives=schemas.SNAPSHOT_DOCUMENT, tagged=True, answer_headers=("Content-Disposition",)
    )
    def get(self, snapshot: str) -> Any:
        """Download a snapshot.

        The document can be kept, and uploaded here or elsewhere.
        """
        found = snapshots.get(current_sandbox(), snapshot)
        return tagged(found.content, headers={"Content-Disposition": f'attachment; filename="{snapshot}.json"'})

    @operation(
        "uploadSnapshot",
        body=Body(schemas.SNAPSHOT_DOCUMENT, is_raw=True),
        gives=schemas.SNAPSHOT,
        also={201: Answer({JSON: schemas.SNAPSHOT}, ("Location",))},
        errors=("bad_snapshot_name", "broken_snapshot", "unknown_snapshot_version", "too_many_snapshots"),
    )
    def put(self, snapshot: str) -> Any:
        """Upload a snapshot.

        It is a document that was downloaded somewhere; what could not be restored is refused. One of the same
        name gives way: the answer is 200 then, else 201.
        """
        check_name(snapshot, "in the path", "snapshot")
        shown, is_new = snapshots.put(sandboxes(), current_sandbox(), snapshot, read_raw(limits().max_snapshot_bytes))
        return (shown, 201, {"Location": _at(snapshot)}) if is_new else shown

    @operation("deleteSnapshot")
    def delete(self, snapshot: str) -> Any:
        """Delete a snapshot.

        Sandboxes that were restored or forked from it stay as they are.
        """
        snapshots.delete(current_sandbox(), snapshot)
        return None, 204


class SnapshotRestore(Resource):
    """A way back."""

    @operation("restoreSnapshot", gives=schemas.STATE)
    def post(self, snapshot: str) -> Any:
        """Set a sandbox back to a snapshot.

        Its executions go on from there, also those that have ended since. Its snapshots and its request log
        stay; open streams end with ``log.reset``.
        """
        return controls.state(snapshots.restore(sandboxes(), current_sandbox(), snapshot))


class SnapshotFork(Resource):
    """A second way from there."""

    @operation(
        "forkSnapshot",
        body=schemas.FORK,
        gives=schemas.STATE,
        status=201,
        answer_headers=("Location",),
        once=True,
        errors=("sandbox_exists",),
    )
    def post(self, snapshot: str) -> Any:
        """Let another sandbox go on from a snapshot.

        This one stays as it is. A sandbox that is alive is refused with 409 ``sandbox_exists``, so that
        nobody's work is overwritten.
        """
        other = read_body()["sandbox"]
        forked = snapshots.fork(sandboxes(), current_sandbox(), snapshot, other)
        return controls.state(forked), 201, {"Location": of_sandbox(other, "/_control")}


def _at(name: str) -> str:
    return f"/_control/snapshots/{name}"
