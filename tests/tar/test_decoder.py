"""The decoder: endings, cuts, splits, limits, and what becomes of it after an error."""

from __future__ import annotations

import array
import pickle
from collections.abc import Callable

import attrs
import pytest
from splits import in_every_split
from tar_blocks import END, GNU, contents, decode, entries, header, member, pax

from ocilayers.errors import (
    BadHeaderError,
    OCILayersError,
    TarError,
    TruncatedArchiveError,
    UnsupportedEntryError,
)
from ocilayers.tar.decoder import TarDecoder
from ocilayers.tar.entry import Entry, Kind

#: One of everything, so that a cut or a split meets every state; the number is how
#: many bytes of padding each piece ends with.
PIECES = [
    (member(b"d/", flag=b"5"), 0),
    (member(b"d/a", b"x" * 700), 324),
    (pax({b"mtime": b"1.5"}) + member(b"d/times", b"y"), 511),
    (
        pax({b"path": b"d/long", b"SCHILY.xattr.user.k": b"\xff\n="})
        + member(b"short", b"z" * 512),
        0,
    ),
    (
        member(b"L", b"d/gnu\0", flag=b"L")
        + member(b"gnu", flag=b"2", link=b"a", magic=GNU),
        0,
    ),
    (member(b"d/.wh.b"), 0),
    (member(b"V", b"?" * 9, flag=b"V"), 503),
    (member(b"last", b"w" * 3), 509),
]
SAMPLE = b"".join(piece for piece, _ in PIECES)


def _findings(data: bytes) -> list[str]:
    decoder = TarDecoder()
    decoder.feed(data)
    decoder.finish()
    return [finding.code for finding in decoder.findings]


def _outcome(chunks: list[bytes]) -> tuple[list[Entry | bytes], object]:
    """All events, and the findings or the error at the end."""
    decoder = TarDecoder()
    events: list[Entry | bytes] = []
    try:
        for chunk in chunks:
            events += decoder.feed(chunk)
        events += decoder.finish()
    except OCILayersError as error:
        return events, (type(error), str(error))
    return events, decoder.findings


def test_entries_come_with_their_content_after_them() -> None:
    """In archive order, each where its content starts."""
    events = decode(SAMPLE + END)
    found = [event for event in events if isinstance(event, Entry)]

    assert contents(events) == {
        "d": b"",
        "d/a": b"x" * 700,
        "d/times": b"y",
        "d/long": b"z" * 512,
        "d/gnu": b"",
        "d/b": b"",
        "last": b"www",
    }
    for entry in found:
        assert entry.offset is not None
        content = (SAMPLE + END)[entry.offset : entry.offset + entry.size]
        assert content == contents(events)[entry.path]


def test_content_can_be_left_out() -> None:
    """The entries are the same."""
    assert entries(SAMPLE + END) == decode(SAMPLE + END, content=False)


def test_a_split_changes_nothing() -> None:
    """Neither events nor findings."""
    whole, findings = _outcome([SAMPLE + END])

    for chunks in in_every_split(SAMPLE + END):
        events, found = _outcome(chunks)
        assert contents(whole) == contents(events)
        assert [e for e in whole if isinstance(e, Entry)] == [
            e for e in events if isinstance(e, Entry)
        ]
        assert findings == found


@pytest.mark.hostile("a bad header in the middle, members after the end")
@pytest.mark.parametrize(
    "tar",
    [
        pytest.param(SAMPLE + header(checksum=b"0000000\0"), id="bad header"),
        pytest.param(SAMPLE + pax(b"9 a=b\n") + SAMPLE, id="bad records"),
        pytest.param(SAMPLE + bytes(512) + SAMPLE, id="lone zero block"),
        pytest.param(SAMPLE[:-600], id="cut"),
    ],
)
def test_an_error_comes_after_all_that_was_whole(tar: bytes) -> None:
    """So a split changes nothing there either."""
    whole, error = _outcome([tar])

    assert len(whole) > 5
    for chunks in in_every_split(tar, random_cuts=4):
        events, found = _outcome(chunks)
        assert contents(whole) == contents(events)
        assert error == found


@pytest.mark.parametrize(
    "make",
    [bytes, bytearray, memoryview, lambda data: array.array("B", data)],
    ids=["bytes", "bytearray", "memoryview", "array"],
)
def test_any_buffer_may_be_fed(make: Callable[[bytes], bytes]) -> None:
    """And may change afterwards."""
    decoder = TarDecoder()

    assert decode(SAMPLE + END) == [
        *decoder.feed(make(SAMPLE + END)),
        *decoder.finish(),
    ]


@pytest.mark.spec(
    "POSIX.1-2024 pax, ustar Interchange Format",
    "At the end of the archive file there shall be two 512-octet logical records filled"
    " with binary zeros, interpreted as an end-of-archive indicator.",
)
@pytest.mark.parametrize(
    ("end", "codes"),
    [
        pytest.param(bytes(1024), [], id="two blocks"),
        pytest.param(bytes(10_240), [], id="twenty blocks"),
        pytest.param(bytes(1000), ["tar-end-missing"], id="a block and a piece"),
        pytest.param(bytes(512), ["tar-end-missing"], id="one block"),
        pytest.param(b"", ["tar-end-missing"], id="none"),
        pytest.param(bytes(1025) + b"x", ["tar-trailing-data"], id="data after it"),
        pytest.param(END + SAMPLE, ["tar-trailing-data"], id="a second archive"),
    ],
)
def test_an_archive_may_end_in_several_ways(end: bytes, codes: list[str]) -> None:
    """All but the first two leave a finding."""
    tar = member(b"a", b"x") + end

    assert entries(tar) == [Entry("a", "file", size=1)]
    assert _findings(tar) == codes


