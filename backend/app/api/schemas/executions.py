"""Executions and their events, in and out."""

from __future__ import annotations

from typing import Any

from marshmallow import INCLUDE, fields, validate

from ...models.execution import MODES
from ...web import graph
from ...web.checks import Checked, boolean, each, mapping, mapping_of, number, text, whole
from ...web.schemas import (
    Input,
    OpenInput,
    Output,
    anything,
    checked,
    described,
    id_or_null,
    page_of,
    string,
    there,
    time,
    whole_number,
)
from .statuses import EXECUTION_STATUS, NODE_STATUS


class ExecuteBody(Input):
    """What an execution is told at its start."""

    input = fields.Raw(
        allow_none=True,
        metadata=described(
            "What the execution works on, any JSON: the first nodes get it. Without it, or with `null`, a "
            "`manual_trigger` gives its `sample`."
        ),
    )
    seed = Checked(
        whole(0, 2**53 - 1),
        allow_none=True,
        metadata=described(
            "From which durations, failures and made-up values follow; without it, or with `null`, one is drawn."
        ),
    )
    hold = Checked(
        boolean,
        metadata=described("Whether it stays `pending` until it is released, so that somebody can subscribe first."),
    )
    mocks = Checked(
        mapping_of(graph.mock),
        metadata=described(
            "By node id: what a node does in the place of its work; it comes before what is pinned in its `data.mock`."
        ),
    )
    start_node = id_or_null(
        about="The id of the node to start at: only this and what it leads to is executed. `null`: from the beginning."
    )
    stop_node = id_or_null(
        about="The id of the node to end with: only this and what leads to it is executed. `null`: to the end."
    )


class ProcessBody(OpenInput):
    """Which files a node is to process; all else is input of the node beside them."""

    file_ids = Checked(
        each(text(1, 200), 1), required=True, metadata=described("The ids of the files; each must be there.")
    )
    input = Checked(
        mapping,
        allow_none=True,
        metadata=described("What the node gets beside the files; `null` is as good as nothing."),
    )


STATUS_REASON = string(
    allow_none=True,
    about="Why, where the work itself did not lead to it: `command`, `answered`, `timeout`, `parent` or "
    "`workflow_deleted`; else `null`.",
)
ORIGIN = ("simulated", "mocked")

NODE_ID = "The id of the node in the graph."
ITERATION = (
    "The round of the loop that the node is in, from 0; of loops within each other the list of rounds, `null` where "
    "there is no loop."
)
INPUT = "What arrived, by port; `null` before the node started."
OUTPUT = "What leaves, by port; `null` if nothing does."
BRANCH = "The port that was taken, of a node that decides; else `null`."
MADE_BY = "Whether the outcome is simulated, or pinned to the node or to the execution (`mocked`)."
DURATION = "Milliseconds from the start to the end, with all attempts and delays but without pauses; `null` before."
LEVEL = "How much it matters: `debug`, `info`, `warning` or `error`."


class Error(Output):
    """Why something failed."""

    class Meta:
        unknown = INCLUDE

    code = string(about="What went wrong, for programs.")
    message = string(about="What went wrong, for people.")
    node_id = fields.String(metadata=described("The id of the node with which an execution failed, if it was one."))


class WaitingFor(Output):
    """What a person is asked."""

    class Meta:
        unknown = INCLUDE

    node_id = string(about=NODE_ID)
    iteration = anything(about=ITERATION)
    prompt = string(about="The question, in words.")
    schema = there(fields.Dict, about="What the answer must be, as JSON Schema.")
    options = there(
        fields.List, fields.Dict(), about="Answers to offer as buttons, each `{id, label}`; none if the answer is free."
    )
    since = time(about="When it was asked.")
    expires_at = time(
        allow_none=True,
        about="When the node fails with `timeout` if nobody has answered; a pause puts it off. `null`: never.",
    )


class LogLine(Output):
    """What a node has to say."""

    at = time(about="When it was written.")
    level = string(about=LEVEL)
    message = string(about="What the line says.")


class Parent(Output):
    """The execution that a child belongs to."""

    execution_id = string(about="The id of that execution.")
    node_id = string(about="The id of the node in it that runs the workflow.")


class NodeExecution(Output):
    """One run of a node. Inputs, outputs and logs are left out where only the status is asked for."""

    node_id = string(about=NODE_ID)
    node_type = string(about="The type of the node.")
    status = checked(NODE_STATUS, about="Whether it has been reached, is at work, or has ended, and how.")
    iteration = anything(about=ITERATION)
    attempt = whole_number(about="How many attempts have begun; 0 before the first.")
    progress = Checked(whole(0, 100), required=True, metadata=described("How far the latest attempt is, in percent."))
    started_at = time(allow_none=True, about="When the first attempt began; `null` before.")
    finished_at = time(allow_none=True, about="When it ended; `null` before.")
    duration_ms = Checked(number(least=0), required=True, allow_none=True, metadata=described(DURATION))
    input = fields.Dict(allow_none=True, metadata=described(INPUT))
    output = fields.Dict(allow_none=True, metadata=described(OUTPUT))
    branch = string(allow_none=True, about=BRANCH)
    origin = string(validate=validate.OneOf(ORIGIN), about=MADE_BY)
    error = there(fields.Nested, Error, allow_none=True, about="Why the latest attempt failed; `null` if it did not.")
    logs = fields.List(fields.Nested(LogLine), metadata=described("What the node had to say, oldest first."))


