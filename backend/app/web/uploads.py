"""Files in a multipart body."""

from __future__ import annotations

from flask import request

from ..errors import InvalidInput, UnsupportedMedia
from .current import limits

FIELD = "file"


def allow_upload() -> None:
    """Let this request be as large as an upload may be; a part of it, too."""
    request.max_content_length = request.max_form_memory_size = limits().max_upload_bytes


def read_uploads() -> list[tuple[str, bytes]]:
    """The names and the bytes of the files in the field ``file``, in their order.

    :raises UnsupportedMedia: if the body is no multipart form.
    :raises InvalidInput: ``no_file``.
    """
    allow_upload()
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMedia("Files are uploaded as multipart/form-data, in the field 'file'.")
    uploads = [(upload.filename or "", upload.stream.read()) for upload in request.files.getlist(FIELD)]
    if not uploads:
        message = "There is no file in the field 'file'."
        raise InvalidInput(message, [{"pointer": f"/{FIELD}", "message": message}], code="no_file")
    return uploads
