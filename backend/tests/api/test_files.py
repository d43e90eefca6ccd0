"""A conversation about files: uploaded, described, read in parts, drawn small, processed, deleted."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from app import create_app
from app.config import Limits, Settings
from tests.editor import Editor, node


def png(width: int = 64, height: int = 48) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def settings() -> Settings:
    return Settings(pace="stopped", scenario="empty", limits=Limits(max_upload_bytes=100_000))


def test_several_files_are_uploaded_at_once(client: FlaskClient, upload: Any, editor: Editor) -> None:
    response = upload(("a.txt", b"hello"), ("b.png", png()))
    text, picture = response.get_json()["items"]
    assert response.status_code == 201
    assert (text["kind"], text["size"]) == ("text", 5)
    assert (picture["content_type"], picture["width"], picture["height"]) == ("image/png", 64, 48)
    assert editor.get(f"/api/files/{text['id']}") == text
    assert editor.get("/api/files?kind=image")["items"] == [picture]
    assert client.get(picture["thumbnail_url"]).status_code == 200


def test_an_upload_without_a_file_or_without_a_form_is_refused(client: FlaskClient, problem_of: Any) -> None:
    path = "/api/files/upload"
    form = {"file": "just text"}
    assert problem_of(client.post(path, data=form, content_type="multipart/form-data"), 422)["code"] == "no_file"
    problem_of(client.post(path, json={"file": "x"}), 415)
    problem_of(client.post(path), 415)


def test_too_much_at_once_is_refused(upload: Any, editor: Editor, problem_of: Any) -> None:
    assert "100000" in problem_of(upload(("big.bin", b"x" * 120_000)), 413)["detail"]
    assert editor.get("/api/files")["total"] == 0


def test_content_comes_whole_in_parts_or_not_again(client: FlaskClient, upload: Any, problem_of: Any) -> None:
    url = upload(("a.txt", b"0123456789")).get_json()["items"][0]["content_url"]
    whole = client.get(url)
    assert (whole.data, whole.headers["Accept-Ranges"]) == (b"0123456789", "bytes")
    part = client.get(url, headers={"Range": "bytes=2-4"})
    assert (part.status_code, part.data, part.headers["Content-Range"]) == (206, b"234", "bytes 2-4/10")
    assert client.get(url, headers={"Range": "bytes=-3"}).data == b"789"
    changed = {"Range": "bytes=2-4", "If-Range": '"another"'}
    assert client.get(url, headers=changed).data == b"0123456789"
    assert client.get(url, headers={"Range": "bytes=0-1,4-5"}).data == b"0123456789"
    refusal = client.get(url, headers={"Range": "bytes=50-"})
    assert problem_of(refusal, 416)["code"] == "range_not_satisfiable"
    assert refusal.headers["Content-Range"] == "bytes */10"
    known = client.get(url, headers={"If-None-Match": whole.headers["ETag"]})
    assert (known.status_code, known.data) == (304, b"")
    head = client.head(url)
    assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", "10")


def test_nothing_uploaded_runs_in_a_browser(client: FlaskClient, upload: Any) -> None:
    script = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    for name, content in [("x.svg", script), ("x.html", b"<!doctype html><script>alert(1)</script>")]:
        served = client.get(upload((name, content)).get_json()["items"][0]["content_url"])
        assert served.headers["Content-Disposition"].startswith("attachment")
        assert served.headers["Content-Security-Policy"].startswith("sandbox")
        assert served.headers["X-Content-Type-Options"] == "nosniff"
    shown = client.get(upload(("x.png", png())).get_json()["items"][0]["content_url"])
    assert shown.headers["Content-Disposition"].startswith("inline")


def test_names_of_any_script_survive(client: FlaskClient, upload: Any) -> None:
    name = 'žluťoučký "kůň".txt'
    file = upload((name, b"x")).get_json()["items"][0]
    told = client.get(file["content_url"]).headers["Content-Disposition"]
    assert f"filename*=UTF-8''{quote(file['name'], safe='')}" in told
    assert told.isascii()


def test_thumbnails_have_the_size_and_the_format_asked_for(client: FlaskClient, upload: Any, problem_of: Any) -> None:
    from PIL import Image

    url = upload(("a.png", png(400, 200))).get_json()["items"][0]["thumbnail_url"]
    small = client.get(f"{url}?size=100&format=png")
    assert small.content_type == "image/png"
    assert max(Image.open(io.BytesIO(small.data)).size) == 100
    assert client.get(url).content_type == "image/webp"
    assert client.get(url, headers={"Accept": "image/png"}).content_type == "image/png"
    assert client.get(f"{url}?size=100&format=png", headers={"If-None-Match": small.headers["ETag"]}).status_code == 304
    for query in ("size=15", "size=1025", "size=big", "format=gif"):
        problem_of(client.get(f"{url}?{query}"), 422)


def test_a_node_processes_files(client: FlaskClient, upload: Any, editor: Editor, problem_of: Any) -> None:
    file = upload(("a.png", png())).get_json()["items"][0]
    saved = editor.save(node("small", "thumbnail"))
    path = f"/api/workflows/{saved['id']}/nodes/small/process-files"
    response = client.post(path, json={"file_ids": [file["id"]]})
    assert (response.status_code, response.get_json()["mode"]) == (202, "process_files")
    assert response.headers["Location"].endswith(response.get_json()["id"])
    problem_of(client.post(path, json={}), 422)
    problem_of(client.post(path, json={"file_ids": ["none"]}), 422)
    problem_of(client.post(path, json={"file_ids": []}), 422)


def test_what_else_is_sent_with_the_files_is_input_of_the_node(
    client: FlaskClient, upload: Any, editor: Editor
) -> None:
    file = upload(("a.txt", b"x")).get_json()["items"][0]
    saved = editor.save(node("any", "set"))
    order = {"file_ids": [file["id"]], "language": "de", "input": {"pages": 2}}
    done = editor.finish(editor.post(f"/api/workflows/{saved['id']}/nodes/any/process-files", order))
    assert (done["input"]["language"], done["input"]["pages"]) == ("de", 2)
    assert [one["id"] for one in done["input"]["files"]] == [file["id"]]


def test_a_deleted_file_is_gone(client: FlaskClient, upload: Any, problem_of: Any) -> None:
    file = upload(("a.txt", b"x")).get_json()["items"][0]
    assert client.delete(f"/api/files/{file['id']}").status_code == 204
    for url in (f"/api/files/{file['id']}", file["content_url"], file["thumbnail_url"]):
        assert problem_of(client.get(url), 404)["code"] == "file_not_found"


def test_content_under_another_etag_is_a_problem_and_not_an_empty_page(client, upload, problem_of):
    file = upload(("a.txt", b"hello")).get_json()["items"][0]
    refused = client.get(file["content_url"], headers={"If-Match": '"something-else"'})
    assert problem_of(refused, 412)["code"] == "revision_mismatch"


def test_a_key_does_not_make_an_upload_smaller(settings: Settings) -> None:
    limits = Limits(max_body_bytes=1_000, max_upload_bytes=100_000)
    client = create_app(replace(settings, limits=limits)).test_client()
    form = {"file": (io.BytesIO(b"x" * 5_000), "a.txt")}
    answer = client.post(
        "/api/files/upload", data=form, content_type="multipart/form-data", headers={"Idempotency-Key": "one"}
    )
    assert answer.status_code == 201
