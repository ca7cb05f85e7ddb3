"""What holds for every image, however it is changed."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Final, get_args

from built_images import image_of, stored
from drawn_layers import linked_stacks, merged, names, paths, stacks
from hypothesis import assume, given, strategies as st

from ocilayers.image.image import Image
from ocilayers.spec.media_types import Compression, Dialect
from ocilayers.tar.entry import Entry
from ocilayers.tree.filesystem import Filesystem

compressions: st.SearchStrategy[Compression] = st.sampled_from(["gzip", "zstd", "none"])
any_stacks = st.one_of(stacks.filter(bool), linked_stacks())
_CHANGES: Final[dict[str, Callable[[Image], Image]]] = {
    "append": lambda image: image.append([Entry("zz", "directory")]),
    "edit": lambda image: image.edit(annotations={"a": "b"}),
    "flatten": Image.flatten,
    "strip": lambda image: image.strip(["a"]),
    "squash": lambda image: image.squash(0, 1),
}


def image_from(stack: list[list[Entry]]) -> Image:
    """An image of *stack*, stored in every way, if together they mean something."""
    merged(stack)
    return image_of(*map(stored, stack, itertools.cycle(get_args(Compression))))


def diff_ids(image: Image) -> list[str | None]:
    """What its layers are without compression."""
    return [layer.diff_id for layer in image.layers]


def files(image: Image) -> Filesystem:
    """What its layers make, content included."""
    return image.filesystem(content="memory")


def codes(image: Image) -> set[str]:
    """What verifying it finds, but for notes."""
    found = image.verify().findings
    return {finding.code for finding in found if finding.severity != "note"}


@given(any_stacks, compressions)
def test_below_an_appended_layer_lies_the_image_before(
    stack: list[list[Entry]], compression: Compression
) -> None:
    """Whatever the layer does."""
    merged(stack)
    before = image_of(*(stored(layer) for layer in stack[:-1]))

    after = before.append(stored(stack[-1], compression), created_by="COPY . .")

    assert files(before) == files(after).at(-1)
    assert merged(stack) == files(after)
    assert codes(image_of(*map(stored, stack))) == codes(after)


@given(any_stacks, compressions)
def test_flattening_changes_nothing_that_is_seen(
    stack: list[list[Entry]], compression: Compression
) -> None:
    """One layer, the same file system, nothing new to be found."""
    image = image_from(stack)
    flat = image.flatten(compression=compression)

    assert 1 == len(flat.layers)
    assert files(image) == files(flat)
    assert codes(flat) <= codes(image)
    assert flat == image.flatten(compression=compression)
    assert [] == list(files(flat).hidden())


@given(any_stacks, st.integers(0, 4), st.integers(0, 4))
def test_squashing_a_run_changes_nothing_that_is_seen(
    stack: list[list[Entry]], i: int, j: int
) -> None:
    """And the other layers keep their blobs."""
    image = image_from(stack)
    i, j = sorted((min(i, len(image.layers)), min(j, len(image.layers))))
    assume(i < j)

    squashed = image.squash(i, j)

    assert files(image) == files(squashed)
    assert diff_ids(image)[:i] == diff_ids(squashed)[:i]
    assert diff_ids(image)[j:] == diff_ids(squashed)[i + 1 :]
    assert codes(squashed) <= codes(image)
    for n in range(i + 1):
        assert files(image).at(n) == files(squashed).at(n)


@given(any_stacks, compressions)
def test_recompressing_keeps_what_the_layers_are(
    stack: list[list[Entry]], compression: Compression
) -> None:
    """Diff_ids and config, so the image ID too."""
    image = image_from(stack)
    other = image.recompress(compression)

    assert image.config == other.config
    assert diff_ids(image) == diff_ids(other)
    assert {compression} >= {
        layer.descriptor.media_type.compression for layer in other.layers
    }
    assert files(image) == files(other)
    assert codes(other) <= codes(image)


@given(any_stacks, st.integers(1, 4))
def test_another_base_with_the_same_files_changes_nothing_that_is_seen(
    stack: list[list[Entry]], count: int
) -> None:
    """The base itself, or the base flattened."""
    image = image_from(stack)
    base = image_below(image, min(count, len(image.layers)))

    assert image == image.rebase(base, base)
    assert files(image) == files(image.rebase(base, base.flatten()))


@given(any_stacks, st.sets(st.one_of(names, paths), min_size=1, max_size=2))
def test_what_is_stripped_is_in_no_layer(
    stack: list[list[Entry]], gone: set[str]
) -> None:
    """All else stays, contents included."""
    image = image_from(stack)
    stripped = image.strip(gone)

    def stays(path: str) -> bool:
        return not any(f"{path}/".startswith(f"/{name}/") for name in gone)

    before, after = (
        files(image),
        files(stripped),
    )
    stored_paths = {
        f"/{entry.path}"
        for layer in stripped.layers
        for entry in layer.read(content="none").entries
    }
    assert {path for path in before if stays(path)} == set(after)
    assert all(stays(path) for path in stored_paths)
    for path, node in after.items():
        if node.is_file():
            assert before[path].read_bytes() == node.read_bytes()
    assert codes(stripped) <= codes(image)
    assert stripped == stripped.strip(gone)


@given(any_stacks, st.sampled_from(["oci", "docker"]))
def test_the_words_of_a_standard_change_no_layer(
    stack: list[list[Entry]], to: Dialect
) -> None:
    """Layers and image ID stay, and so does the way back."""
    image = image_from(stack)
    other = image.to(to)

    assert image.image_id == other.image_id
    assert [layer.descriptor.digest for layer in image.layers] == [
        layer.descriptor.digest for layer in other.layers
    ]
    assert image == other.to("oci")


@given(any_stacks, st.sampled_from(sorted(_CHANGES)))
def test_what_was_written_is_all_that_is_new(
    stack: list[list[Entry]], how: str
) -> None:
    """A store that has the old blobs and takes the new ones has the image."""
    image = image_from(stack)
    assert not callable(image.blobs)
    changed = _CHANGES[how](image)

    old = {str(name): bytes(blob) for name, blob in image.blobs.items()}
    new = {named.digest: blob for named, blob in changed.blobs_written()}

    again = Image.from_manifest(changed.manifest, old | new)
    assert files(changed) == again.filesystem(content="memory")


def image_below(image: Image, count: int) -> Image:
    """The image that its first *count* layers are."""
    return image_of(
        diff_ids=[layer.diff_id for layer in image.layers[:count] if layer.diff_id],
        descriptors=[layer.descriptor for layer in image.layers[:count]],
        blobs=image.blobs,
    )
