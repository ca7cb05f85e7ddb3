"""Which of the images of an archive is meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

import attrs

from ocilayers.errors import AmbiguousImageError, ImageError
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.platform import Platform

__all__ = ["Candidate", "choose", "no_such_name"]


@attrs.frozen
class Candidate:
    """One thing that an archive holds and that may be the image that is meant.

    Attributes:
        descriptor: What it is, with the platform that it needs where that is known.
        names: What the archive calls it.
        entry: The position in the archive's list of what it belongs to: the images
            for many platforms in one index are one entry.
        other: What it is where it is no image; empty for images.
        is_there: Whether the archive has it, and does not only speak of it.
    """

    descriptor: Descriptor
    names: tuple[str, ...]
    entry: int
    other: str = ""
    is_there: bool = True


def choose(
    candidates: Iterable[Candidate], platform: Platform | str | None = None
) -> Candidate:
    """The one that is meant. What is listed twice counts once.

    Args:
        candidates: All of them, the preferred ones first.
        platform: Of the machine. The image that suits it best is taken, of equally
            good ones of one entry the first.

    Raises:
        ImageError: There is no image, or none for this platform.
        AmbiguousImageError: There are more; `choices` says what to ask for.
    """
    found = tuple(candidates)
    images = [candidate for candidate in found if not candidate.other]
    if not images:
        raise ImageError("there is no image", actual=_counted(found) or "nothing")
    if platform is not None:
        images = _suited(images, platform)
    else:
        # A layout may name more than it has: others were left where they came from.
        images = [image for image in images if image.is_there] or images[:1]
    distinct = {image.descriptor.digest: image for image in reversed(images)}
    if len(distinct) > 1:
        raise AmbiguousImageError(
            "more than one image fits: choose by ref or by platform",
            actual=_counted(found),
            choices=_labels(tuple(reversed(distinct.values()))),
        )
    return images[0]


def no_such_name(ref: str, names: Iterable[str], *, where: str) -> ImageError:
    """What to raise where nothing is called *ref*.

    Args:
        ref: What was asked for.
        names: What there is.
        where: The document that has the names.
    """
    return ImageError(
        "there is no image of this name",
        where=where,
        expected=ref,
        actual=", ".join(dict.fromkeys(names)) or "no names at all",
    )


def _suited(images: Sequence[Candidate], platform: Platform | str) -> list[Candidate]:
    wanted = Platform.parse(platform) if isinstance(platform, str) else platform
    ranks = {
        image: rank
        for image in images
        if (offered := image.descriptor.platform) is not None
        and offered.is_known
        and (rank := wanted.rank(offered)) is not None
    }
    if not ranks:
        offers = dict.fromkeys(str(i.descriptor.platform or "unknown") for i in images)
        raise ImageError(
            "there is no image for this platform",
            expected=str(wanted),
            actual=", ".join(offers),
        )
    best = min(ranks.values())
    first = {
        image.entry: image
        for image in reversed(images)
        if image in ranks and ranks[image] == best
    }
    return [first[entry] for entry in sorted(first)]


def _counted(candidates: Collection[Candidate]) -> str:
    kinds = Counter(
        candidate.other
        or ("image" if candidate.is_there else "image that is not there")
        for candidate in candidates
    )
    return ", ".join(f"{times} x {kind}" for kind, times in kinds.items())


def _labels(images: Sequence[Candidate]) -> tuple[str, ...]:
    """What to ask for, the first that tells them apart: names, platforms, digests."""
    # What all are called tells none of them apart.
    common = set(images[0].names).intersection(*(image.names for image in images))
    platforms = Counter(image.descriptor.platform for image in images)
    labels: list[str] = []
    for image in images:
        platform = image.descriptor.platform
        own = [name for name in image.names if name not in common]
        if own:
            labels.extend(own)
        elif platform is not None and platforms[platform] == 1:
            labels.append(str(platform))
        else:
            labels.append(image.descriptor.digest)
    return tuple(dict.fromkeys(labels))
