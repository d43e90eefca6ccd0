"""The graph of an execution, made ready for the machine: who feeds whom, which loop contains what.

A plan depends on the document and on the partial run that was asked for, on nothing else; it never changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any

from ..errors import CannotRun
from ..nodes.base import NodeType
from ..nodes.expressions import has_templates

Json = Any
TypeOf = Callable[[str | None], NodeType]

ROOT = -1
"""The scope of nodes that are in no loop."""

LONGEST_MS = 366 * 86_400_000
"""No wait that a document asks for is longer than a year: beyond some moment there is no date any more."""

BACKOFFS = {"fixed": 1.0, "linear": 1.0, "exponential": 2.0}


@dataclass(slots=True)
class Link:
    """One way that data takes: a connection, or one strand of it where it ends at a group."""

    number: int
    flow: int
    """The index of the connection in the plan."""
    source: int
    source_port: str
    target: int
    target_port: str
    back: bool = False
    """Leads back into its loop node: never waited for on entry."""
    leaves: tuple[int, ...] = ()
    """The loops that it leads out of, the inner first, other than by their ``done`` port: it delivers when they end."""


@dataclass(slots=True)
class Step:
    """A node with all that the machine and the engine must know of it."""

    index: int
    id: str
    type: str
    label: str
    node_type: NodeType
    config: dict[str, Json]
    disabled: bool
    on_error: str
    max_attempts: int
    retry_delay_ms: int
    backoff: float
    timeout_ms: int | None
    mock: dict[str, Json] | None
    pure: bool
    """Whether its outcome follows from its inputs and its configuration as it stands."""
    mentions_nodes: bool
    """Whether its configuration speaks of other nodes' outputs (``$node``)."""
    ins: list[Link] = field(default_factory=list)
    """What is waited for, in the order of the document."""
    outs: list[tuple[int, str, list[Link]]] = field(default_factory=list)
    """By connection: its index, the port it leaves from, its strands."""
    scope: int = ROOT
    """The loop that it is in: the index of the loop node."""
    body: list[int] = field(default_factory=list)
    """Of a loop node: all steps of its body, nested ones too."""
    body_links: list[int] = field(default_factory=list)
    """Of a loop node: the links that a new iteration clears."""
    own_body: int = 0
    """Of a loop node: how many steps have it as their scope."""
    back_links: list[int] = field(default_factory=list)

    def delay_ms(self, attempt: int) -> int:
        """How long to wait after this attempt failed, in milliseconds."""
        try:
            return round(min(self.retry_delay_ms * self.backoff ** (attempt - 1), LONGEST_MS))
        except OverflowError:
            return LONGEST_MS

    @property
    def is_loop(self) -> bool:
        """Whether this is a loop node."""
        return self.type == "loop"


@dataclass(slots=True)
class Plan:
    """All steps and connections of an execution."""

    steps: list[Step]
    connections: list[tuple[str, str, str]]
    """Id, source and target of each connection that takes part."""
    links: list[Link]
    index: dict[str, int]
    variables: dict[str, Json] = field(default_factory=dict)
    """What expressions see as ``$vars``: ``metadata.variables`` of the workflow."""

    def loops_around(self, step: Step) -> list[int]:
        """The loops that a step is in, outermost first."""
        around: list[int] = []
        scope = step.scope
        while scope != ROOT:
            around.append(scope)
            scope = self.steps[scope].scope
        return around[::-1]


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
    groups = group_members(nodes, type_of)
    runnable = [node for node in nodes if node["id"] not in groups and not _is_annotation(node, type_of)]
    culprits = dangling(nodes, connections)
    if not runnable:
        culprits.append({"code": "nothing_to_execute", "pointer": "/nodes", "message": "There is no node to execute."})
    loose = {culprit.get("connection_id") for culprit in culprits}
    connections = [connection for connection in connections if connection["id"] not in loose]
    steps = [_make_step(place, node, type_of, mocks) for place, node in enumerate(runnable)]
    plan = Plan(steps, [], [], {step.id: step.index for step in steps})
    _connect(plan, connections, groups)
    _mark_back_links(plan)
    if culprits := culprits + find_cycles(plan, nodes):
        raise _refusal(culprits)
    if start_node is not None or stop_node is not None:
        plan = _cut(_wanted(plan, start_node, stop_node), nodes, connections, type_of, mocks)
    _settle(plan)
    plan.variables = variables or {}
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


