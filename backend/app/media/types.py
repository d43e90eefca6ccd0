"""Content types: which names claim them, which are alike, and which kind each is."""

from __future__ import annotations

TEXT_EXTENSIONS = {
    "txt": "text/plain",
    "text": "text/plain",
    "log": "text/plain",
    "ini": "text/plain",
    "cfg": "text/plain",
    "md": "text/markdown",
    "markdown": "text/markdown",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "ndjson": "application/x-ndjson",
    "geojson": "application/geo+json",
    "html": "text/html",
    "htm": "text/html",
    "xml": "application/xml",
    "svg": "image/svg+xml",
    "css": "text/css",
    "js": "text/javascript",
    "mjs": "text/javascript",
    "ts": "text/x-typescript",
    "tsx": "text/x-typescript",
    "py": "text/x-python",
    "sh": "text/x-shellscript",
    "sql": "text/x-sql",
    "yaml": "application/yaml",
    "yml": "application/yaml",
    "toml": "application/toml",
    "rtf": "application/rtf",
}
"""Types whose bytes are text, by the extension that claims them."""

BINARY_EXTENSIONS = {
    "png": "image/png",
    "apng": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "bmp": "image/bmp",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "ico": "image/x-icon",
    "avif": "image/avif",
    "heic": "image/heic",
    "jp2": "image/jp2",
    "psd": "image/vnd.adobe.photoshop",
    "pdf": "application/pdf",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "opus": "audio/ogg",
    "flac": "audio/flac",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "aiff": "audio/aiff",
    "au": "audio/basic",
    "mid": "audio/midi",
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
    "mkv": "video/x-matroska",
    "avi": "video/x-msvideo",
    "mpg": "video/mpeg",
    "mpeg": "video/mpeg",
    "ogv": "video/ogg",
    "zip": "application/zip",
    "tar": "application/x-tar",
    "gz": "application/gzip",
    "tgz": "application/gzip",
    "bz2": "application/x-bzip2",
    "xz": "application/x-xz",
    "zst": "application/zstd",
    "7z": "application/x-7z-compressed",
    "rar": "application/vnd.rar",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "epub": "application/epub+zip",
    "exe": "application/x-msdownload",
}
"""Types whose bytes carry a signature, by the extension that claims them."""

UNKNOWN = "application/octet-stream"

ALIASES = {
    "image/apng": "image/png",
    "image/jpx": "image/jp2",
    "audio/x-wav": "audio/wav",
    "audio/x-flac": "audio/flac",
    "audio/x-aiff": "audio/aiff",
    "video/x-m4v": "video/mp4",
    "application/x-rar-compressed": "application/vnd.rar",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "application/zip",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "application/zip",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "application/zip",
    "application/vnd.oasis.opendocument.text": "application/zip",
    "application/vnd.oasis.opendocument.spreadsheet": "application/zip",
    "application/vnd.oasis.opendocument.presentation": "application/zip",
    "application/epub+zip": "application/zip",
}
"""What the signature library says, and what we say; office files are told from other zips by their own entries."""

ARCHIVES = frozenset(
    {
        "application/zip",
        "application/x-tar",
        "application/gzip",
        "application/x-bzip2",
        "application/x-xz",
        "application/zstd",
        "application/x-7z-compressed",
        "application/vnd.rar",
        "application/vnd.ms-cab-compressed",
        "application/x-compress",
        "application/x-lzip",
        "application/x-lzop",
        "application/x-lz4",
        "application/x-unix-archive",
    }
)

_TEXTS = frozenset(TEXT_EXTENSIONS.values()) - {"image/svg+xml", "application/rtf"}


def kind_of(content_type: str) -> str:
    """The kind, one of `models.file.KINDS`, of a content type."""
    family = content_type.partition("/")[0]
    if family in ("image", "audio", "video"):
        return family
    if content_type == "application/pdf":
        return "pdf"
    if family == "text" or content_type in _TEXTS:
        return "text"
    return "archive" if content_type in ARCHIVES else "other"


def declared_type(extension: str) -> str | None:
    """What a name with this extension claims to be; ``None`` if we do not know the extension."""
    return TEXT_EXTENSIONS.get(extension) or BINARY_EXTENSIONS.get(extension)


def is_text(content_type: str) -> bool:
    """Whether a file of this type can be read with a text editor (SVG included)."""
    return content_type in _TEXTS or content_type == "image/svg+xml" or content_type.startswith("text/")
