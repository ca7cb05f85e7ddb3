"""What makes a whole document right or wrong, beyond each of its members.

Source: image-spec, manifest.md, image-index.md and config.md; distribution,
manifest-v2-2.md.
"""

from __future__ import annotations

from ocilayers.spec.config import ImageConfig
from ocilayers.spec.index import ImageIndex
from ocilayers.spec.layout import LAYOUT_VERSION, LayoutHeader
from ocilayers.spec.manifest import ImageManifest
from ocilayers.spec.media_types import OCI_EMPTY, OCI_MANIFEST, MediaType
from ocilayers.spec.rules import (
    MISSING_LAYERS,
    MISSING_MEDIA_TYPE,
    MISSING_PLATFORM,
    UNKNOWN_LAYOUT_VERSION,
)
from ocilayers.spec.schema1 import Schema1Manifest
from ocilayers.wire._report import Report, shown

__all__ = ["judge"]


def judge(model: object, media_type: MediaType, report: Report) -> None:
    """Judge a document as a whole, once all its members are right."""
    if isinstance(model, ImageManifest):
        _judge_manifest(model, media_type, report)
    elif isinstance(model, ImageIndex):
        _judge_index(model, media_type, report)
    elif isinstance(model, ImageConfig):
        _judge_config(model, report)
    elif isinstance(model, LayoutHeader):
        _judge_layout(model, report)
    elif isinstance(model, Schema1Manifest):
        _judge_schema1(model, report)


def _judge_manifest(
    manifest: ImageManifest, media_type: MediaType, report: Report
) -> None:
    _judge_media_type(manifest.media_type, media_type, report)
    report.limits.check("layers", len(manifest.layers), where="layers")
    if media_type != OCI_MANIFEST:
        return
    if not manifest.layers and manifest.unset.get("layers") == ():
        report.note(MISSING_LAYERS, "layers")
    if manifest.config.media_type == OCI_EMPTY and not manifest.artifact_type:
        # "artifactType: This MUST be set when config.mediaType is set to the empty
        # value."
        report.wrong("artifactType", "a manifest that does not say what it holds")


def _judge_index(index: ImageIndex, media_type: MediaType, report: Report) -> None:
    _judge_media_type(index.media_type, media_type, report)
    if media_type.dialect != "docker":
        return
    for place, entry in enumerate(index.manifests):
        if entry.platform is None:
            report.note(MISSING_PLATFORM, f"manifests[{place}].platform")


def _judge_config(config: ImageConfig, report: Report) -> None:
    report.limits.check("layers", len(config.diff_ids), where="rootfs.diff_ids")
    if config.rootfs.type != "layers":
        # "Implementations MUST generate an error if they encounter a unknown value."
        report.wrong(
            "rootfs.type",
            "a root file system of an unknown type",
            expected="layers",
            actual=shown(config.rootfs.type),
        )


def _judge_layout(header: LayoutHeader, report: Report) -> None:
    if header.image_layout_version != LAYOUT_VERSION:
        report.note(
            UNKNOWN_LAYOUT_VERSION,
            "imageLayoutVersion",
            expected=LAYOUT_VERSION,
            actual=shown(header.image_layout_version),
        )


def _judge_schema1(manifest: Schema1Manifest, report: Report) -> None:
    if len(manifest.fs_layers) != len(manifest.history):
        report.wrong(
            "history",
            "not one step for each layer",
            expected=len(manifest.fs_layers),
            actual=len(manifest.history),
        )


def _judge_media_type(said: MediaType, media_type: MediaType, report: Report) -> None:
    # That it is the right one was seen when the kind was.
    if not said and media_type.dialect == "docker":
        report.note(MISSING_MEDIA_TYPE, "mediaType")
