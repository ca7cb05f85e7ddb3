"""Image archives: an OCI layout in a tar, what `docker save` writes, or both.

A `dir:` of skopeo in a tar is taken too.
"""

from __future__ import annotations

from ocilayers.archive.directory_transport import VERSION_NAME, read_directory
from ocilayers.archive.docker_archive import MANIFEST_NAME, read_saved
from ocilayers.archive.oci_layout import INDEX_NAME, blob_name, read_layout
from ocilayers.archive.tar_members import SeekableFile, TarMembers
from ocilayers.errors import ImageError
from ocilayers.image.image import Image
from ocilayers.limits import Limits
from ocilayers.spec.platform import Platform

__all__ = ["open_archive"]


def open_archive(
    file: SeekableFile,
    *,
    ref: str | None = None,
    platform: Platform | str | None = None,
    limits: Limits | None = None,
) -> Image:
    """One image of an archive, plain or compressed with gzip or zstd.

    The file is read when content is asked for: keep it open as long. It is never
    closed, nothing is written to disk, and two threads must not read it at once.

    >>> import io
    >>> from ocilayers.archive.member import pack
    >>> from ocilayers.archive.write_archive import write_archive
    >>> from ocilayers.image.sample import sample_image
    >>> file = io.BytesIO(b"".join(pack(write_archive(sample_image()))))
    >>> open_archive(file).filesystem()["/apple.txt"].read_bytes().split()
    [b'apple']

    Args:
        file: The archive, open for reading bytes. It must be possible to seek. Two
            threads must not read from it at once: give each a file of its own, or
            open a layout instead, of which every blob is a file.
        ref: Which image: its name, the digest of its manifest, or its image ID.
        platform: Which image: that of this machine, as in `linux/arm64`.
        limits: What reading may cost.

    Raises:
        ImageError: It is no image archive, or has no such image.
        AmbiguousImageError: It has more than one; `choices` says which.
        BlobNotFoundError: It names something that it does not have.
        OCILayersError: It is broken: a `TarError`, `CodecError`, `DigestError` or
            `DocumentError` says how.
    """
    limits = limits or Limits()
    members = TarMembers(file, limits=limits)
    is_layout, is_saved = INDEX_NAME in members, MANIFEST_NAME in members
    if not (is_layout or is_saved):
        raise ImageError(
            "no image archive",
            expected=f"{INDEX_NAME} (OCI layout) or {MANIFEST_NAME} (docker save)",
            actual="neither",
        )
    if is_layout:
        try:
            image = read_layout(members, ref=ref, platform=platform, limits=limits)
        except ImageError:
            if not is_saved:
                raise
        else:
            if not is_saved or _is_whole(image, members):
                return image
    read = read_directory if VERSION_NAME in members else read_saved
    return read(members, ref=ref, platform=platform, limits=limits)


def _is_whole(image: Image, members: TarMembers) -> bool:
    # Docker 25 writes both, and an index with nothing in it for images that it never
    # pushed or pulled. Foreign layers may be missing from what is whole.
    return all(
        one.media_type.is_foreign or blob_name(one.digest) in members
        for one in image.manifest.model.references
    )
