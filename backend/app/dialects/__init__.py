"""Other doors to the same house: API shapes of other workflow backends over the same core.

A dialect is a folder with ``routes.py`` (its URLs) and ``mapping.py`` (its documents to ours and back).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..web.errors import Envelope

ENVELOPES: dict[str, Envelope] = {}
"""By URL prefix: the shape that a dialect gives to errors."""