class Progress(Output):
    """How far an execution is."""

    completed = whole_number(
        about="How many nodes are over: done, skipped, or failed and gone on without; those in a loop when the loop is."
    )
    total = whole_number(about="How many nodes are to be executed.")
    percent = Checked(
        whole(0, 100), required=True, metadata=described("`completed` as a share of `total`, rounded down.")
    )


class StatusChange(Output):
    """One line of the history of an execution."""

    status = checked(EXECUTION_STATUS, about="What it was from then on.")
    at = time(about="When it became so.")
    reason = STATUS_REASON


class ExecutionSummary(Output):
    """An execution as lists show it."""

    id = string(about="What names it in addresses; nothing is to be read into it.")
    number = whole_number(1, about="Counts the executions of the sandbox; its id where ids are whole numbers.")
    owner_id = string(about="The id of the user that it belongs to.")
    workflow_id = string(about="The id of the workflow that is executed.")
    workflow_name = string(about="What the workflow was called when the execution was created.")
    workflow_revision = whole_number(
        1,
        about="The revision of the workflow that is executed: the execution keeps its graph, whatever is saved later.",
    )
    status = checked(
        EXECUTION_STATUS,
        about="Whether it is held, under way, paused, waiting for a person, or over, and how it ended.",
    )
    mode = string(
        validate=validate.OneOf(MODES),
        about="How it came to be: started by hand, as a part of the graph, with files, as a retry, by a node, by a "
        "schedule or by a webhook.",
    )
    seed = whole_number(about="From which its durations, failures and made-up values follow.")
    start_node = string(allow_none=True, about="The id of the node that it starts at; `null` if at the beginning.")
    stop_node = string(allow_none=True, about="The id of the node that it ends with; `null` if it goes to the end.")
    parent = there(
        fields.Nested,
        Parent,
        allow_none=True,
        about="The execution that this one is a part of; `null` if it is none's.",
    )
    retry_of = string(
        allow_none=True, about="The id of the execution that this one repeats; `null` if it repeats none."
    )
    error = there(fields.Nested, Error, allow_none=True, about="Why it failed; `null` if it did not.")
    progress = there(fields.Nested, Progress, about="How much of it is done.")
    created_at = time(about="When it was created.")
    started_at = time(allow_none=True, about="When it began; `null` if it has not.")
    finished_at = time(allow_none=True, about="When it ended; `null` before.")
    elapsed_ms = whole_number(about="Milliseconds from its start to its latest event; pauses do not count.")
    last_seq = whole_number(about="The `seq` of its latest event: who reads its events from here on misses none.")


class Execution(ExecutionSummary):
    """An execution with its nodes."""

    input = anything(about="What it was given to work on.")
    output = anything(
        about="What it gave back: what a `respond` node said, else what the last nodes gave, by node id; `null` before "
        "it has completed."
    )
    status_history = there(fields.List, fields.Nested(StatusChange), about="Every status that it had, oldest first.")
    waiting_for = there(fields.List, fields.Nested(WaitingFor), about="What people are asked at the moment.")
    nodes = there(
        fields.List,
        fields.Nested(NodeExecution),
        about="The latest node execution of every node, in the order of the graph; with `?iterations=all`, those of "
        "earlier rounds come before.",
    )


class Status(ExecutionSummary):
    """The latest execution of a workflow. Input, output and logs are there only if they were asked for."""

    input = fields.Raw(
        allow_none=True, metadata=described("What it was given to work on; there only if `?include=data` asks for it.")
    )
    output = fields.Raw(
        allow_none=True,
        metadata=described(
            "What it gave back: what a `respond` node said, else what the last nodes gave, by node id; `null` before "
            "it has completed; there only if `?include=data` asks for it."
        ),
    )
    status_history = there(fields.List, fields.Nested(StatusChange), about="Every status that it had, oldest first.")
    waiting_for = there(fields.List, fields.Nested(WaitingFor), about="What people are asked at the moment.")
    nodes = there(
        fields.List,
        fields.Nested(NodeExecution),
        about="The latest node execution of every node, in the order of the graph.",
    )


class Idle(Output):
    """That a workflow never ran."""

    status = string(validate=validate.Equal("idle"), about="That there is no execution.")
    workflow_id = string(about="The id of the workflow that was asked about.")


EXECUTE_BODY = ExecuteBody()
PROCESS_BODY = ProcessBody()

EXECUTION = Execution()
EXECUTION_PAGE = page_of(ExecutionSummary, "executions")
STATUS = (Status(), Idle())
ANSWER_BODY: dict[str, Any] = {"description": "The answer: any JSON that fits the `schema` of the question."}
"""What the node asks for is its own."""
