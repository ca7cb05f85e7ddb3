"""Which encoder of ours makes the same stored bytes again."""

from __future__ import annotations

import bz2
import gzip
import random
import shutil
import subprocess
from array import array

import pytest
import zstandard
from splits import in_every_split

from ocilayers.codec.deflate import fastest_inflate
from ocilayers.codec.layer import LayerEncoder
from ocilayers.codec.recipe import Recipe, how_compressed
from ocilayers.codec.recompress import recompress
from ocilayers.codec.zstd import ZSTD_MAGIC
from ocilayers.errors import CodecError, CorruptStreamError, LimitExceededError
from ocilayers.limits import Limits
from ocilayers.spec.digest import Digest
from ocilayers.spec.media_types import Compression

_DICE = random.Random(6)
_WORDS = [_DICE.randbytes(5).hex() for _ in range(2000)]
#: More than one block, and not too easy: the levels differ.
PLAIN = " ".join(_DICE.choices(_WORDS, k=40_000)).encode()


def encoded(compression: Compression, level: int | None, plain: bytes = PLAIN) -> bytes:
    """What our encoder makes."""
    return b"".join(recompress([plain], compression, level=level))


@pytest.mark.parametrize(
    ("compression", "level"),
    [
        *(("gzip", level) for level in range(10)),
        *(("zstd", level) for level in (1, 3, 9, 17)),
    ],
)
def test_what_is_named_makes_the_same_bytes(
    compression: Compression, level: int
) -> None:
    """Some levels make the same; then the name is of one that does."""
    blob = encoded(compression, level)
    recipe = how_compressed(blob)

    assert recipe.is_ours
    assert Digest.of(encoded(recipe.compression, recipe.level)) == Digest.of(blob)


@pytest.mark.parametrize(
    ("recipe", "text"),
    [
        (
            Recipe("gzip", is_ours=True, level=1, deflate="zlib"),
            "gzip, as zlib does at level 1",
        ),
        (Recipe("zstd", is_ours=True, level=5), "zstd, as zstd does at level 5"),
    ],
    ids=["gzip", "zstd"],
)
def test_the_level_is_named(recipe: Recipe, text: str) -> None:
    """And with gzip the library too."""
    assert recipe == how_compressed(encoded(recipe.compression, recipe.level))
    assert text == str(recipe)


def test_how_the_blob_is_cut_changes_nothing() -> None:
    """It is given whole or in pieces."""
    plain = PLAIN[:2000]
    for compression in ("gzip", "zstd"):
        blob = encoded(compression, 1, plain)
        whole = how_compressed(memoryview(blob))

        assert whole.is_ours
        # An iterable of numbers, and one piece of memory all the same.
        assert whole == how_compressed(array("B", blob))
        for chunks in in_every_split(blob):
            assert whole == how_compressed(chunks)


def test_a_blob_of_many_blocks_is_compared_to_its_end() -> None:
    """What is compared already is let go."""
    blob = encoded("gzip", 1, PLAIN * 4)
    other = bytearray(blob)
    other[-8] ^= 1

    assert 1 == how_compressed(blob).level
    with pytest.raises(CorruptStreamError):
        how_compressed(bytes(other))


@pytest.mark.parametrize("compression", ["gzip", "zstd"])
@pytest.mark.parametrize("plain", [b"", b"x"], ids=["nothing", "one byte"])
def test_where_levels_agree_it_is_the_usual_one(
    compression: Compression, plain: bytes
) -> None:
    """Whoever asks for no level gets it; without it, it is the lowest."""
    levels = [6, *range(10)] if compression == "gzip" else [3, *range(1, 23)]
    blob = encoded(compression, 9, plain)
    same = [level for level in levels if encoded(compression, level, plain) == blob]

    assert same[0] == how_compressed(blob).level


def test_what_is_not_compressed_is_ours() -> None:
    """There is one way to do nothing."""
    recipe = how_compressed(bytes(1024))

    assert (Recipe("none", is_ours=True), "not compressed") == (recipe, str(recipe))


