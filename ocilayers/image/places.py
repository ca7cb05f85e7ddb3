"""Where in an image an error happened, or something was noticed."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import attrs

from ocilayers.errors import OCILayersError
from ocilayers.findings import Finding

__all__ = ["place", "placed"]


@contextmanager
def place(where: str) -> Generator[None]:
    """Put *where* before the place that an error of this library names.

    >>> from ocilayers.errors import BlobNotFoundError
    >>> with place("config"):
    ...     raise BlobNotFoundError("the blob is not there", where="sha256:…")
    Traceback (most recent call last):
    ocilayers.errors.BlobNotFoundError: config: sha256:…: the blob is not there
    """
    try:
        yield
    except OCILayersError as error:
        # A layer is named by its digest already.
        if not where.endswith(error.where):
            where = f"{where}: {error.where}"
        error.where = where
        raise


def placed(findings: tuple[Finding, ...], where: str) -> tuple[Finding, ...]:
    """*findings* with *where* before the places that they name."""
    return tuple(
        attrs.evolve(found, where=f"{where}: {found.where}" if found.where else where)
        for found in findings
    )
