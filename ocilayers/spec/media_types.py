"""Media types: what the standards call their documents and layers.

Source: image-spec, media-types.md; distribution, manifest-v2-2.md; docker-image-spec.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

import attrs

from ocilayers._cache import Cache
from ocilayers._types import override
from ocilayers.errors import InvalidFieldError

__all__ = [
    "DOCKER_CONFIG",
    "DOCKER_FOREIGN_LAYER",
    "DOCKER_FOREIGN_LAYER_GZIP",
    "DOCKER_INDEX",
    "DOCKER_LAYER",
    "DOCKER_LAYER_GZIP",
    "DOCKER_LAYER_ZSTD",
    "DOCKER_MANIFEST",
    "DOCKER_PLUGIN_CONFIG",
    "DOCKER_SCHEMA1",
    "DOCKER_SCHEMA1_SIGNED",
    "OCI_CONFIG",
    "OCI_DESCRIPTOR",
    "OCI_EMPTY",
    "OCI_FOREIGN_LAYER",
    "OCI_FOREIGN_LAYER_GZIP",
    "OCI_FOREIGN_LAYER_ZSTD",
    "OCI_INDEX",
    "OCI_LAYER",
    "OCI_LAYER_GZIP",
    "OCI_LAYER_ZSTD",
    "OCI_LAYOUT",
    "OCI_MANIFEST",
    "Compression",
    "Dialect",
    "MediaType",
    "Role",
]

Role: TypeAlias = Literal[
    "manifest", "index", "config", "layer", "schema1", "descriptor", "layout", "empty"
]
"""What a document or blob is for."""

Compression: TypeAlias = Literal["none", "gzip", "zstd"]
"""How a blob is compressed."""

Dialect: TypeAlias = Literal["docker", "oci"]
"""Whose name it is."""

# type-name    = restricted-name
# subtype-name = restricted-name
# restricted-name = restricted-name-first *126restricted-name-chars
_RFC_6838: Final = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}"
)
_ENCRYPTED: Final = "+encrypted"


@attrs.frozen
class _Facts:
    role: Role | None = None
    dialect: Dialect | None = None
    compression: Compression | None = None
    is_foreign: bool = False


class MediaType(str):
    """The name of a kind of content; a `str` that knows what the standards say of it.

    Any text passes, since unknown media types must not fail; see `is_valid`.

    >>> layer = MediaType("application/vnd.oci.image.layer.v1.tar+gzip")
    >>> layer.role, layer.dialect, layer.compression
    ('layer', 'oci', 'gzip')
    >>> layer.converted("docker")
    MediaType('application/vnd.docker.image.rootfs.diff.tar.gzip')
    """

    __slots__ = ()

    @property
    def is_valid(self) -> bool:
        """Whether it has the form of RFC 6838, section 4.2: no parameters."""
        return _RFC_6838.fullmatch(self) is not None

    @property
    def role(self) -> Role | None:
        """What it is for, or None where the standards do not know it."""
        return _facts(self).role

    @property
    def dialect(self) -> Dialect | None:
        """Whose name it is, or None for all others."""
        return _facts(self).dialect

    @property
    def compression(self) -> Compression | None:
        """How the content is compressed, by name; None for what is no tar archive.

        Believe the first bytes of a blob more than its name.
        """
        return _facts(self).compression

    @property
    def is_layer(self) -> bool:
        """Whether it names a layer, encrypted and foreign ones included."""
        return self.role == "layer"

    @property
    def is_manifest(self) -> bool:
        """Whether it names an image manifest of schema 2."""
        return self.role == "manifest"

    @property
    def is_index(self) -> bool:
        """Whether it names an image index or a manifest list."""
        return self.role == "index"

    @property
    def is_config(self) -> bool:
        """Whether it names an image config."""
        return self.role == "config"

    @property
    def is_foreign(self) -> bool:
        """Whether the layer is not to be distributed; its name alone decides."""
        return _facts(self).is_foreign

    @property
    def is_encrypted(self) -> bool:
        """Whether the layer has to be decrypted first, which happens elsewhere."""
        return self.endswith(_ENCRYPTED)

    def converted(self, to: Dialect) -> MediaType:
        """Its name in the other dialect, or itself where there is none.

        Raises:
            InvalidFieldError: There is no such dialect.
        """
        names = _CONVERTED.get(to)
        if names is None:
            raise InvalidFieldError(
                "no such dialect", expected=" | ".join(_CONVERTED), actual=repr(to)
            )
        return names.get(self, self)

    @override
    def __repr__(self) -> str:
        return f"{type(self).__name__}({super().__repr__()})"


OCI_DESCRIPTOR: Final = MediaType("application/vnd.oci.descriptor.v1+json")
OCI_LAYOUT: Final = MediaType("application/vnd.oci.layout.header.v1+json")
OCI_INDEX: Final = MediaType("application/vnd.oci.image.index.v1+json")
OCI_MANIFEST: Final = MediaType("application/vnd.oci.image.manifest.v1+json")
OCI_CONFIG: Final = MediaType("application/vnd.oci.image.config.v1+json")
OCI_EMPTY: Final = MediaType("application/vnd.oci.empty.v1+json")
OCI_LAYER: Final = MediaType("application/vnd.oci.image.layer.v1.tar")
OCI_LAYER_GZIP: Final = MediaType("application/vnd.oci.image.layer.v1.tar+gzip")
OCI_LAYER_ZSTD: Final = MediaType("application/vnd.oci.image.layer.v1.tar+zstd")
OCI_FOREIGN_LAYER: Final = MediaType(
    "application/vnd.oci.image.layer.nondistributable.v1.tar"
)
OCI_FOREIGN_LAYER_GZIP: Final = MediaType(f"{OCI_FOREIGN_LAYER}+gzip")
OCI_FOREIGN_LAYER_ZSTD: Final = MediaType(f"{OCI_FOREIGN_LAYER}+zstd")

DOCKER_SCHEMA1: Final = MediaType(
    "application/vnd.docker.distribution.manifest.v1+json"
)
DOCKER_SCHEMA1_SIGNED: Final = MediaType(
    "application/vnd.docker.distribution.manifest.v1+prettyjws"
)
DOCKER_INDEX: Final = MediaType(
    "application/vnd.docker.distribution.manifest.list.v2+json"
)
DOCKER_MANIFEST: Final = MediaType(
    "application/vnd.docker.distribution.manifest.v2+json"
)
DOCKER_CONFIG: Final = MediaType("application/vnd.docker.container.image.v1+json")
DOCKER_PLUGIN_CONFIG: Final = MediaType("application/vnd.docker.plugin.v1+json")
DOCKER_LAYER: Final = MediaType("application/vnd.docker.image.rootfs.diff.tar")
DOCKER_LAYER_GZIP: Final = MediaType(f"{DOCKER_LAYER}.gzip")
DOCKER_LAYER_ZSTD: Final = MediaType(f"{DOCKER_LAYER}.zstd")
DOCKER_FOREIGN_LAYER: Final = MediaType(
    "application/vnd.docker.image.rootfs.foreign.diff.tar"
)
DOCKER_FOREIGN_LAYER_GZIP: Final = MediaType(f"{DOCKER_FOREIGN_LAYER}.gzip")

_TO_DOCKER: Final[Mapping[str, MediaType]] = {
    OCI_INDEX: DOCKER_INDEX,
    OCI_MANIFEST: DOCKER_MANIFEST,
    OCI_CONFIG: DOCKER_CONFIG,
    OCI_LAYER: DOCKER_LAYER,
    OCI_LAYER_GZIP: DOCKER_LAYER_GZIP,
    OCI_LAYER_ZSTD: DOCKER_LAYER_ZSTD,
    OCI_FOREIGN_LAYER: DOCKER_FOREIGN_LAYER,
    OCI_FOREIGN_LAYER_GZIP: DOCKER_FOREIGN_LAYER_GZIP,
}
_TO_OCI: Final[Mapping[str, MediaType]] = {
    **{docker: oci for oci, docker in _TO_DOCKER.items() if isinstance(oci, MediaType)},
    # Some tools write the suffix of the other dialect.
    f"{DOCKER_LAYER}+gzip": OCI_LAYER_GZIP,
    f"{DOCKER_LAYER}+zstd": OCI_LAYER_ZSTD,
}
_CONVERTED: Final[Mapping[str, Mapping[str, MediaType]]] = {
    "oci": _TO_OCI,
    "docker": _TO_DOCKER,
}
_KNOWN: Final[Mapping[str, _Facts]] = {
    OCI_DESCRIPTOR: _Facts("descriptor", "oci"),
    OCI_LAYOUT: _Facts("layout", "oci"),
    OCI_INDEX: _Facts("index", "oci"),
    OCI_MANIFEST: _Facts("manifest", "oci"),
    OCI_CONFIG: _Facts("config", "oci"),
    OCI_EMPTY: _Facts("empty", "oci"),
    OCI_LAYER: _Facts("layer", "oci", "none"),
    OCI_LAYER_GZIP: _Facts("layer", "oci", "gzip"),
    OCI_LAYER_ZSTD: _Facts("layer", "oci", "zstd"),
    OCI_FOREIGN_LAYER: _Facts("layer", "oci", "none", is_foreign=True),
    OCI_FOREIGN_LAYER_GZIP: _Facts("layer", "oci", "gzip", is_foreign=True),
    OCI_FOREIGN_LAYER_ZSTD: _Facts("layer", "oci", "zstd", is_foreign=True),
    DOCKER_SCHEMA1: _Facts("schema1", "docker"),
    DOCKER_SCHEMA1_SIGNED: _Facts("schema1", "docker"),
    DOCKER_INDEX: _Facts("index", "docker"),
    DOCKER_MANIFEST: _Facts("manifest", "docker"),
    DOCKER_CONFIG: _Facts("config", "docker"),
    DOCKER_PLUGIN_CONFIG: _Facts(None, "docker"),
    DOCKER_LAYER: _Facts("layer", "docker", "none"),
    DOCKER_LAYER_GZIP: _Facts("layer", "docker", "gzip"),
    DOCKER_LAYER_ZSTD: _Facts("layer", "docker", "zstd"),
    f"{DOCKER_LAYER}+gzip": _Facts("layer", "docker", "gzip"),
    f"{DOCKER_LAYER}+zstd": _Facts("layer", "docker", "zstd"),
    DOCKER_FOREIGN_LAYER: _Facts("layer", "docker", "none", is_foreign=True),
    DOCKER_FOREIGN_LAYER_GZIP: _Facts("layer", "docker", "gzip", is_foreign=True),
    # Layers that are no tar archives: their compression is their own affair.
    "application/vnd.sylabs.sif.layer.v1.squashfs": _Facts("layer"),
    "application/vnd.erofs.layer.v1": _Facts("layer"),
    "application/vnd.in-toto+json": _Facts("layer"),
}
_OTHER: Final = _Facts()


def _looked_up(text: str) -> _Facts:
    known = _KNOWN.get(text)
    if known is None and text.endswith(_ENCRYPTED):
        known = _KNOWN.get(text.removesuffix(_ENCRYPTED))
    return known or _OTHER


_facts: Final = Cache(_looked_up, 256).__getitem__
