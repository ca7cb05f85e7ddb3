"""A small image that comes with the library: the article's, on a base of our own.

The layers of `COPY apple.txt /` and `RUN touch banana.txt /` are those of the
article, byte for byte, and so are their digests. The base is smaller, and the last
step takes something away, so that there is a whiteout to look at.
"""

from __future__ import annotations

import io
from base64 import b64decode
from collections.abc import Sequence
from typing import Final

from ocilayers.image.image import Image
from ocilayers.layer.builder import LayerBuilder
from ocilayers.layer.index import read_layer
from ocilayers.spec.config import ContainerConfig, History, ImageConfig, RootFS
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.media_types import (
    DOCKER_CONFIG,
    DOCKER_LAYER_GZIP,
    DOCKER_MANIFEST,
)
from ocilayers.wire.render import render

__all__ = ["sample_image"]

#: What Docker made of the two steps. Go's gzip wrote them, and no other makes the
#: same bytes, so they are kept: 109 and 97 bytes.
_COPY_APPLE: Final = b64decode(
    "H4sIAAAAAAAA/0osKMhJ1SupKGGgHTAwNDAwMzFhMIAAdNrAwMCMwdDEwNTcyMzAxNSIwcDQ"
    "0NDQgEHBgIZugoPS4pLEIgYDiu1C99wQAeD45xpoV4yCUTAKRsEooDcABAAA//+p20waAAgA"
    "AA=="
)
_TOUCH_BANANA: Final = b64decode(
    "H4sIAAAAAAAA/0pKzEvMS9QrqShhoBkwMDQwMDMxYTCAAHQazDY0MTA1NzI3MDUyYjAwNDQy"
    "MmBQMKCdkxCgtLgksYjBgGK70D03CkbBKBgFgxwAAgAA//+/bO3oAAYAAA=="
)

#: The day before the article's image was built.
_EPOCH: Final = 1_623_000_000


def sample_image() -> Image:
    """The sample: four layers, a hard link, a symlink and a whiteout among them.

    >>> [layer.created_by for layer in sample_image().layers][1:]
    ['COPY apple.txt /', 'RUN touch banana.txt /', 'RUN rm -r /usr/share/doc']
    """
    base = (
        LayerBuilder(epoch=_EPOCH)
        .directory("/etc")
        .file("/etc/os-release", b'ID=sample\nPRETTY_NAME="A sample base"\n')
        .directory("/bin")
        .file("/bin/busybox", b"#!/bin/sh\necho sample\n", mode=0o755)
        .hardlink("/bin/sh", "/bin/busybox")
        .directory("/usr")
        .directory("/usr/share")
        .directory("/usr/share/doc")
        .file("/usr/share/doc/README", b"Nobody reads this in a container.\n" * 64)
        .symlink("/README", "usr/share/doc/README")
        .build()
    )
    cleaned = LayerBuilder(epoch=_EPOCH).whiteout("/usr/share/doc").build()
    layers = [base.blob, _COPY_APPLE, _TOUCH_BANANA, cleaned.blob]
    config = render(
        _config([_diff_id(blob) for blob in layers]), media_type=DOCKER_CONFIG
    )
    described = [Descriptor.of(blob, DOCKER_LAYER_GZIP) for blob in layers]
    manifest = render(
        ImageManifest(
            media_type=DOCKER_MANIFEST, config=config.descriptor(), layers=described
        ),
        "indent3",
    )
    blobs = {d.digest: blob for d, blob in zip(described, layers, strict=True)}
    return Image(manifest, config, blobs | {config.digest: config.raw})


def _diff_id(blob: bytes) -> Digest:
    return read_layer(io.BytesIO(blob), content="none").facts.diff_id


def _config(diff_ids: Sequence[Digest]) -> ImageConfig:
    steps = [
        ("2021-06-06T17:20:00Z", "/bin/sh -c #(nop) ADD file:base in / ", False),
        ("2021-06-06T17:20:00Z", '/bin/sh -c #(nop)  CMD ["/bin/sh"]', True),
        (
            "2021-06-07T01:07:28.009923628Z",
            "/bin/sh -c #(nop) COPY apple.txt / ",
            False,
        ),
        ("2021-06-07T01:07:31.224378431Z", "/bin/sh -c touch banana.txt /", False),
        ("2021-06-07T01:07:31.900000000Z", "/bin/sh -c rm -r /usr/share/doc", False),
    ]
    return ImageConfig(
        architecture="amd64",
        os="linux",
        created=steps[-1][0],
        config=ContainerConfig(env=["PATH=/usr/bin:/bin"], cmd=["/bin/sh"]),
        history=[
            History(created=created, created_by=created_by, empty_layer=empty)
            for created, created_by, empty in steps
        ],
        rootfs=RootFS(diff_ids=diff_ids),
    )
