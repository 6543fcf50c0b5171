"""What a file is, told from its first bytes; its name says nothing that is believed.

Only what a report of a case is made of is known here: photos, videos, recordings, documents.
"""

from __future__ import annotations

HEAD = 4096
"""So many bytes from the beginning are enough."""

_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"FLV\x01", "video/x-flv"),
    (b"0&\xb2u\x8ef\xcf\x11", "video/x-ms-wmv"),
    (b"\x00\x00\x01\xba", "video/mpeg"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
    (b"OggS", "audio/ogg"),
    (b"%PDF-", "application/pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword"),
    (b"{\\rtf", "application/rtf"),
)
_RIFF = {b"WEBP": "image/webp", b"AVI ": "video/x-msvideo", b"WAVE": "audio/wav"}
_BRANDS = {
    b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heic", b"avif": "image/avif",
    b"M4A ": "audio/mp4", b"qt  ": "video/quicktime",
}  # fmt: skip
_OOXML = "application/vnd.openxmlformats-officedocument."
_PACKED: tuple[tuple[bytes, str], ...] = (
    (b"OFD.xml", "application/ofd"),
    (b"word/", f"{_OOXML}wordprocessingml.document"),
    (b"xl/", f"{_OOXML}spreadsheetml.sheet"),
    (b"ppt/", f"{_OOXML}presentationml.presentation"),
    (b"opendocument.text", "application/vnd.oasis.opendocument.text"),
)
_SUFFIXES = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/bmp": ".bmp", "image/tiff": ".tif",
    "image/webp": ".webp", "image/heic": ".heic", "image/avif": ".avif", "video/mp4": ".mp4",
    "video/quicktime": ".mov", "video/webm": ".webm", "video/x-flv": ".flv", "video/x-ms-wmv": ".wmv",
    "video/mpeg": ".mpg", "video/x-msvideo": ".avi", "audio/mpeg": ".mp3", "audio/amr": ".amr", "audio/ogg": ".ogg",
    "audio/wav": ".wav", "audio/mp4": ".m4a", "application/pdf": ".pdf", "application/msword": ".doc",
    "application/rtf": ".rtf", "application/ofd": ".ofd", "application/vnd.oasis.opendocument.text": ".odt",
    f"{_OOXML}wordprocessingml.document": ".docx", f"{_OOXML}spreadsheetml.sheet": ".xlsx",
    f"{_OOXML}presentationml.presentation": ".pptx", "text/plain": ".txt",
}  # fmt: skip
_TEXT_CONTROLS = frozenset(b"\t\n\r\f")
_SPACE = 0x20


def type_of(head: bytes) -> str:
    """Type of a file that begins like this, "" for one of any other sort or an empty one."""
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], "")
    if head[:4] == b"PK\x03\x04":
        return next((found for mark, found in _PACKED if mark in head), "")
    found = next((found for mark, found in _BEGINNINGS if head.startswith(mark)), "")
    return found or ("text/plain" if _is_text(head) else "")


def suffix_of(type_: str) -> str:
    """The ending a file of this type is given when it is written out."""
    return _SUFFIXES.get(type_, ".bin")


def _is_text(head: bytes) -> bool:
    if not head or any(byte < _SPACE and byte not in _TEXT_CONTROLS for byte in head):
        return False
    # A character may be cut in two where the head ends.
    return any(_decodes(head[: len(head) - cut], code) for code in ("utf-8", "gb18030") for cut in range(4))


def _decodes(text: bytes, code: str) -> bool:
    try:
        text.decode(code)
    except UnicodeDecodeError:
        return False
    return bool(text)
