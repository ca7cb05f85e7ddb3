"""What verifying finds in the real images of the corpus; each was looked at by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from corpus_images import BROKEN, CHOSEN, archive, folders

from ocilayers.archive.archive import open_archive

_NASTY: Final = (
    "dangling-symlink",
    "device-node",
    "future-time",
    "high-owner",
    "time-before-epoch",
)

#: All others are clean. Tables of contents have tests of their own.
FOUND: Final[Mapping[str, tuple[str, ...]]] = {
    # Made in May 2023 as its config says, from a file of December.
    "gcr-hello-world-v25": ("future-time",),
    "gcr-layout-test-gc-index": ("descriptor-media-type",),
    "gcr-layout-test-index": ("descriptor-media-type",),
    # Its config was edited, not renamed.
    "gcr-source-image-with-empty-layer-history": ("config-mismatch",),
    # Both of its names are without a tag.
    "gcr-test-bundle": ("untagged-image",),
    # A directory of devices, owners up to 2**31, times from 1969 to 2200.
    "nasty-docker": _NASTY,
    "nasty-oci-gzip": _NASTY,
    "nasty-oci-zstd": _NASTY,
    "nasty-oci-zstdchunked": _NASTY,
    "nasty-v2s2": _NASTY,
}

_SEVERAL: Final = {
    "stereoscope-valid-oci-dir": {"ref": "latest"},
}


def _folders() -> list[Any]:
    return [
        pytest.param(folder, id=folder.name)
        for folder in folders()
        if folder.name not in BROKEN
    ]


def _choice(folder: Path) -> dict[str, Any]:
    chosen = [how for name, how in CHOSEN.items() if name.split("/")[0] == folder.name]
    return chosen[0] if chosen else _SEVERAL.get(folder.name, {})


@pytest.mark.parametrize("folder", _folders())
def test_verifying_finds_what_is_there_and_no_more(folder: Path) -> None:
    """Code by code, each once however often it is found."""
    report = open_archive(archive(folder), **_choice(folder)).verify()
    codes = {one.code for one in report.findings if "toc" not in one.code}

    assert set(FOUND.get(folder.name, ())) == codes
    assert report.ok == (report.errors == ())
