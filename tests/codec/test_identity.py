"""No compression: bytes pass as they are."""

from __future__ import annotations

import pytest
from codec_streams import Pushed, pieces, pushed
from splits import in_every_split

from ocilayers.codec.identity import IdentityDecoder, IdentityEncoder
from ocilayers.codec.protocols import STEP_BYTES

LONG = bytes(range(256)) * 2000


@pytest.mark.parametrize("stream", [IdentityDecoder, IdentityEncoder])
@pytest.mark.parametrize("plain", [b"", b"x", LONG], ids=["empty", "one", "long"])
def test_bytes_pass_as_they_are(stream: type[Pushed], plain: bytes) -> None:
    """In steps, however they come."""
    for chunks in in_every_split(plain):
        steps = pieces(stream(), chunks)

        assert b"".join(steps) == plain
        assert all(0 < len(step) <= STEP_BYTES for step in steps)


def test_a_checkpoint_is_right_here() -> None:
    """Anywhere."""
    decoder = IdentityDecoder()
    checkpoints = [decoder.checkpoint()]
    checkpoints += [decoder.checkpoint() for _ in decoder.feed(LONG)]

    assert [point.stored_offset for point in checkpoints] == [
        0,
        STEP_BYTES,
        2 * STEP_BYTES,
        3 * STEP_BYTES,
        len(LONG),
    ]
    for point in checkpoints:
        assert point.portable
        assert point.plain_offset == point.stored_offset
        rest = LONG[point.stored_offset :]
        assert pushed(IdentityDecoder(at=point), rest) == rest
