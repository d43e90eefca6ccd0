"""Names as they are kept."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.media.names import clean_name


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Ada\\cat.png", "cat.png"),
        ("..", "file"),
        ("a/../..", "file"),
        ("...", "file"),
        ("", "file"),
        (" / ", "file"),
        ("dir/", "dir"),
        (".gitignore", ".gitignore"),
        ("a\x00b\r\n\tc.txt", "abc.txt"),
        (".\x00./x\x7f.txt", "x.txt"),
        ("\u202egpj.exe", "gpj.exe"),
        ("Übung 東京 🎭.png", "Übung 東京 🎭.png"),
        ("u\u0308.txt", "ü.txt"),
        ("\udcff.txt", ".txt"),
    ],
)
def test_names_keep_what_is_a_name(name, kept):
    assert clean_name(name) == kept


def test_a_long_name_keeps_its_extension():
    kept = clean_name("東" * 200 + ".jpeg")
    assert kept.endswith("東.jpeg")
    assert 250 < len(kept.encode()) <= 255


@given(st.text(alphabet=st.characters(), max_size=400))
def test_every_name_is_safe_and_stays_as_it_was_kept(name):
    kept = clean_name(name)
    assert kept == clean_name(kept)
    assert 0 < len(kept.encode()) <= 255
    assert kept not in (".", "..")
    assert not set(kept) & set("/\\\x00\n")
    assert unicodedata.is_normalized("NFC", kept)
