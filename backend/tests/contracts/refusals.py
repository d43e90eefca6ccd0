"""Recipes: how each answer of the contract is brought about, and each refusal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
from werkzeug.test import TestResponse

from app.services import faults, snapshots, workflows
from tests.contracts.scenes import DEEP, GRAPH, Scene

Json = Any
Recipe = Callable[[Scene], TestResponse]

KEY = {"Idempotency-Key": "one"}
STREAM = {"Accept": "text/event-stream"}
LARGE = {**GRAPH, "nodes": [*GRAPH["nodes"], {"id": "third"}]}
DENSE = {**GRAPH, "connections": [*GRAPH["connections"], {"id": "back", "source": "then", "target": "ask"}]}
TWINS = {"nodes": [{"id": "twin"}, {"id": "twin"}], "connections": []}
LOOSE = {"nodes": [{"id": "ask"}], "connections": [{"id": "line", "source": "ask", "target": "nothing"}]}
ALICES = {"username": "another", "email": "alice@example.com", "password": "long enough"}
LONG_AGO, LONG_AFTER = "2000-01-01T00:00:00Z", 10**15


def sending(**changes: Json) -> Recipe:
    """A usual request but for these changes."""
    return lambda scene: scene.send(**changes)


def under(recipe: Recipe, **settings: Json) -> Recipe:
    """A recipe on a server with these settings."""
    return lambda scene: recipe(scene.under(**settings))


def after(act: Callable[[Scene], object], recipe: Recipe | None = None) -> Recipe:
    """A recipe when something has happened."""

    def bring(scene: Scene) -> TestResponse:
        scene.prepare()
        act(scene)
        return (recipe or sending())(scene)

    return bring


def missing(variable: str) -> Recipe:
    """An address that names nothing."""
    return sending(path={variable: "nothing"})


def again(**changes: Json) -> Recipe:
    """A usual request until it is refused."""
    return lambda scene: scene.send_until_refused(**changes)


def flow(graph: Json) -> Json:
    """A graph as other doors take it."""
    return {"name": "A", "nodes": graph["nodes"], "edges": graph["connections"]}


def exported(graph: Json) -> Json:
    """A graph as Open WebUI's door imports it."""
    return {"version": "1.0", "flow": flow(graph)}


def into_workflow(**options: Json) -> Recipe:
    """A template put into the workflow."""
    return lambda scene: scene.send(body={"workflow_id": scene.workflow_id, **options})


def with_parameters(**values: Json) -> Recipe:
    """A template with these values in it."""
    return sending(body={"parameters": values})


def twice(scene: Scene, first: dict[str, Json], then: dict[str, Json]) -> TestResponse:
    """Two requests, of which the first goes well."""
    assert scene.send(**first).status_code < 300
    return scene.send(**then)


def ask_again(scene: Scene) -> TestResponse:
    """The caller has it already."""
    tag = scene.send().headers["ETag"]
    return scene.send(headers={"If-None-Match": tag})


def use_key_for_other_things(scene: Scene) -> TestResponse:
    """The second request with a key is another one."""
    return twice(scene, {"headers": KEY}, {"headers": KEY, "query": "other=1"})


def use_key_at_once(scene: Scene) -> TestResponse:
    """The second request with a key comes while the first, which has left its mark, has no answer yet."""
    assert scene.send(headers=KEY).status_code < 300
    for reply in scene.sandbox.replies.values():
        reply.status = 0
    return scene.send(headers=KEY)


def end_meanwhile(scene: Scene) -> TestResponse:
    """The sandbox is ended after the request has found it."""
    request = scene.request()
    scene.sandbox.close()
    return scene.app.test_client().open(**request)


def bend_something(scene: Scene) -> None:
    """A rule wants to look at every request."""
    faults.append(scene.sandbox, {"delay_ms": 1, "match": {"path": "/nowhere"}})


