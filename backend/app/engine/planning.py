"""How a plan is made of a document, and why one cannot be made."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

from ..errors import CannotRun
from ..nodes.base import NodeType
from ..nodes.expressions import has_templates
from .groups import group_members, inner_ends, is_annotation, stays_inside, too_many
from .loops import find_overlaps, mark_bodies
from .plan import LONGEST_MS, ROOT, Json, Link, Plan, Source, Step, TypeOf

BACKOFFS = {"fixed": 1.0, "linear": 1.0, "exponential": 2.0}


def make_plan(
    nodes: list[dict[str, Json]],
    connections: list[dict[str, Json]],
    type_of: TypeOf,
    *,
    start_node: str | None = None,
    stop_node: str | None = None,
    mocks: dict[str, dict[str, Json]] | None = None,
    variables: dict[str, Json] | None = None,
) -> Plan:
    """The plan of a whole graph, or of the part from `start_node` on and up to `stop_node`.

    :raises CannotRun: with one error per culprit: a dangling connection, a cycle without a loop node, nothing to run, a
        start or stop node that is not there or is none that executes.
    """
    mocks = mocks or {}
    lines = connections
    groups = group_members(nodes, type_of)
    runnable = [node for node in nodes if node["id"] not in groups and not is_annotation(node, type_of)]
    culprits = dangling(nodes, connections)
    if not runnable:
        culprits.append({"code": "nothing_to_execute", "pointer": "/nodes", "message": "There is no node to execute."})
    loose = {culprit.get("connection_id") for culprit in culprits}
    connections = [connection for connection in connections if connection["id"] not in loose]
    steps = [_make_step(place, node, type_of, mocks) for place, node in enumerate(runnable)]
    plan = Plan(steps, [], [], {step.id: step.index for step in steps})
    _connect(plan, connections, groups)
    mark_bodies(plan)
    if culprits := culprits + find_cycles(plan, nodes):
        raise _refusal(culprits)
    if start_node is not None or stop_node is not None:
        plan = _cut(_wanted(plan, start_node, stop_node), nodes, connections, type_of, mocks)
    _settle(plan)
    plan.variables = variables or {}
    custom = {step.node_type.type: step.node_type for step in steps if step.node_type.custom}
    plan.source = Source(nodes, lines, variables, start_node, stop_node, mocks, custom)
    return plan


def dangling(nodes: list[dict[str, Json]], connections: list[dict[str, Json]]) -> list[dict[str, Json]]:
    """One issue per end of a connection that points at no node."""
    known = {node["id"] for node in nodes}
    return [
        {
            "code": "dangling_connection",
            "pointer": f"/connections/{place}/{end}",
            "connection_id": connection["id"],
            "message": f"The {end} '{connection[end]}' of connection '{connection['id']}' is not there.",
        }
        for place, connection in enumerate(connections)
        for end in ("source", "target")
        if connection[end] not in known
    ]


def find_cycles(plan: Plan, nodes: list[dict[str, Json]], most: int = 50) -> list[dict[str, Json]]:
    """One issue per cycle that no loop node makes legal, with its path."""
    places = {node["id"]: place for place, node in enumerate(nodes)}
    before: dict[int, dict[int, None]] = {step.index: {} for step in plan.steps}
    for link in plan.links:
        if not link.back:
            before[link.target][link.source] = None
    found: list[dict[str, Json]] = []
    while len(found) < most and (cycle := _one_cycle(before)):
        del before[cycle[1]][cycle[0]]
        found.append(_cycle_issue(plan, cycle, places))
    return found + find_overlaps(plan, places)


def source_port(step: Step, handle: str | None) -> str:
    """The port that a source handle names; the first one if it names none that the type has."""
    if handle == "error":
        return "error"
    ports = [port.id for port in step.node_type.output_ports(step.config)]
    if handle in ports:
        return str(handle)
    return ports[0] if ports else "output"


def target_port(node_type: NodeType, handle: str | None) -> str:
    """The port that a target handle names; unknown types have the ports that are connected to."""
    ports = [port.id for port in node_type.inputs]
    if handle and (handle in ports or node_type.generic):
        return handle
    return ports[0] if ports else "input"


def _one_cycle(before: dict[int, dict[int, None]]) -> list[int] | None:
    try:
        TopologicalSorter(before).prepare()
    except CycleError as error:
        return list(error.args[1])
    return None


def _cycle_issue(plan: Plan, cycle: list[int], places: dict[str, int]) -> dict[str, Json]:
    path = [plan.steps[index].id for index in cycle]
    closing = next(link for link in plan.links if (link.source, link.target) == (cycle[0], cycle[1]))
    return {
        "code": "cycle",
        "pointer": f"/nodes/{places[path[0]]}",
        "node_id": path[0],
        "connection_id": plan.connections[closing.flow][0],
        "path": path,
        "message": f"The nodes {' → '.join(path)} feed each other and no loop node is among them.",
    }


def _refusal(culprits: list[dict[str, Json]]) -> CannotRun:
    count = len(culprits)
    things = "one thing stands" if count == 1 else f"{count} things stand"
    return CannotRun(f"The workflow cannot run: {things} in its way.", culprits)


def _make_step(place: int, node: dict[str, Json], type_of: TypeOf, mocks: dict[str, dict[str, Json]]) -> Step:
    data = node.get("data") or {}
    node_type = type_of(node.get("type"))
    own = data.get("config")
    config = node_type.defaults | (own if isinstance(own, dict) else {})
    retry = data.get("retry") or {}
    return Step(
        index=place,
        id=node["id"],
        type=node.get("type") or node_type.type,
        label=str(data.get("label") or node["id"]),
        node_type=node_type,
        config=config,
        disabled=bool(data.get("disabled")),
        on_error=data.get("on_error") or "",
        max_attempts=max(1, int(retry.get("max_attempts") or 1)),
        retry_delay_ms=min(int(retry.get("delay_ms") or 0), LONGEST_MS),
        backoff=_backoff(retry.get("backoff")),
        timeout_ms=min(int(data["timeout_ms"]), LONGEST_MS) if data.get("timeout_ms") else None,
        mock=mocks.get(node["id"]) or data.get("mock") or None,
        pure=not node_type.needs_effects and not has_templates(config),
        mentions_nodes="$node" in str(own),
    )


def _backoff(value: Json) -> float:
    if isinstance(value, str):
        return BACKOFFS.get(value, 1.0)
    return float(value or 1)


MOST_LINKS = 200_000
"""Ways between nodes; a connection between groups stands for one from each of its nodes to each of the other's."""


