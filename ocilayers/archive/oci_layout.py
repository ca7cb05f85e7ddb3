"""The OCI image layout: `oci-layout`, `index.json` and `blobs/`.

Source: image-spec, image-layout.md.
"""

from __future__ import annotations

import io
from importlib.resources.abc import Traversable
from typing import Final

import attrs

from ocilayers._types import SupportsRead
from ocilayers.archive._survey import Survey
from ocilayers.archive.choice import Candidate, choose
from ocilayers.archive.members import FolderMembers, Members, read_member
from ocilayers.archive.rules import (
    LAYOUT_HEADER_MISSING,
    PLATFORM_DISAGREES,
)
from ocilayers.errors import (
    BlobNotFoundError,
    ImageError,
)
from ocilayers.findings import FindingLog
from ocilayers.image.image import Image
from ocilayers.image.places import place, placed
from ocilayers.limits import Limits
from ocilayers.spec.annotations import REF_NAME
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.platform import Platform
from ocilayers.wire.parse import parse_index, parse_layout

__all__ = [
    "CONTAINERD_NAME",
    "HEADER_NAME",
    "INDEX_NAME",
    "LayoutBlobs",
    "blob_name",
    "open_layout",
    "read_layout",
]

INDEX_NAME: Final = "index.json"
"""What lists the images of a layout."""

HEADER_NAME: Final = "oci-layout"
"""What says that it is a layout."""

CONTAINERD_NAME: Final = "io.containerd.image.name"
"""Where containerd and `docker save` write the whole reference.

`org.opencontainers.image.ref.name` is only a tag there.
"""


def open_layout(
    root: Traversable,
    *,
    ref: str | None = None,
    platform: Platform | str | None = None,
    limits: Limits | None = None,
) -> Image:
    """One image of an OCI layout that is a folder.

    Files are opened when they are read, and closed again. Symlinks are followed
    where *root* follows them.

    >>> import tempfile
    >>> from pathlib import Path
    >>> from ocilayers.archive.write_layout import write_layout
    >>> from ocilayers.image.sample import sample_image
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for name, chunks in write_layout(sample_image()):
    ...         path = Path(folder, name)
    ...         path.parent.mkdir(parents=True, exist_ok=True)
    ...         _ = path.write_bytes(b"".join(chunks))
    ...     image = open_layout(Path(folder))
    >>> image.digest == sample_image().digest
    True

    Args:
        root: The folder: a `pathlib.Path`, for one.
        ref: Which image: its name in `index.json`, the digest of its manifest, or its
            image ID.
        platform: Which image: that of this machine, as in `linux/arm64`.
        limits: What reading may cost.

    Raises:
        ImageError: It is no layout, or has no such image.
        AmbiguousImageError: It has more than one; `choices` says which.
        BlobNotFoundError: It names a manifest or config that it does not have.
        DigestError: These are not what their digests say.
        DocumentError: They cannot be read.
        SourceError: *root* is no folder, but the name of one.
    """
    members = FolderMembers(root)
    if INDEX_NAME not in members:
        raise ImageError("no OCI image layout", where=INDEX_NAME, actual="no such file")
    return read_layout(members, ref=ref, platform=platform, limits=limits or Limits())


def read_layout(
    members: Members,
    *,
    ref: str | None,
    platform: Platform | str | None,
    limits: Limits,
) -> Image:
    """One image of an OCI layout, whatever it is stored in. See `open_layout`."""
    log = FindingLog(limits=limits)
    _check_header(members, log)
    raw = read_member(members, INDEX_NAME, limits=limits)
    with place(INDEX_NAME):
        index = parse_index(raw, limits=limits)
    log.extend(placed(index.findings, INDEX_NAME))
    survey = Survey(LayoutBlobs(members), limits)
    listed = [
        Candidate(descriptor, _names(descriptor), n)
        for n, descriptor in enumerate(index.model.manifests)
    ]
    candidates = survey.candidates(listed, ref, where=INDEX_NAME)
    if len(candidates) > 1 or platform is not None:
        candidates = [survey.looked_at(candidate) for candidate in candidates]
    chosen = choose(candidates, platform)
    manifest = survey.manifest(chosen.descriptor)
    log.extend(manifest.findings)
    image = Image.from_manifest(manifest, survey.blobs, limits=limits)
    _check_platform(chosen.descriptor, image.platform, log)
    return attrs.evolve(image, manifest=attrs.evolve(manifest, findings=log.findings))


def blob_name(digest: Digest) -> str:
    """Where a layout keeps a blob.

    >>> blob_name(Digest.of(b""))[:18]
    'blobs/sha256/e3b0c'
    """
    return f"blobs/{digest.algorithm}/{digest.encoded}"


@attrs.frozen
class LayoutBlobs:
    """The blobs of a layout: a `BlobSource`.

    Attributes:
        members: The files of the layout.
    """

    members: Members

    def __call__(self, descriptor: Descriptor, /) -> SupportsRead:
        """The stored bytes of a blob, from their start.

        Raises:
            BlobNotFoundError: The layout does not have it, nor does *descriptor*.
        """
        name = blob_name(descriptor.digest)
        if name in self.members:
            return self.members.open(name)
        if descriptor.data is not None:
            return io.BytesIO(descriptor.data)
        raise BlobNotFoundError(
            "the blob is not there", where=descriptor.digest, expected=name
        )


def _check_header(members: Members, log: FindingLog) -> None:
    if HEADER_NAME not in members:
        log.add(LAYOUT_HEADER_MISSING, HEADER_NAME)
        return
    raw = read_member(members, HEADER_NAME, limits=log.limits)
    with place(HEADER_NAME):
        header = parse_layout(raw, limits=log.limits)
    log.extend(placed(header.findings, HEADER_NAME))


def _check_platform(descriptor: Descriptor, runs_on: Platform, log: FindingLog) -> None:
    if descriptor.platform is None or not descriptor.platform.is_known:
        return
    promised, found = descriptor.platform.normalized(), runs_on.normalized()
    # A config without a variant is what most tools write.
    if (promised.os, promised.architecture) != (found.os, found.architecture):
        message = f"the index says {promised}, the config {found}"
        log.add(PLATFORM_DISAGREES, f"manifest {descriptor.digest}", message)


def _names(descriptor: Descriptor) -> tuple[str, ...]:
    tag, whole = (
        descriptor.annotations.get(key, "") for key in (REF_NAME, CONTAINERD_NAME)
    )
    return tuple(dict.fromkeys(name for name in (tag, _short(whole), whole) if name))


def _short(whole: str) -> str:
    """A name as people write it: without the registry, and what Docker adds."""
    first, _, rest = whole.partition("/")
    name = rest if rest and ("." in first or ":" in first) else whole
    return name.removeprefix("library/")
