"""A long story that a frontend and a test tell a sandbox over HTTP, and every answer that they got."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from app import create_app
from app.config import Settings
from tests.editor import line, node

Json = Any

HEADERS = ("ETag", "Location", "Link", "X-Total-Count", "X-Understudy-Rule", "Content-Length", "Content-Type")
REAL = ("created_at", "expires_at")
"""What the state of a sandbox says in real time."""

CSV = b"city,price\n" + b"".join(b"Town %d,%d\n" % (number, number * number) for number in range(40))
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n"

FLAKY = {"max_attempts": 3, "delay_ms": 40, "backoff": 2}

REQUEST_FAULTS = [
    {"id": "late", "match": {"method": "POST", "path": "/api/workflows"}, "delay_ms": [0, 2], "probability": 0.5},
    {"id": "lost", "match": {"method": "GET", "path": "/api/node-types/**"}, "status": 503, "probability": 0.4},
    {"id": "second", "match": {"method": "PATCH", "path": "/api/workflows/*"}, "code": "conflict", "nth": [2]},
]
"""None of them is about what readers read: a rule counts every request that it matches."""

NODE_FAULTS = [
    {
        "match": {"node_type": "http_request"},
        "node": {"fail_attempts": 2, "error": {"code": "down", "message": "No."}},
        "probability": 0.6,
    },
    {"match": {"node_id": "slow"}, "node": {"duration_ms": 900}},
    {"match": {"node_type": "display"}, "node": {"error": "Broken."}, "nth": [2]},
]


def make_app() -> Flask:
    """An application as it is served, at a clock that moves when told; who has not logged in is its default user."""
    return create_app(Settings(pace="stopped", auth="optional"))


def picture(width: int = 60, height: int = 40) -> bytes:
    """A colourful PNG."""
    from PIL import Image

    image = Image.new("RGB", (width, height))
    image.putdata([(x * 4 % 256, y * 6 % 256, (x * y) % 256) for y in range(height) for x in range(width)])
    held = io.BytesIO()
    image.save(held, "PNG")
    return held.getvalue()


def drawing(name: str, nodes: Sequence[Json], lines: str, **fields: Json) -> Json:
    """A workflow to be saved; lines are ``"a-b b:port-c"``."""
    connections = []
    for text in lines.split():
        source, _, port = text.partition("-")[0].partition(":")
        connection = line(f"{source}-{text.partition('-')[2]}") | {"id": text}
        connections.append(connection | ({"sourceHandle": port} if port else {}))
    return {"name": name, "nodes": list(nodes), "connections": connections, **fields}


class Teller:
    """Tells one sandbox a story, and keeps what it was answered."""

    def __init__(self, app: Flask, sandbox: str) -> None:
        self.app = app
        self.sandbox = sandbox
        self.answers: list[str] = []
        self._client = app.test_client(use_cookies=False)
        self.meanwhile: Callable[[Teller], object] | None = None
        """What is done after each call."""

    @property
    def digest(self) -> str:
        """All answers in short."""
        return sha256("\n".join(self.answers).encode()).hexdigest()

    def __call__(self, call: str, body: Json = None, sandbox: str | None = None, **options: Any) -> Json:
        """Ask something, such as ``"GET /api/files"``, and keep the answer; gives its JSON, if it is any."""
        if body is not None:
            options["json"] = body
        response = self.ask(call, sandbox, **options)
        self.answers.append(self._written(call, response))
        if self.meanwhile:
            self.meanwhile(self)
        return response.get_json(silent=True)

    def ask(self, call: str, sandbox: str | None = None, **options: Any) -> TestResponse:
        """Ask something that is no part of the story."""
        method, _, path = call.partition(" ")
        headers = {"X-Sandbox": sandbox or self.sandbox} | options.pop("headers", {})
        return self._client.open(path, method=method, headers=headers, **options)

    def _written(self, call: str, response: TestResponse) -> str:
        headers = {name: response.headers.get(name) for name in HEADERS}
        body: bytes = response.data
        state = response.get_json(silent=True)
        if isinstance(state, dict) and {"sandbox", "counts", "clock"} <= state.keys():
            # Only the state of a sandbox has its name in it, real time, and how often anybody asked.
            del state["counts"]["requests"], headers["Content-Length"]
            body = self._masked(json.dumps({name: held for name, held in state.items() if name not in REAL})).encode()
        elif f"/s/{self.sandbox}/".encode() in body:
            # So do the addresses of webhooks and of links, which are for somebody outside.
            del headers["Content-Length"]
            body = self._masked(body.decode()).encode()
        shown = body.decode() if (response.mimetype or "").endswith("json") else sha256(body).hexdigest()
        return f"{self._masked(call)} -> {response.status_code} {self._masked(json.dumps(headers))} {shown}"

    def _masked(self, text: str) -> str:
        return re.sub(rf"\b{self.sandbox}\b", "SANDBOX", text)


def tell_story(tell: Teller, pace: str, seed: int = 11) -> Teller:
    """The whole story, at a pace at which the promise of bytes holds."""
    tell("POST /_control/reset", {"seed": seed, "pace": pace})
    saved = draw(tell)
    files = upload(tell)
    bend(tell, saved)
    run(tell, saved)
    process(tell, saved, files)
    look(tell, saved, files)
    meet(tell, saved)
    automate(tell, saved)
    knock(tell, saved)
    travel(tell, saved, files)
    fail(tell, seed)
    return tell


def draw(tell: Teller) -> dict[str, str]:
    """Workflows drawn, changed, copied, sent away and brought back; gives the ids of those that are to run."""
    tell(
        "POST /api/node-types",
        {
            "type": "acme.scale",
            "outputs": [{"id": "output"}, {"id": "rest"}],
            "simulation": {"duration_ms": {"median": 80, "sigma": 0.6}, "failure_rate": 0.3},
        },
    )
    saved = {name: tell("POST /api/workflows", document)["id"] for name, document in drawings().items()}
    calls = node("call", "sub_workflow", config={"workflow_id": saved["rounds"]})
    family = drawing("Family", [node("start", "manual_trigger"), calls, node("end")], "start-call call-end")
    saved["family"] = tell("POST /api/workflows", family)["id"]
    for template in tell("GET /api/templates?per_page=100&sort=name")["items"][:12:3]:
        saved[template["name"]] = tell(f"POST /api/templates/{template['id']}/apply", {})["id"]
    for name in ("Old", "New", "Newer"):
        tell(f"PATCH /api/workflows/{saved['family']}", {"name": name})
    copied = tell(f"POST /api/workflows/{saved['rounds']}/duplicate", headers={"Idempotency-Key": "copy"})
    tell(f"POST /api/workflows/{saved['rounds']}/duplicate", headers={"Idempotency-Key": "copy"})
    tell(f"POST /api/workflows/{copied['id']}/nodes", {"type": "note", "position": {"x": 1, "y": 2}, "data": {}})
    tell(f"DELETE /api/workflows/{copied['id']}/nodes/each")
    joined = {"source": "start", "target": "show", "animated": True, "zIndex": 3, "className": "mine"}
    tell(f"POST /api/workflows/{copied['id']}/connections", joined)
    tell("POST /api/workflows", {"name": "Own", "zeta": 1, "alpha": 2, "beta": {"y": 1, "x": 2}, "gamma": None})
    tell("POST /_control/clock/advance", {"zeta": 1, "alpha": 2, "beta": 3, "gamma": 4})
    tell(f"PUT /api/workflows/{copied['id']}", {"name": "Late"}, headers={"If-Match": '"1-0"'})
    exported = tell(f"GET /api/workflows/{saved['rounds']}/export")
    tell("POST /api/workflows/import", exported)
    tell("POST /api/templates", {"name": "Mine", "workflow_id": saved["ask"]})
    tell(f"POST /api/workflows/{saved['images']}/validate")
    return saved


def drawings() -> dict[str, Json]:
    """Workflows of every kind: loops, retries, questions, image work, generated text."""
    start = node("start", "manual_trigger")
    rounds = [
        start,
        node("each", "loop", config={"items": [1, 2, 3]}),
        node("scale", "acme.scale"),
        node("fetch", "http_request", retry=FLAKY, on_error="continue", config={"url": "https://example.com/a"}),
        node("write", "llm_chat", config={"prompt": "Say {{ json }}"}),
        node("show", "display", on_error="continue"),
    ]
    ask = [start, node("slow"), node("boss", "approval", config={"prompt": "Well?"}), node("yes"), node("no", "email")]
    images = [
        start,
        node("small", "resize", config={"width": 24}),
        node("webp", "convert", config={"format": "webp"}),
        node("tiny", "thumbnail", config={"size": 16}),
        node("facts", "extract_metadata"),
    ]
    return {
        "rounds": drawing(
            "Rounds", rounds, "start-each each:item-scale scale-fetch fetch-each each:done-write write-show"
        ),
        "ask": drawing("Ask", ask, "start-slow slow-boss boss:approved-yes boss:rejected-no", tags=["b", "a"]),
        "images": drawing("Images", images, "start-small small-webp webp-facts small-tiny"),
        "bare": {"nodes": [{"type": "set", "position": {"x": 0, "y": 0}, "data": {}}], "connections": []},
    }


def upload(tell: Teller) -> list[str]:
    """Files of several kinds, and their pictures; gives the ids of the images."""
    held = [("a.png", picture()), ("b.csv", CSV), ("c.pdf", PDF), ("d.png", picture(31, 77))]
    sent = {"file": [(io.BytesIO(content), name) for name, content in held]}
    files = tell("POST /api/files/upload", data=sent)["items"]
    tell("POST /api/files/upload", data={"file": (io.BytesIO(b"# Words"), "e.md")})
    for file in files:
        for chosen in ("size=64&format=png", "size=200&format=webp", "size=64&format=webp"):
            tell(f"GET /api/files/{file['id']}/thumbnail?{chosen}")
        tell(f"GET /api/files/{file['id']}/content")
    return [file["id"] for file in files if file["kind"] == "image"]


def bend(tell: Teller, saved: dict[str, str]) -> None:
    """Faults of requests by chance and by number, and of nodes."""
    tell("PUT /_control/faults", [*REQUEST_FAULTS, *NODE_FAULTS])
    for name in ("Rounds 2", "Rounds 3", "Rounds 4"):
        tell(f"PATCH /api/workflows/{saved['rounds']}", {"name": name})
    for number in range(6):
        tell("GET /api/node-types/acme.scale")
        tell("POST /api/workflows", {"name": f"Bent {number}"})
    tell("GET /api/node-types", headers={"Prefer": "code=418"})
    tell("GET /_control/faults")


def run(tell: Teller, saved: dict[str, str]) -> None:
    """Executions that are paused, resumed, stopped, held, answered and tried again, while time goes on step by step."""
    rounds = _execute(tell, saved["rounds"], input={"topic": "tea"}, seed=5)
    family = _execute(tell, saved["family"])
    ask = _execute(tell, saved["ask"], hold=True)
    for name in list(saved)[5:]:
        _execute(tell, saved[name], input={"topic": "rain"})
    tell("POST /_control/clock/advance", {"seconds": 0.05})
    tell(f"GET /api/workflows/{saved['rounds']}/status")
    tell(f"POST /api/executions/{rounds}/pause")
    tell("POST /_control/clock/advance", {"events": 7})
    tell(f"GET /api/workflows/{saved['family']}/dataflow")
    tell(f"POST /api/executions/{ask}/release")
    tell(f"POST /api/executions/{rounds}/resume")
    tell(
        "POST /_control/clock/advance", {"until": {"execution_id": rounds, "event": "node.started", "node_id": "fetch"}}
    )
    tell(f"GET /api/workflows/{saved['rounds']}/status?include=data,logs")
    tell(f"POST /api/workflows/{saved['family']}/stop")
    tell("POST /_control/clock/advance", {"until": {"execution_id": ask, "status": "waiting"}, "limit_seconds": 30})
    tell(f"POST /api/executions/{ask}/nodes/boss/answer", {"decision": "rejected"})
    tell("POST /_control/clock/advance", {"seconds": 20})
    tell(f"POST /api/executions/{family}/retry")
    tell("POST /_control/clock/advance", {"events": 40})
    for key in (rounds, family, ask):
        tell(f"GET /api/executions/{key}?iterations=all")
        tell(f"GET /api/executions/{key}/events?after=3&limit=50")


def process(tell: Teller, saved: dict[str, str], files: list[str]) -> None:
    """Images that nodes work on, and what they make of them."""
    given = {"file_ids": files, "note": "for you", "alpha": 1, "zeta": 2}
    began = tell(f"POST /api/workflows/{saved['images']}/nodes/tiny/process-files", given)["id"]
    tell("POST /_control/clock/advance", {"until": {"execution_id": began, "status": "completed"}})
    tell(f"GET /api/executions/{began}")
    whole = _execute(tell, saved["images"], input={"file_ids": files})
    tell("POST /_control/clock/advance", {"seconds": 60})
    tell(f"GET /api/executions/{whole}")
    for file in tell("GET /api/files?per_page=5&kind=image")["items"]:
        tell(f"GET /api/files/{file['id']}/thumbnail?size=48")
        tell(f"GET /api/files/{file['id']}")


def look(tell: Teller, saved: dict[str, str], files: list[str]) -> None:
    """Lists by pages, documents, and the state of the sandbox."""
    for path in ("workflows", "executions", "templates", "files"):
        tell(f"GET /api/{path}?per_page=4")
        tell(f"GET /api/{path}?per_page=4&page=2")
    tell("GET /api/executions?status=completed,failed&sort=finished_at&per_page=7")
    tell("GET /api/workflows?q=r&sort=name&per_page=100")
    tell(f"GET /api/workflows/{saved['rounds']}?issues=1")
    tell(f"GET /api/workflows/{saved['ask']}?shape=reactflow")
    tell(f"GET /api/workflows/{saved['ask']}/nodes")
    tell(f"GET /api/workflows/{saved['bare']}/dataflow")
    tell("GET /api/workflows/none")
    tell(f"HEAD /api/files/{files[0]}/content")
    tell("GET /_control")


def meet(tell: Teller, saved: dict[str, str]) -> None:
    """Users come and go, and get to see a workflow; its versions tell how it became what it is."""
    path = f"/api/workflows/{saved['ask']}"
    asked = {"username": "carol", "password": "carol-password", "name": "Carol"}
    carol = _shown(tell("POST /api/auth/register", asked))
    key = tell("POST /api/auth/api-keys", {"name": "ci"}, headers=carol)
    tell(f"POST {path}/shares", {"user": "carol", "permission": "view"})
    link = tell(f"POST {path}/share-link")
    tell(f"GET /api/shared/{link['token']}")
    tell("GET /api/workflows?shared=true", headers={"X-API-Key": key["key"]})
    tell(f"PATCH {path}", {"name": "Not hers"}, headers=carol)
    tell("POST /api/workflows", drawings()["ask"], headers=carol)
    tell("POST /api/auth/url-token", headers=carol)
    tell("POST /_control/clock/advance", {"seconds": 900})
    tell("GET /api/auth/me", headers=carol)
    admin = _shown(tell("POST /api/auth/login", {"username": "admin", "password": "admin-password"}))
    for read in ("users", "workflows?sort=name&per_page=100", "events?limit=50"):
        tell(f"GET /api/{read}", headers=admin)
    revision = tell(f"PATCH {path}", {"name": "Asked again"})["revision"]
    tell(f"PATCH {path}/versions/{revision}", {"label": "Good"})
    for read in ("versions", f"versions/{revision}", f"versions/1/diff?to={revision}", "shares"):
        tell(f"GET {path}/{read}")
    tell(f"POST {path}/versions/1/restore")


def automate(tell: Teller, saved: dict[str, str]) -> None:
    """A schedule that is due a few times, and a request that starts something."""
    path = f"/api/workflows/{saved['bare']}"
    tell(f"POST {path}/schedules", {"cron": "*/7 * * * *", "timezone": "Europe/Berlin"})
    tell(f"POST /api/workflows/{saved['rounds']}/schedules", {"interval_seconds": 400, "input": {"topic": "sun"}})
    for webhook in tell(f"GET /api/workflows/{saved['rounds']}/webhooks")["items"]:
        tell(f"POST {webhook['url']}?from=outside", {"topic": "wind"})
    tell("POST /_control/clock/advance", {"seconds": 1500})
    first = tell("GET /api/schedules")["items"][0]
    tell(f"PATCH /api/workflows/{first['workflow_id']}/schedules/{first['id']}", {"enabled": False})
    tell("GET /api/executions?mode=schedule,webhook&per_page=100")


def knock(tell: Teller, saved: dict[str, str]) -> None:
    """The same workflows through the doors of other backends."""
    flow = drawings()["ask"]
    drawn = {"name": "Drawn", "nodes": flow["nodes"], "edges": flow["connections"]}
    made = tell("POST /api/flows/", drawn)["id"]
    tell(f"PATCH /api/flows/{made}/", {"name": "Drawn again", "tags": ["one"]})
    began = tell(f"POST /api/flows/{made}/execute/")["execution_id"]
    tell(f"POST /api/flows/{made}/duplicate/")
    made = tell("POST /api/v1/flows/create", drawn)["id"]
    tell(f"POST /api/v1/flows/{made}", {"name": "Drawn at last"})
    tell(f"POST /api/v1/flows/{made}/execute", {"inputs": {}})
    tell(f"POST /api/v1/flows/{made}/execute?mode=server", {"inputs": {"topic": "snow"}})
    tell("POST /_control/clock/advance", {"seconds": 30})
    for read in ("", "templates/", f"executions/{began}/", f"executions/{began}/nodes/", "none/"):
        tell(f"GET /api/flows/{read}")
    for read in ("", made, f"{made}/export", f"{made}/executions", f"{made}/analytics", saved["rounds"], "none"):
        tell(f"GET /api/v1/flows/{read}")


def travel(tell: Teller, saved: dict[str, str], files: list[str]) -> None:
    """A snapshot in the middle of things; back to it, and a second way from there."""
    began = _execute(tell, saved["rounds"])
    tell("POST /_control/clock/advance", {"seconds": 0.1})
    tell("POST /_control/snapshots", {"name": "middle"})
    document = tell("GET /_control/snapshots/middle")
    tell("POST /_control/snapshots/middle/fork", {"sandbox": f"{tell.sandbox}-fork"})
    for _ in range(2):
        tell("POST /_control/clock/advance", {"until": {"execution_id": began, "status": "completed"}})
        tell(f"DELETE /api/files/{files[0]}")
        tell("POST /_control/snapshots/middle/restore")
    tell("PUT /_control/snapshots/uploaded", document)
    tell("GET /_control/snapshots")
    tell("POST /_control/clock/advance", {"seconds": 5}, sandbox=f"{tell.sandbox}-fork")
    tell(f"GET /api/executions/{began}?iterations=all", sandbox=f"{tell.sandbox}-fork")
    tell("POST /_control/clock/advance", {"seconds": 5})
    tell(f"GET /api/executions/{began}?iterations=all")


def fail(tell: Teller, seed: int) -> None:
    """A new beginning in which nodes fail by chance."""
    tell("POST /_control/reset", {"seed": seed + 1, "scenario": "failing", "now": "2030-05-05T05:05:05Z"})
    for workflow in tell("GET /api/workflows?per_page=5")["items"]:
        tell(f"POST /api/workflows/{workflow['id']}/execute")
    tell("POST /_control/clock/advance", {"seconds": 30})
    tell("GET /api/executions?per_page=100")
    tell("GET /_control")
    tell("DELETE /_control/sandboxes/" + tell.sandbox + "-fork")


def _shown(session: Json) -> dict[str, str]:
    """The header that shows who has logged in."""
    return {"Authorization": f"Bearer {session['access_token']}"}


def _execute(tell: Teller, workflow_id: str, **options: Json) -> str:
    began: str = tell(f"POST /api/workflows/{workflow_id}/execute", options or None)["id"]
    return began
