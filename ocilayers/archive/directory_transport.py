"""What skopeo and podman call `dir:`: `manifest.json`, `version`, and bare blobs.

Source: containers/image, `directory`; containers-transports(5).
"""

from __future__ import annotations

from typing import Final

import attrs

from ocilayers._types import SupportsRead
from ocilayers.archive.choice import Candidate, choose, no_such_name
from ocilayers.archive.members import Members, read_member
from ocilayers.errors import BlobNotFoundError
from ocilayers.image.image import Image
from ocilayers.image.places import place
from ocilayers.limits import Limits
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.platform import Platform
from ocilayers.wire.parse import parse_manifest

__all__ = ["VERSION_NAME", "DirectoryBlobs", "read_directory"]

VERSION_NAME: Final = "version"
"""What no other form has."""

_MANIFEST_NAME: Final = "manifest.json"


def read_directory(
    members: Members,
    *,
    ref: str | None,
    platform: Platform | str | None,
    limits: Limits,
) -> Image:
    """The one image of a directory.

    Args:
        members: The files of the directory.
        ref: The digest of its manifest, where it has to be that one.
        platform: The machine that it has to suit.
        limits: What reading may cost.

    Raises:
        ImageError: It is no image, or not the one that is meant.
        BlobNotFoundError: The config is not there.
        DigestError: The config is not what its digest says.
        DocumentError: A document cannot be read, or is of Schema 1.
    """
    raw = read_member(members, _MANIFEST_NAME, limits=limits)
    with place(_MANIFEST_NAME):
        manifest = parse_manifest(raw, limits=limits)
    if ref not in {None, manifest.digest}:
        raise no_such_name(ref or "", (manifest.digest,), where=_MANIFEST_NAME)
    image = Image.from_manifest(manifest, DirectoryBlobs(members), limits=limits)
    described = attrs.evolve(manifest.descriptor(), platform=image.platform)
    choose([Candidate(described, (), 0)], platform)
    return image


@attrs.frozen
class DirectoryBlobs:
    """The blobs of a directory: a `BlobSource`.

    Attributes:
        members: The files of the directory.
    """

    members: Members

    def __call__(self, descriptor: Descriptor, /) -> SupportsRead:
        """The stored bytes of a blob, from their start.

        Raises:
            BlobNotFoundError: The directory does not have it.
        """
        name = descriptor.digest.encoded
        if name not in self.members:
            raise BlobNotFoundError(
                "the blob is not there", where=descriptor.digest, expected=name
            )
        return self.members.open(name)