def group_members(nodes: list[dict[str, Json]], type_of: TypeOf) -> dict[str, list[str]]:
    """For each group, the ids of the nodes in it that execute, those in inner groups too.

    A node is a group if its type is ``group`` or another node names it as its parent.
    """
    children: dict[str, list[dict[str, Json]]] = {}
    known = {node["id"] for node in nodes}
    for node in nodes:
        parent = parent_of(node)
        if parent in known and parent != node["id"]:
            children.setdefault(str(parent), []).append(node)
    groups = {node["id"] for node in nodes if node.get("type") == "group"} | set(children)
    return {group: _members(group, children, groups, type_of) for group in sorted(groups)}


def parent_of(node: dict[str, Json]) -> str | None:
    """The id of the group that a node is in; files of React Flow 11 say ``parentNode``."""
    return node.get("parentId") or node.get("parentNode")


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
    return found + _overlaps(plan, places)


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


def _overlaps(plan: Plan, places: dict[str, int]) -> list[dict[str, Json]]:
    """One issue per loop that shares nodes with another, and neither lies within the other."""
    bodies = {step.index: set(step.body) for step in plan.steps if step.body and step.is_loop}
    found = []
    for one, body in bodies.items():
        for other, others in bodies.items():
            if one < other and not body.isdisjoint(others) and not _nested(one, other, bodies):
                found.append(_overlap_issue(plan.steps[one].id, plan.steps[other].id, places))
    return found


def _nested(one: int, other: int, bodies: dict[int, set[int]]) -> bool:
    """Whether one of two loops lies within the other, body and all."""
    if other in bodies[one]:
        return bodies[other] < bodies[one]
    return one in bodies[other] and bodies[one] < bodies[other]


def _overlap_issue(one: str, other: str, places: dict[str, int]) -> dict[str, Json]:
    message = f"The loops '{one}' and '{other}' overlap: one must lie within the other."
    return {"code": "cycle", "pointer": f"/nodes/{places[other]}", "node_id": other, "message": message}


def _refusal(culprits: list[dict[str, Json]]) -> CannotRun:
    count = len(culprits)
    things = "one thing stands" if count == 1 else f"{count} things stand"
    return CannotRun(f"The workflow cannot run: {things} in its way.", culprits)


def _is_annotation(node: dict[str, Json], type_of: TypeOf) -> bool:
    return type_of(node.get("type")).annotation


def _members(
    group: str, children: dict[str, list[dict[str, Json]]], groups: set[str], type_of: TypeOf
) -> list[str]:
    members, open_groups, seen = [], [group], {group}
    while open_groups:
        for child in children.get(open_groups.pop(), ()):
            if child["id"] in seen:
                continue
            seen.add(child["id"])
            if child["id"] in groups:
                open_groups.append(child["id"])
            elif not _is_annotation(child, type_of):
                members.append(child["id"])
    return members


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


def _connect(plan: Plan, connections: list[dict[str, Json]], groups: dict[str, list[str]]) -> None:
    connections = [connection for connection in connections if not _stays_inside(connection, groups)]
    inner = _inner_ends(connections, groups)
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


def _stays_inside(connection: dict[str, Json], groups: dict[str, list[str]]) -> bool:
    """Whether it connects a group with what is in it: nothing can go over it."""
    source, target = connection["source"], connection["target"]
    if source not in groups and target not in groups:
        return False
    one, other = set(groups.get(source, [source])), set(groups.get(target, [target]))
    return one <= other or other <= one


