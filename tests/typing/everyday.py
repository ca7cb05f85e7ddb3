"""What a type checker knows of everyday calls: checked by two of them, never run."""

from __future__ import annotations

from io import BytesIO
from typing import assert_type

import ocilayers as oci

raw = b"{}"

# --- documents: the kind that was asked for is the kind that comes
manifest = oci.parse_manifest(raw)
assert_type(manifest, oci.Document[oci.ImageManifest])
assert_type(manifest.digest, oci.Digest)
assert_type(manifest.model.config, oci.Descriptor)
assert_type(manifest.model.layers, tuple[oci.Descriptor, ...])
assert_type(manifest.findings, tuple[oci.Finding, ...])
assert_type(oci.parse_index(raw), oci.Document[oci.ImageIndex])
config = oci.parse_config(raw)
assert_type(config, oci.Document[oci.ImageConfig])
assert_type(config.model.rootfs.diff_ids, tuple[oci.Digest, ...])
assert_type(oci.chain_id([oci.Digest.of(raw)]), oci.Digest | None)

# --- one layer
reader = oci.open_layer(BytesIO(raw))
for entry in reader:
    assert_type(entry, oci.Entry)
    assert_type(entry.path, str)
    assert_type(reader.read(), bytes)
assert_type(reader.facts, oci.LayerFacts)

# --- file systems
fs = oci.merge([[oci.Entry("a", "file")], oci.read_layer(BytesIO(raw))])
assert_type(fs, oci.Filesystem)
assert_type(fs["/a"], oci.Node)
assert_type(fs["/a"] / "b", oci.Node)
assert_type(fs["/a"].read_bytes(), bytes)
assert_type(fs["/a"].read_text(), str)

# --- images: a mapping, or a function that gives anything with `read`
image = oci.Image(manifest, config, {manifest.digest: raw})
assert_type(image, oci.Image)
assert_type(oci.Image(manifest, config, lambda _: BytesIO(raw)), oci.Image)
assert_type(image.filesystem(), oci.Filesystem)
index = oci.read_layer(BytesIO(raw))
assert_type(image.filesystem(indexes={index.facts.diff_id: index}), oci.Filesystem)
assert_type(image.filesystem(indexes=image.verify().indexes), oci.Filesystem)
assert_type(image.verify().ok, bool)
