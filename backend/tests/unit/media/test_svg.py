"""SVG is measured and searched for anything that could act, and never rendered."""

from __future__ import annotations

import pytest

from app.media.describe import describe

OPEN = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 30 20">'


def drawing(inside: bytes) -> dict:
    return describe(OPEN + inside + b"</svg>", "a.svg").metadata


def test_size_comes_from_the_attributes_and_else_from_the_view_box(samples):
    found = describe(samples.svg, "logo.svg")
    assert (found.kind, found.content_type) == ("image", "image/svg+xml")
    assert (found.width, found.height) == (192, 10)
    assert (found.metadata["scripts"], found.metadata["elements"]) == (False, 2)


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        (b"<script>alert(1)</script>", "script"),
        (b'<s:script xmlns:s="http://www.w3.org/2000/svg"/>', "script"),
        (b'<rect onclick="alert(1)"/>', "event_handler"),
        (b'<set attributeName="onmouseover" to="alert(1)"/>', "event_handler"),
        (b'<a href=" java&#10;script:alert(1)"/>', "script"),
        (b'<image xlink:href="http://example.com/spy.png"/>', "external_reference"),
        (b'<image href="//example.com/spy.png"/>', "external_reference"),
        (b'<rect fill="url(http://example.com/x)"/>', "external_reference"),
        (b'<style>@import "http://example.com/x.css";</style>', "external_reference"),
        (b'<use href="data:image/svg+xml;base64,AAAA"/>', "external_reference"),
        (b"<foreignObject/>", "foreign_content"),
        (b"<script>alert(1)</script><rect", "script"),
    ],
)
def test_whatever_could_act_is_named(inside, reason):
    metadata = drawing(inside)
    assert metadata["scripts"] is True
    assert reason in metadata["unsafe"]


@pytest.mark.parametrize(
    "inside",
    [
        b'<use href="#a"/>',
        b'<image href="data:image/png;base64,AAAA"/>',
        b'<a href="https://example.com"><text>on = off</text></a>',
        b'<rect fill="url(#gradient)" style="stroke: red"/><style>.a { fill: url(#b) }</style>',
    ],
)
def test_drawings_that_only_draw_are_clean(inside):
    assert drawing(inside)["scripts"] is False


def test_a_billion_laughs_are_never_told():
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (i, b"&l%d;" % (i - 1) * 10) for i in range(1, 10))
    bomb = b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY l0 "lol">' + laughs + b"]><svg><text>&l9;</text></svg>"
    found = describe(bomb, "a.svg")
    assert found.content_type == "image/svg+xml"
    assert found.metadata["error"] == "The SVG declares entities; such documents are not read."
    assert found.metadata["scripts"] is True


def test_a_file_of_this_machine_is_never_read():
    bomb = b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg width="5" height="5"><text>&x;</text></svg>'
    found = describe(bomb, "a.svg")
    assert "declares entities" in found.metadata["error"]
    assert "root:" not in repr(found)


@pytest.mark.parametrize("length", ["-5", "1e99", "99999999999999", "5em", "NaN", "50%"])
def test_sizes_that_say_nothing_are_left_out(length):
    found = describe(f'<svg width="{length}" height="7px"/>'.encode(), "a.svg")
    assert (found.width, found.height) == (None, 7)
