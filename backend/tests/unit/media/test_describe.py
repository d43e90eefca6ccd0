"""What is told of everything that is no picture; and that names are not believed."""

from __future__ import annotations

import io
import zipfile
from hashlib import sha256

import pytest

from app.errors import InvalidInput
from app.media.describe import describe


def test_an_empty_file_is_refused_by_name():
    with pytest.raises(InvalidInput, match=r"notes\.txt") as refused:
        describe(b"", "a/notes.txt")
    assert refused.value.code == "empty_file"


def test_size_and_hash_are_those_of_the_bytes():
    found = describe(b"hello", "a.txt")
    assert (found.size, found.sha256) == (5, sha256(b"hello").hexdigest())


def test_a_name_that_claims_another_type_is_noted(samples):
    found = describe(samples.translucent(), "report.pdf")
    assert (found.content_type, found.kind) == ("image/png", "image")
    assert found.metadata["mismatch"] is True
    assert found.metadata["declared_type"] == "application/pdf"


def test_noise_under_a_good_name_stays_unknown():
    found = describe(bytes(range(256)) * 4, "photo.png")
    assert (found.content_type, found.kind) == ("application/octet-stream", "other")
    assert found.metadata["mismatch"] is True


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("x", b'{"a": 1}', "application/json"),
        ("a.txt", b'{"a": 1}', "application/json"),
        ("a.txt", b"{ not json", "text/plain"),
        ("a.json", b"{ not json", "application/json"),
        ("x", b"a;b\n1;2\n3;4\n", "text/csv"),
        ("a.txt", b"a;b\n1;2\n3;4\n", "text/plain"),
        ("a.csv", b"alone\n", "text/csv"),
        ("a.png", b"a,b\n1,2\n3,4\n", "text/csv"),
        ("a.md", b"<div>readme</div>\n# Hi", "text/markdown"),
        ("a.txt", b"<div>readme</div>", "text/html"),
        ("a.md", b"<!DOCTYPE html><html></html>", "text/html"),
        ("a.csv", b"<html><script>1</script></html>", "text/html"),
        ("a.txt", b"<?xml version='1.0'?><!-- x --><svg/>", "image/svg+xml"),
        ("a.svg", b"<?xml version='1.0'?><note/>", "application/xml"),
        ("a.svg", b"only words", "text/plain"),
        ("a.html", b"only words", "text/plain"),
        ("a.py", b"print('a')\n", "text/x-python"),
        ("a.bmp", b"BMW builds cars.", "text/plain"),
        ("a", b"MZ is a signature, and two letters.", "text/plain"),
        ("a.txt", b"%PDF-1.4 broken", "application/pdf"),
    ],
)
def test_names_choose_among_texts_and_never_contradict_the_bytes(name, content, expected):
    assert describe(content, name).content_type == expected


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("latin-1", "latin-1"),
    ],
)
def test_a_text_is_counted_in_every_encoding(encoding, told):
    metadata = describe("Grüße aus Köln\nund mehr Wörter\r\nEnde".encode(encoding), "letter.txt").metadata
    assert metadata["encoding"] == told
    assert (metadata["lines"], metadata["words"], metadata["characters"]) == (3, 7, 36)


def test_curly_quotes_of_windows_and_other_alphabets_are_texts_too():
    assert describe("He said \u201cno\u201d".encode("cp1252"), "a.txt").metadata["encoding"] == "cp1252"
    cyrillic = "Привет, мир".encode("koi8-r")
    assert describe(cyrillic, "a.txt").metadata["encoding"] == "unknown-8bit"
    assert describe(cyrillic, "a.bin").kind == "other"


def test_a_text_cut_within_a_character_says_so():
    metadata = describe("Köln ist schön, sagt Zoë".encode()[:-1], "a.txt").metadata
    assert (metadata["encoding"], metadata["truncated"]) == ("utf-8", True)


def test_a_table_is_measured_with_its_quoted_line_ends():
    metadata = describe(b'name,note\r\nAda,"two\r\nlines, one comma"\r\n\r\nAlan,x\r\n', "people.csv").metadata
    assert (metadata["columns"], metadata["rows"], metadata["header"]) == (2, 2, ["name", "note"])


