"""Files, in and out."""

from __future__ import annotations

from marshmallow import fields, validate

from ...models.file import KINDS
from ...web.schemas import Output, items_of, page_of, string, there, time, whole_number


class File(Output):
    """A file and what was found in it."""

    id = string(about="What names it in addresses; nothing is to be read into it.")
    name = string(about="What it was called when it was uploaded or written, without what a file name must not have.")
    size = whole_number(about="How many bytes it has.")
    content_type = string(about="What it is, told from its bytes and not from its name.")
    kind = string(validate=validate.OneOf(KINDS), about="What it is, as far as an editor must tell apart.")
    sha256 = string(
        validate=validate.Regexp(r"^[0-9a-f]{64}$"), about="The SHA-256 of its bytes, in hexadecimal digits."
    )
    owner_id = string(about="The id of the user that it belongs to.")
    width = whole_number(
        1, allow_none=True, about="Pixels from left to right, as the picture is seen; `null` if it has none."
    )
    height = whole_number(
        1, allow_none=True, about="Pixels from top to bottom, as the picture is seen; `null` if it has none."
    )
    metadata = there(
        fields.Dict,
        about="What else was found in it; `error` if it is damaged, `mismatch` if its name claims another type.",
    )
    thumbnail_url = string(about="Where a small picture of it is.")
    content_url = string(about="Where its bytes are.")
    created_at = time(about="When it was uploaded or written, in virtual time.")


FILE = File()
FILES = items_of(File, "The files, in the order in which they were sent.")
FILE_PAGE = page_of(File, "files")
UPLOAD = {
    "type": "object",
    "properties": {
        "file": {
            "type": "array",
            "items": {"type": "string", "format": "binary"},
            "minItems": 1,
            "description": "The files; the field may be there several times.",
        }
    },
    "required": ["file"],
}
"""The fields of a form with files."""
