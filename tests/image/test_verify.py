"""`Image.verify`: everything that is wrong, not the first alone."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import attrs
import pytest
from built_images import BASE, TOP, blobs_of, flipped, image_of, stored
from layers import tar_of
from toc_layers import ENTRIES, ESTARGZ, ROWS, chunked, estargz, text_of

from ocilayers._types import SupportsRead
from ocilayers.errors import DigestMismatchError, SourceError
from ocilayers.findings import Finding
from ocilayers.image.image import Image
from ocilayers.image.verify import Report
from ocilayers.layer.builder import BuiltLayer, LayerBuilder
from ocilayers.layer.index import index_layer
from ocilayers.limits import Limits
from ocilayers.spec.config import History
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.media_types import OCI_LAYER_GZIP
from ocilayers.tar.entry import Entry

WHOLE = image_of(BASE, TOP)


def codes(report: Report) -> list[str]:
    """What was noticed."""
    return [finding.code for finding in report.findings]


def of_blob(blob: bytes, *, diff_id: Digest | None = None) -> Image:
    """An image of one layer whose stored bytes are *blob*, as its descriptor says."""
    named = Descriptor.of(blob, OCI_LAYER_GZIP)
    return image_of(
        descriptors=[named],
        diff_ids=[diff_id or Digest.of(blob)],
        blobs={named.digest: blob},
    )


def test_a_whole_image_is_verified() -> None:
    """Every layer read, and the file system they make."""
    report = WHOLE.verify()

    assert report.verified
    assert report.ok
    assert () == report.findings
    assert [True, True] == [layer.verified for layer in report.layers]
    assert WHOLE.layers == tuple(layer.layer for layer in report.layers)
    assert {BASE.diff_id, TOP.diff_id} == report.indexes.keys()
    assert report.filesystem is not None
    assert b"hello" == report.filesystem["/etc/motd"].read_bytes()


def test_everything_that_is_wrong_is_said() -> None:
    """One finding for each broken layer, in order."""
    third = LayerBuilder().file("c", b"c" * 999).build("none")
    cut = attrs.evolve(third, blob=third.blob[:-1])
    diff_ids = [BASE.diff_id, BASE.diff_id, third.diff_id]
    image = image_of(BASE, TOP, third, diff_ids=diff_ids, blobs=blobs_of(TOP, cut))
    report = image.verify()

    assert ["blob-missing", "digest-mismatch", "size-mismatch"] == codes(report)
    assert [layer.where for layer in image.layers] == [
        finding.where.split(": ")[0] for finding in report.findings
    ]
    assert [False] * 3 == [layer.verified for layer in report.layers]
    assert not report.verified
    assert not report.ok
    assert report.filesystem is None
    assert {} == report.indexes


def test_layers_that_verify_are_reported_beside_those_that_do_not() -> None:
    """There is no file system of a part."""
    report = image_of(BASE, TOP, blobs=blobs_of(TOP)).verify()

    assert [False, True] == [layer.verified for layer in report.layers]
    assert {TOP.diff_id} == report.indexes.keys()
    assert report.filesystem is None


LIMITED = attrs.evolve(WHOLE, limits=attrs.evolve(Limits(), uncompressed_bytes=100))
UNKNOWN = attrs.evolve(BASE.descriptor, digest="blake3:" + "a" * 64)
TWICE = LayerBuilder().hardlink("a", "b").build()
TAR = tar_of([Entry("a", "file", content=b"1")])

BROKEN = {
    "blob-missing": image_of(BASE, blobs={}),
    "size-mismatch": image_of(BASE, blobs=blobs_of(attrs.evolve(BASE, blob=b""))),
    "digest-mismatch": image_of(BASE, diff_ids=[TOP.diff_id]),
    "digest-unverifiable": image_of(
        descriptors=[UNKNOWN],
        diff_ids=[BASE.diff_id],
        blobs={UNKNOWN.digest: BASE.blob},
    ),
    "limit-reached": LIMITED,
    "layer-broken": of_blob(BASE.blob[:40]),
    "tar-broken": of_blob(b"x" * 1024),
    "tree-impossible": image_of(TWICE),
}


@pytest.mark.parametrize("code", BROKEN)
def test_each_fault_has_its_code(code: str) -> None:
    """And none is verified."""
    report = BROKEN[code].verify()

    assert code in codes(report)
    assert not report.verified
    assert not report.ok


def test_a_finding_says_where_once_and_what_was_expected_and_found() -> None:
    """Its message does not repeat its place."""
    (finding,) = BROKEN["digest-mismatch"].verify().findings

    assert f"layers[0] {BASE.descriptor.digest}: diff_id" == finding.where
    assert "layers[0]" not in finding.message
    assert f"expected {TOP.diff_id}, found {BASE.diff_id}" in finding.message


def test_a_missing_blob_is_named() -> None:
    """By its digest."""
    (finding,) = BROKEN["blob-missing"].verify().findings

    assert BASE.descriptor.digest in finding.where


def test_documents_that_do_not_fit_are_not_verified() -> None:
    """Though every layer is."""
    image = image_of(BASE, TOP, diff_ids=[BASE.diff_id])
    report = image.verify()

    assert ["layers-mismatch"] == codes(report)
    assert [True, True] == [layer.verified for layer in report.layers]
    assert report.filesystem is not None
    assert not report.verified


def test_what_is_odd_is_reported_and_verified_all_the_same() -> None:
    """Findings of documents, layers and the merge, each with its place."""
    tail = TAR + b"tail"
    named = Descriptor.of(tail, "application/vnd.example")
    image = image_of(
        descriptors=[named],
        diff_ids=[Digest.of(tail)],
        blobs={named.digest: tail},
        history=[History(), History()],
    )
    report = image.verify()

    assert report.verified
    assert ["history-mismatch", "not-a-layer", "tar-trailing-data"] == codes(report)
    assert image.layers[0].where == report.findings[1].where
    assert image.layers[0].where == report.findings[2].where


def test_findings_of_the_merge_are_there_too() -> None:
    """As the file system has them."""
    layer = stored([Entry("a", "file"), Entry("a", "file")])
    report = image_of(layer).verify()

    assert report.filesystem is not None
    assert report.filesystem.findings == report.findings != ()


def test_the_same_layer_twice_is_read_once() -> None:
    """And counts twice."""
    opened: list[Digest] = []

    def source(descriptor: Descriptor) -> SupportsRead:
        opened.append(descriptor.digest)
        return io.BytesIO(BASE.blob)

    report = image_of(BASE, BASE, blobs=source).verify()

    assert [BASE.descriptor.digest] == opened
    assert 2 == len(report.layers)
    assert report.verified


@pytest.mark.hostile("a source that fails")
def test_an_error_of_the_source_passes_through() -> None:
    """It says nothing about the image."""

    def source(_: Descriptor) -> SupportsRead:
        raise OSError("the line is dead")

    with pytest.raises(OSError, match="the line is dead"):
        image_of(BASE, blobs=source).verify()


def test_a_worker_and_progress_change_nothing() -> None:
    """Stored bytes add up."""
    told: list[int] = []
    with ThreadPoolExecutor(1) as pool:
        report = WHOLE.verify(executor=pool, progress=told.append)

    assert WHOLE.verify() == report
    assert BASE.facts.size + TOP.facts.size == sum(told)


def test_an_image_without_layers_is_an_empty_root() -> None:
    """FROM scratch, and nothing more."""
    report = image_of().verify()

    assert report.verified
    assert report.filesystem is not None
    assert ["/"] == list(report.filesystem)


@pytest.mark.parametrize("layer", [BASE, TOP], ids=["gzip", "zstd"])
def test_no_flipped_byte_goes_unnoticed(layer: BuiltLayer) -> None:
    """Wherever it is."""
    for place in range(0, len(layer.blob), 7):
        image = image_of(layer, blobs=blobs_of(flipped(layer, place)))

        assert not image.verify().verified


def test_findings_have_a_limit() -> None:
    """Those of layers too."""
    image = image_of(BASE, TOP, blobs={})
    limited = attrs.evolve(image, limits=attrs.evolve(Limits(), findings=1))

    assert 1 == len(limited.verify().findings)


def test_a_stream_that_is_none_says_nothing_about_the_image() -> None:
    """The caller's fault is the caller's to know."""

    class Silent:
        def read(self, _: int, /) -> bytes:
            return None  # type: ignore[return-value]  # what is tested

    with pytest.raises(SourceError):
        image_of(BASE, blobs=lambda _: Silent()).verify()


def test_a_report_can_be_read() -> None:
    """What was read, and a line for each finding, with what to do."""
    report = image_of(BASE, TOP, blobs=blobs_of(TOP)).verify()
    head, line = str(report).splitlines()

    assert head.startswith("NOT VERIFIED: 1 of 2 layers, ")
    assert line.startswith(f"error blob-missing layers[0] {BASE.descriptor.digest}: ")
    assert line.endswith(" (fetch the blob by its digest)")
    assert str(WHOLE.verify()).startswith("verified: 2 of 2 layers, ")


def test_a_finding_without_a_place_or_a_hint_is_a_line_too() -> None:
    """And what strangers wrote moves no cursor."""
    odd = Finding("odd", "note", "", "\x1b[2J")

    assert "note odd \\x1b[2J" == str(Report((), (odd,), None)).splitlines()[1]


def test_findings_are_told_apart_by_severity() -> None:
    """Each is in one of the three."""
    odd = Entry("a", "file", uid=70_000, content=b"1")
    layer = stored([odd, odd, Entry("l", "symlink", target="../../a")])
    report = image_of(layer).verify()

    assert ["duplicate-path"] == [one.code for one in report.errors]
    assert ["escaping-symlink"] == [one.code for one in report.warnings]
    assert ["high-owner"] == [one.code for one in report.notes]
    assert [one.code for one in report.findings] == [
        row["code"] for row in report.rows()
    ]


def of_table(blob: bytes, descriptor: Descriptor) -> Image:
    """An image of one layer with a table of contents."""
    diff_id = index_layer(io.BytesIO(blob)).facts.diff_id
    return image_of(
        descriptors=[descriptor],
        diff_ids=[diff_id],
        blobs={descriptor.digest: blob},
    )


@pytest.mark.parametrize("made", [estargz, chunked])
def test_a_table_of_contents_is_held_against_the_tar(
    made: Callable[[bytes], tuple[bytes, Descriptor]],
) -> None:
    """Whoever pulls lazily sees the table, and everybody else the tar."""
    image = of_table(*made(text_of(ROWS)))
    (layer,) = image.layers
    table = layer.table_of_contents()
    assert table is not None
    assert len(ENTRIES) == len(table.entries)
    assert "toc-mismatch" not in codes(image.verify())

    other = of_table(*made(text_of(ROWS[1:]))).verify()
    (found,) = (f for f in other.findings if f.code == "toc-mismatch")
    assert found.where.endswith("etc")
    assert "in the tar alone" in found.message


def test_a_table_of_contents_that_is_not_there_is_told() -> None:
    """The layer itself is verified all the same."""
    blob, descriptor = estargz(text_of(ROWS))
    wrong = attrs.evolve(descriptor, annotations={ESTARGZ: Digest.of(b"")})
    image = of_table(blob, wrong)
    report = image.verify()
    (found,) = (f for f in report.findings if f.code == "toc-broken")

    assert report.verified
    assert image.layers[0].where == found.where
    assert "another table of contents than promised" in found.message
    with pytest.raises(DigestMismatchError) as raised:
        image.layers[0].table_of_contents()
    assert image.layers[0].where == raised.value.where