@pytest.mark.parametrize(
    ("content", "valid", "top_level"),
    [
        (b"[1, 2]", True, "array"),
        (b"3", True, "number"),
        (b'{"a": NaN}', False, None),
        (b"[" * 100_000, False, None),
        (b"[" + b"9" * 5000 + b"]", True, "array"),
    ],
)
def test_json_is_checked(content, valid, top_level):
    metadata = describe(content, "a.json").metadata
    assert (metadata["valid"], metadata.get("top_level")) == (valid, top_level)


def test_a_pdf_tells_its_pages_size_and_author(samples):
    found = describe(samples.pdf(pages=3), "play.pdf")
    assert (found.kind, found.width) == ("pdf", None)
    assert found.metadata["pages"] == 3
    assert found.metadata["page_size"] == {"width": 595, "height": 842, "unit": "pt"}
    assert (found.metadata["title"], found.metadata["author"]) == ("A Play", "W. Stand-In")
    assert found.metadata["encrypted"] is False


def test_an_encrypted_pdf_says_so(samples):
    assert describe(samples.pdf(password="secret"), "play.pdf").metadata["encrypted"] is True


def test_a_truncated_pdf_is_kept_and_marked(samples):
    metadata = describe(samples.pdf()[:200], "play.pdf").metadata
    assert metadata["truncated"] is True
    assert "damaged" in metadata["error"] or "no pages" in metadata["error"]


def test_a_wav_tells_how_long_it_is(samples):
    found = describe(samples.wav(0.5), "tone.wav")
    assert (found.kind, found.content_type) == ("audio", "audio/wav")
    assert found.metadata["duration_ms"] == 500
    assert (found.metadata["sample_rate"], found.metadata["channels"]) == (8000, 2)
    assert found.metadata["bitrate"] == 256_000


def test_a_truncated_wav_tells_what_is_left(samples):
    whole = samples.wav(2)
    metadata = describe(whole[: len(whole) // 2], "tone.wav").metadata
    assert metadata["truncated"] is True
    assert metadata["declared_duration_ms"] == 2000
    assert metadata["duration_ms"] == pytest.approx(1000, abs=5)


def test_an_mp3_tells_length_and_tags(samples):
    found = describe(samples.mp3(100), "overture.mp3")
    assert (found.kind, found.content_type) == ("audio", "audio/mpeg")
    assert found.metadata["duration_ms"] == pytest.approx(100 * 1152 / 44.1, abs=40)
    assert found.metadata["sample_rate"] == 44_100
    tags = found.metadata["tags"]
    assert tags == {"title": "Ouvertüre", "artist": "The Understudies", "album": "Opening Night"}


def test_archives_list_what_is_in_them(samples):
    for content in (
        samples.zipped({"a.txt": b"a", "d/b.txt": b"bb"}),
        samples.tarred({"a.txt": b"a", "d/b.txt": b"bb"}),
    ):
        found = describe(content, "things")
        assert (found.kind, found.metadata["entries"]) == ("archive", 2)
        assert (found.metadata["names"], found.metadata["unpacked_size"]) == (["a.txt", "d/b.txt"], 3)


def test_a_zip_bomb_is_marked_and_never_unpacked(samples):
    metadata = describe(samples.zipped({"zeros": bytes(20_000_000)}), "bomb.zip").metadata
    assert metadata["unpacked_size"] == 20_000_000
    assert "times as large" in metadata["note"]


def test_a_broken_zip_is_kept_and_marked(samples):
    found = describe(samples.zipped({"a.txt": b"a" * 1000})[:60], "a.zip")
    assert (found.kind, "damaged" in found.metadata["error"]) == ("archive", True)


def test_office_files_are_told_from_other_zips(samples):
    word = samples.zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})
    assert describe(word, "letter").content_type.endswith("wordprocessingml.document")
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<x/>")
    assert describe(target.getvalue(), "x").content_type == "application/vnd.oasis.opendocument.text"
    assert describe(samples.zipped({"a": b""}), "letter.docx").metadata["mismatch"] is True
