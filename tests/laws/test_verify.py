"""Laws of verifying: what is whole is clean, and what is not is found."""

from __future__ import annotations

import io

from archives import small_image
from hypothesis import given, strategies as st

from ocilayers.errors import DigestError
from ocilayers.image.image import Image
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.media_types import Compression

COMPRESSIONS: st.SearchStrategy[Compression]
COMPRESSIONS = st.sampled_from(("gzip", "zstd", "none"))
TEXTS = st.text(max_size=200)


@given(TEXTS, COMPRESSIONS)
def test_what_was_built_has_no_findings(text: str, compression: Compression) -> None:
    """Whatever is in it."""
    image = small_image(text, compression=compression)
    report = image.verify()

    assert report.verified
    assert () == report.findings


@given(TEXTS, COMPRESSIONS, st.data())
def test_a_flipped_bit_is_found(
    text: str, compression: Compression, data: st.DataObject
) -> None:
    """In whichever blob, at whichever place."""
    image = small_image(text, compression=compression)
    blobs = {one: image.read_blob(one) for one in image.manifest.model.references}
    chosen = data.draw(st.sampled_from(sorted(blobs, key=lambda one: one.digest)))
    raw = bytearray(blobs[chosen])
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    blobs[chosen] = bytes(raw)

    def source(one: Descriptor) -> io.BytesIO:
        return io.BytesIO(blobs[one])

    try:
        opened = Image.from_manifest(image.manifest, source)
    except DigestError:
        assert chosen == image.manifest.model.config
        return
    report = opened.verify()

    assert not report.verified
    assert not report.ok
