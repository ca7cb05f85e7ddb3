"""The real images of the corpus, and which image of each is meant."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from conftest import shared_root
from ocilayers.errors import (
    AmbiguousImageError,
    BlobNotFoundError,
    DocumentSyntaxError,
    ImageError,
    InvalidFieldError,
    MediaTypeMismatchError,
    OCILayersError,
)

__all__ = [
    "BROKEN",
    "CHOSEN",
    "UNVERIFIED",
    "archive",
    "choice",
    "choices",
    "folders",
    "name_of",
]

CHOSEN: Final[dict[str, dict[str, Any]]] = {
    "busybox-multiarch/tree.umoci.amd64": {"platform": "linux/amd64"},
    "busybox-multiarch/tree.umoci.arm64": {"platform": "linux/arm64"},
    "busybox-multiarch/tree.umoci.s390x": {"platform": "linux/s390x"},
    "gcr-test-bundle/tree.umoci.0": {"ref": "test_image_2"},
    "gcr-test-bundle/tree.umoci.1": {"ref": "test_image_1"},
    "gcr-test-link/tree.umoci.0": {"ref": "bazel/v1/tarball:test_image_1"},
    "gcr-test-link/tree.umoci.1": {"ref": "bazel/v1/tarball:test_image_3"},
    "oras-py-ocilayout2/tree.umoci": {"platform": "linux/amd64"},
    "stereoscope-multiplatform-oci-dir/tree.umoci": {"platform": "linux/amd64"},
}
"""What the name of a tree leaves open."""

BROKEN: Final[dict[str, type[OCILayersError]]] = {
    "gcr-layout-test-gc-image-unknown-mediatype": ImageError,
    "gcr-layout-test-index-media-type": ImageError,
    "gcr-no-manifest": ImageError,
    "gcr-null-manifest": InvalidFieldError,
    "nasty-v2s1": MediaTypeMismatchError,
    "regclient-external": ImageError,
    "regclient-testrepo": AmbiguousImageError,
    "stereoscope-no-manifests": MediaTypeMismatchError,
    "stereoscope-valid-manifest": BlobNotFoundError,
    "trivy-test-bad-index-json": DocumentSyntaxError,
    "trivy-test-index-json-dir": ImageError,
    "trivy-test-invalid-oci-image": ImageError,
    "trivy-test-no-valid-manifests": InvalidFieldError,
}
"""What cannot be opened, or not without a choice, and how that is said."""

UNVERIFIED: Final = {
    "gcr-source-image-with-empty-layer-history": "its config was edited, not renamed",
}
"""What opens, and is not all that it promises."""


def folders() -> list[Path]:
    """Of every image; none where there is no corpus."""
    root = shared_root()
    return [] if root is None else sorted(root.glob("corpus/images/*"))


def name_of(path: Path) -> str:
    """How a tree is called here: its folder and its file."""
    return f"{path.parent.name}/{path.name.removesuffix('.jsonl')}"


def archive(folder: Path) -> io.BytesIO:
    """The image in *folder*, as it was published."""
    return io.BytesIO(next(folder.glob("image.*")).read_bytes())


def choice(path: Path) -> dict[str, Any]:
    """What to ask for, to get the image that a tree is of."""
    chosen = CHOSEN.get(name_of(path))
    _, _, *ref = path.name.removesuffix(".jsonl").split(".", 2)
    if chosen is not None or not ref or ref[0].startswith("prefix"):
        return chosen or {}
    # One image for each platform is behind these names; umoci took its own.
    several = path.parent.name == "regclient-testrepo"
    return {"ref": ref[0]} | ({"platform": "linux/amd64"} if several else {})


def choices(folder: Path) -> Iterator[dict[str, Any]]:
    """What to ask for, to get each image in *folder*."""
    trees = sorted(folder.glob("tree.umoci*.jsonl"))
    yield from map(choice, trees) if trees else iter([{}])
