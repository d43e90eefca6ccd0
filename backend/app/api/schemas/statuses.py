"""The words for statuses, of which the contract speaks by name."""

from __future__ import annotations

from ...models.execution import EXECUTION_TRANSITIONS, NODE_TRANSITIONS
from ...web.checks import Check, one_of, refer

STATUSES = tuple(EXECUTION_TRANSITIONS)
"""Of executions."""

_CHECKS = {
    "ExecutionStatus": one_of(*STATUSES).about("The status of an execution."),
    "WorkflowStatus": one_of("idle", *STATUSES).about("That of the latest execution; `idle` if there is none."),
    "NodeStatus": one_of(*NODE_TRANSITIONS).about("The status of a node execution."),
}
EXECUTION_STATUS, WORKFLOW_STATUS, NODE_STATUS = (Check(check.find, refer(name)) for name, check in _CHECKS.items())
SCHEMAS = {name: check.schema for name, check in _CHECKS.items()}
