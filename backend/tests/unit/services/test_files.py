"""Files: uploads, thumbnails, limits."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from app.errors import InvalidInput, NotFound, TooLarge, TooMany
from app.services import files
from app.services.paging import Listing

from .conftest import make_sandbox


def picture(width: int = 300, height: int = 200) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(target, "PNG")
    return target.getvalue()


def test_several_files_are_described_and_kept(sandbox):
    items = files.upload(sandbox, [("a.png", picture()), ("b.txt", b"hello\n")])
    assert [(item["kind"], item["width"]) for item in items] == [("image", 300), ("text", None)]
    assert files.get(sandbox, items[0]["id"]) == items[0]
    assert files.content(sandbox, items[1]["id"]).content == b"hello\n"
    assert items[0]["created_at"] == "2026-01-01T09:00:00.000Z"


def test_one_bad_file_keeps_all_of_them_out_and_is_named(sandbox):
    with pytest.raises(InvalidInput) as caught:
        files.upload(sandbox, [("a.txt", b"x"), ("b.txt", b""), ("c.txt", b"")])
    assert caught.value.code == "empty_file"
    assert [culprit["pointer"] for culprit in caught.value.errors] == ["/file/1", "/file/2"]
    assert len(sandbox.store.files) == 0


def test_limits_of_files_name_themselves():
    sandbox = make_sandbox(max_files=2, max_upload_bytes=10)
    files.upload(sandbox, [("a.txt", b"x")])
    with pytest.raises(TooMany) as caught:
        files.upload(sandbox, [("b.txt", b"x"), ("c.txt", b"y")])
    assert caught.value.code == "too_many_files"
    with pytest.raises(TooLarge, match="max_upload_bytes"):
        files.upload(sandbox, [("b.txt", b"x" * 11)])
    assert len(sandbox.store.files) == 1
    with pytest.raises(InvalidInput):
        files.upload(sandbox, [])


def test_the_newest_file_comes_first_and_kinds_filter(sandbox):
    one, two = files.upload(sandbox, [("one.txt", b"1"), ("two.png", picture())])
    assert [item["id"] for item in files.list_files(sandbox, Listing()).items] == [two["id"], one["id"]]
    assert files.list_files(sandbox, Listing(filters={"kind": ["text"]})).items == [one]
    assert files.list_files(sandbox, Listing(q="TWO")).items == [two]


def test_a_thumbnail_is_made_once_per_size_and_few_are_kept(sandbox):
    key = files.upload(sandbox, [("a.png", picture())])[0]["id"]
    first = files.thumbnail(sandbox, key, 64, "png")
    assert max(Image.open(io.BytesIO(first)).size) == 64
    assert files.thumbnail(sandbox, key, 64, "png") is first
    for size in (65, 66, 67, 68, 69):
        files.thumbnail(sandbox, key, size, "webp")
    assert len(files.content(sandbox, key).thumbnails) == files.MAX_THUMBNAILS


def test_a_deleted_file_is_gone(sandbox):
    key = files.upload(sandbox, [("a.txt", b"x")])[0]["id"]
    files.delete(sandbox, key)
    for ask in (files.get, files.content, files.delete):
        with pytest.raises(NotFound):
            ask(sandbox, key)
