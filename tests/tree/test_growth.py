"""Work grows with the entries, and with nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import get_args

import pytest
from growth import MOST, counted, growth
from typing_extensions import override

from ocilayers.limits import Limits
from ocilayers.tar.entry import Entry
from ocilayers.tree.merge import merge
from ocilayers.tree.squash import squash
from ocilayers.tree.stack import Profile

Stack = list[list[Entry]]

LIMITS = Limits(findings=1, path_depth=100_000, path_bytes=1 << 20)


class Told(str):
    """A path that tells when it is looked at, so that what C does is counted too."""

    __slots__ = ()

    @override
    def __hash__(self) -> int:
        return super().__hash__()


def calls(stack: Stack, profile: Profile = "overlay") -> int:
    """How many calls merging *stack* takes."""
    return counted(lambda: merge(stack, profile=profile, limits=LIMITS))


def thin_layers(n: int) -> Stack:
    """One file and one whiteout in each, over a wide layer."""
    wide = [Entry(Told(f"d/{i}/f"), "file") for i in range(8 * n)]
    marks = [[Entry(f"d/{i}/f", "whiteout"), Entry(f"{i}", "file")] for i in range(n)]
    return [wide, *marks]


def opaque_marks(n: int) -> Stack:
    """A wide directory emptied again and again."""
    wide = [Entry(f"d/{i}", "file") for i in range(8 * n)]
    return [wide, *([Entry("d", "opaque")] for _ in range(n))]


def whiteouts(n: int) -> Stack:
    """Every path of a directory hidden by itself."""
    paths = [f"d/{i}" for i in range(8 * n)]
    return [
        [Entry(path, "file") for path in paths],
        [Entry(path, "whiteout") for path in paths],
    ]


def whiteouts_by_layer(n: int) -> Stack:
    """Many layers, each hiding one directory of the first."""
    base = [Entry(f"{i}/a", "file") for i in range(n)]
    return [base, *([Entry(str(i), "whiteout")] for i in range(n))]


def made_again(n: int) -> Stack:
    """One directory hidden and made again by every layer."""
    return [[Entry("d", "whiteout"), Entry("d/a", "file"), Entry("d/b/c", "file")]] * n


def hidden_twice(n: int) -> Stack:
    """Whiteouts below a path that another one hides."""
    base = [Entry(f"d/{i}/x", "file") for i in range(8 * n)]
    marks = [Entry(f"d/{i}/x", "whiteout") for i in range(8 * n)]
    return [base, [*marks, Entry("d", "whiteout")]]


def hard_links(n: int) -> Stack:
    """One inode with many names, each replaced by the next layer."""
    names = [Entry(f"l/{i}", "hardlink", target="a") for i in range(8 * n)]
    return [
        [Entry("a", "file"), *names],
        [Entry(f"l/{i}", "file") for i in range(8 * n)],
    ]


def forward_links(n: int) -> Stack:
    """A chain of links, each before its target."""
    chain = [Entry(f"{i}", "hardlink", target=f"{i + 1}") for i in range(8 * n)]
    return [[*chain, Entry(f"{8 * n}", "file")]]


def duplicates(n: int) -> Stack:
    """One path named again and again, with something below."""
    again = [Entry("d/a", "file"), Entry("d", "file"), Entry("d", "directory")]
    return [again * (4 * n)]


@pytest.mark.hostile("work that grows faster than the layers")
@pytest.mark.parametrize(
    "make",
    [
        thin_layers,
        opaque_marks,
        whiteouts,
        whiteouts_by_layer,
        made_again,
        hidden_twice,
        hard_links,
        duplicates,
    ],
    ids=lambda make: make.__name__,
)
@pytest.mark.parametrize("profile", get_args(Profile))
def test_twice_as_many_entries_are_at_most_twice_the_work(
    make: Callable[[int], Stack], profile: Profile
) -> None:
    """At 1, 2, 4 and 8 times, in both profiles."""
    counts = [calls(make(32 * times), profile) for times in (1, 2, 4, 8)]

    assert growth(counts) <= MOST, counts


@pytest.mark.hostile("work that grows faster than the layers")
def test_deep_paths_cost_their_length() -> None:
    """Implied parents are made once, however deep they are."""
    counts = [calls([[Entry("d/" * (64 * n) + "f", "file")]]) for n in (1, 2, 4, 8)]

    assert growth(counts) <= MOST, counts


DEEP_BASE = [Entry("l", "symlink", target="d"), Entry("w", "file")]


def into_a_deep_directory(n: int) -> object:
    """An entry below a lower symlink, unpacked in sequence."""
    upper = [Entry("w", "whiteout"), Entry(f"l/{'a/' * n}f", "file")]
    return merge([DEEP_BASE, upper], profile="sequential", limits=LIMITS)


def to_a_deep_file(n: int) -> object:
    """A hard link through a lower symlink, unpacked in sequence."""
    base = [*DEEP_BASE, Entry(f"d/{'a/' * n}f", "file")]
    link = Entry("h", "hardlink", target=f"l/{'a/' * n}f")
    layers = [base, [Entry("w", "whiteout"), link]]
    return merge(layers, profile="sequential", limits=LIMITS)


def to_a_deep_file_below_a_squash(n: int) -> object:
    """A hard link through a symlink that is below the layers squashed."""
    base = merge([[*DEEP_BASE, Entry(f"d/{'a/' * n}f", "file")]], limits=LIMITS)
    link = Entry("h", "hardlink", target=f"l/{'a/' * n}f")
    run = [[Entry("w", "whiteout")], [link]]
    return squash(run, lower=base, limits=LIMITS)


@pytest.mark.hostile("deep trees and long paths")
@pytest.mark.parametrize(
    "work",
    [into_a_deep_directory, to_a_deep_file, to_a_deep_file_below_a_squash],
    ids=lambda work: work.__name__,
)
def test_a_deep_way_through_the_lower_layers_costs_its_length(
    work: Callable[[int], object],
) -> None:
    """Whether they show is asked once for each directory on it."""
    counts = [counted(partial(work, 64 * times)) for times in (1, 2, 4, 8)]

    assert growth(counts) <= MOST, counts


@pytest.mark.hostile("work that grows faster than the layers")
def test_a_chain_of_hard_links_costs_its_length() -> None:
    """Each before its target; unpacked in sequence, none of them is a link."""
    counts = [calls(forward_links(32 * times)) for times in (1, 2, 4, 8)]

    assert growth(counts) <= MOST, counts


@pytest.mark.hostile("work that grows faster than the layers")
def test_a_long_way_is_walked_once_whatever_else_is_replaced() -> None:
    """Files replaced beside it lead nowhere, so they send nothing elsewhere."""
    files = [Entry(f"f{i}", "file") for i in range(64)]
    into = [Entry(f"l0/x{i}", "file") for i in range(64)]
    mixed = [entry for pair in zip(files, into, strict=True) for entry in pair]

    def unpacked(symlinks: int) -> int:
        chain = [Entry(f"l{i}", "symlink", target=f"l{i + 1}") for i in range(symlinks)]
        lower = [*files, *chain, Entry(f"l{symlinks}", "directory")]
        return calls([lower, mixed], "sequential")

    extra = [unpacked(symlinks) - unpacked(1) for symlinks in (2, 3, 5, 9)]

    assert growth(extra) <= MOST, extra
    assert extra[-1] < 8 * 64, extra


def test_a_chain_of_symlinks_costs_its_length() -> None:
    """Up to as many as a look-up may follow."""
    chain = [Entry(f"{i}", "symlink", target=f"{i + 1}") for i in range(40)]
    tree = merge([[*chain, Entry("40", "file")]])

    starts = [f"/{40 - n}" for n in (5, 10, 20, 40)]
    counts = [counted(partial(tree.resolve, start)) for start in starts]

    assert growth(counts) <= MOST, counts
