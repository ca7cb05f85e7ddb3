"""The byte form of an index: what goes in comes out, and nothing else gets in."""

from __future__ import annotations

import gzip
import io
import json
import random
import zlib
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import attrs
import pytest
from hypothesis import given, strategies as st
from layer_blobs import BLOBS, TAR
from layers import tar_of

from ocilayers.errors import (
    CorruptStreamError,
    InvalidDigestError,
    LimitExceededError,
    OCILayersError,
)
from ocilayers.layer.index import LayerIndex, index_layer
from ocilayers.limits import KIB, Limits
from ocilayers.tar.entry import Entry, Kind

HEAD = b"ocilayers index\0\x01"
INDEX = index_layer(
    io.BytesIO(gzip.compress(TAR + b"t", mtime=0)), checkpoint_bytes=4096
)

names = st.text(
    st.characters(codec="utf-8", exclude_characters="/\0")
    | st.sampled_from(["\udc80", "\udcff"]),
    min_size=1,
).filter(lambda name: name not in {".", ".."} and not name.startswith(".wh."))


EVERYTHING = Entry(
    "dev/\udc80",
    Kind.CHAR,
    0o600,
    1 << 40,
    2,
    "root",
    "tty",
    -1,
    device=(5, 1),
    xattrs={"user.a": b"\0"},
    offset=512,
    records={"comment": b"c"},
)