@pytest.mark.hostile("a bad header in the middle, members after the end")
def test_what_follows_the_end_is_fed_to_the_end() -> None:
    """It counts for the diff_id; the finding says where it begins, once."""
    decoder = TarDecoder()
    for chunk in (END, bytes(5), b"\0\0x", b"y" * 1000, b""):
        assert decoder.feed(chunk) == []
    decoder.finish()

    assert ["tar-trailing-data"] == [finding.code for finding in decoder.findings]
    assert "from byte 1031" in decoder.findings[0].message


@pytest.mark.parametrize("size", [0, 512, 1024, 10_240])
def test_nothing_but_zeros_is_no_entries(size: int) -> None:
    """Engines write such layers."""
    assert decode(bytes(size)) == []


@pytest.mark.hostile("a bad header in the middle, members after the end")
def test_a_lone_zero_block_inside_is_refused() -> None:
    """Some readers stop there and some go on: a way to smuggle."""
    with pytest.raises(BadHeaderError, match="lone zero block"):
        decode(bytes(512) + member(b"a") + END)


@pytest.mark.parametrize("missing", [1, 100, 511])
def test_the_padding_of_the_last_member_may_be_missing(missing: int) -> None:
    """The umoci insert command writes such layers."""
    tar = member(b"a", b"x")[:-missing]

    assert contents(decode(tar)) == {"a": b"x"}
    assert _findings(tar) == ["tar-padding-missing"]
    with pytest.raises(TruncatedArchiveError):
        decode(tar, strict=True)


@pytest.mark.hostile("a stream that is cut, or goes on")
def test_a_cut_inside_a_member_is_found_at_every_byte() -> None:
    """And nowhere else, and all that was whole is given out."""
    whole = contents(decode(SAMPLE + END))
    # The first zero block may be a cut member without a name, as long as it is cut.
    harmless = set(range(len(SAMPLE) + 512, len(SAMPLE + END) + 1)) | {0}
    end = 0
    for piece, padding in PIECES:
        end += len(piece)
        harmless |= set(range(end - padding, end + 1))

    for cut in range(len(SAMPLE + END) + 1):
        events, outcome = _outcome([(SAMPLE + END)[:cut]])
        assert isinstance(outcome, tuple)
        assert (cut in harmless) == (TruncatedArchiveError not in outcome), cut
        for path, content in contents(events).items():
            assert whole[path].startswith(content)


@pytest.mark.parametrize(
    "extension",
    [
        pytest.param(pax({b"path": b"a"}), id="PAX"),
        pytest.param(member(b"L", b"a\0", flag=b"L"), id="long name"),
        pytest.param(member(b"K", b"a\0", flag=b"K"), id="long link"),
    ],
)
def test_an_extension_without_a_member_is_a_cut_or_a_finding(extension: bytes) -> None:
    """A cut where the archive has no end, a finding where it has one."""
    assert _findings(extension + END) == ["tar-dangling-extension"]
    with pytest.raises(TruncatedArchiveError):
        decode(extension)


def test_a_global_header_needs_no_member() -> None:
    """It speaks of all that follow, and there may be none."""
    assert _findings(pax({b"comment": b"c"}, flag=b"g")) == [
        "tar-global-comment",
        "tar-end-missing",
    ]


def test_an_error_is_kept() -> None:
    """Whoever goes on gets the same one again."""
    decoder = TarDecoder()
    with pytest.raises(BadHeaderError) as first:
        decoder.feed(b"x" * 512)

    with pytest.raises(BadHeaderError) as fed:
        decoder.feed(b"")
    with pytest.raises(BadHeaderError) as finished:
        decoder.finish()

    assert fed.value is finished.value is first.value


def test_an_error_at_the_end_is_kept_too() -> None:
    """Also when `finish` raised it."""
    decoder = TarDecoder()
    decoder.feed(b"x")

    for _ in range(2):
        with pytest.raises(TruncatedArchiveError):
            decoder.finish()


def test_a_finished_decoder_takes_nothing() -> None:
    """It says so."""
    decoder = TarDecoder()
    decoder.finish()

    with pytest.raises(TarError, match="has finished"):
        decoder.feed(b"")
    with pytest.raises(TarError, match="has finished"):
        decoder.finish()


def test_strict_raises_what_lenient_notices() -> None:
    """With the rule's own error."""
    with pytest.raises(UnsupportedEntryError):
        decode(SAMPLE + END, strict=True)


def test_what_is_given_out_is_frozen() -> None:
    """On the fast road and on the slow one."""
    for entry in entries(SAMPLE + END):
        assert type(entry) is Entry
        assert pickle.loads(pickle.dumps(entry)) == entry  # noqa: S301 - our own bytes
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            entry.size = 5  # type: ignore[misc]  # the point


def test_a_decoder_leaves_a_name_that_hides_as_its_own_kind() -> None:
    """Both markers."""
    tar = member(b"d/.wh..wh..opq") + member(b"d/.wh.a") + END

    assert [entry.kind for entry in entries(tar)] == [Kind.OPAQUE, Kind.WHITEOUT]


@pytest.mark.parametrize("wrong", [5, "text", None])
def test_what_is_no_buffer_is_refused(wrong: object) -> None:
    """A number is not as many zeros."""
    with pytest.raises(TypeError, match="bytes-like object is required"):
        TarDecoder().feed(wrong)  # type: ignore[arg-type]  # that is the point
