"""Tables of contents: read where they are promised, held against the tar."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from typing import Any

import attrs
import pytest
from layer_blobs import Pipe
from toc_layers import (
    CHUNKED,
    DIGEST,
    ENTRIES,
    ESTARGZ,
    OLD_CHUNKED,
    ROWS,
    chunked,
    described,
    estargz,
    text_of,
)

from ocilayers._source import OwnedStream
from ocilayers.errors import (
    CorruptStreamError,
    DigestMismatchError,
    InvalidDigestError,
    LimitExceededError,
    OCILayersError,
    PathEscapeError,
    SourceError,
)
from ocilayers.layer.index import index_layer
from ocilayers.layer.toc import Chunk, TableOfContents, read_toc
from ocilayers.limits import Limits
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest


def table(blob: bytes, descriptor: Descriptor) -> TableOfContents:
    """The one that is there."""
    found = read_toc(lambda: io.BytesIO(blob), descriptor)
    assert found is not None
    return found


MADE = {
    "estargz": estargz(text_of(ROWS)),
    "zstd:chunked": chunked(text_of(ROWS)),
    "zstd:chunked of old": chunked(text_of(ROWS), prefix=OLD_CHUNKED),
}


@pytest.mark.parametrize(("blob", "descriptor"), MADE.values(), ids=MADE)
@pytest.mark.spec(
    "stargz-snapshotter docs/estargz.md, TOC",
    "This property MUST contain an array of TOCEntry of all tar entries and chunks in"
    " the blob, except stargz.index.json.",
)
def test_a_table_says_what_the_tar_says(blob: bytes, descriptor: Descriptor) -> None:
    """Whiteouts too; the table itself is not in it."""
    found = table(blob, descriptor)

    assert [] == list(found.differences(index_layer(io.BytesIO(blob))))
    assert len(ENTRIES) == len(found.entries)
    assert found.form in {"estargz", "zstd:chunked"}
    assert found.digest in descriptor.annotations.values()
    assert (
        Chunk("etc/motd", 40, 0, DIGEST),
        Chunk("etc/motd", 70, 3, None),
    ) == found.chunks
    assert "motd" not in repr(found)


@pytest.mark.parametrize(("blob", "descriptor"), MADE.values(), ids=MADE)
def test_sources_need_not_seek_and_are_given_back(
    blob: bytes, descriptor: Descriptor
) -> None:
    """What this library opened is closed."""
    files: list[io.BytesIO] = []

    def own() -> OwnedStream:
        files.append(io.BytesIO(blob))
        return OwnedStream(files[-1])

    assert table(blob, descriptor) == read_toc(lambda: Pipe(blob), descriptor)
    assert read_toc(own, descriptor)
    assert files
    assert all(file.closed for file in files)


def test_a_layer_that_promises_none_has_none() -> None:
    """Half a promise is none."""
    for notes in ({}, {f"{CHUNKED}-position": "1:2:3:1"}):
        descriptor = described(b"", notes)
        assert read_toc(lambda: io.BytesIO(b""), descriptor) is None


def test_a_table_of_an_empty_layer_is_null() -> None:
    """As Go writes no entries."""
    assert () == table(*chunked(text_of(None))).entries


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"mode": 0o100600}, [("etc/motd", "another mode than in the tar")]),
        ({"uid": 0}, [("etc/motd", "another owner than in the tar")]),
        ({"size": 6}, [("etc/motd", "another size than in the tar")]),
        ({"xattrs": None}, [("etc/motd", "another xattrs than in the tar")]),
        (
            {"type": "fifo"},
            [("etc/motd", "another kind, size than in the tar")],
        ),
        (
            {"name": "etc/other"},
            [
                ("etc/other", "in the table of contents alone"),
                ("etc/motd", "in the tar alone"),
            ],
        ),
    ],
    ids=["mode", "owner", "size", "xattrs", "kind", "name"],
)
def test_what_a_table_says_otherwise_is_told(
    change: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    """Path by path."""
    rows = [row | change if row.get("uid") else row for row in ROWS]
    found = table(*estargz(text_of(rows)))

    assert expected == list(found.differences(ENTRIES))


@pytest.mark.spec(
    "stargz-snapshotter docs/estargz.md, Content Verification in eStargz",
    "The value is the digest of the TOC",
)
@pytest.mark.parametrize("make", [estargz, chunked])
def test_another_table_than_promised_is_refused(
    make: Callable[[bytes], tuple[bytes, Descriptor]],
) -> None:
    """Before it is read."""
    blob, descriptor = make(b"no JSON")
    wrong = {
        key: value if "position" in key else Digest.of(b"")
        for key, value in descriptor.annotations.items()
    }
    with pytest.raises(DigestMismatchError):
        table(blob, attrs.evolve(descriptor, annotations=wrong))
    with pytest.raises(CorruptStreamError, match="is none"):
        table(blob, descriptor)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        text_of(5),
        text_of([5]),
        text_of([{}]),
        text_of([{"type": "socket", "name": "a"}]),
        text_of([{"type": "reg", "name": 5}]),
        text_of([{"type": "reg", "name": "a", "size": "x"}]),
        text_of([{"type": "reg", "name": "a", "size": []}]),
        text_of([{"type": "reg", "name": "a", "xattrs": [1]}]),
        text_of([{"type": "reg", "name": "a", "xattrs": {"b": "c"}}]),
        text_of([{"type": "chunk", "offset": 5}]),
    ],
)
def test_json_that_is_no_table_is_refused(text: bytes) -> None:
    """With an error of ours."""
    for make in (estargz, chunked):
        with pytest.raises(CorruptStreamError):
            table(*make(text))


def test_names_and_digests_in_it_are_checked_as_everywhere() -> None:
    """They say what is wrong."""
    with pytest.raises(PathEscapeError):
        table(*chunked(text_of([{"type": "reg", "name": "../a"}])))
    row = {"type": "reg", "name": "a", "offset": 1, "digest": "md5"}
    with pytest.raises(InvalidDigestError):
        table(*chunked(text_of([row])))
    blob, descriptor = estargz(text_of(ROWS))
    with pytest.raises(InvalidDigestError):
        table(blob, attrs.evolve(descriptor, annotations={ESTARGZ: "md5"}))


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(estargz(b"", place="x" * 16), id="a footer without a number"),
        pytest.param(estargz(b"", place="-" + "0" * 15), id="a negative place"),
        pytest.param(estargz(b"", place=0), id="a place of something else"),
        pytest.param(estargz(b"", place=1), id="a place inside"),
        pytest.param(estargz(b"", place=1 << 40), id="a place beyond"),
        pytest.param(estargz(b"", name="other.json"), id="another member"),
        pytest.param(chunked(b"", place="a:b:c"), id="no numbers"),
        pytest.param(chunked(b"", place="5"), id="one number"),
        pytest.param(chunked(b"", place="1:2:3:1"), id="other bytes"),
        pytest.param(chunked(b"", place="99999:2:3:1"), id="past the end"),
    ],
)
def test_a_table_that_is_not_where_it_should_be_is_an_error(
    made: tuple[bytes, Descriptor],
) -> None:
    """Never a foreign one."""
    with pytest.raises(OCILayersError):
        table(*made)


def test_a_layer_without_a_footer_is_no_estargz() -> None:
    """Nor is one that is too short for it."""
    for blob in (b"", b"x" * 100):
        with pytest.raises(CorruptStreamError, match="no footer"):
            table(blob, described(blob, {ESTARGZ: DIGEST}))
    blob, descriptor = estargz(text_of(ROWS))
    with pytest.raises(SourceError):
        read_toc(partial(Pipe, blob[:9]), descriptor)


@pytest.mark.hostile("a few bytes that inflate to many")
@pytest.mark.parametrize("make", [estargz, chunked])
def test_tables_have_limits(
    make: Callable[[bytes], tuple[bytes, Descriptor]],
) -> None:
    """Stored, plain, and in entries."""
    blob, descriptor = make(text_of(ROWS) + b" " * 100_000)
    for limit, most in (("index_bytes", 100), ("index_bytes", 5000), ("entries", 6)):
        limits = attrs.evolve(Limits(), **{limit: most})
        with pytest.raises(LimitExceededError) as raised:
            read_toc(lambda: io.BytesIO(blob), descriptor, limits=limits)

        assert limit == raised.value.limit