@pytest.mark.parametrize(
    "entry",
    [EVERYTHING, Entry("l", Kind.SYMLINK, target="a\udcff"), Entry("f", Kind.FILE)],
    ids=lambda entry: entry.kind,
)
def test_an_entry_comes_back_with_every_member(entry: Entry) -> None:
    """Those that it has not are absent again."""
    index = attrs.evolve(INDEX, entries=(entry,))
    again = LayerIndex.from_bytes(index.to_bytes())
    assert (entry,) == again.entries


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Any entry that an index may hold."""
    return Entry(
        draw(names),
        draw(st.sampled_from(Kind)),
        draw(st.integers(0, 0o7777)),
        draw(st.integers(0, 1 << 40)),
        draw(st.integers(0, 1 << 40)),
        draw(names),
        draw(names),
        draw(st.integers(-(1 << 80), 1 << 80)),
        draw(st.integers(0, 1 << 61)),
        draw(st.none() | st.text()),
        draw(st.none() | st.tuples(st.integers(0, 9999), st.integers(0, 9999))),
        draw(st.dictionaries(names, st.binary(), max_size=3)),
        draw(st.none() | st.integers(0, 1 << 61)),
        records=draw(st.dictionaries(names, st.binary(), max_size=3)),
    )


@given(st.lists(entries(), max_size=5))
def test_what_is_written_is_read(found: list[Entry]) -> None:
    """Every field of every entry, offsets too."""
    index = attrs.evolve(INDEX, entries=tuple(found))
    again = LayerIndex.from_bytes(index.to_bytes())

    assert index == again
    assert [entry.offset for entry in found] == [entry.offset for entry in again]


@pytest.mark.parametrize("blob", BLOBS.values(), ids=BLOBS)
def test_facts_and_portable_checkpoints_survive(blob: bytes) -> None:
    """Where decoding can begin without a state."""
    index = index_layer(io.BytesIO(blob), checkpoint_bytes=512)
    again = LayerIndex.from_bytes(index.to_bytes())

    assert index.facts == again.facts
    assert [
        (p.compression, p.stored_offset, p.plain_offset)
        for p in index.checkpoints
        if p.portable
    ] == [(p.compression, p.stored_offset, p.plain_offset) for p in again.checkpoints]


def test_the_same_index_has_the_same_bytes() -> None:
    """So that a store can tell that it has it."""
    assert INDEX.to_bytes() == LayerIndex.from_bytes(INDEX.to_bytes()).to_bytes()


def test_an_index_that_is_cut_is_refused() -> None:
    """At every byte."""
    raw = INDEX.to_bytes()
    for length in range(len(raw)):
        with pytest.raises(CorruptStreamError):
            LayerIndex.from_bytes(raw[:length])


def test_what_follows_an_index_is_refused() -> None:
    """It is not ours."""
    with pytest.raises(CorruptStreamError, match="goes on after its end"):
        LayerIndex.from_bytes(INDEX.to_bytes() + b"x")


def test_a_flipped_bit_is_noticed() -> None:
    """The checksum of the whole sees it; padding of the last byte changes nothing."""
    raw = INDEX.to_bytes()
    unnoticed = 0
    for bit in range(len(raw) * 8):
        broken = bytearray(raw)
        broken[bit // 8] ^= 1 << bit % 8
        try:
            again = LayerIndex.from_bytes(broken)
        except CorruptStreamError:
            continue
        unnoticed += 1

        assert INDEX == again
    assert unnoticed < 8


@pytest.mark.parametrize("raw", [b"", b"{}", b"ocilayers index\0\x02", b"\x80\x04N."])
def test_what_is_no_index_of_this_version_is_refused(raw: bytes) -> None:
    """Before anything of it is read."""
    with pytest.raises(CorruptStreamError, match="no layer index"):
        LayerIndex.from_bytes(raw)


@pytest.mark.hostile("a few bytes that inflate to many")
def test_a_bomb_is_stopped_at_the_limit() -> None:
    """It is never inflated farther than that."""
    raw = HEAD + zlib.compress(bytes(10_000))
    limits = attrs.evolve(Limits(), index_bytes=9_999)

    with pytest.raises(LimitExceededError) as raised:
        LayerIndex.from_bytes(raw, limits=limits)
    assert "index_bytes" == raised.value.limit


def test_entries_have_a_limit_here_too() -> None:
    """The one of layers."""
    limits = attrs.evolve(Limits(), entries=len(INDEX) - 1)
    with pytest.raises(LimitExceededError):
        LayerIndex.from_bytes(INDEX.to_bytes(), limits=limits)

    assert INDEX == LayerIndex.from_bytes(INDEX.to_bytes(), limits=Limits.unlimited())


def _document() -> Any:  # noqa: ANN401  # JSON of any shape
    return json.loads(zlib.decompress(INDEX.to_bytes()[len(HEAD) :]))


def _packed(document: object) -> bytes:
    return HEAD + zlib.compress(json.dumps(document).encode())


def _first(name: str, value: object) -> Callable[[Any], None]:
    """Let *value* be the *name* of the first entry."""

    def change(document: Any) -> None:  # noqa: ANN401  # JSON of any shape
        document["entries"][name][0] = value

    return change


def _rare(name: str, value: object, number: str = "0") -> Callable[[Any], None]:
    """Let *value* be what few entries have."""
    return _member("entries", name, {number: value})


def _member(part: str, name: str, value: object) -> Callable[[Any], None]:
    def change(document: Any) -> None:  # noqa: ANN401  # JSON of any shape
        document[part][name] = value

    return change


def _part(name: str, value: object) -> Callable[[Any], None]:
    def change(document: Any) -> None:  # noqa: ANN401  # JSON of any shape
        document[name] = value

    return change


def _state(window: bytes) -> str:
    return b64encode(zlib.compress(window)).decode()


HOSTILE = {
    "a path that is a number": _first("path", 5),
    "a kind that nobody knows": _first("kind", "socket"),
    "a kind that is a list": _first("kind", []),
    "a mode with a point": _first("mode", 1.0),
    "a negative size": _first("size", -1),
    "a size beyond any file": _first("size", 1 << 62),
    "a target that is zero": _first("target", 0),
    "a target that is a list": _first("target", []),
    "a device of nothing": _rare("device", []),
    "a device of one number": _rare("device", [1]),
    "a device of three": _rare("device", [1, 2, 3]),
    "a device of texts": _rare("device", ["1", "2"]),
    "a device that is zero": _rare("device", 0),
    "a negative offset": _first("offset", -1),
    "an offset that is a text": _first("offset", ""),
    "attributes that are a list": _rare("xattrs", []),
    "an attribute that is a number": _rare("xattrs", {"user.a": 5}),
    "an attribute that is no base64": _rare("xattrs", {"user.a": "a"}),
    "an attribute that is no ASCII": _rare("xattrs", {"user.a": "é"}),
    "entries that are a number": _part("entries", 5),
    "entries that are a text": _part("entries", "abc"),
    "entries that are a list": _part("entries", [["a"]]),
    "entries without sizes": _part("entries", {"path": ["a"]}),
    "a field of one entry less": _member("entries", "uid", [0]),
    "a field that is a number": _member("entries", "uid", 5),
    "rare ones in a row": _member("entries", "xattrs", [{}]),
    "one that has no number": _rare("xattrs", {}, "first"),
    "facts that are a list": _part("facts", []),
    "no checkpoints": _part("checkpoints", None),
    "a checkpoint that is a number": _part("checkpoints", [5]),
    "a checkpoint of another length": _part("checkpoints", [["gzip", 1]]),
    "a checkpoint before the start": _part("checkpoints", [["gzip", -1, 0, None]]),
    "a checkpoint at a half": _part("checkpoints", [["gzip", 0.5, 0, None]]),
    "a checkpoint of no compression": _part("checkpoints", [[0, 0, 0, None]]),
    "a state that is a number": _part("checkpoints", [["gzip", 0, 0, 5]]),
    "a state that is no base64": _part("checkpoints", [["gzip", 0, 0, "a"]]),
    "a state that is not deflated": _part("checkpoints", [["gzip", 0, 0, "aaaa"]]),
    "a state that is cut": _part("checkpoints", [["gzip", 0, 0, _state(b"a")[:4]]]),
    "a state that is too long": _part(
        "checkpoints", [["gzip", 0, 0, _state(bytes(32 * KIB + 1))]]
    ),
    "a state of zstd": _part("checkpoints", [["zstd", 0, 0, _state(b"a")]]),
    "a size that is a text": _member("facts", "size", "5"),
    "a compression that nobody knows": _member("facts", "compression", "lz4"),
    "a compression that is a list": _member("facts", "compression", []),
    "a checkpoint that nobody can begin at": _part(
        "checkpoints", [["lz4", 0, 0, None]]
    ),
    "a mode with the type of the file": _first("mode", 0o100644),
    "a compression that is a number": _member("facts", "compression", 5),
    "a digest that is a number": _member("facts", "digest", 5),
    "findings that are numbers": _member("facts", "findings", [5]),
    "a finding of one word": _member("facts", "findings", [["code"]]),
}


@pytest.mark.parametrize("change", HOSTILE.values(), ids=HOSTILE)
def test_what_has_the_wrong_type_or_value_is_refused(
    change: Callable[[Any], None],
) -> None:
    """With an error of ours, whatever it is."""
    document = _document()
    change(document)

    with pytest.raises(OCILayersError):
        LayerIndex.from_bytes(_packed(document))


def test_a_digest_that_is_none_says_so() -> None:
    """The error is the one of digests."""
    document = _document()
    document["facts"]["diff_id"] = "md5"

    with pytest.raises(InvalidDigestError):
        LayerIndex.from_bytes(_packed(document))


@pytest.mark.parametrize(
    "text",
    [b"", b"[]", b"5", b"null", b"{", b"\xff", b"[" * 100_000, b"9" * 10_000],
    ids=["empty", "list", "number", "null", "cut", "no UTF-8", "deep", "long number"],
)
def test_json_that_is_no_index_is_refused(text: bytes) -> None:
    """However deep or long."""
    with pytest.raises(CorruptStreamError):
        LayerIndex.from_bytes(HEAD + zlib.compress(text))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda some: st.lists(some, max_size=3) | st.dictionaries(st.text(), some),
    max_leaves=3,
)


@given(JSON, st.integers())
def test_any_json_at_any_place_is_an_index_or_an_error(
    value: object, seed: int
) -> None:
    """Never a foreign exception."""
    document = _document()
    dice, at = random.Random(seed), document
    while isinstance(at, list | dict) and at:
        keys = range(len(at)) if isinstance(at, list) else list(at)
        key = dice.choice(keys)
        if not isinstance(at[key], list | dict) or dice.random() < 0.2:
            at[key] = value
            break
        at = at[key]
    try:
        LayerIndex.from_bytes(_packed(document))
    except OCILayersError as error:
        assert str(error)  # noqa: PT017  # every error says something


def test_names_that_are_no_text_survive() -> None:
    """Any bytes do, as surrogates."""
    tar = tar_of([Entry("\udcff\udc80", "file", content=b"x")])
    index = index_layer(io.BytesIO(tar))

    assert ["\udcff\udc80"] == [e.path for e in LayerIndex.from_bytes(index.to_bytes())]
