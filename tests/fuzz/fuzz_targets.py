"""What is true of any bytes at all, one function for each door they come in by.

Each function takes bytes and raises `AssertionError`, or any error that is not the
library's, when the library breaks its word. They need no fuzzer: tests call them too.
"""

from __future__ import annotations

import hashlib
import html.parser
import io
import random
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import attrs
import zstandard
from naive_merge import bound, naive_merge, shown
from typing_extensions import override

from ocilayers.archive.archive import open_archive
from ocilayers.codec.layer import LayerDecoder, LayerFacts
from ocilayers.codec.rules import GZIP_RESERVED_FLAGS
from ocilayers.errors import CodecError, OCILayersError
from ocilayers.limits import Limits
from ocilayers.spec.digest import Digest
from ocilayers.spec.media_types import MediaType
from ocilayers.spec.platform import Platform
from ocilayers.spec.reference import Reference
from ocilayers.spec.schema1 import Schema1Manifest
from ocilayers.tar.decoder import TarDecoder
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tar.framing import Framing, reassemble
from ocilayers.tree.diff import diff
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.merge import merge
from ocilayers.tree.node import Node
from ocilayers.tree.squash import squash
from ocilayers.wire.parse import parse

__all__ = ["TARGETS", "stack_of"]

LIMITS: Final = Limits(
    uncompressed_bytes=1 << 22, sparse_bytes=1 << 20, zstd_window=1 << 23
)


def document(data: bytes) -> None:
    """It is refused, or kept as it came; an equal model edits nothing."""
    for media_type in (None, *_DOCUMENTS):
        try:
            lenient = parse(data, media_type)
        except OCILayersError as error:
            _says_something(error)
            assert not _is_strict(data, media_type)
            continue
        assert lenient.raw == data
        assert lenient.digest == Digest.of(data)
        if not isinstance(lenient.model, Schema1Manifest):
            assert lenient.edit(lenient.model).raw == data
        assert "\n" not in repr(lenient)


def _is_strict(data: bytes, media_type: str | None) -> bool:
    try:
        parse(data, media_type, strict=True)
    except OCILayersError:
        return False
    return True


def names(data: bytes) -> None:
    """A digest, reference, platform or media type reads back as it is written."""
    text = data.decode("utf-8", "surrogateescape")
    for kind in (Digest, Reference.parse, Platform.parse, MediaType):
        try:
            value = kind(text)
        except OCILayersError as error:
            _says_something(error)
            continue
        # A platform is written in one order, whatever order it came in.
        assert str(kind(str(value))) == str(value)
        assert isinstance(value, Platform) or kind(str(value)) == value
        if isinstance(value, MediaType):
            _ = value.role, value.compression, value.dialect, value.is_layer


def tar(data: bytes) -> None:
    """However it is cut, it is the same; what reads is put together bit for bit."""
    whole = _read_tar([data])
    assert whole == _read_tar(list(_cut(data)))
    if whole.framing is not None:
        assert data == b"".join(reassemble(whole.framing, [whole.content]))
        # Nothing comes from nothing: an entry has a header block at least.
        assert len(whole.entries) <= len(data) // 512


def gzip(data: bytes) -> None:
    """A whole stream is what zlib makes of its members; nothing is short in silence."""
    facts, plain = _decode(data)
    if facts is None or facts.compression != "gzip":
        return
    if not any(found.code == GZIP_RESERVED_FLAGS.code for found in facts.findings):
        # zlib refuses flags that are reserved.
        try:
            wanted = _inflated(data)
        except zlib.error:
            # isal takes codes that are not complete; where zlib inflates, it refuses.
            assert _zlib_refuses(data)
        else:
            assert plain == wanted


def zstd(data: bytes) -> None:
    """A whole stream is what libzstd makes of its frames."""
    facts, plain = _decode(data)
    if facts is not None and facts.compression == "zstd":
        reader = zstandard.ZstdDecompressor().stream_reader(
            io.BytesIO(data), read_across_frames=True
        )
        assert plain == reader.read()


