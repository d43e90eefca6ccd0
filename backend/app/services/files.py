"""Files: uploaded, described, shown, deleted."""

from __future__ import annotations

from typing import Any

from ..config import Limits
from ..errors import InvalidInput, TooLarge
from ..models.file import File
from ..models.user import ANYONE, Viewer
from ..sandbox import Sandbox
from . import paging
from .changes import check_count
from .paging import Keys, Listing, Page
from .permissions import sees

Json = Any

MAX_THUMBNAILS = 4
"""Thumbnails kept per file: as many sizes as one editor asks for."""

SORTS: Keys = {
    "name": lambda file: file.name,
    "size": lambda file: file.size,
    "kind": lambda file: file.kind,
    "created_at": lambda file: file.created_at,
}
"""What files can be sorted by."""

_FILTERS: Keys = {"kind": lambda file: file.kind}


def upload(sandbox: Sandbox, files: list[tuple[str, bytes]], *, viewer: Viewer = ANYONE) -> list[dict[str, Json]]:
    """Keep files, each given by its name and bytes: all of them or none.

    What the bytes are is found out before anybody else has to wait for it.

    :param viewer: whose they are.
    :raises InvalidInput: ``no_file``, ``empty_file``, ``image_too_large``, with one error per file that does not fit.
    :raises TooLarge: if they are more bytes together than the server takes.
    :raises TooMany: ``too_many_files``.
    """
    _check_bytes(files, sandbox.limits)
    described = _describe(files, sandbox.limits)
    with sandbox.turn() as now:
        count = len(sandbox.store.files) + len(files)
        check_count("files", count, sandbox.limits.max_files, "max_files")
        return [_keep(sandbox, fields, now, viewer.user_id).as_dict() for fields in described]


def list_files(sandbox: Sandbox, listing: Listing, *, viewer: Viewer = ANYONE) -> Page:
    """The files that somebody sees, newest first; the filter is ``kind``."""
    paging.check(listing, sandbox.limits, SORTS)
    with sandbox.view():
        seen = (file for file in sandbox.store.files if sees(sandbox, viewer, file))
        found = paging.select(seen, listing, filters=_FILTERS, texts=lambda file: [file.name])
        # An id begins with its place in the order of coming.
        return paging.paginate(
            found, listing, File.as_dict, sorts=SORTS, default="-created_at", number=lambda file: file.id
        )


def get(sandbox: Sandbox, file_id: str) -> dict[str, Json]:
    """What is known about a file.

    :raises NotFound: if there is none.
    """
    return content(sandbox, file_id).as_dict()


def content(sandbox: Sandbox, file_id: str) -> File:
    """A file with its bytes.

    :raises NotFound: if there is none.
    """
    with sandbox.view():
        return sandbox.store.files.get(file_id)


def delete(sandbox: Sandbox, file_id: str) -> None:
    """Delete a file; an execution that has it keeps reading it."""
    with sandbox.turn():
        sandbox.store.files.remove(file_id)


def thumbnail(sandbox: Sandbox, file_id: str, size: int, format: str) -> bytes:  # noqa: A002
    """A small image of a file, drawn by kind where there is nothing to see.

    It is made while nobody has to wait for it, and kept with the file.

    :param size: of the longer side, in pixels.
    :param format: ``webp`` or ``png``.
    """
    from ..media.limits import Limits as MediaLimits
    from ..media.thumbnail import thumbnail as shrink

    file = content(sandbox, file_id)
    made = file.thumbnails.get((size, format))
    if made is None:
        made = shrink(file.content, file, size, format, MediaLimits(sandbox.limits.max_pixels))
        with sandbox.view():
            file.thumbnails[size, format] = made
            while len(file.thumbnails) > MAX_THUMBNAILS:
                del file.thumbnails[next(iter(file.thumbnails))]
    return made


def _check_bytes(files: list[tuple[str, bytes]], limits: Limits) -> None:
    if not files:
        raise InvalidInput("Nothing was uploaded.", [{"pointer": "/file", "message": "Send a file."}], code="no_file")
    size = sum(len(held) for _, held in files)
    if size > limits.max_upload_bytes:
        raise TooLarge(
            f"An upload holds at most {limits.max_upload_bytes} bytes here, not {size}. "
            "The setting is max_upload_bytes (UNDERSTUDY_MAX_UPLOAD_BYTES).",
            limit=limits.max_upload_bytes,
            setting="max_upload_bytes",
        )


def _describe(files: list[tuple[str, bytes]], limits: Limits) -> list[dict[str, Json]]:
    """What each file is; every one that does not fit is named."""
    from ..media.describe import describe
    from ..media.limits import Limits as MediaLimits

    media_limits, described, refused = MediaLimits(max_pixels=limits.max_pixels), [], []
    for place, (name, held) in enumerate(files):
        try:
            found = describe(held, name, media_limits)
        except InvalidInput as error:
            refused.append((place, error))
        else:
            names = ("name", "size", "content_type", "kind", "sha256", "width", "height", "metadata")
            described.append({key: getattr(found, key) for key in names} | {"content": held})
    if refused:
        culprits = [{"pointer": f"/file/{place}", "message": error.message} for place, error in refused]
        raise InvalidInput(refused[0][1].message, culprits, code=refused[0][1].code)
    return described


def _keep(sandbox: Sandbox, fields: dict[str, Json], now: int, owner_id: str) -> File:
    file = File(id=sandbox.world.ids.new("fl"), created_at=now, owner_id=owner_id, **fields)
    sandbox.store.files.add(file)
    return file