def break_inside(scene: Scene) -> TestResponse:
    """What answers there does what nobody foresaw."""
    request, views, endpoint = scene.request(), scene.app.view_functions, scene.route.endpoint

    def fail(**_: Json) -> None:
        raise ZeroDivisionError

    fail.view_class = scene.route.resource  # type: ignore[attr-defined]
    usual, views[endpoint] = views[endpoint], fail
    try:
        return scene.app.test_client().open(**request)
    finally:
        views[endpoint] = usual


def forget_events(scene: Scene) -> TestResponse:
    """The log keeps the latest events only."""
    scene = scene.under(max_events=2)
    for name in "abcd":
        workflows.patch(scene.sandbox, scene.workflow_id, {"name": name})
    return scene.send(query="after=1")


def begin_before_the_scenario(scene: Scene) -> TestResponse:
    """A scenario of one's own was taken later than the sandbox is to begin."""
    with TemporaryDirectory() as folder:
        Path(folder, "mine.json").write_bytes(snapshots.get(scene.sandbox, scene.snapshot).content)
        return scene.under(scenarios=folder).send(body={"scenario": "mine", "now": LONG_AGO})


def see_only(scene: Scene) -> TestResponse:
    """It was shared with somebody, to view it."""
    request = scene.request()
    scene.share()
    request["headers"] |= scene.log_in()
    return scene.app.test_client().open(**request)


def log_in_as_alice(scene: Scene) -> TestResponse:
    """Alice is no admin."""
    return scene.send(headers=scene.log_in())


def end_anothers_share(scene: Scene) -> TestResponse:
    """It was shared with both of them."""
    request = scene.request(path={"user_id": "us_admin"})
    scene.share()
    request["headers"] |= scene.log_in()
    return scene.app.test_client().open(**request)


def refresh_too_late(scene: Scene) -> TestResponse:
    """The time of the refresh token is over."""
    request = scene.request()
    with scene.sandbox.turn() as now:
        scene.sandbox.run_to(now + 8 * 86_400_000_000)
    return scene.app.test_client().open(**request)


def come_too_late(scene: Scene) -> TestResponse:
    """The time of the token is over."""
    told = scene.log_in("admin")
    with scene.sandbox.turn() as now:
        scene.sandbox.run_to(now + 901_000_000)
    return scene.send(headers=told)


def forget_the_slash(scene: Scene) -> TestResponse:
    """The address has no slash at its end, where it should have one."""
    request = scene.request()
    return scene.app.test_client().open(**{**request, "path": request["path"].removesuffix("/")})


def forget_it_behind_a_sandbox(scene: Scene) -> TestResponse:
    """A browser is at the address of a sandbox, which has no slash at its end."""
    request = scene.request(headers={"Accept": "text/html"})
    return scene.app.test_client().open(**{**request, "path": f"/s/{scene.sandbox.name}"})


def turn_the_slash(scene: Scene) -> TestResponse:
    """The address has a slash at its end where it should have none, or none where it should have one."""
    request = scene.request()
    path = request["path"]
    turned = path.removesuffix("/") if path.endswith("/") else f"{path}/"
    return scene.app.test_client().open(**{**request, "path": turned})


def delete_the_workflow(scene: Scene) -> TestResponse:
    """The execution has outlived its workflow."""
    scene.command("stop")
    workflows.delete(scene.sandbox, scene.workflow_id)
    return scene.send(prepared=False)


def nest_groups(scene: Scene) -> None:
    """Save a graph of groups in groups in groups."""
    groups = [{"id": f"g{place}", "type": "group", "parentId": f"g{place - 1}"} for place in range(1, 900)]
    scene.save({"nodes": [{"id": "g0", "type": "group"}, *groups, {"id": "ask", "parentId": "g899"}]})


def entangle_loops(scene: Scene) -> None:
    """Save a graph of loops that all lead into each other."""
    names = ["ask", *(f"n{place}" for place in range(60))]
    lines = [
        {"source": one, "sourceHandle": "item", "target": other, "targetHandle": "back"}
        for one in names
        for other in names
    ]
    scene.save({"nodes": [{"id": name, "type": "loop"} for name in names], "connections": lines})


