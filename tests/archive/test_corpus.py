"""Every image of the corpus opens and verifies, or says why it does not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from conftest import shared_root
from ocilayers.archive.archive import open_archive
from ocilayers.errors import (
    AmbiguousImageError,
    BlobNotFoundError,
    DocumentSyntaxError,
    ImageError,
    InvalidFieldError,
    MediaTypeMismatchError,
    OCILayersError,
)
from ocilayers.image.image import Image

ROOT = shared_root()
IMAGES = ROOT / "corpus" / "images" if ROOT else Path()
NAMES = sorted(path.name for path in IMAGES.iterdir()) if ROOT else []

#: What holds no image that can be read, or none that is whole.
BROKEN: Final[dict[str, tuple[type[OCILayersError], str]]] = {
    "gcr-layout-test-gc-image-unknown-mediatype": (ImageError, "no image"),
    "gcr-layout-test-index-media-type": (ImageError, "no image of a file system"),
    "gcr-no-manifest": (ImageError, "neither"),
    "gcr-null-manifest": (InvalidFieldError, "expected a list"),
    "nasty-v2s1": (MediaTypeMismatchError, "found schema1"),
    "regclient-external": (ImageError, "4 x artifact"),
    "stereoscope-no-manifests": (MediaTypeMismatchError, "found manifest"),
    "stereoscope-valid-manifest": (BlobNotFoundError, "sha256:f67dcc5fc786"),
    "trivy-test-bad-index-json": (DocumentSyntaxError, "no JSON"),
    "trivy-test-index-json-dir": (ImageError, "neither"),
    "trivy-test-invalid-oci-image": (ImageError, "badmedia"),
    "trivy-test-no-valid-manifests": (InvalidFieldError, "schemaVersion"),
}
#: What holds more than one image, and how each is asked for.
MANY: Final[dict[str, tuple[str, ...]]] = {
    "busybox-multiarch": ("linux/amd64", "linux/arm64/v8", "linux/s390x"),
    "gcr-test-bundle": ("test_image_2", "test_image_1"),
    "gcr-test-link": (
        "bazel/v1/tarball:test_image_1",
        "bazel/v1/tarball:test_image_3",
    ),
    "oras-py-ocilayout2": ("linux/amd64", "linux/arm64"),
    "regclient-testrepo": ("b1", "b2", "b3", "v1", "v2", "v3"),
    "stereoscope-multiplatform-oci-dir": ("linux/amd64", "linux/arm64"),
}
#: What opens, and what a strict reader would refuse.
NOTICED: Final[dict[str, list[str]]] = {
    # Docker and umoci take it: nobody checks the name of the config.
    "gcr-source-image-with-empty-layer-history": ["config-mismatch"],
}
#: What is not what it says that it is.
UNTRUE: Final = "gcr-source-image-with-empty-layer-history"
#: Whose manifest stands in the archive itself, so that skopeo and we see the same.
_OWN: Final = ("oci", "oci-archive", "dir")
_COMMON: Final = ("descriptor-media-type", "layout-header-missing")


def archive(name: str) -> Path:
    """The file of an image."""
    (path,) = IMAGES.joinpath(name).glob("image.*")
    return path


def check(image: Image, name: str) -> None:
    """It verifies, and skopeo found the same documents."""
    report = image.verify()
    facts = json.loads(IMAGES.joinpath(name, "facts.json").read_bytes())

    assert NOTICED.get(name, []) == [
        found.code
        for found in report.findings
        if found.severity == "error" and found.code not in _COMMON
    ]
    assert (name != UNTRUE) == report.verified
    if "manifest_digest_skopeo" in facts:
        if facts["form"] in _OWN:
            assert facts["manifest_digest_skopeo"] == image.digest
        assert facts["config_diff_ids"] == [layer.diff_id for layer in image.layers]


def test_every_broken_and_every_ambiguous_image_is_there() -> None:
    """The tables above name nothing that the corpus no longer has."""
    if ROOT is not None:
        assert {*BROKEN, *MANY, *NOTICED} <= {*NAMES}


@pytest.mark.parametrize("name", [n for n in NAMES if n not in BROKEN | MANY])
def test_an_image_opens_and_verifies(name: str) -> None:
    """One image: nothing to choose."""
    with archive(name).open("rb") as file:
        check(open_archive(file), name)


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_broken_archive_says_what_is_wrong(name: str, shared: Path) -> None:
    """With an error of this library, and of the class that fits."""
    error, message = BROKEN[name]

    assert shared.is_dir()
    with archive(name).open("rb") as file, pytest.raises(error, match=message):
        open_archive(file)


@pytest.mark.parametrize("name", sorted(MANY))
def test_an_archive_of_many_images_lists_them(name: str, shared: Path) -> None:
    """And each of them opens when it is asked for as the error says."""
    assert shared.is_dir()
    with archive(name).open("rb") as file:
        with pytest.raises(AmbiguousImageError) as error:
            open_archive(file)
        assert MANY[name] == error.value.choices
        for choice in MANY[name]:
            named = not choice.startswith("linux/")
            ref, platform = (choice, None) if named else (None, choice)
            if name == "regclient-testrepo":
                platform = "linux/amd64"
            assert open_archive(file, ref=ref, platform=platform).verify().verified
