"""Requests that are sent to the real backend and to our door; ``{id}`` in a path is the flow that is there."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import urlencode

import orjson

Json = Any

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=line"
JSON = "application/json"
BEARER = "Bearer "

FLOW = {
    "name": "Plant",
    "description": "Of the hall.",
    "nodes": [{"id": "a", "type": "sensor", "position": {"x": 1, "y": 2}, "data": {"label": "A"}}, {"id": "b"}],
    "edges": [{"id": "a-b", "source": "a", "target": "b", "animated": True}],
    "metadata": {"zoom": 1.5, "by": {"name": "Ada"}},
    "is_active": True,
    "version": "2.1.0",
    "tags": ["iot", "hall"],
}
"""The flow that is there; all of its fields have other values than a new one has by itself."""

ALL = "/api/flows/"
ONE = "/api/flows/{id}/"


class Case(NamedTuple):
    """A request."""

    method: str
    path: str = ALL
    body: bytes = b""
    content_type: str = JSON
    accept: str = JSON
    token: str | None = "good"
    """``good``, or what stands in ``Authorization``; ``None`` for nothing."""


def post(body: Json, **more: Any) -> Case:
    return Case("POST", ALL, orjson.dumps(body), **more)


def put(body: Json, **more: Any) -> Case:
    return Case("PUT", ONE, orjson.dumps(body), **more)


def patch(body: Json, **more: Any) -> Case:
    return Case("PATCH", ONE, orjson.dumps(body), **more)


def form(method: str, path: str, **fields: str) -> Case:
    return Case(method, path, urlencode(fields).encode(), FORM)


def parts(method: str, path: str, **fields: str) -> Case:
    head = "--line\r\nContent-Disposition: form-data; name="
    told = "".join(f'{head}"{name}"\r\n\r\n{value}\r\n' for name, value in fields.items())
    return Case(method, path, f"{told}--line--\r\n".encode(), MULTIPART)


def file(name: str, content: str) -> Case:
    """A form with a name and a file."""
    head = "--line\r\nContent-Disposition: form-data; name="
    told = f'{head}"name"\r\n\r\nNew\r\n{head}"{name}"; filename="x"\r\n\r\n{content}\r\n'
    return Case("POST", ALL, f"{told}--line--\r\n".encode(), MULTIPART)


def _named(**fields: Json) -> Json:
    return {"name": "New", **fields}


SAME: dict[str, Case] = {
    # What is there
    "list": Case("GET"),
    "list, head only": Case("HEAD"),
    "list with a query": Case("GET", "/api/flows/?page=2&search=x"),
    "one": Case("GET", ONE),
    "one, head only": Case("HEAD", ONE),
    "one that is not there": Case("GET", "/api/flows/999999/"),
    "number zero": Case("GET", "/api/flows/0/"),
    "a number that is too long": Case("GET", "/api/flows/99999999999999999999/"),
    "a number with zeros before it": Case("GET", "/api/flows/000999999/"),
    # Creating
    "whole": post(FLOW),
    "only a name": post(_named()),
    "what only the server writes": post(_named(id=77, created_at="2000-01-01T00:00:00Z", updated_at=None)),
    "unknown fields": post(_named(owner=5, viewport={"x": 1}, whatever=[])),
    "no name": post({}),
    "name null": post({"name": None}),
    "name empty": post({"name": ""}),
    "name blank": post({"name": " \t "}),
    "name with blanks around it": post({"name": "  Plant \n"}),
    "name a whole number": post({"name": 17}),
    "name a fraction": post({"name": 1.5}),
    "name a large fraction": post({"name": 1e30}),
    "name true": post({"name": True}),
    "name a list": post({"name": ["Plant"]}),
    "name an object": post({"name": {"en": "Plant"}}),
    "name as long as it may be": post({"name": "x" * 255}),
    "name as long with blanks": post({"name": " " + "x" * 255 + " "}),
    "name too long": post({"name": "x" * 256}),
    "name with a null character": post({"name": "a\0b"}),
    "name with a null character and too long": post({"name": "\0" * 256}),
    "name in other letters": post({"name": "Größe 温度 🌡"}),
    "description empty": post(_named(description="")),
    "description blank": post(_named(description="  ")),
    "description null": post(_named(description=None)),
    "description a number": post(_named(description=5)),
    "description false": post(_named(description=False)),
    "description a list": post(_named(description=[])),
    "description with a null character": post(_named(description="\0")),
    "nodes null": post(_named(nodes=None)),
    "nodes without anything known": post(_named(nodes=[{"id": "1", "shape": {"deep": [None, {"x": []}]}}])),
    "edges null": post(_named(edges=None)),
    "edges that lead nowhere": post(_named(edges=[{"id": "e", "source": "x", "target": "y"}])),
    "metadata null": post(_named(metadata=None)),
    "metadata of all kinds": post(_named(metadata={"": None, "a": [1, 2.5, "x", True, {"b": {}}]})),
    "tags null": post(_named(tags=None)),
    "version empty": post(_named(version="")),
    "version null": post(_named(version=None)),
    "version a number": post(_named(version=3)),
    "version a fraction": post(_named(version=2.5)),
    "version true": post(_named(version=True)),
    "version as long as it may be": post(_named(version="1" * 20)),
    "version too long": post(_named(version="1" * 21)),
    "version with blanks around it": post(_named(version=" 1.1 ")),
    "active null": post(_named(is_active=None)),
    "active empty": post(_named(is_active="")),
    "active a list": post(_named(is_active=[])),
    "active an object": post(_named(is_active={})),
    "active two": post(_named(is_active=2)),
    "active a fraction": post(_named(is_active=0.5)),
    "active some word": post(_named(is_active="maybe")),
    **{f"active {word!r}": post(_named(is_active=word)) for word in (True, False, 1, 0, 1.0, "1", "0")},
    **{f"active {word}": post(_named(is_active=word)) for word in ("yes", "NO", "On", "off", "T", "f", "True", "y")},
    "all wrong at once": post({"name": "", "description": None, "is_active": "x", "version": "x" * 99, "tags": None}),
    # Bodies as a whole
    "a list": post([]),
    "a list of flows": post([_named()]),
    "null": post(None),
    "a text": post("Plant"),
    "a number": post(5),
    "a fraction": post(1.5),
    "true": post(True),
    "no body": Case("POST"),
    "no body of another kind": Case("POST", content_type="text/plain"),
    "half an object": Case("POST", body=b'{"name"'),
    "no JSON": Case("POST", body=b"name: Plant"),
    "a comma too many": Case("POST", body=b'{"name": "a",}'),
    "not a number": Case("POST", body=b'{"name": NaN}'),
    "more than one": Case("POST", body=b'{"name": "a"} {}'),
    "a byte order mark": Case("POST", body=b'\xef\xbb\xbf{"name": "a"}'),
    "no UTF-8": Case("POST", body=b"\xff"),
    "a name twice": Case("POST", body=b'{"name": "a", "name": "b"}'),
    # Kinds of bodies
    "JSON with a charset": post(_named(), content_type="application/json; charset=utf-8"),
    "text": post(_named(), content_type="text/plain"),
    "text with a charset": post(_named(), content_type="text/plain; charset=utf-8"),
    "a merge patch": patch(_named(), content_type="application/merge-patch+json"),
    "of no kind": post(_named(), content_type=""),
    "a form": form("POST", ALL, name="New", description="", version="3", is_active="on", tags='["a"]'),
    "a form with a graph": form("POST", ALL, name="New", nodes='[{"id": "a"}]', edges="[]", metadata='{"a": 1}'),
    "a form without a name": form("POST", ALL, description="x"),
    "a form with an empty name": form("POST", ALL, name=""),
    "a form with an empty version": form("POST", ALL, name="New", version=""),
    "a form with an empty box": form("POST", ALL, name="New", is_active=""),
    "a form with no JSON in it": form("POST", ALL, name="New", nodes="{", tags=""),
    "a form with a number that is none": form("POST", ALL, name="New", metadata='{"a": NaN}'),
    "a form with a number without end": form("POST", ALL, name="New", nodes='[{"id": "a", "x": -Infinity}]'),
    "a form twice": Case("POST", ALL, b"name=a&name=b", FORM),
    "a form instead": form("PUT", ONE, name="New"),
    "a form that changes a little": form("PATCH", ONE, description="Changed."),
    "a form that changes a box": form("PATCH", ONE, is_active="false"),
    "parts": parts("POST", ALL, name="New", tags='["a", "b"]', is_active="true"),
    "parts instead": parts("PUT", ONE, name="New", nodes="[]"),
    "parts without a name": parts("POST", ALL, version="1"),
    "parts with a file for JSON": file("nodes", "[]"),
    "parts with a file for a text": file("name", "New"),
    "parts with a file for a box": file("is_active", "true"),
    "parts with a file that nobody knows": file("picture", "x"),
    "parts without a boundary": Case("POST", ALL, b"x", "multipart/form-data"),
    # Saving
    "save the whole": put(FLOW | {"name": "Other"}),
    "save only a name": put({"name": "Other"}),
    "save without a name": put({"description": "x"}),
    "save nothing": put({}),
    "save other lists": put({"name": "Other", "nodes": [], "edges": [], "tags": [], "metadata": {}}),
    "save a list": put([]),
    "save what is not there": Case("PUT", "/api/flows/999999/", b"{}"),
    "change a name": patch({"name": "Other"}),
    "change nothing": patch({}),
    "change an empty name": patch({"name": ""}),
    "change the nodes": patch({"nodes": [{"id": "z"}]}),
    "change the metadata": patch({"metadata": {"zoom": 2}}),
    "change the version": patch({"version": "9", "is_active": False}),
    "change a list": patch([]),
    "change null": patch(None),
    "change what is not there": Case("PATCH", "/api/flows/999999/", b"{"),
    "delete": Case("DELETE", ONE),
    "delete what is not there": Case("DELETE", "/api/flows/999999/"),
    # Actions
    "duplicate": Case("POST", f"{ONE}duplicate/"),
    "duplicate with a body": Case("POST", f"{ONE}duplicate/", b"whatever", "text/plain"),
    "duplicate what is not there": Case("POST", "/api/flows/999999/duplicate/"),
    "execute": Case("POST", f"{ONE}execute/"),
    "execute as axios does": Case("POST", f"{ONE}execute/", b"", FORM),
    "execute with a body": Case("POST", f"{ONE}execute/", b"whatever", "text/plain"),
    "execute what is not there": Case("POST", "/api/flows/999999/execute/"),
    # Methods
    "put all": Case("PUT"),
    "patch all": Case("PATCH"),
    "delete all": Case("DELETE"),
    "post to one": Case("POST", ONE),
    "get execute": Case("GET", f"{ONE}execute/"),
    "put execute": Case("PUT", f"{ONE}execute/"),
    "get duplicate": Case("GET", f"{ONE}duplicate/"),
    "post templates": Case("POST", "/api/flows/templates/"),
    "delete templates": Case("DELETE", "/api/flows/templates/"),
    # Slashes
    "all without a slash": Case("GET", "/api/flows"),
    "all without a slash and with a query": Case("GET", "/api/flows?search=a%20b&page=2"),
    "one without a slash": Case("GET", "/api/flows/7"),
    "all without a slash and with a strange query": Case("GET", "/api/flows?a;b=1&&c"),
    "templates without a slash": Case("GET", "/api/flows/templates"),
    "head without a slash": Case("HEAD", "/api/flows"),
    "create without a slash": Case("POST", "/api/flows", b'{"name": "New"}'),
    "save without a slash": Case("PUT", "/api/flows/7", b'{"name": "New"}'),
    "change without a slash": Case("PATCH", "/api/flows/7", b"{}"),
    "delete without a slash": Case("DELETE", "/api/flows/7"),
    "execute without a slash": Case("POST", "/api/flows/7/execute"),
    "a method that is not there, without a slash": Case("DELETE", "/api/flows"),
    # What is accepted
    "anything": Case("GET", accept="*/*"),
    "nothing said": Case("GET", accept=""),
    "a browser": Case("GET", accept="text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    "as axios": Case("GET", accept="application/json, text/plain, */*"),
    "any application": Case("GET", accept="application/*"),
    "only HTML": Case("GET", accept="text/html"),
    "only XML, creating": post({}, accept="application/xml"),
    # Who asks
    "nobody": Case("GET", token=None),
    "nobody, creating": post({}, token=None),
    "nobody, about one": Case("DELETE", ONE, token=None),
    "a wrong token": Case("GET", token="Bearer nonsense"),
    "another scheme": Case("GET", token="Basic ZGVtbzpkZW1v"),
}
"""By what it tries: what is answered alike."""

DIFFERENT: dict[str, tuple[Case, str]] = {
    "nodes a text": (post(_named(nodes="none")), "an editor's graph is a list of objects in our core"),
    "nodes of numbers": (post(_named(nodes=[1, 2])), "an editor's graph is a list of objects in our core"),
    "nodes with one id": (post(_named(nodes=[{"id": "a"}, {"id": "a"}])), "nothing could tell the two apart"),
    "nodes without an id": (post(_named(nodes=[{"type": "x"}])), "they get one, to be looked up by"),
    "edges without ends": (post(_named(edges=[{"id": "e"}])), "a connection has two ends in our core"),
    "metadata a list": (post(_named(metadata=[])), "expressions read variables in it, so it is an object"),
    "tags a text": (post(_named(tags="iot")), "the other doors list them, so they are a list of texts"),
    "half a character": (Case("POST", body=b'{"name": "\\ud800"}'), "it could not be written as UTF-8 again"),
    "an empty graph runs": (Case("POST", "/api/flows/{empty}/execute/"), "here it is really executed, or refused"),
    "templates": (Case("GET", "/api/flows/templates/"), "they have graphs here, and there are more of them"),
    "an id with letters": (Case("PUT", "/api/flows/abc/"), "ids are whole numbers in our addresses"),
    "an id below zero": (Case("GET", "/api/flows/-1/"), "ids are whole numbers in our addresses"),
    "an unknown address": (Case("GET", "/api/flows/1/nothing/"), "errors are JSON here, where Django has a page"),
    "options": (Case("OPTIONS"), "a preflight is answered without a body"),
    "delete for XML": (Case("DELETE", ONE, accept="text/xml"), "what has no content needs no agreement about it"),
    "nobody without a slash": (Case("GET", "/api/flows", token=None), "who asks comes before where it is"),
    "nobody with a wrong method": (Case("DELETE", token=None), "what there is, is no secret of users"),
    "a token that is empty": (Case("GET", token="Bearer"), "it is as good as none"),
    "a token of two words": (Case("GET", token="Bearer a b"), "its words are not counted"),
}
"""By what it tries: what is answered in another way, and why."""
