"""Everything that the index of a layout leads to: what each of it is, read once.

Few bytes name a manifest or a config of megabytes again and again, so what was found
out is kept, by digest.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Protocol, TypeVar

import attrs

from ocilayers.archive.choice import Candidate, no_such_name
from ocilayers.archive.rules import MEDIA_TYPE_DISAGREES
from ocilayers.errors import (
    BlobNotFoundError,
    MediaTypeMismatchError,
    OCILayersError,
)
from ocilayers.findings import FindingLog
from ocilayers.image.blobs import BlobSource, read_blob
from ocilayers.image.image import Image
from ocilayers.image.places import place
from ocilayers.limits import Limits
from ocilayers.spec.annotations import REFERENCE_TYPE
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.media_types import MediaType
from ocilayers.spec.platform import Platform
from ocilayers.wire.document import Document
from ocilayers.wire.parse import parse_index, parse_manifest

__all__ = ["Survey"]

_BYTES: Final = MediaType("application/octet-stream")

M = TypeVar("M")


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
class Survey:
    """Everything that an index leads to, each read once, however often it is named."""

    blobs: BlobSource
    limits: Limits
    _looks: dict[tuple[Digest, bool], _Look] = attrs.field(
        init=False, eq=False, factory=dict[tuple[Digest, bool], _Look]
    )
    _platforms: dict[Digest, Platform | None] = attrs.field(
        init=False, eq=False, factory=dict[Digest, Platform | None]
    )

    def candidates(
        self, listed: list[Candidate], ref: str | None, *, where: str
    ) -> list[Candidate]:
        """What *ref* names, or all; indexes among them are entered.

        Args:
            listed: The entries of the outermost index.
            ref: A name, the digest of a manifest, or an image ID.
            where: What the outermost index is called.

        Raises:
            ImageError: Nothing has this name.
        """
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
            raise no_such_name(ref, names, where=where)
        return found

    def _is(self, one: Candidate, image_id: str) -> bool:
        try:
            return self.manifest(one.descriptor).model.config.digest == image_id
        except OCILayersError:
            # It is broken, or elsewhere: nobody knows what it is called.
            return False

    def _leaves(self, listed: list[Candidate]) -> Iterator[Candidate]:
        seen: set[tuple[Descriptor, tuple[str, ...]]] = set()
        entered: set[str] = set()
        waiting = [(one, 1) for one in reversed(listed)]
        while waiting:
            one, depth = waiting.pop()
            descriptor = one.descriptor
            if descriptor.media_type.role != "index":
                # The same under two names is one candidate for each name, and so is
                # one that several platforms share for each of them.
                if (descriptor, one.names) not in seen:
                    seen.add((descriptor, one.names))
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
