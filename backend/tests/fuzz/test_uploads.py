"""Whatever is uploaded: an answer that the contract knows, all of the files or none, and every byte comes back."""

from __future__ import annotations

import hashlib
import io
import unicodedata
from typing import Any, NamedTuple

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from werkzeug.test import TestResponse

from app import create_app
from app.config import Limits, Settings
from tests.fuzz.budget import LONGER
from tests.unit.media.conftest import Samples

Json = Any

MOST_BYTES = 200_000
BOUNDARY = b"a-line-that-no-file-has"
FORM = f"multipart/form-data; boundary={BOUNDARY.decode()}"
REFUSALS = (400, 413, 415, 422)

some = settings(
    max_examples=LONGER or 150,
    derandomize=not LONGER,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


class Upload(NamedTuple):
    """A file as it is sent."""

    name: str
    content_type: str
    content: bytes


class Door:
    """Where files are uploaded, and what is kept behind it."""

    def __init__(self) -> None:
        limits = Limits(max_upload_bytes=MOST_BYTES)
        app = create_app(Settings(pace="stopped", scenario="empty", limits=limits, check_contract="fail"))
        self.client: FlaskClient = app.test_client()

    def send(self, body: bytes, content_type: str = FORM) -> TestResponse:
        """Upload a form that is written already."""
        return self.client.post("/api/files/upload", data=body, content_type=content_type)

    def kept(self) -> list[Json]:
        """What is known of the files that were taken."""
        items: list[Json] = self.client.get("/api/files?per_page=100").get_json()["items"]
        return items

    def clear(self) -> None:
        """Delete them."""
        for file in self.kept():
            assert self.client.delete(f"/api/files/{file['id']}").status_code == 204


@pytest.fixture(scope="module")
def door() -> Door:
    return Door()


@pytest.fixture(scope="module")
def contents() -> st.SearchStrategy[bytes]:
    """Noise, and real files: whole, cut short, damaged."""
    real = st.sampled_from(Samples().every)
    cut = st.builds(lambda content, at: content[: at % len(content)], real, st.integers(0, 1 << 20))
    places = st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(1, 255)), min_size=1, max_size=8)
    return st.one_of(st.binary(max_size=200), real, cut, st.builds(damage, real, places))


def damage(content: bytes, places: list[tuple[int, int]]) -> bytes:
    damaged = bytearray(content)
    for at, bits in places:
        damaged[at % len(damaged)] ^= bits
    return bytes(damaged)


tricks = st.sampled_from(
    (
        "",
        ".",
        "..",
        "../../etc/passwd",
        "C:\\boot.ini",
        "a\0.png",
        "\u202egpj.exe",
        "x" * 5_000,
        "名" * 300 + ".png",
        " ",
    )
)
names = st.one_of(
    tricks, st.text(max_size=40), st.from_regex(r"[a-z/\\.]{1,20}\.(png|pdf|zip|mp3|svg|csv)", fullmatch=True)
)
content_types = st.sampled_from(
    ("image/png", "application/pdf", "text/plain", "application/octet-stream", "a/b", "?", "")
)


def write_form(uploads: list[Upload]) -> bytes:
    """A form as browsers write it: of a name, only quotes and ends of lines are escaped."""
    parts = [b"--" + BOUNDARY + b"\r\n" + _head(upload) + b"\r\n\r\n" + upload.content + b"\r\n" for upload in uploads]
    return b"".join(parts) + b"--" + BOUNDARY + b"--\r\n"


def _head(upload: Upload) -> bytes:
    name = upload.name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    told = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: {upload.content_type}'
    return told.encode("utf-8", "surrogateescape")


@some
@given(data=st.data())
def test_files_are_taken_as_they_are_or_not_at_all(door: Door, contents: st.SearchStrategy[bytes], data: Any) -> None:
    uploads = data.draw(st.lists(st.builds(Upload, names, content_types, contents), min_size=1, max_size=3))
    answer = door.send(write_form(uploads))
    kept = door.kept()
    if answer.status_code == 201:
        assert [file["sha256"] for file in answer.get_json()["items"]] == [_hash(upload.content) for upload in uploads]
        assert {file["id"] for file in kept} == {file["id"] for file in answer.get_json()["items"]}
        for file, upload in zip(answer.get_json()["items"], uploads, strict=True):
            assert_served(door, file, upload.content)
    else:
        assert answer.get_json()["code"] in ("empty_file", "image_too_large", "too_large"), answer.get_data()
        assert not kept
    door.clear()


@some
@given(data=st.data())
def test_a_form_that_is_broken_takes_nothing_apart(door: Door, contents: st.SearchStrategy[bytes], data: Any) -> None:
    uploads = data.draw(st.lists(st.builds(Upload, names, content_types, contents), min_size=1, max_size=2))
    body, content_type = data.draw(st.sampled_from(BREAKERS))(data, write_form(uploads))
    answer = door.send(body, content_type)
    taken = answer.get_json()["items"] if answer.status_code == 201 else []
    assert answer.status_code in (201, *REFUSALS), answer.get_data()
    assert {file["id"] for file in door.kept()} == {file["id"] for file in taken}
    for file in taken:
        content = door.client.get(file["content_url"]).data
        assert (len(content), _hash(content)) == (file["size"], file["sha256"])
    door.clear()


def cut_short(data: Any, body: bytes) -> tuple[bytes, str]:
    return body[: data.draw(st.integers(0, len(body) - 1))], FORM


def another_boundary(data: Any, body: bytes) -> tuple[bytes, str]:
    told = data.draw(
        st.sampled_from(("", "; boundary=", "; boundary=x", f"; boundary={'x' * 300}", '; boundary="', ";"))
    )
    return body, f"multipart/form-data{told}"


def damaged(data: Any, body: bytes) -> tuple[bytes, str]:
    at = data.draw(st.integers(0, 150))
    return damage(body, [(at, data.draw(st.integers(1, 255)))]), FORM


def huge_headers(data: Any, body: bytes) -> tuple[bytes, str]:
    size = data.draw(st.sampled_from((1_000, 70_000, 250_000)))
    return body.replace(b"Content-Type:", b"X-Long: " + b"x" * size + b"\r\nContent-Type:", 1), FORM


def many_parts(data: Any, body: bytes) -> tuple[bytes, str]:
    field = b"--" + BOUNDARY + b'\r\nContent-Disposition: form-data; name="other"\r\n\r\n1\r\n'
    return field * data.draw(st.sampled_from((1, 500, 1_500))) + body, FORM


def without_names(data: Any, body: bytes) -> tuple[bytes, str]:
    gone = data.draw(st.sampled_from((b"form-data; ", b'name="file"; ', b"filename=", b"Content-Disposition")))
    return body.replace(gone, b""), FORM


def noise(data: Any, body: bytes) -> tuple[bytes, str]:
    return data.draw(st.binary(max_size=300)), FORM


BREAKERS = (cut_short, another_boundary, damaged, huge_headers, many_parts, without_names, noise)


def assert_served(door: Door, file: Json, content: bytes) -> None:
    """A file that was taken: byte for byte, with a plain name and a picture of it."""
    served = door.client.get(file["content_url"])
    assert (served.status_code, served.data, file["size"]) == (200, content, len(content))
    assert file["name"]
    assert not any(letter in "/\\" or unicodedata.category(letter) in ("Cc", "Cs") for letter in file["name"])
    picture = door.client.get(f"{file['thumbnail_url']}?size=32&format=png")
    assert picture.status_code == 200
    assert max(Image.open(io.BytesIO(picture.data)).size) <= 32


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
