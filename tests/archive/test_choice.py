"""Which of the images of an archive is meant."""

from __future__ import annotations

import pytest

from ocilayers.archive.choice import Candidate, choose, no_such_name
from ocilayers.errors import AmbiguousImageError, ImageError, InvalidFieldError
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.media_types import OCI_MANIFEST
from ocilayers.spec.platform import Platform


def candidate(
    what: str,
    *names: str,
    platform: str = "",
    entry: int = 0,
    other: str = "",
    is_there: bool = True,
) -> Candidate:
    """A candidate that stands for *what*."""
    return Candidate(
        Descriptor(
            media_type=OCI_MANIFEST,
            digest=Digest.of(what.encode()),
            size=1,
            platform=Platform.parse(platform) if platform else None,
        ),
        names,
        entry,
        other,
        is_there,
    )


AMD = candidate("amd", platform="linux/amd64")
I386 = candidate("386", platform="linux/386")
ARM = candidate("arm", platform="linux/arm64")


def test_the_only_one_is_meant() -> None:
    """Whatever it is called, and what else there is."""
    assert AMD == choose([candidate("x", other="attestation"), AMD])


def test_what_is_listed_twice_counts_once() -> None:
    """The digest says whether it is the same."""
    one, other = candidate("a", "1"), candidate("a", "2", entry=1)

    assert one == choose([one, other])


def test_what_is_not_there_is_passed_over_for_what_is() -> None:
    """A layout may name more than it has."""
    absent = candidate("b", is_there=False)

    assert AMD == choose([absent, AMD])
    assert absent == choose([absent, candidate("c", is_there=False)])


@pytest.mark.parametrize(
    ("platform", "expected"),
    [
        ("linux/amd64", AMD),
        ("linux/386", I386),
        ("arm64", ARM),
        (Platform(os="linux", architecture="x86_64"), AMD),
    ],
    ids=["best", "own", "half", "value"],
)
def test_the_platform_chooses_what_suits_best(
    platform: Platform | str, expected: Candidate
) -> None:
    """An amd64 machine runs both, and takes its own."""
    assert expected == choose([I386, AMD, ARM], platform)


@pytest.mark.spec(
    "image-spec image-index.md, manifests",
    "If multiple manifests match a client or runtime's requirements, the first"
    " matching entry SHOULD be used.",
)
def test_of_equally_good_ones_of_one_index_the_first_is_meant() -> None:
    """The order of an index is its preference."""
    second = candidate("second", platform="linux/amd64")

    assert AMD == choose([AMD, second], "linux/amd64")


def test_the_platform_does_not_choose_between_images() -> None:
    """Two entries of the archive are two images."""
    other = candidate("other", platform="linux/amd64", entry=1)

    with pytest.raises(AmbiguousImageError) as error:
        choose([AMD, other], "linux/amd64")

    # Their platforms do not tell them apart.
    assert (AMD.descriptor.digest, other.descriptor.digest) == error.value.choices


def test_what_is_not_there_may_be_what_suits() -> None:
    """Nothing worse is taken instead."""
    absent = candidate("a", platform="linux/amd64", is_there=False)

    assert absent == choose([I386, absent], "linux/amd64")


def test_a_platform_that_nothing_suits_lists_the_others() -> None:
    """So that the next attempt succeeds."""
    with pytest.raises(
        ImageError,
        match="expected linux/s390x, found linux/amd64, linux/arm64, unknown",
    ):
        choose([AMD, ARM, candidate("x")], "linux/s390x")


def test_text_that_is_no_platform_is_refused() -> None:
    """It is a mistake of the caller."""
    with pytest.raises(InvalidFieldError, match="no platform"):
        choose([AMD], "a/b/c/d")


def test_nothing_to_choose_from_says_what_there_is() -> None:
    """Attestations and artifacts are named."""
    with pytest.raises(ImageError, match="found nothing"):
        choose([])
    with pytest.raises(ImageError, match="found 2 x attestation, 1 x artifact"):
        choose(
            [
                candidate("a", other="attestation"),
                candidate("b", other="attestation"),
                candidate("c", other="artifact"),
            ]
        )


@pytest.mark.parametrize(
    ("candidates", "choices"),
    [
        pytest.param([AMD, ARM], ("linux/amd64", "linux/arm64"), id="platforms"),
        pytest.param(
            [candidate("a", "x"), candidate("b", "y", "z")], ("x", "y", "z"), id="names"
        ),
        pytest.param(
            [
                candidate("a", "x", platform="linux/amd64"),
                candidate("b", "x", platform="linux/arm64"),
            ],
            ("linux/amd64", "linux/arm64"),
            id="one-name-two-platforms",
        ),
        pytest.param(
            [candidate("a", "x"), candidate("b")],
            ("x", Digest.of(b"b")),
            id="one-without-name",
        ),
        pytest.param(
            [candidate("a", "x"), candidate("b", "x"), candidate("c", "y")],
            ("x", "y"),
            id="a-name-is-said-once",
        ),
        pytest.param(
            [candidate("a", "x", "y"), candidate("b", "x")],
            ("y", Digest.of(b"b")),
            id="a-name-of-both",
        ),
    ],
)
def test_an_error_says_what_to_ask_for(
    candidates: list[Candidate], choices: tuple[str, ...]
) -> None:
    """By what tells the images apart."""
    with pytest.raises(AmbiguousImageError, match="more than one image fits") as error:
        choose(candidates)

    assert choices == error.value.choices


def test_an_error_counts_what_was_left_out() -> None:
    """So nobody wonders where the third one is."""
    absent, note = candidate("c", is_there=False), candidate("d", other="attestation")

    with pytest.raises(
        AmbiguousImageError, match=r"2 x image, 1 x image that is not there, 1 x att"
    ):
        choose([AMD, ARM, absent, note])


def test_a_name_that_is_not_there_lists_those_that_are() -> None:
    """Each once."""
    error = no_such_name("x", ["a", "b", "a"], where="index.json")

    assert "index.json: there is no image of this name, expected x, found a, b" == str(
        error
    )
    assert "found no names at all" in str(no_such_name("x", [], where=""))
