"""Libraries that speak while they read broken files, kept quiet."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_SPEAKERS = ("pypdf", "PIL")


@contextmanager
def quiet() -> Iterator[None]:
    """Let no library warn or log in here; that an image is too large stays an error.

    What they have to say about a broken file ends in its metadata instead of in the server's log.
    """
    from PIL import Image

    loggers = [logging.getLogger(name) for name in _SPEAKERS]
    levels = [logger.level for logger in loggers]
    try:
        for logger in loggers:
            logger.setLevel(logging.CRITICAL + 1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
