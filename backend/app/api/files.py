"""Files: uploads, what was found in them, their bytes and their thumbnails."""

from __future__ import annotations

from typing import Any

from flask import request

from ..services import files
from ..web.addresses import here
from ..web.conditional import tagged
from ..web.current import current_sandbox
from ..web.identity import current_viewer
from ..web.operation import FORM, Answer, Body, operation
from ..web.paging import paged
from ..web.query import read_listing, read_query
from ..web.ranges import send_bytes, send_file
from ..web.restful import Resource
from ..web.uploads import read_uploads
from .answers import BYTES, LISTING, PAGING, PARTS
from .schemas import files as schemas
from .schemas import queries

THUMBNAIL_TYPES = ("image/webp", "image/png")
_OF_BYTES = ("Accept-Ranges", "X-Content-Type-Options")
_OF_FILES = ("Content-Disposition", "Content-Security-Policy", *_OF_BYTES)


class FileUpload(Resource):
    """The door for files."""

    shows_files = True

    @operation(
        "uploadFiles",
        body=Body(schemas.UPLOAD, content_type=FORM),
        gives=schemas.FILES,
        status=201,
        answer_headers=("Location",),
        once=True,
        errors=("no_file", "empty_file", "image_too_large", "too_many_files"),
    )
    def post(self) -> Any:
        """Upload files.

        They are the parts named ``file`` of a form: all of them are taken, or none. What each one is, is told
        from its bytes; its name is cleaned, and not believed.
        """
        items = files.upload(current_sandbox(), read_uploads(), viewer=current_viewer())
        place = here("files", items[0]["id"]) if len(items) == 1 else here("files")
        return {"items": items}, 201, {"Location": place}


class Files(Resource):
    """All files."""

    shows_files = True

    @operation("listFiles", query=queries.FILES, gives=schemas.FILE_PAGE, answer_headers=PAGING, errors=LISTING)
    def get(self) -> Any:
        """List files, the newest first.

        They are what people uploaded and what nodes wrote.
        """
        return paged(files.list_files(current_sandbox(), read_listing(), viewer=current_viewer()))


class File(Resource):
    """One file."""

    shows_files = True

    @operation("getFile", gives=schemas.FILE, tagged=True)
    def get(self, file_id: str) -> Any:
        """Get what was found in a file.

        Its bytes and its thumbnail have addresses of their own, which are in it.
        """
        return tagged(files.get(current_sandbox(), file_id))

    @operation("deleteFile")
    def delete(self, file_id: str) -> Any:
        """Delete a file.

        An execution that was given it can read it to its end.
        """
        files.delete(current_sandbox(), file_id)
        return None, 204


class FileContent(Resource):
    """The bytes of a file."""

    produces = ("*/*",)
    is_embedded = True

    @operation(
        "getFileContent",
        media={"*/*": BYTES},
        tagged=True,
        headers=("Range", "If-Match"),
        answer_headers=_OF_FILES,
        also={206: Answer({"*/*": BYTES}, ("ETag", "Content-Range", *_OF_FILES))},
        errors=PARTS,
    )
    def get(self, file_id: str) -> Any:
        """The bytes of a file, or a range of them.

        A browser shows pictures, audio, video, PDF and plain text in place; everything else is for saving, and
        can run nothing.
        """
        file = files.content(current_sandbox(), file_id)
        charset = file.metadata.get("encoding") if file.kind == "text" else None
        kind = f"{file.content_type}; charset={charset}" if charset else file.content_type
        return send_file(file.content, kind, file.name, file.sha256)


class FileThumbnail(Resource):
    """A small picture of a file."""

    produces = ("image/*", *THUMBNAIL_TYPES, "*/*")
    is_embedded = True

    @operation(
        "getFileThumbnail",
        query=queries.THUMBNAIL,
        media=dict.fromkeys(THUMBNAIL_TYPES, BYTES),
        answer_headers=_OF_BYTES,
        tagged=True,
        headers=("Range", "If-Match"),
        also={206: Answer(dict.fromkeys(THUMBNAIL_TYPES, BYTES), ("ETag", "Content-Range", *_OF_BYTES))},
        errors=PARTS,
    )
    def get(self, file_id: str) -> Any:
        """A small picture of a file.

        Of what has no picture it shows the kind. It is WebP unless the caller asks for PNG, by ``?format=`` or
        by ``Accept``.
        """
        chosen = read_query()
        form = chosen["format"] or _preferred_format()
        file = files.get(current_sandbox(), file_id)
        picture = files.thumbnail(current_sandbox(), file_id, chosen["size"], form)
        return send_bytes(picture, f"image/{form}", f"{file['sha256'][:32]}-{chosen['size']}-{form}", cache=_A_DAY)


_A_DAY = "private, max-age=86400"
"""A file's bytes never change, so neither does its picture."""


def _preferred_format() -> str:
    best = request.accept_mimetypes.best_match(THUMBNAIL_TYPES, THUMBNAIL_TYPES[0])
    return best.partition("/")[2]