def merging(data: bytes) -> None:
    """The naive merge says the same; the algebra holds; every path has a story."""
    stack = stack_of(data)
    try:
        fs = merge(stack)
    except OCILayersError as error:
        _says_something(error)
        return
    if bound(fs):
        assert naive_merge(stack) == shown(fs)
    for n in range(1, len(stack)):
        assert shown(fs.at(n)) == shown(merge(stack[:n]))
    assert shown(merge([squash(fs.layers)])) == shown(fs)
    empty = merge([])
    assert shown(merge([diff(empty, fs).changeset()])) == shown(fs)
    for path in fs:
        assert fs.history(path)[-1].kind != "hidden" or path == "/"
        assert fs.explain(path)


def archive(data: bytes) -> None:
    """It is no image, or its report says what it is; what verifies can be read."""
    try:
        image = open_archive(io.BytesIO(data), limits=LIMITS)
        report = image.verify()
        _ = str(report), repr(image)
        fs = image.filesystem()
        for node in fs.values():
            if node.kind is Kind.FILE:
                assert len(node.read_bytes()) == node.size
    except OCILayersError as error:
        _says_something(error)


def rendering(data: bytes) -> None:
    """No name becomes markup, a script, or a character that moves text."""
    text = data.decode("utf-8", "surrogateescape").replace("\0", "")
    name = text.replace("/", "") or "x"
    try:
        entry = Entry(name, Kind.SYMLINK, target=text, user=text, xattrs={name: data})
        fs = merge([[entry, Entry(f"d/{name}", Kind.FILE, content=data)]])
    except OCILayersError as error:
        _says_something(error)
        return
    values: list[Filesystem | Node] = [fs, *fs.values()]
    for value in values:
        page = value._repr_html_()
        page.encode("utf-8")
        _Page().feed(page)


TARGETS: Final[Mapping[str, Callable[[bytes], None]]] = {
    "document": document,
    "names": names,
    "tar": tar,
    "gzip": gzip,
    "zstd": zstd,
    "merge": merging,
    "archive": archive,
    "rendering": rendering,
}
"""By the name that the command takes."""

_DOCUMENTS: Final = (
    MediaType("application/vnd.oci.image.manifest.v1+json"),
    MediaType("application/vnd.oci.image.index.v1+json"),
    MediaType("application/vnd.oci.image.config.v1+json"),
    MediaType("application/vnd.docker.distribution.manifest.v1+prettyjws"),
)


# --- bytes to a stack of layers: every byte string is one

_PARTS: Final = ("a", "b", "c", "é", "\udcff", ".wh.x", "a.b", "-")
_KINDS: Final = (
    Kind.FILE,
    Kind.DIRECTORY,
    Kind.SYMLINK,
    Kind.WHITEOUT,
    Kind.OPAQUE,
    Kind.HARDLINK,
    Kind.FIFO,
    Kind.FILE,
)


def stack_of(data: bytes) -> list[list[Entry]]:
    """Four bytes an entry; an entry with the top bit set begins a layer."""
    stack: list[list[Entry]] = [[]]
    for at in range(0, len(data) - 3, 4):
        head, first, second, rest = data[at : at + 4]
        if head & 0x80:
            stack.append([])
        kind = _KINDS[head & 7]
        path = _path(first)
        stack[-1].append(
            Entry(
                path,
                kind,
                mode=0o700 if rest & 1 else 0o644,
                uid=rest & 2,
                target=_path(second) if kind in {Kind.SYMLINK, Kind.HARDLINK} else None,
                content=bytes([second]) if kind is Kind.FILE else None,
            )
        )
    return stack


def _path(code: int) -> str:
    parts = [_PARTS[code & 7], _PARTS[code >> 3 & 7]][: 1 + (code >> 6 & 1)]
    return "/".join(parts if code < 0xC0 else [*parts, "a"])


# --- reading in several ways


