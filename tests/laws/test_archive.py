"""Laws of archives: what is broken is said to be, whatever broke it."""

from __future__ import annotations

import gzip
import io

from archives import layout, saved, small_image, tar_of_files
from hypothesis import given, strategies as st

from ocilayers.archive.archive import open_archive
from ocilayers.errors import OCILayersError

IMAGE = small_image("one", compression="none")
ARCHIVES = [
    packed(tar_of_files(files))
    for files in (layout(IMAGE, names=["1"]), saved(IMAGE, tags=["one:1"]))
    for packed in (bytes, gzip.compress)
]
PLACES = st.floats(0, 1, exclude_max=True)


def check(raw: bytes) -> None:
    """It opens, or says why not; what verifies is what was packed."""
    try:
        image = open_archive(io.BytesIO(raw))
        report = image.verify()
    except OCILayersError as error:
        assert str(error)  # noqa: PT017 - it has something to say
        return
    if report.verified:
        assert image.image_id == image.manifest.model.config.digest
        assert report.filesystem is not None


@given(st.sampled_from(ARCHIVES), PLACES, st.integers(1, 255))
def test_a_changed_byte_is_noticed_or_harmless(
    raw: bytes, place: float, change: int
) -> None:
    """No other exception escapes, and no other image comes out as verified."""
    at = int(place * len(raw))

    check(raw[:at] + bytes([raw[at] ^ change]) + raw[at + 1 :])


@given(st.sampled_from(ARCHIVES), PLACES)
def test_an_archive_that_was_cut_is_noticed_or_whole(raw: bytes, place: float) -> None:
    """What is missing may be no more than its end mark."""
    check(raw[: int(place * len(raw))])


@given(st.binary(max_size=2000))
def test_anything_else_is_no_image(raw: bytes) -> None:
    """Bytes of nobody."""
    check(raw)
