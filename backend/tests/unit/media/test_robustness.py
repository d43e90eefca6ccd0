"""Whatever the bytes: an answer, plain JSON, and no harm."""

from __future__ import annotations

import json
from contextlib import suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import InvalidInput, NodeFailure
from app.media.describe import describe
from app.media.operations import convert, extract_text, resize
from app.media.thumbnail import thumbnail
from app.models.file import KINDS

PREFIXES = [
    *(
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"GIF89a",
        b"RIFF\x20\0\0\0WEBPVP8 ",
        b"RIFF\x20\0\0\0WAVEfmt ",
        b"BM",
    ),
    *(b"II*\0", b"MM\0*", b"\0\0\1\0\1\0", b"\0\0\0\x18ftypavif", b"\0\0\0\x18ftypmp42", b"\0\0\0\x0cjP  \r\n\x87\n"),
    *(b"P6 9 9 255\n", b"8BPS\0\1", b"%PDF-1.7\n", b"ID3\3\0\0\0\0\0\x20", b"\xff\xfb\x90\0", b"OggS", b"fLaC"),
    *(
        b"FORM\0\0\0\x20AIFF",
        b"PK\3\4",
        b"PK\5\6",
        b"\x1f\x8b\x08",
        b"<svg ",
        b"<?xml ",
        b"{",
        b"[",
        b"\xff\xfe",
        b"\0\0\xfe\xff",
    ),
    *(b"\x1aE\xdf\xa3", b"RIFX\0\0\0\0WAVE", b"\0" * 257 + b"ustar", b"PK\3\4" + bytes(26) + b"mimetype"),
]
NAMES = st.sampled_from(["a.png", "a.csv", "a.json", "a.txt", "a.pdf", "a", "a.svg", "a.mp3", "a.jsonl"])

calm = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def survives(content: bytes, name: str) -> None:
    try:
        found = describe(content, name)
    except InvalidInput:
        return
    assert found.kind in KINDS
    assert json.loads(json.dumps(found.metadata, allow_nan=False)) == found.metadata
    json.dumps(found.metadata, ensure_ascii=False).encode()
    assert thumbnail(content, found, 32, "png").startswith(b"\x89PNG")
    for work in (lambda: extract_text(content, found), lambda: convert(content, "png"), lambda: resize(content, 9, 9)):
        with suppress(NodeFailure):
            work()


@calm
@given(content=st.binary(max_size=300), name=NAMES)
def test_noise(content, name):
    survives(content, name)


@calm
@given(prefix=st.sampled_from(PREFIXES), noise=st.binary(max_size=300), name=NAMES)
def test_signatures_with_noise_behind_them(prefix, noise, name):
    survives(prefix + noise, name)


@calm
@given(data=st.data())
def test_real_files_that_were_cut(samples, data):
    content = data.draw(st.sampled_from(samples.every))
    survives(content[: data.draw(st.integers(0, len(content)))], "a")


@calm
@given(data=st.data())
def test_real_files_that_were_damaged(samples, data):
    content = bytearray(data.draw(st.sampled_from(samples.every)))
    start = st.one_of(st.integers(0, min(200, len(content) - 1)), st.integers(0, len(content) - 1))
    for at, value in data.draw(st.lists(st.tuples(start, st.integers(0, 255)), min_size=1, max_size=8)):
        content[at] = value
    survives(bytes(content), "a")


@calm
@given(text=st.text(max_size=200), name=NAMES, encoding=st.sampled_from(["utf-8", "utf-16", "utf-32", "utf-8-sig"]))
def test_texts_of_every_alphabet(text, name, encoding):
    survives(text.encode(encoding, "replace"), name)
