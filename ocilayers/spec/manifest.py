"""Image manifests: the config and the layers of one image.

Source: image-spec, manifest.md; distribution, manifest-v2-2.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from ocilayers._types import EMPTY_MAP, JSONValue
from ocilayers.spec._freeze import frozen_members, frozen_texts
from ocilayers.spec._repr import short_repr
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.media_types import OCI_MANIFEST, MediaType

__all__ = ["ImageManifest"]


def _descriptors(items: Iterable[Descriptor]) -> tuple[Descriptor, ...]:
    return tuple(items)


@attrs.frozen(kw_only=True, weakref_slot=False, repr=False)
class ImageManifest:
    """The config and the layers of one image; Docker's and OCI's alike.

    Attributes:
        schema_version: Always 2.
        media_type: What it calls itself; empty where it does not say.
        artifact_type: What it holds, where that is no image.
        config: Where the image config is.
        layers: Where the layers are, base first.
        subject: The manifest that this one says something about.
        annotations: Free text by whoever wrote the document; never trust it.
        unknown: Members that no standard here knows, as found.
        unset: Members that are written but say nothing, as found.
    """

    config: Descriptor
    layers: tuple[Descriptor, ...] = attrs.field(default=(), converter=_descriptors)
    media_type: MediaType = attrs.field(default=OCI_MANIFEST, converter=MediaType)
    artifact_type: MediaType = attrs.field(default=MediaType(""), converter=MediaType)
    subject: Descriptor | None = None
    annotations: Mapping[str, str] = attrs.field(
        default=EMPTY_MAP, converter=frozen_texts
    )
    schema_version: int = 2
    unknown: Mapping[str, JSONValue] = attrs.field(
        default=EMPTY_MAP, converter=frozen_members
    )
    unset: Mapping[str, JSONValue] = attrs.field(
        default=EMPTY_MAP, converter=frozen_members, eq=False
    )

    __repr__ = short_repr

    @property
    def references(self) -> tuple[Descriptor, ...]:
        """All that the image is made of: the config, then the layers.

        The subject is not among them: it may not even exist.
        """
        return (self.config, *self.layers)

    @property
    def effective_artifact_type(self) -> MediaType:
        """What it holds: its own word, or else the media type of its config.

        Source: distribution-spec, "Listing Referrers".
        """
        return self.artifact_type or self.config.media_type
