"""Scenarios: what a new sandbox is filled with.

The past of a scenario is no record that somebody wrote: the engine executes it, on the days before the sandbox begins.
"""

from __future__ import annotations

from typing import Any

from .. import mock_data
from ..config import SCENARIOS, Settings
from ..errors import InvalidInput
from ..models.execution import Execution
from ..models.file import File
from ..models.template import Template
from ..models.workflow import Workflow
from ..moments import MICROSECONDS
from ..sandbox import Sandbox
from . import company
from .own_scenarios import fill_own, find_own
from .permissions import owner_of
from .users import add_ready_made
from .workflows import fresh_fields, keep

Json = Any

MINUTE = 60 * MICROSECONDS
DAY = 1440 * MINUTE

_LINK = "workflow:"
"""How a sample says which workflow it calls: by its key in the scenario, since ids are made only here."""


def list_scenarios(settings: Settings) -> list[dict[str, str]]:
    """What a sandbox can be filled with: ``{name, description}`` of each, the one that is usual first."""
    found = [{"name": name, "description": mock_data.scenario(name)["description"]} for name in SCENARIOS]
    own = find_own(settings.scenarios)
    return found + [{"name": name, "description": f"Your own, from {path.name}."} for name, path in own.items()]


def fill(sandbox: Sandbox, scenario: str) -> None:
    """Put what the scenario has into a new sandbox.

    :param scenario: as `list_scenarios` names it.
    :raises InvalidInput: ``unknown_scenario``; ``bad_scenario_file``.
    """
    if scenario in SCENARIOS:
        _fill_built_in(sandbox, mock_data.scenario(scenario))
        return
    own = find_own(sandbox.settings.scenarios)
    if scenario not in own:
        names = ", ".join([*SCENARIOS, *own])
        message = f"There is no scenario '{scenario}' here, only {names}."
        raise InvalidInput(message, [{"pointer": "/scenario", "message": message}], code="unknown_scenario")
    fill_own(sandbox, own[scenario])


def _fill_built_in(sandbox: Sandbox, wanted: dict[str, Json]) -> None:
    start = sandbox.now()
    sandbox.engine.failures = bool(wanted.get("failures"))
    if "generate" in wanted:
        wanted |= company.found(sandbox.world.chance, wanted["generate"], sandbox.limits)
    add_ready_made(sandbox, start)
    templates = mock_data.templates()
    if wanted.get("templates"):
        add_templates(sandbox, templates, start)
    _add_files(sandbox, wanted.get("files", []), start)
    workflows = _add_workflows(sandbox, wanted.get("workflows", []), templates, start)
    _Past(sandbox, workflows).happen(wanted.get("history", []), start)
    with sandbox.turn():
        pass  # A turn lets everything happen that is due by now, and at pace instant all the rest.


def add_templates(sandbox: Sandbox, templates: list[dict[str, Json]], start: int) -> None:
    """Put the templates that come with the server into a sandbox.

    :param start: the moment at which the first of them was made; the others came before.
    """
    for place, document in enumerate(templates):
        fields = {name: value for name, value in document.items() if name != "key"}
        # Lists begin with the newest; the simplest template is to be the first.
        at = start - place * MINUTE
        key, number = sandbox.world.ids.numbered("tp")
        template = Template(id=key, number=number, created_at=at, updated_at=at, owner_id=None, **fields)
        sandbox.store.templates.add(template)


def _add_files(sandbox: Sandbox, wanted: list[dict[str, Json]], start: int) -> None:
    samples = mock_data.files() if wanted else {}
    for entry in wanted:
        at = _before(start, entry["days_ago"] * DAY)
        sandbox.store.files.add(File(id=sandbox.world.ids.new("fl"), created_at=at, **samples[entry["name"]]))


def _add_workflows(
    sandbox: Sandbox, wanted: list[dict[str, Json]], templates: list[dict[str, Json]], start: int
) -> dict[str, Workflow]:
    """The workflows of a scenario, by key; one that is called stands before its callers."""
    by_key = {template["key"]: template for template in templates}
    added: dict[str, Workflow] = {}
    for entry in wanted:
        fields = fresh_fields(by_key.get(entry.get("template", ""), {}) | entry)
        fields["extra"] = {}
        fields["nodes"] = [_linked(node, added) for node in fields["nodes"]]
        added[entry["key"]] = keep(sandbox, fields, _before(start, entry["days_ago"] * DAY))
    return added


def _linked(node: dict[str, Json], workflows: dict[str, Workflow]) -> dict[str, Json]:
    """The node, calling the very workflow that it names."""
    config = (node.get("data") or {}).get("config") or {}
    called = str(config.get("workflow_id", ""))
    if not called.startswith(_LINK):
        return node
    config = config | {"workflow_id": workflows[called.removeprefix(_LINK)].id}
    return node | {"data": node["data"] | {"config": config}}


class _Past:
    """Lets the written history of a scenario happen, each thing at its moment."""

    def __init__(self, sandbox: Sandbox, workflows: dict[str, Workflow]) -> None:
        self._sandbox = sandbox
        self._engine = sandbox.engine
        self._workflows = workflows
        self._executions: dict[str, Execution] = {}

    def happen(self, history: list[dict[str, Json]], start: int) -> None:
        """Do everything in the order of time; what is then under way is for the next turn."""
        due = [(_before(start, minutes * MINUTE), entry) for entry in history for minutes in _minutes_ago(entry)]
        for at, entry in sorted(due, key=lambda pair: pair[0]):
            self._advance(at)
            self._act(entry, at)

    def _act(self, entry: dict[str, Json], at: int) -> None:
        if "execute" in entry:
            self._execute(entry, at)
        elif "retry" in entry:
            self._retry(entry, at)
        else:
            self._command(entry, at)

    def _command(self, entry: dict[str, Json], at: int) -> None:
        """What a person did about an execution; nothing, if a failure by chance had ended it before."""
        name = next(name for name in ("answer", "pause", "stop") if name in entry)
        execution = self._executions[entry[name]]
        if execution.is_final:
            return
        if name == "answer":
            self._engine.answer(execution, entry["node"], entry["given"], at)
        elif name == "pause":
            self._engine.pause(execution, at)
        else:
            self._engine.stop(execution, at)

    def _advance(self, moment: int) -> None:
        while (work := self._engine.advance(moment)) is not None:
            work.result()

    def _execute(self, entry: dict[str, Json], at: int) -> None:
        workflow = self._workflows[entry["execute"]]
        viewer = owner_of(self._sandbox, workflow)
        execution = self._engine.create(workflow, at, input=entry.get("input"), mocks=entry.get("mocks"), viewer=viewer)
        self._executions[entry.get("as", execution.id)] = execution
        if not entry.get("hold"):
            self._engine.release(execution, at)

    def _retry(self, entry: dict[str, Json], at: int) -> None:
        before = self._executions[entry["retry"]]
        workflow = self._sandbox.store.workflows.get(before.workflow_id)
        again = self._engine.create(
            workflow, at, mode="retry", input=before.input, retry_of=before.id, viewer=before.viewer
        )
        self._engine.release(again, at)


def _minutes_ago(entry: dict[str, Json]) -> list[float]:
    """When an entry happens; one with ``times`` does so again every so many minutes."""
    return [entry["minutes_ago"] - place * entry.get("every", 0) for place in range(entry.get("times", 1))]


def _before(start: int, microseconds: float) -> int:
    """A moment before the start, in whole milliseconds like every moment of a turn."""
    return (start - round(microseconds)) // 1000 * 1000