def deep_import() -> Json:
    """A graph within a text, in which nobody has counted the brackets."""
    node = {"id": "deep", "data": {"deep": [DEEP]}}
    text = orjson.dumps({"nodes": [node], "connections": []}).decode()
    return {"flowData": text.replace("[[]]", "[" * 100 + "]" * 100)}


REFUSALS: dict[str, Recipe] = {
    "api_key_not_found": missing("api_key_id"),
    "asset_not_found": missing("asset"),
    "admin_only": under(log_in_as_alice, auth="required"),
    "already_running": after(Scene.execute),
    "bad_answer": sending(body={"decision": "perhaps"}),
    "bad_credentials": sending(body={"username": "demo", "password": "wrong"}),
    "bad_document": sending(body={**GRAPH, "name": 5}),
    "bad_graph": sending(body={**GRAPH, "nodes": [5]}),
    "bad_idempotency_key": sending(headers={"Idempotency-Key": "x" * 300}),
    "bad_last_event_id": sending(headers={**STREAM, "Last-Event-ID": "nothing"}),
    "bad_node": sending(body={"position": {"x": 1}}),
    "bad_parameter": sending(body={**GRAPH, "parameters": [{"name": "lost", "pointers": ["/nodes/9/id"]}]}),
    "bad_preference": sending(headers={"Prefer": "code=999"}),
    "bad_query": sending(query="issues=5&limit=x&page=x&shape=x&size=x&wait=x"),
    "bad_rate": sending(body={"pace": "real", "rate": 5}),
    "bad_sandbox_name": sending(headers={"X-Sandbox": "-"}),
    "bad_schedule": sending(body={"cron": "nothing"}),
    "bad_scenario_file": under(sending(body={"scenario": "mine"}), scenarios="nowhere"),
    "bad_snapshot_name": sending(path={"snapshot": "-"}),
    "bad_sort": sending(query="sort=nothing"),
    "bad_token": under(sending(headers={"Authorization": "Bearer nothing"}), auth="optional"),
    "bad_until": sending(body={"until": {"status": "nothing"}}),
    "broken_snapshot": sending(body={"format": "understudy-snapshot", "version": 1}),
    "built_in_type": sending(path={"node_type": "set"}),
    "cannot_run": after(lambda scene: scene.save(LOOSE)),
    "clock_backwards": sending(body={"now": LONG_AGO}),
    "clock_too_far": sending(body={"seconds": LONG_AFTER}),
    "connection_not_found": missing("connection_id"),
    "console_asset_not_found": missing("console_asset"),
    "control_needs_token": under(sending(), host="0.0.0.0"),
    "dangling_connection": sending(body={"source": "ask", "target": "nothing"}),
    "duplicate_connection": sending(body={"id": "other", "source": "ask", "target": "then"}),
    "duplicate_id": sending(body=TWINS),
    "duplicate_rule": again(),
    "email_taken": sending(body=ALICES),
    "empty_file": sending(body={"file": (b"", "empty.txt")}),
    "events_forgotten": forget_events,
    "expires_in_the_past": sending(body={"name": "late", "expires_at": LONG_AGO}),
    "execution_not_found": missing("execution_id"),
    "file_not_found": missing("file_id"),
    "foreign_host": sending(host="elsewhere.example"),
    "foreign_origin": sending(headers={"Origin": "https://elsewhere.example"}),
    "id_mismatch": sending(body={"id": "other", "type": "other", "source": "then", "target": "ask"}),
    "idempotency_in_progress": use_key_at_once,
    "idempotency_key_reused": use_key_for_other_things,
    "image_too_large": under(sending(), max_pixels=1),
    "internal_error": break_inside,
    "invalid_input": sending(body="nothing"),
    "invalid_node_type": sending(body={"type": "mine", "inputs": 5}),
    "last_admin": sending(path={"user_id": "us_admin"}, body={"role": "user"}),
    "loops_entangled": after(entangle_loops),
    "malformed": sending(raw=b"--x", content_type="multipart/form-data; boundary=x"),
    "malformed_json": sending(raw=b"{"),
    "no_file": sending(body={}),
    "no_graph": sending(body={}),
    "no_sandbox": under(sending(headers={"X-Sandbox": None}), require_sandbox=True),
    "node_not_found": missing("node_id"),
    "node_type_exists": again(),
    "node_type_not_found": missing("node_type"),
    "not_acceptable": sending(headers={"Accept": "application/nothing"}),
    "not_authenticated": under(sending(headers={"Authorization": None}), control_token="secret", auth="required"),
    "not_permitted": under(see_only, auth="required"),
    "not_waiting": sending(path={"node_id": "then"}),
    "not_writable": sending(body=deep_import()),
    "problem_not_found": missing("problem"),
    "queue_full": under(again(), max_queued=1),
    "range_not_satisfiable": sending(headers={"Range": "bytes=99999999-"}),
    "rate_limited": under(again(), rate_limit="1/minute"),
    "revision_mismatch": sending(headers={"If-Match": '"99"'}),
    "sandbox_exists": again(),
    "sandbox_not_found": missing("sandbox"),
    "schedule_not_found": missing("schedule_id"),
    "set_back": end_meanwhile,
    "share_token_not_found": missing("share_token"),
    "shared_with_owner": sending(body={"user": "demo", "permission": "view"}),
    "snapshot_exists": again(),
    "snapshot_not_found": missing("snapshot"),
    "template_not_found": missing("template_id"),
    "token_expired": under(come_too_late, auth="required"),
    "too_deep": sending(raw=b"[" * 250 + b"]" * 250),
    "too_large": under(
        sending(raw=b" " * 20_001), max_body_bytes=20_000, max_upload_bytes=20_000, max_snapshot_bytes=20_000
    ),
    "too_many_api_keys": under(again(), max_api_keys=1),
    "too_many_connections": under(sending(body=DENSE), max_connections=1),
    "too_many_faults": under(sending(), max_faults=0),
    "too_many_files": under(sending(), max_files=0),
    "too_many_groups": after(nest_groups),
    "too_many_node_types": under(sending(), max_node_types=0),
    "too_many_nodes": under(sending(body=LARGE), max_nodes=2),
    "too_many_per_page": sending(query="per_page=100000"),
    "too_many_sandboxes": under(lambda scene: scene.send(headers={"X-Sandbox": scene.other}), max_sandboxes=1),
    "too_many_schedules": under(again(), max_schedules=1),
    "too_many_shares": under(sending(), max_shares=0),
    "too_many_snapshots": under(sending(), max_snapshots=0),
    "too_many_streams": under(sending(headers=STREAM), max_streams=0),
    "too_many_templates": under(again(), max_templates=1),
    "too_many_users": under(sending(), max_users=1),
    "too_many_workflows": under(again(), max_workflows=1),
    "unknown_format": sending(body={}),
    "unknown_scenario": sending(body={"scenario": "nothing"}),
    "unknown_user": sending(body={"user": "nobody", "permission": "view"}),
    "unknown_snapshot_version": sending(body={"format": "nothing", "version": 1}),
    "unsupported_media_type": sending(raw=b"hello", content_type="text/plain"),
    "upgrade_required": sending(environ={}),
    "user_not_found": missing("user_id"),
    "username_taken": sending(body={"username": "Demo", "password": "long enough"}),
    "version_not_found": missing("version"),
    "webhook_not_found": missing("webhook_id"),
    "workflow_not_found": missing("workflow_id"),
    "wrong_password": sending(body={"current_password": "wrong", "new_password": "long enough"}),
    "wrong_status": after(Scene.complete),
}
"""By code: how an operation comes to refuse with it."""

