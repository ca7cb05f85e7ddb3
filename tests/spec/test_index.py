"""Image indexes, and the choice among their entries."""

from __future__ import annotations

import attrs
import pytest

from ocilayers.errors import ImageError, InvalidFieldError
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.index import ImageIndex
from ocilayers.spec.media_types import OCI_MANIFEST
from ocilayers.spec.platform import Platform


def entry(platform: str | None, content: bytes = b"") -> Descriptor:
    """An entry for a platform."""
    found = Descriptor.of(content, OCI_MANIFEST)
    if platform is None:
        return found
    return attrs.evolve(found, platform=Platform.parse(platform))


ATTESTATION = attrs.evolve(
    entry(None), platform=Platform(os="unknown", architecture="unknown")
)
SILENT = entry(None, b"silent")


@pytest.mark.spec(
    "image-spec image-index.md, manifests",
    "If multiple manifests match a client or runtime's requirements, the first "
    "matching entry SHOULD be used.",
)
def test_the_first_of_the_best_entries_is_selected() -> None:
    """Better ones come before earlier ones."""
    first, second = entry("linux/amd64", b"1"), entry("linux/amd64", b"2")
    index = ImageIndex(manifests=[ATTESTATION, entry("linux/386"), first, second])

    assert index.select("linux/amd64") == first
    assert index.select(Platform.parse("386")).platform == Platform.parse("386")
    assert index.select("linux/amd64/v2") == first


def test_a_strict_choice_takes_its_own_architecture_alone() -> None:
    """The error says what there is."""
    index = ImageIndex(manifests=[ATTESTATION, entry("linux/386")])

    with pytest.raises(ImageError, match="unknown/unknown, linux/386"):
        index.select("linux/amd64", strict=True)


def test_an_entry_that_does_not_say_is_asked_for() -> None:
    """Without anybody to ask it suits nobody."""
    index = ImageIndex(manifests=[SILENT, ATTESTATION])
    arm = Platform.parse("linux/arm64")

    assert index.select(arm, platform_of={SILENT: arm}.get) == SILENT
    with pytest.raises(ImageError):
        index.select(arm, platform_of=lambda _: None)
    with pytest.raises(ImageError):
        index.select("unknown/unknown")


@pytest.mark.spec(
    "image-spec image-index.md, manifests",
    "While this property MUST be present, the size of the array MAY be zero.",
)
def test_an_empty_index_has_nothing_to_offer() -> None:
    """Which is legal."""
    with pytest.raises(ImageError, match="no platform at all"):
        ImageIndex().select("linux/amd64")
    with pytest.raises(InvalidFieldError):
        ImageIndex().select("nonsense")
