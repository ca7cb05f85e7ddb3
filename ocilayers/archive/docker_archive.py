"""What `docker save` writes: `manifest.json`, configs, and a tar for each layer.

There is no image manifest in it. One is made, whose descriptors say what is stored.

Source: docker-image-spec, spec.md, "Combined Image JSON + Filesystem Changeset
Format"; moby, `daemon/internal/image/tarexport`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

import attrs

from ocilayers._source import chunks, read_up_to
from ocilayers._types import FrozenMap, SupportsRead
from ocilayers.archive.choice import Candidate, choose, no_such_name
from ocilayers.archive.members import read_member, reading
from ocilayers.archive.tar_members import TarMembers, clean_name
from ocilayers.codec.sniff import HEAD_BYTES, sniff
from ocilayers.errors import BlobNotFoundError, ImageError
from ocilayers.image.image import Image
from ocilayers.image.places import place, placed
from ocilayers.limits import Limits
from ocilayers.spec.config import ImageConfig
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.media_types import (
    DOCKER_CONFIG,
    DOCKER_LAYER,
    DOCKER_LAYER_GZIP,
    DOCKER_LAYER_ZSTD,
    DOCKER_MANIFEST,
    Compression,
    MediaType,
)
from ocilayers.spec.platform import Platform
from ocilayers.spec.saved import SavedImage
from ocilayers.wire.document import Document
from ocilayers.wire.parse import parse_config, parse_saved_manifest
from ocilayers.wire.render import render

__all__ = ["MANIFEST_NAME", "SavedBlobs", "read_saved"]

MANIFEST_NAME: Final = "manifest.json"
"""What lists the images of an archive."""

# Docker 25: blobs/sha256/HEX; kaniko: sha256:HEX and HEX.tar.gz; others: HEX.json.
_PROMISE: Final = re.compile(
    r"(?:blobs/)?(sha256|sha512)[/:]([0-9a-f]+)|([0-9a-f]{64})\.(?:json|tar\.gz)"
)
# Old archives name a config so, and nobody has ever checked it.
_BY_HABIT: Final = ".json"
_LAYERS: Final[Mapping[Compression, MediaType]] = {
    "none": DOCKER_LAYER,
    "gzip": DOCKER_LAYER_GZIP,
    "zstd": DOCKER_LAYER_ZSTD,
}


def read_saved(
    members: TarMembers,
    *,
    ref: str | None,
    platform: Platform | str | None,
    limits: Limits,
) -> Image:
    """One image of what `docker save` wrote.

    Args:
        members: The files of the archive.
        ref: Which image: one of its tags, or its image ID.
        platform: Which image: that of this machine.
        limits: What reading may cost.

    Raises:
        ImageError: There is no such image, or it has more or fewer layers than its
            config says.
        AmbiguousImageError: There is more than one; `choices` says which.
        BlobNotFoundError: A config or layer is not there.
        DigestError: The config is not what its name says.
        DocumentError: A document cannot be read.
    """
    raw = read_member(members, MANIFEST_NAME, limits=limits)
    with place(MANIFEST_NAME):
        document = parse_saved_manifest(raw, limits=limits)
    listed = document.model
    configs = _Configs(members, limits)
    entries = [_Entry(n, image, configs) for n, image in enumerate(listed)]
    named = [one for one in entries if ref is None or one.is_called(ref)]
    found = [one.read() for one in named or entries]
    if ref is not None and not named:
        # A config need not be named after its digest.
        found = [one for one in found if one.config.digest == ref]
        if not found:
            tags = (tag for image in listed for tag in image.repo_tags)
            raise no_such_name(ref, tags, where=MANIFEST_NAME)
    chosen = choose([one.candidate for one in found], platform)
    image = next(one for one in found if one.entry.position == chosen.entry).image()
    findings = (*placed(document.findings, MANIFEST_NAME), *image.manifest.findings)
    return attrs.evolve(image, manifest=attrs.evolve(image.manifest, findings=findings))


@attrs.frozen
class SavedBlobs:
    """The blobs of one image of an archive: a `BlobSource`.

    Attributes:
        members: The files of the archive.
        names: Which of them is which blob.
    """

    members: TarMembers
    names: Mapping[Digest, str]

    def __call__(self, descriptor: Descriptor, /) -> SupportsRead:
        """The stored bytes of a blob, from their start.

        Raises:
            BlobNotFoundError: It belongs to no image here.
        """
        name = self.names.get(descriptor.digest)
        if name is None:
            raise BlobNotFoundError("the blob is not there", where=descriptor.digest)
        return self.members.open(name)


@attrs.frozen
class _Configs:
    """The configs of an archive, each read once, however often it is named."""

    members: TarMembers
    limits: Limits
    _read: dict[str, Document[ImageConfig]] = attrs.field(
        init=False, eq=False, factory=dict[str, Document[ImageConfig]]
    )

    def read(self, name: str) -> Document[ImageConfig]:
        path = self.members.find(name).path
        if path not in self._read:
            raw = read_member(self.members, path, limits=self.limits)
            self._read[path] = parse_config(raw, limits=self.limits)
        return self._read[path]


@attrs.frozen
class _Entry:
    """One image of the archive, as it is listed."""

    position: int
    saved: SavedImage
    configs: _Configs

    def is_called(self, ref: str) -> bool:
        return ref in self.saved.repo_tags or ref == _promised(self.saved.config)

    def read(self) -> _Saved:
        with place(f"{MANIFEST_NAME}: [{self.position}].Config"):
            name = clean_name(self.saved.config)
            config = self.configs.read(name)
            digest = _promised(name) or config.digest
            described = Descriptor(
                media_type=DOCKER_CONFIG, digest=digest, size=config.size
            )
            if not name.endswith(_BY_HABIT):
                described.verify(config.raw)
        return _Saved(self, config, described)


@attrs.frozen
class _Saved:
    """One image of the archive, its config read.

    The name of the config may lie where it is a habit and not an address. Then the
    image says so.
    """

    entry: _Entry
    config: Document[ImageConfig]
    described: Descriptor

    @property
    def candidate(self) -> Candidate:
        config = self.config.model
        platform = Platform(
            os=config.os,
            architecture=config.architecture,
            variant=config.variant,
            os_version=config.os_version,
            os_features=config.os_features,
        )
        described = attrs.evolve(self.described, platform=platform)
        return Candidate(described, self.entry.saved.repo_tags, self.entry.position)

    def image(self) -> Image:
        saved, limits = self.entry.saved, self.entry.configs.limits
        where = f"{MANIFEST_NAME}: [{self.entry.position}].Layers"
        diff_ids = self.config.model.rootfs.diff_ids
        if len(saved.layers) != len(diff_ids):
            raise ImageError(
                "the archive has another number of layers than the config has diff_ids",
                where=where,
                expected=len(diff_ids),
                actual=len(saved.layers),
            )
        limits.check("layers", len(diff_ids), where=where)
        names = {self.described.digest: clean_name(saved.config)}
        layers: list[Descriptor] = []
        hashed: dict[str, Digest] = {}
        for n, diff_id in enumerate(diff_ids):
            with place(f"{where}[{n}]"):
                name = clean_name(saved.layers[n])
                layers.append(self._layer(name, diff_id, hashed))
            names[layers[n].digest] = name
        manifest = render(
            ImageManifest(
                media_type=DOCKER_MANIFEST, config=self.described, layers=layers
            )
        )
        blobs = SavedBlobs(self.entry.configs.members, FrozenMap(names))
        return Image(manifest, self.config, blobs, limits=limits)

    def _layer(
        self, name: str, diff_id: Digest, hashed: dict[str, Digest]
    ) -> Descriptor:
        members = self.entry.configs.members
        member = members.find(name)
        with reading(members, name) as stream:
            compression = sniff(read_up_to(stream, HEAD_BYTES))
        if compression == "none":
            # The bytes that are stored are those that the diff_id is of.
            digest = diff_id
        else:
            promised = _promised(member.path) or hashed.get(member.path)
            digest = promised or _hashed(members, name)
            hashed[member.path] = digest
        return Descriptor(
            media_type=_LAYERS[compression], digest=digest, size=member.size
        )


def _hashed(members: TarMembers, name: str) -> Digest:
    hasher = sha256()
    with reading(members, name) as stream:
        for chunk in chunks(stream):
            hasher.update(chunk)
    return Digest(f"sha256:{hasher.hexdigest()}")


def _promised(name: str) -> Digest | None:
    """The digest that a name is made of, of the bytes as stored."""
    match = _PROMISE.fullmatch(name)
    if match is None:
        return None
    algorithm, encoded, alone = match.groups()
    return Digest(f"sha256:{alone}" if alone else f"{algorithm}:{encoded}")