@attrs.frozen
class _TarOutcome:
    entries: tuple[Entry, ...]
    content: bytes
    error: tuple[type, str] | None
    framing: Framing | None = attrs.field(eq=False)


def _read_tar(chunks: list[bytes]) -> _TarOutcome:
    decoder = TarDecoder(limits=LIMITS, framing=True)
    events: list[Entry | bytes] = []
    error = None
    try:
        for chunk in chunks:
            events += decoder.feed(chunk)
        events += decoder.finish()
    except OCILayersError as caught:
        _says_something(caught)
        error = type(caught), str(caught)
    return _TarOutcome(
        tuple(event for event in events if isinstance(event, Entry)),
        b"".join(event for event in events if isinstance(event, bytes)),
        error,
        decoder.framing if error is None else None,
    )


def _decode(data: bytes) -> tuple[LayerFacts | None, bytes]:
    """What a layer is, read at once and in pieces, which has to be the same."""
    outcomes = [_decode_pieces([data]), _decode_pieces(list(_cut(data)))]
    assert outcomes[0] == outcomes[1]
    facts, plain, _ = outcomes[0]
    if facts is not None:
        assert facts.digest == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert facts.diff_id == f"sha256:{hashlib.sha256(plain).hexdigest()}"
        assert (len(data), len(plain)) == (facts.size, facts.uncompressed_size)
    return facts, plain


def _decode_pieces(
    chunks: list[bytes],
) -> tuple[LayerFacts | None, bytes, tuple[type, str] | None]:
    decoder = LayerDecoder(limits=LIMITS)
    plain = bytearray()
    try:
        for chunk in chunks:
            for piece in decoder.feed(chunk):
                plain += piece
        for piece in decoder.finish():
            plain += piece
    except OCILayersError as error:
        _says_something(error)
        assert len(plain) <= LIMITS.uncompressed_bytes + (128 << 10)
        # How much came out before the error may depend on how it was cut.
        return None, b"", (type(error), str(error))
    return decoder.facts, bytes(plain), None


def _inflated(data: bytes) -> bytes:
    plain, rest = b"", data
    # Zeros may follow the last member, and nothing else.
    while rest.startswith(b"\x1f\x8b"):
        member = zlib.decompressobj(31)
        plain += member.decompress(rest) + member.flush()
        if not member.eof:
            raise CodecError("zlib finds no end")
        rest = member.unused_data
    return plain


def _zlib_refuses(data: bytes) -> bool:
    # Places inside of members are looked for with zlib alone.
    decoder = LayerDecoder(limits=LIMITS, checkpoints=True)
    try:
        for _ in decoder.feed(data):
            pass
        decoder.finish()
    except CodecError:
        return True
    return False


def _cut(data: bytes) -> Iterator[bytes]:
    dice = random.Random(zlib.crc32(data))
    at = 0
    while at < len(data):
        size = dice.choice([1, 3, 100, 511, 512, 4096, 70_000])
        yield data[at : at + size]
        at += size


def _says_something(error: OCILayersError) -> None:
    assert str(error).isprintable()
    assert error.message


def _acts(character: str) -> bool:
    """Whether it moves a cursor, ends a line, turns the direction, or is no text."""
    return unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} or (
        unicodedata.bidirectional(character)
        in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "BN"}
    )


class _Page(html.parser.HTMLParser):
    """Refuses what could act."""

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _TAGS, tag
        for name, _ in attrs:
            assert not name.startswith("on"), name

    @override
    def handle_data(self, data: str) -> None:
        assert not any(map(_acts, data.replace("\n", ""))), ascii(data)


# fmt: off
_TAGS: Final = frozenset([
    "a", "b", "br", "caption", "circle", "code", "col", "colgroup", "dd", "desc",
    "details", "div", "dl", "dt", "em", "g", "i", "li", "line", "ol", "p", "path",
    "pre", "rect", "small", "span", "strong", "sub", "summary", "sup", "svg", "table",
    "tbody", "td", "text", "tfoot", "th", "thead", "title", "tr", "tspan", "ul",
])
# fmt: on
