"""`Image.waste`: each file counted once, as seen or as waste of one cause."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from built_images import BASE, TOP, flipped, image_of, stored
from growth import MOST, counted, growth
from layer_blobs import sparse_tar

from ocilayers.errors import DigestMismatchError, ImageError
from ocilayers.image.image import Image
from ocilayers.image.waste import CAUSES, WasteItem, WasteReport
from ocilayers.spec.config import History
from ocilayers.spec.descriptor import Descriptor
from ocilayers.spec.digest import Digest
from ocilayers.spec.media_types import OCI_LAYER
from ocilayers.tar.entry import Entry, Kind

TEN = b"0123456789"


def file(path: str, content: bytes = TEN, mode: int = 0o644) -> Entry:
    """A file of ten bytes, or of others."""
    return Entry(path, Kind.FILE, mode, content=content)


def link(path: str, target: str) -> Entry:
    """A hard link."""
    return Entry(path, Kind.HARDLINK, target=target)


def whiteout(path: str) -> Entry:
    """A whiteout."""
    return Entry(path, Kind.WHITEOUT)


def image(*layers: list[Entry]) -> Image:
    """An image of these layers."""
    return image_of(*map(stored, layers))


def waste(*layers: list[Entry]) -> WasteReport:
    """What an image of these layers wastes."""
    return image(*layers).waste()


def told(report: WasteReport) -> list[tuple[str, int, str, int | None]]:
    """Which file of which layer is waste, why, and which layer hides it."""
    return [(item.path, item.layer, item.cause, item.by) for item in report.items]


def causes(*layers: list[Entry]) -> list[tuple[str, int, str]]:
    """Which file of which layer is waste, and why."""
    return [(path, layer, cause) for path, layer, cause, _ in told(waste(*layers))]


@pytest.mark.parametrize(
    ("upper", "cause"),
    [
        pytest.param([whiteout("d/a")], "deleted", id="a whiteout"),
        pytest.param([whiteout("d")], "deleted", id="a whiteout above it"),
        pytest.param([Entry("d", "opaque")], "deleted", id="an opaque directory"),
        pytest.param([file("d/a", b"other")], "overwritten", id="other content"),
        pytest.param([file("d/a", b"")], "overwritten", id="an empty file"),
        pytest.param([Entry("d/a", "fifo")], "overwritten", id="another kind"),
        pytest.param([file("d/a/b", b"b")], "overwritten", id="a directory"),
        pytest.param([file("d", b"d")], "overwritten", id="a file above it"),
        pytest.param(
            [Entry("d", "symlink", target="e")], "overwritten", id="a symlink above it"
        ),
        pytest.param([file("d/a", mode=0o600)], "metadata", id="another mode"),
        pytest.param(
            [Entry("d/a", "file", uid=7, content=TEN)], "metadata", id="another owner"
        ),
        pytest.param(
            [Entry("d/a", "file", mtime_ns=1, content=TEN)], "metadata", id="touched"
        ),
        pytest.param(
            [Entry("d/a", "file", xattrs={"user.a": b"1"}, content=TEN)],
            "metadata",
            id="an extended attribute",
        ),
        pytest.param([file("d/a")], "unchanged", id="the same file"),
        pytest.param(
            [Entry("d", "opaque"), file("d/a")],
            "unchanged",
            id="the same file in an opaque directory",
        ),
        pytest.param(
            [Entry("d", "opaque"), file("d/a", b"new")],
            "overwritten",
            id="another file in an opaque directory",
        ),
        pytest.param(
            [file("d/z"), link("d/a", "d/z")],
            "unchanged",
            id="a name of a file like it",
        ),
    ],
)
def test_what_a_layer_hides_is_waste(upper: list[Entry], cause: str) -> None:
    """By what is in its place then."""
    found = causes([file("d/a")], upper)

    assert [("/d/a", 0, cause)] == found


def test_what_is_at_its_place_later_does_not_matter() -> None:
    """The layer that hid it tells the cause."""
    found = causes([file("a")], [whiteout("a")], [file("a")], [file("a", b"b")])

    assert [("/a", 0, "deleted"), ("/a", 2, "overwritten")] == found


def test_every_copy_that_is_hidden_is_waste() -> None:
    """One file, four times; only the last one is seen."""
    report = waste(
        [file("a")], [file("a", mode=0o600)], [file("a", mode=0o600)], [file("a", b"n")]
    )

    assert [
        ("/a", 0, "metadata", 1),
        ("/a", 1, "unchanged", 2),
        ("/a", 2, "overwritten", 3),
    ] == told(report)
    assert (31, 30) == (report.content, report.wasted)


@pytest.mark.parametrize(
    ("uppers", "item"),
    [
        pytest.param(
            [[whiteout("a"), whiteout("b")]], ("/a", 0, "deleted", 1), id="both gone"
        ),
        pytest.param(
            [[whiteout("a")], [whiteout("b")]],
            ("/b", 0, "deleted", 2),
            id="one after the other",
        ),
        pytest.param(
            [[file("b", mode=0o600)], [whiteout("a"), whiteout("b")]],
            ("/a", 0, "deleted", 2),
            id="one copied, and the other gone later",
        ),
        pytest.param(
            [[file("a"), link("b", "a")]],
            ("/a", 0, "unchanged", 1),
            id="both stored again",
        ),
        pytest.param(
            [[link("c", "a")], [whiteout("a"), whiteout("b"), whiteout("c")]],
            ("/a", 0, "deleted", 2),
            id="a name of another layer too",
        ),
    ],
)
def test_a_file_of_several_names_is_waste_once(
    uppers: list[list[Entry]], item: tuple[str, int, str, int]
) -> None:
    """When its last name is hidden."""
    report = waste([file("a"), link("b", "a")], *uppers)

    assert [item] == [found for found in told(report) if found[1] == 0]
    assert (10, 10) == (report.layers[0].content, report.layers[0].wasted)


@pytest.mark.parametrize(
    "upper",
    [
        pytest.param([whiteout("a")], id="one name gone"),
        pytest.param([file("a", b"other")], id="one name overwritten"),
        pytest.param([link("c", "a"), whiteout("a"), whiteout("b")], id="a new name"),
    ],
)
def test_a_file_with_a_name_left_is_no_waste(upper: list[Entry]) -> None:
    """Its bytes are still needed."""
    found = causes([file("a"), link("b", "a")], upper)

    assert [] == found


@pytest.mark.parametrize(
    "upper",
    [
        pytest.param([file("b", mode=0o600)], id="chmod"),
        pytest.param([file("b")], id="nothing new"),
        pytest.param([file("b"), link("c", "b")], id="with a name of its own"),
    ],
)
def test_a_copy_of_a_file_that_it_was_a_name_of_is_a_broken_link(
    upper: list[Entry],
) -> None:
    """As copying up does, which knows no hard links."""
    report = waste([file("a"), link("b", "a")], upper)

    assert [("/b", 1, "link-broken", None)] == told(report)
    assert ["/a"] == [item.same_as for item in report.items]


def test_names_that_are_all_copied_are_broken_links_but_for_one() -> None:
    """The file below is hidden, and one copy of it is needed."""
    found = causes([file("a"), link("b", "a"), link("c", "a")], list(map(file, "abc")))

    assert [
        ("/a", 0, "unchanged"),
        ("/b", 1, "link-broken"),
        ("/c", 1, "link-broken"),
    ] == found


def test_a_broken_link_is_told_from_a_duplicate() -> None:
    """Also where the first of the copies has nothing to do with it."""
    found = causes(
        [file("0"), file("a"), link("b", "a")], [file("b", mode=0o600), file("d")]
    )

    assert [
        ("/a", 0, "duplicate"),
        ("/b", 1, "link-broken"),
        ("/d", 1, "duplicate"),
    ] == found


def test_what_replaced_another_file_is_no_broken_link() -> None:
    """Its name was one, but not of the file that it is like."""
    found = causes([file("a"), file("b", b"b"), link("c", "b")], [file("b")])

    assert [("/b", 1, "duplicate")] == found


def test_what_is_seen_twice_is_waste_but_for_the_first() -> None:
    """The first of the lowest layer; other names of it are no copies."""
    report = waste([file("b"), link("l", "b"), file("c")], [file("a")])

    assert [("/c", 0, "duplicate", None), ("/a", 1, "duplicate", None)] == told(report)
    assert {"/b"} == {item.same_as for item in report.items}


def test_a_file_that_moved_is_deleted_and_no_duplicate() -> None:
    """What nobody sees is no copy of what somebody does."""
    found = causes([file("a")], [whiteout("a"), file("b")])

    assert [("/a", 0, "deleted")] == found


def test_a_path_that_its_own_layer_stores_twice_is_waste() -> None:
    """The second counts; where it is the same, nothing is new."""
    report = waste([file("a"), file("b"), file("a", b"new"), file("b")])

    assert [("/a", 0, "overwritten", 0), ("/b", 0, "unchanged", 0)] == told(report)


def test_a_path_that_its_own_layer_replaces_from_above_is_waste() -> None:
    """A file in a directory that becomes a file."""
    found = causes([file("a/b"), file("a", b"new")])

    assert [("/a/b", 0, "overwritten")] == found


def test_equal_paths_of_one_layer_are_told_apart() -> None:
    """A hard link keeps the first of two; both are hidden later."""
    twice = [file("a"), link("b", "a"), file("a", b"new")]

    assert [] == causes(twice)
    assert [("/b", 0, "deleted"), ("/a", 0, "deleted")] == causes(
        twice, [whiteout("a"), whiteout("b")]
    )


def test_what_aufs_left_behind_is_waste() -> None:
    """No engine shows it, and nothing is in its place."""
    found = causes([file(".wh..wh.plnk/1.2"), file(".wh..wh.aufs", b"1")])

    assert [
        ("/.wh..wh.plnk/1.2", 0, "deleted"),
        ("/.wh..wh.aufs", 0, "deleted"),
    ] == found


def test_what_aufs_left_behind_is_none_where_a_name_leads_to_it() -> None:
    """AUFS kept the content of hard links there."""
    found = causes([file(".wh..wh.plnk/1.2"), link("a", ".wh..wh.plnk/1.2")])

    assert [] == found


def test_a_layer_that_is_there_twice_is_waste_once() -> None:
    """The lower one, and it is read once."""
    layer = stored([file("a"), file("b", b"b")])
    reads: list[int] = []

    report = image_of(layer, layer).waste(progress=reads.append)

    assert [("/a", 0, "unchanged", 1), ("/b", 0, "unchanged", 1)] == told(report)
    assert [(11, 11), (11, 0)] == [(use.content, use.wasted) for use in report.layers]
    assert layer.facts.size == sum(reads)


def test_empty_files_are_no_waste() -> None:
    """There is nothing to win."""
    found = causes([file("a", b""), file("b", b"")], [whiteout("a"), file("b", b"")])

    assert [] == found


def test_what_is_below_a_symlink_is_where_the_layer_says() -> None:
    """No symlink of a lower layer is followed."""
    found = causes(
        [file("usr/a"), Entry("lib", "symlink", target="usr")], [file("lib/a")]
    )

    assert [("/lib/a", 1, "duplicate")] == found


def sparse_image(*tops: list[Entry]) -> Image:
    """A sparse file of a million bytes, 512 of them stored."""
    tar = sparse_tar([(0, 512)], 1_000_000, b"x" * 512)
    named = Descriptor.of(tar, OCI_LAYER)
    layers = [stored(top) for top in tops]
    return image_of(
        descriptors=[named, named, *(layer.descriptor for layer in layers)],
        diff_ids=[Digest.of(tar), Digest.of(tar), *(layer.diff_id for layer in layers)],
        blobs={named.digest: tar}
        | {layer.descriptor.digest: layer.blob for layer in layers},
    )


def test_sparse_files_are_compared_with_their_holes() -> None:
    """And no more of the blob is said to be waste than there is."""
    plain = file("plain", b"x" * 512 + bytes(999_488))
    report = sparse_image([plain]).waste()

    assert [
        ("/sparse", 0, "unchanged", 1),
        ("/plain", 2, "duplicate", None),
    ] == told(report)
    assert 1_000_000 == report.layers[0].content
    assert report.layers[0].stored == report.layers[0].stored_waste_estimate


def test_parts_add_up_to_the_whole() -> None:
    """By layer, by cause and by item, in plain bytes and in the estimate."""
    report = waste(
        [file("a"), file("b", b"b" * 7), link("c", "a"), file("d", b"d" * 100)],
        [file("a"), whiteout("b"), whiteout("c"), file("e", b"d" * 100)],
    )

    assert (227, 117) == (report.content, report.wasted)
    assert [(17, 100), (100, 10)] == [(use.wasted, use.seen) for use in report.layers]
    assert report.wasted == sum(item.size for item in report.items)
    assert report.wasted == sum(report.by_cause.values())
    assert list(CAUSES) == list(report.by_cause)
    assert report.stored_waste_estimate == sum(
        item.stored_estimate for item in report.items
    )
    assert report.stored_waste_estimate == sum(
        use.stored_waste_estimate for use in report.layers
    )


def test_the_estimate_is_the_share_of_the_plain_tar() -> None:
    """In a layer that is not compressed it is the size."""
    layers = [stored([file("a", b"a" * 600)], how) for how in ("none", "gzip")]
    gone = stored([whiteout("a")])
    plain, packed = (image_of(layer, gone).waste() for layer in layers)

    assert 600 == plain.stored_waste_estimate
    facts = layers[1].facts
    assert packed.stored_waste_estimate == round(
        600 * facts.size / facts.uncompressed_size
    )


@pytest.mark.parametrize(
    "stack",
    [
        pytest.param(lambda n: [[file(f"{i}")] for i in range(n)], id="layers"),
        pytest.param(lambda n: [[file(f"{i}") for i in range(n)]], id="copies"),
        pytest.param(
            lambda n: [[file("f"), *(link(f"{i}", "f") for i in range(n))]], id="names"
        ),
        pytest.param(
            lambda n: [
                [file("f"), *(link(f"{i}", "f") for i in range(n))],
                [whiteout("f"), *(whiteout(f"{i}") for i in range(n))],
            ],
            id="hidden names",
        ),
    ],
)
def test_twice_as_much_is_twice_the_work(
    stack: Callable[[int], list[list[Entry]]],
) -> None:
    """Whatever there is much of."""
    images = [image(*stack(2**n)) for n in (5, 6, 7)]
    images[0].waste()

    assert growth([counted(one.waste) for one in images]) <= MOST


def test_each_item_says_which_command_is_to_blame() -> None:
    """The one that hid the file, or that stored the copy."""
    report = image_of(
        stored([file("a"), file("b", b"b")]),
        stored([whiteout("a"), file("c", b"b")]),
        history=[History(created_by="ADD"), History(created_by="RUN rm a; cp b c")],
    ).waste()

    assert ["RUN rm a; cp b c"] * 2 == [item.created_by for item in report.items]
    assert ["ADD", "RUN rm a; cp b c"] == [use.created_by for use in report.layers]


def test_the_largest_come_first_then_the_lowest_in_byte_order() -> None:
    """So that the first lines say the most."""
    found = causes(
        [file("\udcff"), file("é"), file("z", b"z" * 99), file("b")],
        [whiteout(path) for path in ("\udcff", "é", "z")],
        [whiteout("b")],
    )

    assert ["/z", "/b", "/é", "/\udcff"] == [path for path, *_ in found]


def test_items_are_rows_for_a_data_frame() -> None:
    """Plain values under the names of the attributes."""
    report = waste([file("a")], [whiteout("a")])

    assert [
        {
            "path": "/a",
            "layer": 0,
            "cause": "deleted",
            "size": 10,
            "stored_estimate": report.items[0].stored_estimate,
            "by": 1,
            "same_as": None,
            "created_by": "",
        }
    ] == list(report.rows())


def test_the_text_tells_sums_and_the_largest() -> None:
    """Ten of them, and no control characters."""
    names = [f"{n:02}\n" for n in range(11)]
    report = waste(
        [file(name, bytes([65 + n])) for n, name in enumerate(names)],
        [whiteout(name) for name in names],
    )

    assert [
        "11 of 11 bytes are waste",
        "          11 deleted",
        r"           1 layer 0 deleted /00\x0a",
    ] == str(report).splitlines()[:3]
    assert 12 == len(str(report).splitlines())


def test_a_report_is_a_value() -> None:
    """It can be compared, hashed and sent to another process."""
    first, second = (waste([file("a")], [whiteout("a")]) for _ in range(2))

    assert first == second == pickle.loads(pickle.dumps(first))  # noqa: S301  # ours
    assert 1 == len({first, second})
    assert "WasteReport(layers=(LayerUse(layer=0," in repr(first)
    assert isinstance(first.items[0], WasteItem)


def test_a_worker_changes_nothing() -> None:
    """It hashes, and no more."""
    whole = image([file("a"), file("b")], [file("a")])
    with ThreadPoolExecutor(1) as executor:
        assert whole.waste() == whole.waste(executor=executor)


def test_a_layer_that_does_not_verify_is_refused() -> None:
    """No numbers of what nobody vouches for."""
    broken = image_of(BASE, flipped(stored([file("a")], "none")))
    with pytest.raises(DigestMismatchError, match=r"layers\[1\]"):
        broken.waste()


def test_layers_without_a_diff_id_are_refused() -> None:
    """Manifest and config speak of other images."""
    with pytest.raises(ImageError):
        image_of(BASE, TOP, diff_ids=[BASE.diff_id]).waste()
