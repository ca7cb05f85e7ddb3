"""What is refused is said in full: what is wrong, what was expected, what was found."""

from __future__ import annotations

from collections.abc import Callable

import attrs
import pytest

from ocilayers.errors import OCILayersError
from ocilayers.spec.config import ContainerConfig, History
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.history import align
from ocilayers.spec.index import ImageIndex
from ocilayers.spec.media_types import MediaType
from ocilayers.spec.platform import Platform
from ocilayers.spec.reference import Reference
from ocilayers.spec.timestamp import Timestamp

HELLO = Descriptor.of(b"hello", "text/plain")
ARM = Platform.parse("linux/arm64")

REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "no digest": (
        lambda: Digest("sha256"),
        "no digest, expected algorithm:encoded, found 'sha256'",
    ),
    "a short digest": (
        lambda: Digest("sha256:ab"),
        "a sha256 digest of the wrong length, expected 64 digits, found 2",
    ),
    "other digits": (
        lambda: Digest("sha256:" + 64 * "A"),
        (
            "a sha256 digest with other digits, expected lower-case hexadecimal,"
            f" found {64 * 'A'!r}"
        ),
    ),
    "an unknown algorithm": (
        lambda: Digest.of(b"", "md5"),
        "an algorithm that cannot be computed here, found 'md5'",
    ),
    "more bytes": (
        lambda: HELLO.verify(b"hello!"),
        f"{HELLO.digest}: more or fewer bytes than promised, expected 5, found 6",
    ),
    "other bytes": (
        lambda: HELLO.verify(b"HELLO"),
        (
            f"other bytes than promised, expected {HELLO.digest},"
            f" found {Digest.of(b'HELLO')}"
        ),
    ),
    "no image for a platform": (
        lambda: ImageIndex(manifests=[HELLO, attrs.evolve(HELLO, platform=ARM)]).select(
            "linux/s390x"
        ),
        (
            "manifests: no image for this platform, expected linux/s390x,"
            " found linux/arm64"
        ),
    ),
    "no platform at all": (
        lambda: ImageIndex(manifests=[HELLO]).select("linux/s390x"),
        (
            "manifests: no image for this platform, expected linux/s390x,"
            " found no platform at all"
        ),
    ),
    "no platform": (
        lambda: Platform.parse("a b"),
        ("no platform, expected os[(version)]/architecture[/variant], found 'a b'"),
    ),
    "no reference": (
        lambda: Reference.parse("A"),
        ("no reference, expected [registry/]repository[:tag][@digest], found 'A'"),
    ),
    "no dialect": (
        lambda: MediaType("text/plain").converted("OCI"),  # type: ignore[arg-type]  # on purpose
        "no such dialect, expected oci | docker, found 'OCI'",
    ),
    "no time": (
        lambda: Timestamp.of(10**30),
        (
            "a time that RFC 3339 cannot say, expected the years 1 to 9999,"
            f" found {10**30}"
        ),
    ),
    "letters for a list": (
        lambda: ContainerConfig(env="A=1"),
        "one text for a list of texts, expected ['A=1'], found 'A=1'",
    ),
}


@pytest.mark.parametrize(("call", "said"), REFUSED.values(), ids=REFUSED)
def test_a_refusal_says_what_and_what_instead(
    call: Callable[[], object], said: str
) -> None:
    """Word by word, since people search for it."""
    with pytest.raises(OCILayersError) as raised:
        call()

    assert said == str(raised.value)


def test_a_history_that_does_not_fit_is_counted() -> None:
    """Both numbers are in the finding."""
    (finding,) = align([History(), History()], 1).findings

    assert ("history", "2 steps with a layer, but 1 layers") == (
        finding.where,
        finding.message,
    )
