"""The contract as a Postman collection (v2.1), with an environment.

Each folder runs by itself, in a sandbox of its own. Every request checks the status, the media type and the schema of
its answer, and carries on what others need. The schemas are kept once, in a variable of the collection.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from http import HTTPStatus
from pathlib import Path
from typing import Any

from calls import END, LEFT_OUT, WITHOUT_PATH
from checks import ANY
from draft07 import as_draft07, definitions
from folders import JSON_TYPES, Folder, Step, all_steps, make_folders

Json = Any

BASE_URL = "http://localhost:8000"
PASSWORD = "demo-password"
"""That of the user who everyone is where nobody logs in."""

FILE = "understudy.png"
"""What is uploaded: a picture beside the collection."""

SAVED_ERRORS = (404, 409, 412, 422)
"""Errors whose examples are saved with a request; those of all the others would double the size of the collection."""

_SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"

_BEFORE_EACH = (
    f"const withoutPath = {json.dumps(WITHOUT_PATH)};\n"
    """\
// The path of an address wins over the header: a folder would empty the sandbox of the path.
if (/[^/]\\/s\\/[^/]/.test(pm.variables.replaceIn("{{base_url}}"))) {
    pm.test(withoutPath, () => pm.expect.fail("nothing was sent"));
    pm.execution.setNextRequest(null);
    pm.execution.skipRequest();
}
// Every folder is a run of its own: its last request ends the sandbox and forgets the name.
if (!pm.collectionVariables.get("sandbox")) {
    pm.collectionVariables.set("sandbox", pm.variables.replaceIn("postman-{{$timestamp}}-{{$randomInt}}"));
}
// Who has a username logs in before each request that takes a user's token: it may have expired, or be of the sandbox
// before it was reset.
const username = pm.variables.get("username");
if (username && !pm.request.auth && !pm.request.headers.has("Authorization")) {
    const login = {
        url: pm.variables.replaceIn("{{base_url}}/api/auth/login"),
        method: "POST",
        header: { "Content-Type": "application/json", "X-Sandbox": pm.variables.get("sandbox") },
        body: JSON.stringify({ username, password: pm.variables.get("password") }),
    };
    pm.sendRequest(login, (error, answer) => {
        pm.test(`${username} is logged in`, () => pm.expect(error ? String(error) : answer.code).to.eql(200));
        if (!error && answer.code === 200) {
            pm.request.headers.upsert({ key: "Authorization", value: `Bearer ${answer.json().access_token}` });
        }
    });
}"""
)

_TOKEN = """\
const token = pm.variables.get("control_token");
if (token) {
    pm.request.headers.upsert({ key: "Authorization", value: `Bearer ${token}` });
}"""


def write_postman(document: Mapping[str, Json], folder: Path) -> dict[Path, str]:
    """The texts of the collection and of its environment, by path."""
    return {
        folder / "understudy.postman_collection.json": _as_text(make_collection(document)),
        folder / "understudy.postman_environment.json": _as_text(make_environment()),
    }


def make_collection(document: Mapping[str, Json]) -> dict[str, Json]:
    """The collection, with everything in it that the contract has.

    :raises BadCall: if a story does not fit the contract.
    """
    folders = make_folders(document)
    steps = list(all_steps(folders))
    schemas = definitions(document["components"]["schemas"], [step.answer_schema for step in steps])
    return {
        "info": {
            "_postman_id": _id("collection"),
            "name": document["info"]["title"],
            "description": _description(document),
            "schema": _SCHEMA,
        },
        "item": [_folder(each) for each in folders],
        "event": [_event("prerequest", _BEFORE_EACH)],
        "variable": [
            {"key": "base_url", "value": BASE_URL},
            {"key": "control_token", "value": ""},
            {"key": "sandbox", "value": ""},
            {"key": "username", "value": ""},
            {"key": "password", "value": PASSWORD},
            *({"key": name, "value": ""} for name in sorted({name for step in steps for name in step.kept})),
            {"key": "schemas", "value": json.dumps(schemas, separators=(",", ":"))},
        ],
    }


def make_environment() -> dict[str, Json]:
    """Where the server is, what opens its control API, and which user asks."""
    return {
        "id": _id("environment"),
        "name": "Understudy on this machine",
        "values": [
            {"key": "base_url", "value": BASE_URL, "type": "default", "enabled": True},
            {"key": "control_token", "value": "", "type": "secret", "enabled": True},
            {"key": "username", "value": "", "type": "default", "enabled": True},
            {"key": "password", "value": PASSWORD, "type": "secret", "enabled": True},
        ],
        "_postman_variable_scope": "environment",
    }


def _description(document: Mapping[str, Json]) -> str:
    left_out = "\n".join(f"- `{name}`: {reason}" for name, reason in LEFT_OUT.items())
    shared = document["components"]["parameters"].values()
    on_purpose = "\n".join(f"- `{each['name']}` ({each['in']}): {each['description']}" for each in shared)
    return (
        f"{document['info']['description'].rstrip()}\n\n{WITHOUT_PATH}\n\n"
        "Requests to `/api` take these. The story *Errors on purpose* uses one, and has the others beside it:\n\n"
        f"{on_purpose}\n\nNot in here:\n\n{left_out}\n"
    )


def _folder(folder: Folder) -> dict[str, Json]:
    items = [_folder(each) for each in folder.folders] + [_request(step) for step in folder.steps]
    return {"name": folder.name, "description": folder.description, "item": items}


def _request(step: Step) -> dict[str, Json]:
    request = {
        "method": step.operation.method,
        "header": list(_headers(step)),
        "url": _url(step),
        "description": step.operation.told["description"],
        **({} if step.operation.takes_user else {"auth": {"type": "noauth"}}),
    } | _body(step)
    before = [_event("prerequest", _TOKEN)] if step.operation.wants_token else []
    return {
        "name": step.name,
        "event": [*before, _event("test", "\n".join(_tests(step)))],
        "request": request,
        "response": list(_examples(step)),
    }


def _examples(step: Step) -> Iterator[dict[str, Json]]:
    """One answer for each status that the contract has examples of, where the operation is called for its own sake."""
    told = [] if step.call.says else [int(each) for each in step.operation.told["responses"] if each.isdigit()]
    for status in (each for each in told if each < 300 or each in SAVED_ERRORS):
        for name, media_type, body in [*step.operation.examples(status)][:1]:
            if media_type in JSON_TYPES:
                yield _example(step, HTTPStatus(status), name, media_type, body)


def _example(step: Step, status: HTTPStatus, name: str, media_type: str, body: Json) -> dict[str, Json]:
    return {
        "name": f"{status} {name or status.phrase}",
        "originalRequest": {"method": step.operation.method, "header": [], "url": "{{base_url}}" + address(step)},
        "status": status.phrase,
        "code": status,
        "_postman_previewlanguage": "json",
        "header": [{"key": "Content-Type", "value": media_type}],
        "cookie": [],
        "body": json.dumps(body, indent=2, ensure_ascii=False),
    }


def _event(listen: str, script: str) -> dict[str, Json]:
    return {"listen": listen, "script": {"type": "text/javascript", "exec": script.split("\n")}}


def _headers(step: Step) -> Iterator[dict[str, Json]]:
    if step.body is not None and step.operation.body_type == "application/json":
        yield {"key": "Content-Type", "value": "application/json"}
    for name, value in step.sent("header"):
        yield {"key": name, "value": value}
    for parameter in step.optional("header"):
        yield _optional(parameter)


def _optional(parameter: Mapping[str, Json]) -> dict[str, Json]:
    schema = parameter.get("schema", {})
    value = schema.get("default", next(iter(schema.get("enum", ())), ""))
    told = value if isinstance(value, str) else json.dumps(value)
    return {
        "key": parameter["name"],
        "value": told,
        "description": parameter.get("description", ""),
        "disabled": True,
    }


def _url(step: Step) -> dict[str, Json]:
    path = address(step)
    sent = [{"key": name, "value": value} for name, value in step.sent("query")]
    query = sent + [_optional(parameter) for parameter in step.optional("query")]
    asked = "&".join(f"{each['key']}={each['value']}" for each in sent)
    url = {
        "raw": "{{base_url}}" + path + (f"?{asked}" if asked else ""),
        "host": ["{{base_url}}"],
        "path": path[1:].split("/"),
    }
    return url | ({"query": query} if query else {})


def address(step: Step) -> str:
    """The path of the request, with its variables as ``{{name}}`` or as given."""
    return re.sub(r"{(\w+)}", lambda found: step.given[found[1]], step.operation.path)


def _body(step: Step) -> dict[str, Json]:
    if step.operation.body_type == "multipart/form-data":
        return {"body": {"mode": "formdata", "formdata": [{"key": "file", "type": "file", "src": FILE}]}}
    if step.body is None:
        return {}
    return {"body": {"mode": "raw", "raw": body_text(step), "options": {"raw": {"language": "json"}}}}


def body_text(step: Step) -> str:
    """The body as it is written down.

    Double braces that are none of our variables belong to an expression of a node. JSON may write a brace as an escape,
    and so no editor takes it for a variable of its own.
    """
    if isinstance(step.body, str):
        return step.body
    text = json.dumps(step.body, indent=2, ensure_ascii=False)
    return re.sub(r"{{(?!\w+}})", r"{\\u007b", text)


def _tests(step: Step) -> Iterator[str]:
    yield f'pm.test("status {step.status}", () => pm.response.to.have.status({step.status}));'
    if step.answer_type:
        told = _js(step.answer_type)
        yield f'pm.test({told}, () => pm.expect(pm.response.headers.get("Content-Type")).to.include({told}));'
    if step.answer_schema is not None:
        schema = as_draft07(step.answer_schema)
        yield "const answer = pm.response.json();"
        yield 'const definitions = JSON.parse(pm.collectionVariables.get("schemas"));'
        yield f"const schema = {{ ...{_js(schema)}, definitions }};"
        yield 'pm.test("fits the contract", () => pm.response.to.have.jsonSchema(schema));'
    for expression, value in step.checks.items():
        yield f"pm.test({_js(_told(expression, value))}, () => {_expects(_found(expression), value)});"
    for variable, expression in step.kept.items():
        yield f"pm.collectionVariables.set({_js(variable)}, {_found(expression)});"
    if step.operation.name == END.operation and step.given == END.given:
        yield 'pm.collectionVariables.set("sandbox", "");'


def _expects(found: str, value: Json) -> str:
    """The assertion, in the sandbox's JavaScript."""
    if value == ANY:
        return f"pm.expect({found}).to.exist"
    if isinstance(value, str) and value.endswith(ANY):
        beginning = value.removesuffix(ANY)
        return f"pm.expect({found}.slice(0, {len(beginning)})).to.eql({_js(beginning)})"
    return f"pm.expect({found}).to.eql({_js(value)})"


def _found(expression: str) -> str:
    """What an OpenAPI runtime expression means, in the sandbox's JavaScript."""
    if expression == "$response.body":
        return "pm.response.text()"
    kind, _, name = expression.removeprefix("$response.").partition("#" if "#" in expression else ".")
    if kind == "header":
        return f"pm.response.headers.get({_js(name)})"
    return "answer" + "".join(f"?.[{_js(int(part) if part.isdigit() else part)}]" for part in name[1:].split("/"))


def _told(expression: str, value: Json) -> str:
    name = expression.removeprefix("$response.").removeprefix("body#/").removeprefix("header.").replace("/", ".")
    if value == ANY:
        return f"{name} is there"
    if isinstance(value, str) and value.endswith(ANY):
        return f"{name} begins with {value.removesuffix(ANY)}"
    return f"{name} is {value if isinstance(value, str) else json.dumps(value)}"


def _js(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)


def _id(of: str) -> str:
    """An id as Postman wants it, always the same one."""
    told = blake2b(f"understudy/{of}".encode(), digest_size=16).hexdigest()
    return "-".join((told[:8], told[8:12], told[12:16], told[16:20], told[20:]))


def _as_text(document: Json) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