def _inner_ends(
    connections: list[dict[str, Json]], groups: dict[str, list[str]]
) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """For each group, the members that feed another member, and those that are fed by one."""
    feeding: dict[str, set[str]] = {group: set() for group in groups}
    fed: dict[str, set[str]] = {group: set() for group in groups}
    for group, members in groups.items():
        full = (inner for inner in groups if inner != group and groups[inner])
        within = set(members) | {inner for inner in full if set(groups[inner]) <= set(members)}
        for connection in connections:
            if connection["source"] in within and connection["target"] in within:
                feeding[group].update(groups.get(connection["source"], [connection["source"]]))
                fed[group].update(groups.get(connection["target"], [connection["target"]]))
    return feeding, fed


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
        plan.steps[source].outs.append((flow, port, strands))


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


def _mark_back_links(plan: Plan) -> None:
    """Find the body of each loop, the outer loops first: within a body, its own loop node leads nowhere."""
    following: list[list[Link]] = [[] for _ in plan.steps]
    for link in plan.links:
        following[link.source].append(link)
    every = set(range(len(plan.steps)))
    rooms = [(every, _entries(plan, every, following))]
    while rooms:
        inside, entries = rooms.pop()
        held: set[int] = set()
        for loop in _outer_first(plan, inside, entries, following):
            if loop not in held:
                body = _find_body(loop, inside - {loop}, following)
                _take_body(plan, plan.steps[loop], body)
                rooms.append((body, _targets(loop, following, item=True)))
                held |= body


def _outer_first(plan: Plan, inside: set[int], entries: list[int], following: list[list[Link]]) -> list[int]:
    """The loops among these steps, each behind those that it may lie in."""
    loops = [index for index in sorted(inside) if plan.steps[index].is_loop]
    reached = {loop: _reach(_targets(loop, following, item=True), inside - {loop}, following) for loop in loops}
    depths = dict.fromkeys(loops, 0)
    for one in loops:
        for other in reached[one] & depths.keys():
            # Where two lead to each other, the outer one is that through which every way to the other leads.
            if one not in reached[other] or other not in _reach(entries, inside - {one}, following):
                depths[other] += 1
    return sorted(loops, key=depths.__getitem__)


def _entries(plan: Plan, inside: set[int], following: list[list[Link]]) -> list[int]:
    """Where an execution can begin: steps that nothing feeds; in a ring without such a step, its first loop."""
    fed = {link.target for link in plan.links}
    entries = [step.index for step in plan.steps if step.index not in fed]
    reached = _reach(entries, inside, following)
    for step in plan.steps:
        if step.is_loop and step.index not in reached:
            entries.append(step.index)
            reached |= _reach([step.index], inside, following)
    return entries


def _targets(loop: int, following: list[list[Link]], *, item: bool) -> list[int]:
    """What hangs on the ``item`` port of a loop, or on its other ports."""
    return [link.target for link in following[loop] if (link.source_port == "item") == item]


def _find_body(loop: int, inside: set[int], following: list[list[Link]]) -> set[int]:
    """What hangs on the ``item`` port of a loop, and not on another one, by ways through these steps."""
    after = _reach(_targets(loop, following, item=False), inside, following)
    return _reach(_targets(loop, following, item=True), inside, following) - after


def _take_body(plan: Plan, loop: Step, body: set[int]) -> None:
    loop.body = sorted(body)
    for link in plan.links:
        if link.target == loop.index:
            itself = link.source == loop.index and link.source_port == "item"
            link.back = link.target_port == "back" or link.source in body or itself


def _reach(starts: Iterable[int], inside: set[int], following: list[list[Link]]) -> set[int]:
    reached, open_steps = set(), list(starts)
    while open_steps:
        index = open_steps.pop()
        if index in inside and index not in reached:
            reached.add(index)
            open_steps.extend(link.target for link in following[index])
    return reached


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
    _mark_back_links(part)
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