SAVING_FLOWS = ("djangoCreateFlow", "djangoReplaceFlow", "djangoUpdateFlow")
OF_FLOWS = (*SAVING_FLOWS[1:], "djangoGetFlow", "djangoDeleteFlow", "djangoExecuteFlow", "djangoDuplicateFlow")
OF_WEBUI = (
    *(f"webui{verb}Flow" for verb in ("Get", "Update", "Delete", "Duplicate", "Export", "Execute")),
    *(f"webui{verb}" for verb in ("ListExecutions", "GetExecution", "GetStats", "GetAnalytics")),
)
ON_SERVER = sending(query="mode=server")
SPOILT: dict[str, Callable[[Callable[[Json], Json]], Recipe]] = {
    "bad_graph": lambda wrapped: sending(body=wrapped({"nodes": [5], "connections": []})),
    "duplicate_id": lambda wrapped: sending(body=wrapped(TWINS)),
    "too_many_nodes": lambda wrapped: under(sending(body=wrapped(LARGE)), max_nodes=2),
    "too_many_connections": lambda wrapped: under(sending(body=wrapped(DENSE)), max_connections=1),
}
"""By code: how a graph that a door takes, wrapped as it wants, is refused."""
HALF_A_CHARACTER = b'name=A&metadata={"a": "\\ud800"}'