@pytest.mark.parametrize(
    ("blob", "compression"),
    [
        *(
            pytest.param(gzip.compress(PLAIN, n, mtime=0), "gzip", id=f"Python -{n}")
            for n in range(10)
        ),
        pytest.param(
            encoded("gzip", 6, b"a") + encoded("gzip", 6, b"b"),
            "gzip",
            id="two members",
        ),
        pytest.param(
            encoded("gzip", 6, b"a") + bytes(512), "gzip", id="zeros at the end"
        ),
        pytest.param(
            zstandard.ZstdCompressor(3).compress(PLAIN), "zstd", id="with its size"
        ),
        pytest.param(
            zstandard.ZstdCompressor(3, write_checksum=False)
            .compressobj()
            .compress(b"")
            + zstandard.ZstdCompressor(3).compress(b"x"),
            "zstd",
            id="without a checksum",
        ),
        pytest.param(
            b"\x50\x2a\x4d\x18\x01\0\0\0x" + encoded("zstd", 3, b"a"),
            "zstd",
            id="behind a skippable frame",
        ),
        pytest.param(
            encoded("zstd", 3, b"a") + encoded("zstd", 3, b"b"), "zstd", id="two frames"
        ),
        # Nobody has to read on to know.
        pytest.param(ZSTD_MAGIC, "zstd", id="a mark alone"),
        pytest.param(ZSTD_MAGIC + b"\xc4\0\0", "zstd", id="inside a frame header"),
    ],
)
def test_what_others_wrote_is_not_ours(blob: bytes, compression: Compression) -> None:
    """It is said, and nothing is guessed."""
    recipe = how_compressed(blob)

    assert Recipe(compression, is_ours=False) == recipe
    assert f"{compression}, as no encoder here does" == str(recipe)


@pytest.mark.parametrize("tool", ["gzip", "pigz"])
@pytest.mark.parametrize("level", [1, 6, 9])
def test_what_tools_wrote_is_not_ours(tool: str, level: int) -> None:
    """GNU gzip has its own deflate, pigz other blocks."""
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    blob = subprocess.run(  # noqa: S603 - a tool of ours
        [tool, f"-{level}", "--no-name", "--stdout"],
        input=PLAIN,
        capture_output=True,
        check=True,
    ).stdout

    assert not how_compressed(blob).is_ours


@pytest.mark.parametrize("level", [1, 3, 19])
def test_what_zstd_wrote_is_ours_only_if_it_is_the_same(level: int) -> None:
    """The program may cut its input as we do, or in another way."""
    zstd = shutil.which("zstd")
    if zstd is None:
        pytest.skip("zstd is not installed")
    blob = subprocess.run(  # noqa: S603 - a tool of ours
        [zstd, f"-{level}", "--stdout"],
        input=PLAIN[:1000],
        capture_output=True,
        check=True,
    ).stdout
    recipe = how_compressed(blob)
    again = encoded("zstd", recipe.level, PLAIN[:1000])

    assert recipe.is_ours == (again == blob)


def test_another_library_is_named_where_it_is_installed() -> None:
    """It makes other bytes at its levels."""
    library = fastest_inflate().name
    encoder = LayerEncoder("gzip", level=1, deflate=library)
    blob = b"".join([*encoder.feed(PLAIN), *encoder.finish()])

    assert Recipe("gzip", is_ours=True, level=1, deflate=library) == how_compressed(
        blob
    )


def test_reading_ends_where_no_encoder_is_left() -> None:
    """A layer of others costs its first bytes, not all of it."""
    blob = gzip.compress(PLAIN, mtime=0)

    def pieces() -> object:
        yield blob[:5000]
        pytest.fail("nobody needs more")

    assert not how_compressed(pieces()).is_ours  # type: ignore[arg-type]  # any buffers


@pytest.mark.parametrize(
    "blob",
    [
        pytest.param(encoded("gzip", 6)[:-1], id="inside a trailer"),
        pytest.param(bz2.compress(b"x"), id="another compression"),
        pytest.param(b"\x1f\x8b\x08\0", id="inside a gzip header"),
    ],
)
def test_a_broken_blob_is_an_error(blob: bytes) -> None:
    """As it is for everyone who reads it."""
    with pytest.raises(CodecError):
        how_compressed(blob)


def test_it_costs_no_more_than_is_allowed() -> None:
    """Limits act as in all reading."""
    blob = encoded("gzip", 6, _DICE.randbytes(1 << 19).hex().encode())
    with pytest.raises(LimitExceededError, match="limit uncompressed_bytes"):
        how_compressed(blob, limits=Limits(uncompressed_bytes=1 << 18))
