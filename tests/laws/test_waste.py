"""What holds for what every image wastes."""

from __future__ import annotations

from collections import defaultdict

from built_images import image_of, stored
from drawn_layers import linked_stacks, merged, stacks
from hypothesis import given, strategies as st

from ocilayers.image.image import Image
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.node import Node

any_stacks = st.one_of(stacks, linked_stacks())


def image_from(stack: list[list[Entry]]) -> Image:
    """An image of *stack*, if together they mean something."""
    merged(stack)
    return image_of(*map(stored, stack))


def as_bytes(path: str) -> bytes:
    """Paths are in the order of their bytes."""
    return path.encode("utf-8", "surrogateescape")


def seen_files(fs: Filesystem) -> dict[int, Node]:
    """The files that are seen and not empty, each by its first name."""
    return {
        id(node.entry): node
        for node in reversed([*fs.walk()])
        if node.is_file() and node.size
    }


@given(any_stacks)
def test_each_file_is_counted_once(stack: list[list[Entry]]) -> None:
    """It is seen, or it is waste; so the parts add up to the whole."""
    image = image_from(stack)
    report = image.waste()

    assert [
        sum(entry.size for entry in layer.read() if entry.kind is Kind.FILE)
        for layer in image.layers
    ] == [use.content for use in report.layers]
    for use in report.layers:
        wasted = [item for item in report.items if item.layer == use.layer]
        assert use.wasted == sum(item.size for item in wasted)
        assert use.stored_waste_estimate == sum(item.stored_estimate for item in wasted)
        assert use.content == use.seen + use.wasted
        assert 0 <= use.seen
        assert 0 <= use.stored_waste_estimate
    assert report.wasted == sum(report.by_cause.values())


@given(any_stacks)
def test_what_is_seen_is_every_content_once(stack: list[list[Entry]]) -> None:
    """Nothing else is needed to make the same files again."""
    image = image_from(stack)
    fs = image.filesystem(content="memory")
    contents = {node.read_bytes() for node in seen_files(fs).values()}

    report = image.waste()

    assert sum(map(len, contents)) == report.content - report.wasted


@given(any_stacks)
def test_what_is_hidden_is_what_the_file_system_hides(stack: list[list[Entry]]) -> None:
    """Each file once, by the layer that hid the last of its names."""
    image = image_from(stack)
    fs = image.filesystem()
    hidden: dict[tuple[int, int], list[tuple[int, bytes]]] = defaultdict(list)
    for node in fs.hidden():
        if node.is_file() and node.size:
            name = -node.hidden_by.layer, as_bytes(node.path)
            hidden[node.layer, id(node.entry)].append(name)

    found = [item for item in image.waste().items if item.by is not None]

    assert sorted((layer, *min(names)) for (layer, _), names in hidden.items()) == (
        sorted((item.layer, -(item.by or 0), as_bytes(item.path)) for item in found)
    )


@given(any_stacks)
def test_a_copy_is_seen_and_not_the_first(stack: list[list[Entry]]) -> None:
    """What it is like is seen too, lies no higher, and is no waste."""
    image = image_from(stack)
    fs = image.filesystem(content="memory")
    report = image.waste()
    copies = {item.path: item for item in report.items if item.by is None}

    for item in copies.values():
        assert item.same_as is not None
        node, first = fs[item.path], fs[item.same_as]
        assert node.read_bytes() == first.read_bytes()
        assert item.path not in first.links
        assert first.layer <= node.layer == item.layer
        assert item.same_as not in copies


@given(any_stacks)
def test_a_flat_image_wastes_copies_alone(stack: list[list[Entry]]) -> None:
    """What nobody sees is gone; copies stay."""
    image = image_from(stack)
    if not image.layers:
        return
    flat = image.flatten().waste()
    copies = [item.size for item in image.waste().items if item.by is None]

    assert sorted(copies) == sorted(item.size for item in flat.items)
    assert {"duplicate"} >= {item.cause for item in flat.items}
