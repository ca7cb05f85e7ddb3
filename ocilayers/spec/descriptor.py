"""Descriptors: where some content is, and how to recognise it.

Source: image-spec, descriptor.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from ocilayers._types import EMPTY_MAP, Buffer, JSONValue
from ocilayers.errors import (
    DigestMismatchError,
    SizeMismatchError,
)
from ocilayers.spec._freeze import frozen_members, frozen_texts, texts
from ocilayers.spec._repr import short_repr
from ocilayers.spec.digest import Digest, Hashers
from ocilayers.spec.media_types import OCI_EMPTY, MediaType
from ocilayers.spec.platform import Platform

__all__ = ["EMPTY_JSON", "Descriptor"]


@attrs.frozen(kw_only=True, weakref_slot=False, repr=False)
class Descriptor:
    """Where some content is, and how to recognise it.

    Attributes:
        media_type: What the content is.
        digest: Of the content exactly as stored.
        size: Of the content exactly as stored, in bytes.
        urls: Where else it can be had.
        annotations: Free text by whoever wrote the document; never trust it.
        data: The content itself, where it is embedded; checked when parsed.
        platform: What the image behind it needs; in an index.
        artifact_type: Of the manifest behind it, where it is no image.
        unknown: Members that no standard here knows, as found.
        unset: Members that are written but say nothing, as found.
    """

    media_type: MediaType = attrs.field(converter=MediaType)
    digest: Digest = attrs.field(converter=Digest)
    size: int
    urls: tuple[str, ...] = attrs.field(default=(), converter=texts)
    annotations: Mapping[str, str] = attrs.field(
        default=EMPTY_MAP, converter=frozen_texts
    )
    data: bytes | None = None
    platform: Platform | None = None
    artifact_type: MediaType = attrs.field(default=MediaType(""), converter=MediaType)
    unknown: Mapping[str, JSONValue] = attrs.field(
        default=EMPTY_MAP, converter=frozen_members
    )
    unset: Mapping[str, JSONValue] = attrs.field(
        default=EMPTY_MAP, converter=frozen_members, eq=False
    )

    __repr__ = short_repr

    @classmethod
    def of(
        cls, data: bytes, media_type: str, *, algorithm: str = "sha256"
    ) -> Descriptor:
        """The descriptor of *data*.

        >>> Descriptor.of(b"{}", "application/json").size
        2
        """
        return cls(
            media_type=media_type, digest=Digest.of(data, algorithm), size=len(data)
        )

    def verify(self, data: Buffer, *, hashers: Hashers = EMPTY_MAP) -> None:
        """Check that *data* is the content: the size first, then the digest.

        Args:
            data: All of it.
            hashers: More algorithms, for this call only.

        Raises:
            SizeMismatchError: It is longer or shorter.
            DigestMismatchError: It is something else.
            UnsupportedAlgorithmError: Nobody here can tell.
        """
        size = memoryview(data).nbytes
        if size != self.size:
            raise SizeMismatchError(
                "more or fewer bytes than promised",
                where=self.digest,
                expected=self.size,
                actual=size,
            )
        hasher = self.digest.hasher(hashers)
        hasher.update(data)
        actual = f"{self.digest.algorithm}:{hasher.hexdigest()}"
        if actual != self.digest:
            raise DigestMismatchError(
                "other bytes than promised", expected=self.digest, actual=actual
            )


EMPTY_JSON: Final = Descriptor(
    media_type=OCI_EMPTY,
    digest=Digest(
        "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    ),
    size=2,
    data=b"{}",
)
"""The empty config, `{}`. Source: image-spec, manifest.md, "Guidance for an Empty
Descriptor"."""
