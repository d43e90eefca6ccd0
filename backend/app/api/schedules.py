"""Schedules: executions that begin when their time has come."""

from __future__ import annotations

from typing import Any

from ..services import schedules
from ..web.addresses import here
from ..web.body import read_body
from ..web.current import current_sandbox
from ..web.identity import current_viewer
from ..web.operation import operation
from ..web.paging import paged
from ..web.query import read_listing
from ..web.restful import Resource
from .answers import LISTING, PAGING
from .schemas import queries
from .schemas import schedules as schemas


class Schedules(Resource):
    """All schedules."""

    @operation(
        "listSchedules", query=queries.SCHEDULES, gives=schemas.SCHEDULE_PAGE, answer_headers=PAGING, errors=LISTING
    )
    def get(self) -> Any:
        """List the schedules of all workflows, the next one that is due first.

        Those that are never due again come last.
        """
        return paged(schedules.list_schedules(current_sandbox(), read_listing(), viewer=current_viewer()))


class WorkflowSchedules(Resource):
    """The schedules of a workflow."""

    @operation("listWorkflowSchedules", gives=schemas.SCHEDULES)
    def get(self, workflow_id: str) -> Any:
        """List the schedules of a workflow.

        They come all at once, the oldest first.
        """
        return {"items": schedules.list_of(current_sandbox(), workflow_id)}

    @operation(
        "createSchedule",
        body=schemas.SCHEDULE_BODY,
        gives=schemas.SCHEDULE,
        status=201,
        answer_headers=("Location",),
        once=True,
        errors=("bad_schedule", "too_many_schedules"),
    )
    def post(self, workflow_id: str) -> Any:
        """Create a schedule of a workflow.

        It goes by a cron expression or by an interval, and counts from now, in virtual time: it fires when the
        clock of the sandbox comes there, however it does. Its executions wait for their turn where the workflow is
        at work. A rule that cannot be, and a node that is no trigger, are refused with 422 ``bad_schedule``.
        """
        schedule = schedules.create(current_sandbox(), workflow_id, read_body())
        return schedule, 201, {"Location": here("workflows", workflow_id, "schedules", schedule["id"])}


class Schedule(Resource):
    """One schedule of a workflow."""

    @operation("getSchedule", gives=schemas.SCHEDULE)
    def get(self, workflow_id: str, schedule_id: str) -> Any:
        """Get a schedule of a workflow.

        It tells when it is due next, and what became of it until now.
        """
        return schedules.get(current_sandbox(), workflow_id, schedule_id)

    @operation("updateSchedule", body=schemas.SCHEDULE_PATCH, gives=schemas.SCHEDULE, errors=("bad_schedule",))
    def patch(self, workflow_id: str, schedule_id: str) -> Any:
        """Change a schedule of a workflow.

        With another rule, or when it is enabled again, it counts anew from now.
        """
        return schedules.patch(current_sandbox(), workflow_id, schedule_id, read_body())

    @operation("deleteSchedule")
    def delete(self, workflow_id: str, schedule_id: str) -> Any:
        """Delete a schedule of a workflow.

        The executions that it has created stay, and go on.
        """
        schedules.delete(current_sandbox(), workflow_id, schedule_id)
        return None, 204