REFUSALS_OF: dict[tuple[str, str], Recipe] = {
    **{
        (name, "workflow_not_found"): sending(path={"flow_id": "999"})
        for name in (*OF_FLOWS, "djangoListExecutions", "djangoFollowFlow")
    },
    **{
        (name, "execution_not_found"): sending(path={"flow_execution_id": "999"})
        for name in ("djangoGetExecution", "djangoListNodeExecutions")
    },
    **{(name, "duplicate_id"): sending(body=flow(TWINS)) for name in SAVING_FLOWS},
    **{(name, "too_many_nodes"): under(sending(body=flow(LARGE)), max_nodes=2) for name in SAVING_FLOWS},
    **{(name, "too_many_connections"): under(sending(body=flow(DENSE)), max_connections=1) for name in SAVING_FLOWS},
    **{
        (name, "not_writable"): sending(raw=HALF_A_CHARACTER, content_type="application/x-www-form-urlencoded")
        for name in SAVING_FLOWS
    },
    **{(name, "workflow_not_found"): sending(path={"flow_id": "nothing"}) for name in OF_WEBUI},
    **{
        (f"webui{name}Flow", code): recipe(wrapped)
        for name, wrapped in (("Create", flow), ("Update", flow), ("Import", exported))
        for code, recipe in SPOILT.items()
    },
    ("webuiImportFlow", "bad_document"): sending(body={"version": "1.0", "flow": {"name": 5}}),
    ("webuiGetExecution", "execution_not_found"): sending(path={"flow_execution_id": "nothing"}),
    ("webuiExecuteFlow", "already_running"): after(Scene.execute, ON_SERVER),
    ("webuiExecuteFlow", "bad_query"): sending(query="mode=nothing"),
    ("webuiExecuteFlow", "cannot_run"): after(lambda scene: scene.save(LOOSE), ON_SERVER),
    ("webuiExecuteFlow", "loops_entangled"): after(entangle_loops, ON_SERVER),
    ("webuiExecuteFlow", "too_many_groups"): after(nest_groups, ON_SERVER),
    ("djangoFollowFlow", "foreign_origin"): under(
        sending(headers={"Origin": "https://elsewhere.example"}), cors_origins="https://here.example"
    ),
    ("advanceClock", "clock_backwards"): sending(body={"to": LONG_AGO}),
    ("advanceClock", "execution_not_found"): sending(body={"until": {"execution_id": "nothing"}}),
    ("applyTemplate", "bad_graph"): with_parameters(type=5),
    ("applyTemplate", "bad_parameter"): with_parameters(nothing=1),
    ("applyTemplate", "duplicate_id"): with_parameters(id="then"),
    ("applyTemplate", "not_writable"): with_parameters(deep=DEEP),
    ("applyTemplate", "too_many_connections"): under(into_workflow(mode="merge"), max_connections=1),
    ("applyTemplate", "too_many_nodes"): under(into_workflow(mode="merge"), max_nodes=2),
    ("applyTemplate", "too_many_workflows"): under(again(body={}), max_workflows=1),
    ("applyTemplate", "workflow_not_found"): sending(body={"workflow_id": "nothing"}),
    ("compareVersions", "bad_query"): sending(query="with=1&with=2"),
    ("createConnection", "duplicate_id"): sending(body={"id": "line", "source": "then", "target": "ask"}),
    ("createConnection", "too_many_connections"): under(sending(), max_connections=1),
    ("createNode", "duplicate_id"): sending(body={"id": "ask"}),
    ("createNode", "too_many_nodes"): under(sending(), max_nodes=2),
    ("createTemplate", "workflow_not_found"): sending(body={"workflow_id": "nothing"}),
    ("deleteExecution", "wrong_status"): sending(prepared=False),
    ("deleteShare", "not_permitted"): under(end_anothers_share, auth="required"),
    ("openSocket", "foreign_origin"): under(
        sending(headers={"Origin": "https://elsewhere.example"}), cors_origins="https://here.example"
    ),
    ("processFiles", "file_not_found"): sending(body={"file_ids": ["nothing"]}),
    ("getSocketSchema", "set_back"): after(bend_something, end_meanwhile),
    ("listScenarios", "bad_scenario_file"): under(sending(), scenarios="nowhere"),
    ("replaceConnection", "duplicate_connection"): after(
        lambda scene: scene.save(DENSE), sending(body={"source": "then", "target": "ask"})
    ),
    ("replaceFaults", "duplicate_rule"): sending(body=[{"id": "slow", "delay_ms": 1}] * 2),
    ("resetSandbox", "clock_backwards"): begin_before_the_scenario,
    ("importWorkflow", "invalid_input"): sending(body=GRAPH | {"name": "x" * 300}),
    ("importTemplate", "invalid_input"): sending(body=GRAPH | {"name": "x" * 300}),
    ("refresh", "bad_token"): sending(body={"refresh_token": "nothing"}),
    ("refresh", "token_expired"): refresh_too_late,
    ("retryExecution", "workflow_not_found"): delete_the_workflow,
    ("retryExecution", "wrong_status"): sending(prepared=False),
    ("updateMe", "email_taken"): sending(body={"email": "alice@example.com"}),
    ("updateUser", "email_taken"): sending(body={"email": "alice@example.com"}),
    ("uploadSnapshot", "too_many_snapshots"): under(sending(path={"snapshot": "new"}), max_snapshots=1),
}
"""By operation and code: where it comes about in another way."""

