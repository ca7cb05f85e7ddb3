"""Where in an image an error happened."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from ocilayers.errors import OCILayersError

__all__ = ["place"]


@contextmanager
def place(where: str) -> Generator[None]:
    """Put *where* before the place that an error of this library names."""
    try:
        yield
    except OCILayersError as error:
        error.where = f"{where}: {error.where}" if error.where else where
        raise
