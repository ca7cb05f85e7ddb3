"""Laws of tar: what is written is read, however it is cut, and put together again."""

from __future__ import annotations

import random
from collections.abc import Iterable

import attrs
from hypothesis import given, strategies as st
from tar_blocks import END, GNU, USTAR, V7, header, octal, pax, record

from ocilayers.errors import OCILayersError
from ocilayers.limits import Limits
from ocilayers.strategies.blobs import Corrupted, corrupted, tar_bytes
from ocilayers.tar._member import freeze
from ocilayers.tar._path import clean_path
from ocilayers.tar.decoder import TarDecoder
from ocilayers.tar.encoder import TarEncoder
from ocilayers.tar.entry import Entry, EntryDraft, Kind
from ocilayers.tar.framing import reassemble
from ocilayers.tar.whiteout import classify, marker_name

NAMES = (
    st.text(st.characters(exclude_characters="/\0", codec="utf-8"), min_size=1)
    | st.sampled_from([".wh.", ".wh..", "\udcff", "n" * 120, ".whiteout", "ä", "..."])
).filter(lambda name: name not in {".", ".."})
PATHS = st.lists(NAMES, min_size=1, max_size=5).map("/".join)
NUMBERS = st.integers(0, (1 << 32) - 1) | st.sampled_from([0, 0o7777777, 0o10000000])


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Any entry that can be written; files carry their content."""
    kind = draw(st.sampled_from(Kind))
    path = draw(PATHS)
    marked = classify(marker_name(path, kind), Kind.FILE)
    if marked != (path, kind if kind in {Kind.WHITEOUT, Kind.OPAQUE} else Kind.FILE):
        path = "plain"
    links = kind in {Kind.SYMLINK, Kind.HARDLINK}
    devices = kind in {Kind.CHAR, Kind.BLOCK}
    return Entry(
        path,
        kind,
        mode=draw(st.integers(0, 0o7777)),
        uid=draw(NUMBERS),
        gid=draw(NUMBERS),
        user=draw(st.just("") | NAMES),
        group=draw(st.just("") | NAMES),
        mtime_ns=draw(st.integers(-(10**20), 10**20) | st.just(10**18)),
        target=draw(NAMES) if links else None,
        device=draw(st.tuples(*[st.integers(0, 4095)] * 2)) if devices else None,
        xattrs=draw(st.dictionaries(NAMES, st.binary(), max_size=3)),
        content=draw(st.binary(max_size=1200)) if kind is Kind.FILE else None,
    )


def encode(events: Iterable[Entry | bytes]) -> bytes:
    """A whole tar."""
    encoder = TarEncoder()
    chunks = [chunk for event in events for chunk in encoder.feed(event)]
    return b"".join(chunks + encoder.finish())


def cut(data: bytes, seed: int) -> list[bytes]:
    """*data* in pieces of any lengths."""
    dice = random.Random(seed)
    pieces: list[bytes] = []
    start = 0
    while start < len(data):
        stop = start + dice.choice([1, 7, 100, 511, 512, 513, 2000, 70_000])
        pieces.append(data[start:stop])
        start = stop
    return pieces


@attrs.frozen
class Outcome:
    """All that reading a tar gives."""

    entries: tuple[Entry, ...]
    offsets: tuple[int | None, ...]
    contents: bytes
    findings: object
    error: tuple[type, str] | None


def read(chunks: Iterable[bytes], *, fast: bool = True) -> Outcome:
    """Read a tar to its end, or to its error."""
    decoder = TarDecoder(limits=attrs.evolve(Limits(), sparse_bytes=1 << 20))
    decoder._scans = fast
    events: list[Entry | bytes] = []
    error = None
    try:
        for chunk in chunks:
            events += decoder.feed(chunk)
        events += decoder.finish()
    except OCILayersError as caught:
        error = type(caught), str(caught)
    found = tuple(event for event in events if isinstance(event, Entry))
    return Outcome(
        found,
        tuple(entry.offset for entry in found),
        b"".join(event for event in events if isinstance(event, bytes)),
        decoder.findings,
        error,
    )


@given(st.lists(entries(), max_size=6), st.integers())
def test_what_is_written_is_read_in_every_split(wanted: list[Entry], seed: int) -> None:
    """The decoder undoes the encoder: entries, content, and no finding."""
    tar = encode(wanted)
    found = read(cut(tar, seed))

    assert found.entries == tuple(attrs.evolve(entry, content=None) for entry in wanted)
    assert found.contents == b"".join(entry.content or b"" for entry in wanted)
    assert (found.findings, found.error) == ((), None)


@given(st.lists(entries(), max_size=4))
def test_what_is_read_is_written_as_it_was(wanted: list[Entry]) -> None:
    """The encoder undoes the decoder, for tars of its own."""
    tar = encode(wanted)
    decoder = TarDecoder()

    assert tar == encode([*decoder.feed(tar), *decoder.finish()])


@given(entries())
def test_a_draft_that_was_frozen_is_the_entry_that_the_constructor_makes(
    wanted: Entry,
) -> None:
    """Whatever its fields are."""
    draft = EntryDraft()
    for field in attrs.fields(Entry):
        setattr(draft, field.name, getattr(wanted, field.name))

    assert freeze(draft) == wanted
    assert hash(draft) == hash(wanted)


FIELDS = {
    "size": st.integers(0, 1500) | st.sampled_from([b"\x80" + bytes(11), b"8" * 12]),
    "mode": st.sampled_from([b"0100644\0", b"     644", b"nonsense"]),
    "uid": st.sampled_from([b"0000000\0", b"\xff" * 8, b"7777777\0"]),
    "mtime": st.integers(0, 8**11 - 1)
    | st.sampled_from([b"\xff" * 12, b" 17 \0\0\0\0\0\0\0\0"]),
    "link": st.sampled_from([b"", b"a", b"../b", b"\xff"]),
    "magic": st.sampled_from([USTAR, USTAR, GNU, V7]),
    "user": st.sampled_from([b"", b"root", b"\xff"]),
    "prefix": st.sampled_from([b"", b"", b"p/q", bytes(41) + octal(0, 12) * 2]),
}
RECORDS = st.dictionaries(
    st.sampled_from(
        [
            b"mtime",
            b"atime",
            b"ctime",
            b"path",
            b"size",
            b"uid",
            b"SCHILY.xattr.user.k",
            b"LIBARCHIVE.xattr.user.k",
            b"GNU.sparse.map",
            b"GNU.sparse.numblocks",
            b"comment",
        ]
    ),
    st.sampled_from([b"1", b"1.5", b"-2", b"", b"0,1", b"a/b", b"\xff", b"700", b"dg"]),
    max_size=4,
)


@st.composite
def hostile(draw: st.DrawFn) -> bytes:
    """Members that nobody sane would write, one after another."""
    blocks: list[bytes] = []
    for _ in range(draw(st.integers(1, 5))):
        if draw(st.booleans()):
            blocks.append(pax(draw(RECORDS), flag=draw(st.sampled_from([b"x", b"g"]))))
        flag = draw(st.sampled_from([bytes((c,)) for c in b"0000\x001234567LKSDVZ"]))
        name = draw(
            st.sampled_from(
                [b"a", b"./d/", b"", b"x/../y", b"../z", b".wh.a", b"/a//b"]
            )
        )
        fields = {key: draw(values) for key, values in FIELDS.items()}
        blocks.append(header(name, flag=flag, **fields))  # type: ignore[arg-type]  # any fields
        size = fields["size"] if isinstance(fields["size"], int) else 0
        if draw(st.booleans()):
            blocks.append(bytes([draw(st.integers(0, 255))]) * (size + -size % 512))
    blocks.append(draw(st.sampled_from([END, END, b"", bytes(512), END + b"x"])))
    return b"".join(blocks)


@given(hostile(), st.integers())
def test_a_split_changes_nothing(tar: bytes, seed: int) -> None:
    """Neither entries nor content, findings or errors, of any tar."""
    assert read([tar]) == read(cut(tar, seed))


@given(corrupted(tar_bytes(hostile=True)), st.integers())
def test_a_split_changes_nothing_of_what_strangers_write(
    bad: Corrupted, seed: int
) -> None:
    """In any dialect, whole or damaged, on the fast road and on the slow one."""
    for tar in (bad.original, bad.data):
        assert read([tar]) == read(cut(tar, seed)) == read([tar], fast=False)


@given(hostile())
def test_the_fast_road_leads_where_the_slow_one_does(tar: bytes) -> None:
    """For any tar."""
    assert read([tar]) == read([tar], fast=False)


@given(hostile(), st.integers())
def test_what_was_taken_apart_is_put_together(tar: bytes, seed: int) -> None:
    """Bit for bit, if it can be read at all."""
    decoder = TarDecoder(framing=True)
    events: list[Entry | bytes] = []
    try:
        for chunk in cut(tar, seed):
            events += decoder.feed(chunk)
        decoder.finish()
    except OCILayersError:
        return
    held = [event for event in events if isinstance(event, bytes)]

    assert b"".join(reassemble(decoder.framing, held)) == tar
    assert sum(map(len, held)) == decoder.framing.content_size


@given(hostile(), st.data())
def test_no_byte_leads_out_of_the_tree_of_errors(
    tar: bytes, data: st.DataObject
) -> None:
    """Flip any, cut anywhere: an outcome, or an error of ours."""
    broken = bytearray(tar)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(tar) - 1))
        broken[at] ^= data.draw(st.integers(1, 255))
    del broken[data.draw(st.integers(0, len(broken))) :]

    assert read([bytes(broken)]) == read([bytes(broken)], fast=False)


@given(st.binary(max_size=1500))
def test_noise_is_refused(noise: bytes) -> None:
    """Or it is nothing at all."""
    found = read([noise])

    assert found.entries == ()
    assert (found.error is None) == (
        not noise.strip(b"\0") and len(noise) % 512 == 0
    ) or (512 < len(noise) < 1024)


@given(st.lists(st.sampled_from(["a", "b", "..", ".", "", " "]), max_size=8))
def test_a_clean_path_is_clean(parts: list[str]) -> None:
    """Cleaning it again changes nothing."""
    try:
        path = clean_path("/".join(parts))
    except OCILayersError:
        return

    assert path == clean_path(path)
    assert not {"", ".."} & set(path.split("/"))


@given(st.dictionaries(st.sampled_from([b"a", b"comment"]), st.binary(), max_size=2))
def test_records_are_written_as_judged(records: dict[bytes, bytes]) -> None:
    """The writer of these tests agrees with the one that is tested."""
    from ocilayers.tar._pax import parse_records, render_records  # noqa: PLC0415 - private

    rendered = render_records(records)

    assert rendered == b"".join(record(key, records[key]) for key in sorted(records))
    assert dict(parse_records(rendered, 0)) == records
