"""Small images in every form that they are stored in."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ocilayers.image.image import Image
from ocilayers.layer.builder import LayerBuilder
from ocilayers.spec.annotations import REF_NAME
from ocilayers.spec.config import ImageConfig, RootFS
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.index import ImageIndex
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.media_types import Compression
from ocilayers.spec.platform import Platform
from ocilayers.wire.render import render

__all__ = [
    "Files",
    "blob_name",
    "layout",
    "saved",
    "small_image",
    "tar_of_files",
    "write",
]

Files = dict[str, bytes]
"""What an archive holds, by name."""


def small_image(
    text: str = "hello",
    *,
    platform: str = "linux/amd64",
    compression: Compression = "gzip",
) -> Image:
    """One layer with the one file `/motd`."""
    layer = LayerBuilder().file("/motd", text.encode()).build(compression)
    runs_on = Platform.parse(platform)
    config = render(
        ImageConfig(
            os=runs_on.os,
            architecture=runs_on.architecture,
            variant=runs_on.variant,
            rootfs=RootFS(diff_ids=[layer.diff_id]),
        )
    )
    manifest = render(
        ImageManifest(config=config.descriptor(), layers=[layer.descriptor])
    )
    blobs = {layer.descriptor.digest: layer.blob, config.digest: config.raw}
    return Image(manifest, config, blobs)


def blob_name(digest: str) -> str:
    """Where a layout keeps it."""
    return f"blobs/{digest.replace(':', '/')}"


def layout(
    *images: Image,
    names: Sequence[str] = (),
    platforms: bool = False,
    nested: bool = False,
    more: Sequence[Descriptor] = (),
) -> Files:
    """An OCI layout of *images*.

    Args:
        images: In the order of the index.
        names: What they are called; with *nested*, what the inner index is called.
        platforms: Write the platforms into the index.
        nested: Put all of them into an index inside of the index.
        more: Further entries of the index.
    """
    files: Files = {"oci-layout": b'{"imageLayoutVersion":"1.0.0"}'}
    entries: list[Descriptor] = []
    for n, image in enumerate(images):
        assert isinstance(image.blobs, Mapping)
        for digest, blob in image.blobs.items():
            files[blob_name(digest)] = bytes(blob)
        files[blob_name(image.digest)] = image.manifest.raw
        named = {REF_NAME: names[n]} if n < len(names) and not nested else {}
        entries.append(
            Descriptor(
                media_type=image.manifest.media_type,
                digest=image.digest,
                size=image.manifest.size,
                annotations=named,
                platform=image.platform if platforms else None,
            )
        )
    entries.extend(more)
    if nested:
        inner = render(ImageIndex(manifests=entries))
        files[blob_name(inner.digest)] = inner.raw
        entries = [
            Descriptor(
                media_type=inner.media_type,
                digest=inner.digest,
                size=inner.size,
                annotations={REF_NAME: name},
            )
            for name in names or ("",)
        ]
    files["index.json"] = render(ImageIndex(manifests=entries)).raw
    return files


def saved(*images: Image, tags: Sequence[str] = ()) -> Files:
    """What `docker save` wrote of *images* before version 25: layers are plain."""
    files: Files = {}
    listed: list[dict[str, Any]] = []
    for n, image in enumerate(images):
        config = f"{image.image_id.hex}.json"
        files[config] = image.config.raw
        layers: list[str] = []
        for layer in image.layers:
            name = f"{Digest.of(layer.descriptor.digest.encode()).hex}/layer.tar"
            assert isinstance(image.blobs, Mapping)
            files[name] = bytes(image.blobs[layer.descriptor.digest])
            layers.append(name)
        tagged = [tags[n]] if n < len(tags) else None
        listed.append({"Config": config, "RepoTags": tagged, "Layers": layers})
    files["manifest.json"] = json.dumps(listed).encode()
    return files


def tar_of_files(files: Files, links: Sequence[tuple[str, str, bytes]] = ()) -> bytes:
    """*files* in a tar, and then *links*: name, target, type."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
        for name, target, kind in links:
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, target
            tar.addfile(member)
    return out.getvalue()


def write(files: Files, folder: Path) -> Path:
    """*files* in a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder
