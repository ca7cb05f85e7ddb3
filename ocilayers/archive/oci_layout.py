"""The OCI image layout: `oci-layout`, `index.json` and `blobs/`.

Source: image-spec, image-layout.md.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from importlib.resources.abc import Traversable
from typing import Final, Protocol, TypeVar

import attrs

from ocilayers._types import SupportsRead
from ocilayers.archive.choice import Candidate, choose, no_such_name
from ocilayers.archive.members import FolderMembers, Members, read_member
from ocilayers.archive.rules import (
    LAYOUT_HEADER_MISSING,
    MEDIA_TYPE_DISAGREES,
    PLATFORM_DISAGREES,
)
from ocilayers.errors import (
    BlobNotFoundError,
    ImageError,
    MediaTypeMismatchError,
    OCILayersError,
)
from ocilayers.findings import FindingLog
from ocilayers.image.blobs import read_blob
from ocilayers.image.image import Image
from ocilayers.image.places import place, placed
from ocilayers.limits import Limits
from ocilayers.spec.annotations import REF_NAME, REFERENCE_TYPE
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.index import ImageIndex
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.media_types import MediaType
from ocilayers.spec.platform import Platform
from ocilayers.wire.document import Document
from ocilayers.wire.parse import parse_index, parse_layout, parse_manifest

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

_BYTES: Final = MediaType("application/octet-stream")

M = TypeVar("M")


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
    survey = _Survey(LayoutBlobs(members), limits)
    candidates = survey.candidates(index.model, ref)
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


class _Parser(Protocol[M]):
    def __call__(
        self, raw: bytes, media_type: str | None, *, limits: Limits
    ) -> Document[M]: ...


@attrs.frozen
class _Look:
    """What is known of a manifest that was read."""

    other: str = ""
    is_there: bool = True
    platform: Platform | None = None


@attrs.frozen
class _Survey:
    """Everything that an index leads to, each read once, however often it is named."""

    blobs: LayoutBlobs
    limits: Limits
    _looks: dict[tuple[Digest, bool], _Look] = attrs.field(
        init=False, eq=False, factory=dict[tuple[Digest, bool], _Look]
    )
    _platforms: dict[Digest, Platform | None] = attrs.field(
        init=False, eq=False, factory=dict[Digest, Platform | None]
    )

    def candidates(self, index: ImageIndex, ref: str | None) -> list[Candidate]:
        """What *ref* names, or all; indexes inside of the index are entered.

        Raises:
            ImageError: Nothing has this name.
        """
        listed = [
            Candidate(descriptor, _names(descriptor), n)
            for n, descriptor in enumerate(index.manifests)
        ]
        if ref is None:
            return list(self._leaves(listed))
        named = [
            one for one in listed if ref in one.names or ref == one.descriptor.digest
        ]
        if named:
            return list(self._leaves(named))
        below = list(self._leaves(listed))
        found = [one for one in below if one.descriptor.digest == ref]
        if not found:
            images = {one.descriptor.digest: one for one in below if not one.other}
            meant = {digest for digest, one in images.items() if self._is(one, ref)}
            found = [one for one in below if one.descriptor.digest in meant]
        if not found:
            names = (name for one in listed for name in one.names)
            raise no_such_name(ref, names, where=INDEX_NAME)
        return found

    def _is(self, one: Candidate, image_id: str) -> bool:
        try:
            return self.manifest(one.descriptor).model.config.digest == image_id
        except OCILayersError:
            # It is broken, or elsewhere: nobody knows what it is called.
            return False

    def _leaves(self, listed: list[Candidate]) -> Iterator[Candidate]:
        seen: set[tuple[str, tuple[str, ...]]] = set()
        entered: set[str] = set()
        waiting = [(one, 1) for one in reversed(listed)]
        while waiting:
            one, depth = waiting.pop()
            descriptor = one.descriptor
            if descriptor.media_type.role != "index":
                # The same under two names is one candidate for each name.
                if (descriptor.digest, one.names) not in seen:
                    seen.add((descriptor.digest, one.names))
                    yield attrs.evolve(one, other=_other(descriptor))
                continue
            # An index that leads to itself, or is led to again and again, is entered
            # once: what is in it is listed then.
            if descriptor.digest in entered:
                continue
            entered.add(descriptor.digest)
            self.limits.check("index_depth", depth, where=descriptor.digest)
            try:
                index = self._read(descriptor, "index", parse_index).model
            except BlobNotFoundError:
                yield attrs.evolve(one, is_there=False)
                continue
            waiting.extend(
                (attrs.evolve(one, descriptor=below), depth + 1)
                for below in reversed(index.manifests)
            )

    def looked_at(self, one: Candidate) -> Candidate:
        """What is known of a candidate after its manifest and config were read."""
        if one.other or not one.is_there:
            return one
        said = one.descriptor.platform
        key = one.descriptor.digest, said is None
        if key not in self._looks:
            self._looks[key] = self._look(one.descriptor)
        look = self._looks[key]
        described = attrs.evolve(one.descriptor, platform=said or look.platform)
        other = look.other or _other(described)
        return Candidate(described, one.names, one.entry, other, look.is_there)

    def _look(self, descriptor: Descriptor) -> _Look:
        try:
            manifest = self.manifest(descriptor)
            other = _artifact(manifest.model)
            if other or descriptor.platform is not None:
                return _Look(other)
            return _Look(platform=self._platform(manifest))
        except BlobNotFoundError:
            return _Look(is_there=False)
        except OCILayersError:
            return _Look()

    def _platform(self, manifest: Document[ImageManifest]) -> Platform | None:
        digest = manifest.model.config.digest
        if digest not in self._platforms:
            self._platforms[digest] = self._read_platform(manifest)
        return self._platforms[digest]

    def _read_platform(self, manifest: Document[ImageManifest]) -> Platform | None:
        try:
            image = Image.from_manifest(manifest, self.blobs, limits=self.limits)
        except BlobNotFoundError:
            raise
        except OCILayersError:
            # It is broken: whoever chooses it is told so.
            return None
        return image.platform

    def manifest(self, descriptor: Descriptor) -> Document[ImageManifest]:
        """The manifest that *descriptor* names, verified."""
        return self._read(descriptor, "manifest", parse_manifest)

    def _read(
        self, descriptor: Descriptor, role: str, parse: _Parser[M]
    ) -> Document[M]:
        with place(role):
            raw = read_blob(self.blobs, descriptor, limits=self.limits)
        with place(f"{role} {descriptor.digest}"):
            try:
                return parse(raw, descriptor.media_type, limits=self.limits)
            except MediaTypeMismatchError:
                # The digest says that these are the bytes that were meant.
                document = parse(raw, None, limits=self.limits)
        log = FindingLog(limits=self.limits)
        log.extend(document.findings)
        message = f"{descriptor.media_type} promised, {document.media_type} found"
        log.add(MEDIA_TYPE_DISAGREES, f"{role} {descriptor.digest}", message)
        return attrs.evolve(document, findings=log.findings)


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


def _other(descriptor: Descriptor) -> str:
    """What is behind a descriptor, where it says itself that it is no image."""
    platform = descriptor.platform
    if REFERENCE_TYPE in descriptor.annotations or (
        platform is not None and platform.os == platform.architecture == "unknown"
    ):
        return "attestation"
    if descriptor.media_type.role != "manifest":
        return descriptor.media_type
    return ""


def _artifact(manifest: ImageManifest) -> str:
    """What a manifest is, where it is no image."""
    config = manifest.config.media_type
    layers = manifest.layers
    if (config.is_config or config == _BYTES) and (
        not layers or any(layer.media_type.is_layer for layer in layers)
    ):
        return ""
    kind = manifest.artifact_type or (
        layers[0].media_type if config.is_config else config
    )
    return f"artifact ({kind})"