ANSWERS: dict[int, Recipe] = {
    101: sending(),
    200: sending(),
    201: sending(),
    202: sending(),
    204: sending(),
    206: sending(headers={"Range": "bytes=0-1"}),
    301: forget_the_slash,
    304: ask_again,
    307: turn_the_slash,
    308: forget_it_behind_a_sandbox,
}
"""By status: how an operation comes to answer with it."""

ANSWERS_OF: dict[tuple[str, int], Recipe] = {
    ("createConnection", 200): sending(body={"source": "ask", "target": "then"}),
    ("createShare", 200): after(lambda scene: (scene.workflow_id, scene.share())),
    ("createShareLink", 200): after(lambda scene: scene.share_token),
    ("listExecutionEvents", 204): after(Scene.complete, sending(headers=STREAM, query="after=latest")),
    ("uploadSnapshot", 201): sending(path={"snapshot": "new"}),
}
"""By operation and status: where it comes about in another way."""

NOT_HERE: dict[tuple[str, int], str] = {
    ("djangoFollowFlow", 200): "a proxy says it, in the place of 101, to a browser that speaks HTTP/2 with it",
    ("openSocket", 200): "a proxy says it, in the place of 101, to a browser that speaks HTTP/2 with it",
}
"""By operation and status: what this server brings about in no way by itself, and why."""


Pair = tuple[str, Any]
"""The name of an operation, and a code or a status."""


def recipe_of(wanted: Pair, usual: Mapping[Any, Recipe], others: Mapping[Any, Recipe]) -> Recipe:
    """How an operation comes to answer so."""
    recipe = others.get(wanted) or usual.get(wanted[1])
    assert recipe is not None, f"Nobody has said how {wanted[0]} comes to answer {wanted[1]}."
    return recipe
