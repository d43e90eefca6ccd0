"""Files: uploads, what was found in them, their bytes and their thumbnails."""

from __future__ import annotations

from typing import Any

from flask import request

from ..services import files
from ..web.addresses import here
from ..web.conditional import tagged
from ..web.current import current_sandbox
from ..web.idempotency import idempotent
from ..web.paging import paged
from ..web.query import read_listing, read_query
from ..web.ranges import send_bytes, send_file
from ..web.restful import Resource
from ..web.uploads import read_uploads
from .schemas import queries

THUMBNAIL_TYPES = ("image/webp", "image/png")


class FileUpload(Resource):
    """The door for files."""

    shows_files = True

    @idempotent
    def post(self) -> Any:
        """Take the files of the multipart field ``file``: all of them, or none."""
        items = files.upload(current_sandbox(), read_uploads())
        headers = {"Location": here("files", items[0]["id"])} if len(items) == 1 else {}
        return {"items": items}, 201, headers


class Files(Resource):
    """All files."""

    shows_files = True

    def get(self) -> Any:
        """A page of files, the newest first."""
        return paged(files.list_files(current_sandbox(), read_listing(queries.FILES)))


class File(Resource):
    """One file."""

    shows_files = True

    def get(self, file_id: str) -> Any:
        """What was found in the file."""
        return tagged(files.get(current_sandbox(), file_id))

    def delete(self, file_id: str) -> Any:
        """Delete the file."""
        files.delete(current_sandbox(), file_id)
        return None, 204


class FileContent(Resource):
    """The bytes of a file."""

    produces = ("*/*",)

    def get(self, file_id: str) -> Any:
        """The bytes, or a range of them."""
        file = files.content(current_sandbox(), file_id)
        charset = file.metadata.get("encoding") if file.kind == "text" else None
        kind = f"{file.content_type}; charset={charset}" if charset else file.content_type
        return send_file(file.content, kind, file.name, file.sha256)


class FileThumbnail(Resource):
    """A small picture of a file."""

    produces = ("image/*", *THUMBNAIL_TYPES, "*/*")

    def get(self, file_id: str) -> Any:
        """The picture, as WebP unless the caller asks for PNG."""
        chosen = read_query(queries.THUMBNAIL)
        form = chosen["format"] or _preferred_format()
        file = files.get(current_sandbox(), file_id)
        picture = files.thumbnail(current_sandbox(), file_id, chosen["size"], form)
        return send_bytes(picture, f"image/{form}", f"{file['sha256'][:32]}-{chosen['size']}-{form}", cache=_A_DAY)


_A_DAY = "private, max-age=86400"
"""A file's bytes never change, so neither does its picture."""


def _preferred_format() -> str:
    best = request.accept_mimetypes.best_match(THUMBNAIL_TYPES, THUMBNAIL_TYPES[0])
    return best.partition("/")[2]