def _connect(plan: Plan, connections: list[dict[str, Json]], groups: dict[str, list[str]]) -> None:
    connections = [connection for connection in connections if not stays_inside(connection, groups)]
    inner = inner_ends(connections, groups)
    for connection in connections:
        sources = _strands(connection["source"], plan, groups, inner[0])
        targets = _strands(connection["target"], plan, groups, inner[1])
        if sources and targets:
            plan.connections.append((connection["id"], connection["source"], connection["target"]))
            _join(plan, connection, sources, targets)
    for step in plan.steps:
        if not step.on_error:
            leaves_error = any(port == "error" for _, port, _ in step.outs)
            step.on_error = "error_port" if leaves_error else "stop"


def _strands(node_id: str, plan: Plan, groups: dict[str, list[str]], busy: dict[str, set[str]]) -> list[int]:
    if node_id in groups:
        return [plan.index[member] for member in groups[node_id] if member not in busy[node_id]]
    return [plan.index[node_id]] if node_id in plan.index else []


def _join(plan: Plan, connection: dict[str, Json], sources: list[int], targets: list[int]) -> None:
    flow = len(plan.connections) - 1
    for source in sources:
        port = source_port(plan.steps[source], connection.get("sourceHandle"))
        strands = []
        for target in targets:
            entry = target_port(plan.steps[target].node_type, connection.get("targetHandle"))
            strands.append(Link(len(plan.links), flow, source, port, target, entry))
            plan.links.append(strands[-1])
        if len(plan.links) > MOST_LINKS:
            raise too_many(f"connections between groups that stand for more than {MOST_LINKS:,} between their members")
        plan.steps[source].outs.append((flow, port, strands))


def _wanted(plan: Plan, start_node: str | None, stop_node: str | None) -> set[str]:
    wanted = set(range(len(plan.steps)))
    if start_node is not None:
        wanted &= _closure(plan, _step_index(plan, "start_node", start_node), forward=True)
    if stop_node is not None:
        wanted &= _closure(plan, _step_index(plan, "stop_node", stop_node), forward=False)
    if not wanted:
        message = f"No way leads from '{start_node}' to '{stop_node}'."
        raise _refusal([{"code": "nothing_to_execute", "pointer": "/stop_node", "message": message}])
    return {plan.steps[index].id for index in wanted}


def _step_index(plan: Plan, option: str, node_id: str) -> int:
    if node_id not in plan.index:
        message = f"There is no node '{node_id}' that executes."
        raise _refusal([{"code": "node_not_found", "pointer": f"/{option}", "node_id": node_id, "message": message}])
    return plan.index[node_id]


def _closure(plan: Plan, index: int, *, forward: bool) -> set[int]:
    neighbours: list[list[int]] = [[] for _ in plan.steps]
    for link in plan.links:
        start, end = (link.source, link.target) if forward else (link.target, link.source)
        neighbours[start].append(end)
    reached, open_steps = set(), [index]
    while open_steps:
        here = open_steps.pop()
        if here not in reached:
            reached.add(here)
            open_steps.extend(neighbours[here])
    return reached


def _cut(
    wanted: set[str],
    nodes: list[dict[str, Json]],
    connections: list[dict[str, Json]],
    type_of: TypeOf,
    mocks: dict[str, dict[str, Json]],
) -> Plan:
    """The plan of the wanted steps alone; what comes from outside of them is not waited for."""
    groups = group_members(nodes, type_of)
    kept = [node for node in nodes if node["id"] in wanted]
    steps = [_make_step(place, node, type_of, mocks) for place, node in enumerate(kept)]
    part = Plan(steps, [], [], {step.id: step.index for step in steps})
    members = {group: [member for member in inside if member in wanted] for group, inside in groups.items()}
    known = wanted | set(groups)
    _connect(part, [line for line in connections if line["source"] in known and line["target"] in known], members)
    mark_bodies(part)
    return part


def _settle(plan: Plan) -> None:
    """Tell each step what it waits for and which loop it is in."""
    for link in plan.links:
        if link.back:
            plan.steps[link.target].back_links.append(link.number)
        else:
            plan.steps[link.target].ins.append(link)
    for loop in sorted((step for step in plan.steps if step.is_loop), key=lambda step: -len(step.body)):
        for index in loop.body:
            plan.steps[index].scope = loop.index
    for link in plan.links:
        if plan.steps[link.source].scope != ROOT and not link.back:
            around = plan.loops_around(plan.steps[link.target])
            left = [scope for scope in plan.loops_around(plan.steps[link.source]) if scope not in around]
            link.leaves = tuple(reversed(left))
    for loop in (step for step in plan.steps if step.is_loop):
        inside = set(loop.body)
        loop.own_body = sum(plan.steps[index].scope == loop.index for index in loop.body)
        loop.body_links = [
            link.number
            for link in plan.links
            if link.source in inside or (link.source == loop.index and link.source_port == "item")
        ]
