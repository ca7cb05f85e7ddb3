"""Documents: as values, and as bytes that somebody wrote in a way of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, Literal, TypeAlias, overload

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ocilayers._types import JSONValue
from ocilayers.spec.config import ContainerConfig, History, ImageConfig, RootFS
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.index import ImageIndex
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.media_types import (
    OCI_CONFIG,
    OCI_LAYER,
    OCI_LAYER_GZIP,
    OCI_LAYER_ZSTD,
    OCI_MANIFEST,
    Dialect,
    MediaType,
)
from ocilayers.spec.platform import Platform
from ocilayers.strategies._asked import asked
from ocilayers.strategies.json import json_spellings
from ocilayers.wire.convert import convert
from ocilayers.wire.document import Document
from ocilayers.wire.parse import AnyModel, parse
from ocilayers.wire.render import render

__all__ = [
    "DocumentKind",
    "configs",
    "descriptors",
    "digests",
    "documents",
    "histories",
    "indexes",
    "manifests",
    "media_types",
    "platforms",
]

DocumentKind: TypeAlias = Literal["manifest", "index", "config"]
"""What a document is."""

_LAYERS: Final = (OCI_LAYER_GZIP, OCI_LAYER, OCI_LAYER_ZSTD)
_TEXTS: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_ANNOTATIONS: Final = st.dictionaries(_TEXTS.filter(bool), _TEXTS, max_size=2)
#: Members that nobody knows, as BuildKit and others write them.
_UNKNOWN: Final[SearchStrategy[Mapping[str, JSONValue]]] = st.sampled_from(
    (
        {},
        {"x-a": None},
        {"moby.buildkit.x": [1, 0.5, {"é/<": "\u2028"}]},
        {"": True, "X": -(10**30)},
    )
)
_PLATFORMS: Final = (
    Platform(os="linux", architecture="amd64"),
    Platform(os="linux", architecture="arm64", variant="v8"),
    Platform(os="linux", architecture="arm", variant="v7"),
    Platform(os="windows", architecture="amd64", os_version="10.0.20348.2227"),
)
#: What configs say: Docker knows these times, with and without a fraction.
_TIMES: Final = ("", "1970-01-01T00:00:00Z", "2021-06-07T01:07:31.224378431Z")


def digests() -> SearchStrategy[Digest]:
    """Digests of some bytes; most of them SHA-256."""
    algorithms = st.sampled_from(["sha256", "sha512"])
    return st.builds(Digest.of, st.binary(max_size=4), algorithms)


def media_types() -> SearchStrategy[MediaType]:
    """Media types of layers, configs and manifests, OCI's and Docker's."""
    oci = st.sampled_from([*_LAYERS, OCI_CONFIG, OCI_MANIFEST])
    return st.one_of(oci, oci.map(lambda media_type: media_type.converted("docker")))


def platforms() -> SearchStrategy[Platform]:
    """Platforms that images are made for."""
    return st.sampled_from(_PLATFORMS)


def descriptors(
    *, media_type: SearchStrategy[MediaType] | None = None
) -> SearchStrategy[Descriptor]:
    """Descriptors of content that nobody has.

    Args:
        media_type: Of the content; a layer's, when not given.
    """
    return st.builds(
        Descriptor,
        media_type=st.sampled_from(_LAYERS) if media_type is None else media_type,
        digest=digests(),
        size=st.integers(0, 2**63 - 1),
        annotations=_ANNOTATIONS,
        unknown=_UNKNOWN,
    )


def histories() -> SearchStrategy[History]:
    """Steps of a build, with and without a layer."""
    return st.builds(
        History,
        created=st.sampled_from(_TIMES),
        created_by=_TEXTS,
        comment=_TEXTS,
        empty_layer=st.booleans(),
        unknown=_UNKNOWN,
    )


def configs() -> SearchStrategy[ImageConfig]:
    """Configs whose history has a step for each of their layers."""
    return st.lists(
        st.tuples(histories(), st.binary(max_size=4).map(Digest.of)), max_size=3
    ).flatmap(_configs)


def _configs(steps: list[tuple[History, Digest]]) -> SearchStrategy[ImageConfig]:
    diff_ids = [diff_id for step, diff_id in steps if not step.empty_layer]
    container = st.builds(
        ContainerConfig,
        user=_TEXTS,
        env=st.lists(st.sampled_from(["A=1", "PATH=/bin"]), max_size=2),
        cmd=st.lists(_TEXTS, max_size=2),
        labels=_ANNOTATIONS,
        exposed_ports=st.sampled_from(({}, {"80/tcp": {}})),
        stop_timeout=st.sampled_from((None, 0, 9)),
        unknown=_UNKNOWN,
    )
    return st.builds(
        ImageConfig,
        architecture=st.sampled_from(["amd64", "arm64"]),
        os=st.just("linux"),
        created=st.sampled_from(_TIMES),
        config=container,
        rootfs=st.just(RootFS(diff_ids=diff_ids)),
        history=st.just([step for step, _ in steps]),
        unknown=_UNKNOWN,
    )


def manifests() -> SearchStrategy[ImageManifest]:
    """OCI manifests of content that nobody has."""
    return st.builds(
        ImageManifest,
        config=descriptors(media_type=st.just(OCI_CONFIG)),
        layers=st.lists(descriptors(), min_size=1, max_size=3),
        annotations=_ANNOTATIONS,
        unknown=_UNKNOWN,
    )


def indexes() -> SearchStrategy[ImageIndex]:
    """OCI indexes, every entry for a platform."""
    described = st.builds(
        Descriptor,
        media_type=st.just(OCI_MANIFEST),
        digest=digests(),
        size=st.integers(0, 2**31),
        platform=platforms(),
    )
    return st.builds(
        ImageIndex,
        manifests=st.lists(described, max_size=3),
        annotations=_ANNOTATIONS,
        unknown=_UNKNOWN,
    )


@overload
def documents(
    *, kind: Literal["manifest"]
) -> SearchStrategy[Document[ImageManifest]]: ...
@overload
def documents(*, kind: Literal["index"]) -> SearchStrategy[Document[ImageIndex]]: ...
@overload
def documents(*, kind: Literal["config"]) -> SearchStrategy[Document[ImageConfig]]: ...
@overload
def documents(*, kind: None = None) -> SearchStrategy[Document[AnyModel]]: ...
def documents(*, kind: DocumentKind | None = None) -> object:
    """Documents as they come from strangers: OCI's and Docker's, spelled in any way.

    Strict readers take them. Members that nobody knows are among them.

    >>> from hypothesis import find
    >>> find(documents(kind="index"), lambda document: True).raw
    b'{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}'

    Args:
        kind: `manifest`, `index` or `config`; any of them, when not given.

    Raises:
        InvalidFieldError: There is no such kind.
    """
    models: Mapping[DocumentKind, SearchStrategy[Any]] = {
        "manifest": manifests(),
        "index": indexes(),
        "config": configs(),
    }
    chosen = [models[name] for name in asked(kind, models, "kind")]
    dialects: SearchStrategy[Dialect] = st.sampled_from(("oci", "docker"))
    return st.tuples(st.one_of(*chosen), dialects).flatmap(_spelled)


def _spelled(
    chosen: tuple[ImageManifest | ImageIndex | ImageConfig, Dialect],
) -> SearchStrategy[Document[AnyModel]]:
    model, dialect = chosen
    written = convert(render(model), to=dialect).document
    media_type = written.media_type
    spellings = json_spellings(json.loads(written.raw))
    return spellings.map(lambda raw: parse(raw, media_type))
