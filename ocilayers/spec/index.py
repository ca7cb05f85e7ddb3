"""Image indexes: one image for many platforms.

Source: image-spec, image-index.md; distribution, manifest-v2-2.md, "Manifest List".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import attrs

from ocilayers._types import EMPTY_MAP, JSONValue
from ocilayers.errors import ImageError
from ocilayers.spec._freeze import frozen_members, frozen_texts
from ocilayers.spec._repr import short_repr
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.media_types import OCI_INDEX, MediaType
from ocilayers.spec.platform import Platform

__all__ = ["ImageIndex"]


def _descriptors(items: Iterable[Descriptor]) -> tuple[Descriptor, ...]:
    return tuple(items)


@attrs.frozen(kw_only=True, weakref_slot=False, repr=False)
class ImageIndex:
    """One image for many platforms; an OCI index or a Docker manifest list.

    Attributes:
        schema_version: Always 2.
        media_type: What it calls itself; empty where it does not say.
        artifact_type: What it holds, where that is no image.
        manifests: Where the manifests are, the preferred ones first.
        subject: The manifest that this one says something about.
        annotations: Free text by whoever wrote the document; never trust it.
        unknown: Members that no standard here knows, as found.
        unset: Members that are written but say nothing, as found.
    """

    manifests: tuple[Descriptor, ...] = attrs.field(default=(), converter=_descriptors)
    media_type: MediaType = attrs.field(default=OCI_INDEX, converter=MediaType)
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

    def select(
        self,
        platform: Platform | str,
        *,
        strict: bool = False,
        platform_of: Callable[[Descriptor], Platform | None] | None = None,
    ) -> Descriptor:
        """The entry that suits a machine best; of equally good ones the first.

        Entries that run nowhere, such as BuildKit's attestations, are passed over.

        Args:
            platform: Of the machine.
            strict: Take no architecture but its own.
            platform_of: Asked for entries that do not say what they run on; their
                configs do.

        Raises:
            ImageError: None suits.
            InvalidFieldError: The text is no platform.
        """
        wanted = Platform.parse(platform) if isinstance(platform, str) else platform
        best: tuple[tuple[int, ...], Descriptor] | None = None
        for entry in self.manifests:
            offered = entry.platform
            if offered is None and platform_of is not None:
                offered = platform_of(entry)
            if offered is None or not offered.is_known:
                continue
            rank = wanted.rank(offered, strict=strict)
            if rank is not None and (best is None or rank < best[0]):
                best = (rank, entry)
        if best is None:
            offers = ", ".join(str(e.platform) for e in self.manifests if e.platform)
            raise ImageError(
                "no image for this platform",
                where="manifests",
                expected=str(wanted),
                actual=offers or "no platform at all",
            )
        return best[1]
