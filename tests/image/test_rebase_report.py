"""`Image.rebase_report`: what another base changes under the layers above it."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor

import attrs
import pytest
from built_images import BASE, TOP, flipped, image_of, stored

from ocilayers.errors import ImageError, OCILayersError
from ocilayers.image.image import Image
from ocilayers.spec.config import ContainerConfig
from ocilayers.tar.entry import Entry

LOWER = [
    Entry("d", "directory"),
    Entry("d/a", "file", content=b"old"),
    Entry("d/b", "file", content=b"same"),
]
OLD = stored(LOWER)


def file(path: str, content: bytes = b"1") -> Entry:
    """A file of no interest."""
    return Entry(path, "file", content=content)


def conflicts(new: list[Entry], *uppers: list[Entry]) -> list[tuple[str, str, str]]:
    """What layers on `OLD` touch of what *new* changes."""
    image = image_of(OLD, *map(stored, uppers))
    report = image.rebase_report(image_of(OLD), image_of(stored(new)))
    return [(found.path, found.kind, found.change) for found in report.conflicts]


NEW = [
    Entry("d", "directory"),
    Entry("d/a", "file", content=b"new"),
    Entry("d/b", "file", content=b"same"),
]
GONE = [Entry("d", "directory"), Entry("d/b", "file", content=b"same")]
LINK = [
    Entry("d", "symlink", target="e"),
    Entry("e/a", "file", content=b"old"),
]


@pytest.mark.parametrize(
    ("new", "upper", "expected"),
    [
        pytest.param(NEW, file("d/a"), [("/d/a", "replaces", "changed")], id="changed"),
        pytest.param(GONE, file("d/a"), [("/d/a", "replaces", "removed")], id="gone"),
        pytest.param(
            [*LOWER, file("c")], file("c"), [("/c", "replaces", "added")], id="new"
        ),
        pytest.param(
            NEW,
            Entry("d/a", "whiteout"),
            [("/d/a", "hides", "changed")],
            id="a whiteout",
        ),
        pytest.param(
            NEW, Entry("d", "opaque"), [("/d/a", "hides", "changed")], id="opaque"
        ),
        pytest.param(
            NEW, file("d"), [("/d/a", "hides", "changed")], id="a file above it"
        ),
        pytest.param(
            NEW,
            Entry("c", "hardlink", target="d/a"),
            [("/d/a", "links", "changed")],
            id="a name of what changed",
        ),
        pytest.param(
            GONE,
            Entry("c", "hardlink", target="d/a"),
            [("/d/a", "links", "removed")],
            id="a name of what is gone",
        ),
        pytest.param(
            LINK, file("d/c"), [("/d", "below", "changed")], id="no directory any more"
        ),
        pytest.param(
            [file("x")],
            file("d/c"),
            [("/d", "below", "removed")],
            id="a directory that is gone",
        ),
        pytest.param(
            [Entry("d", "directory", mode=0o700), *LOWER[1:]],
            Entry("d", "directory", mode=0o711),
            [],
            id="directories in both",
        ),
        pytest.param(NEW, file("d/b"), [], id="what did not change"),
        pytest.param(NEW, file("d/c"), [], id="beside what changed"),
        pytest.param(LOWER, file("d/a"), [], id="an equal base"),
    ],
)
def test_what_both_touch_is_told(
    new: list[Entry], upper: Entry, expected: list[tuple[str, str, str]]
) -> None:
    """And nothing else."""
    assert expected == conflicts(new, [upper])


def test_layers_above_are_one_change() -> None:
    """What a higher one undoes was never there."""
    undone = [file("d/c", b"c")], [Entry("d/c", "whiteout")]

    assert [] == conflicts(NEW, *undone)
    assert [("/d/a", "replaces", "changed")] == conflicts(
        NEW, [Entry("d/a", "whiteout")], [file("d/a")]
    )


def test_conflicts_come_parents_first() -> None:
    """As a diff does."""
    found = conflicts([file("x")], [file("d/a"), file("d/c"), Entry("d/b", "whiteout")])

    assert [
        ("/d", "below", "removed"),
        ("/d/a", "replaces", "removed"),
        ("/d/b", "hides", "removed"),
    ] == found


def test_all_changes_are_counted() -> None:
    """Also those that nobody above touches."""
    report = image_of(OLD).rebase_report(image_of(OLD), image_of(stored(LINK)))

    # /d is another kind, /d/a and /d/b are gone, /e and /e/a are new.
    assert (5, ()) == (report.changes, report.conflicts)


def config(image: Image, **said: object) -> Image:
    """*image* that is run in another way."""
    model = attrs.evolve(image.config.model, config=ContainerConfig(**said))  # type: ignore[arg-type]  # as named by the tests
    return image.edit(config=model)


@pytest.mark.parametrize(
    ("own", "old", "new", "expected"),
    [
        pytest.param({"cmd": ["a"]}, {"cmd": ["a"]}, {"cmd": ["b"]}, ["cmd"], id="cmd"),
        pytest.param({"cmd": ["c"]}, {"cmd": ["a"]}, {"cmd": ["b"]}, [], id="own cmd"),
        pytest.param({}, {}, {"user": "me"}, ["user"], id="said anew"),
        pytest.param({"user": "me"}, {"user": "me"}, {}, ["user"], id="said no more"),
        pytest.param(
            {"env": ["PATH=/a", "V=1", "OWN=1"]},
            {"env": ["PATH=/a", "V=1"]},
            {"env": ["PATH=/a", "V=2", "W=3"]},
            ["env V", "env W"],
            id="variables",
        ),
        pytest.param(
            {"env": ["V=9"]}, {"env": ["V=1"]}, {"env": ["V=2"]}, [], id="own variable"
        ),
        pytest.param(
            {"labels": {"a": "1", "b": "1"}},
            {"labels": {"a": "1", "b": "0"}},
            {"labels": {"a": "2", "b": "2"}},
            ["labels a"],
            id="labels",
        ),
        pytest.param(
            {},
            {},
            {"volumes": {"/v": {}}, "exposed_ports": {"80/tcp": {}}},
            ["exposed_ports 80/tcp", "volumes /v"],
            id="names without values",
        ),
    ],
)
def test_what_the_config_still_says_of_the_old_base_is_told(
    own: dict[str, object],
    old: dict[str, object],
    new: dict[str, object],
    expected: list[str],
) -> None:
    """A rebase leaves the config as it is; what the image decided is its own."""
    base = image_of(OLD)
    report = config(base, **own).rebase_report(config(base, **old), config(base, **new))

    assert expected == list(report.config)


def test_each_layer_is_read_once() -> None:
    """Also one that both bases have."""
    more, top = stored([file("more")]), stored([file("top")])
    reads: list[int] = []
    image = image_of(OLD, top)
    with ThreadPoolExecutor(1) as executor:
        report = image.rebase_report(
            image_of(OLD),
            image_of(OLD, more),
            executor=executor,
            progress=reads.append,
        )

    assert 1 == report.changes
    assert sum(layer.facts.size for layer in (OLD, more, top)) == sum(reads)


def test_a_report_is_a_value() -> None:
    """It can be compared, hashed and sent to another process."""
    image = image_of(OLD, stored([file("d/a")]))
    report = image.rebase_report(image_of(OLD), image_of(stored(NEW)))

    assert report == pickle.loads(pickle.dumps(report))  # noqa: S301  # ours
    assert 1 == len({report, image.rebase_report(image_of(OLD), image_of(stored(NEW)))})


def test_a_base_that_does_not_fit_is_refused() -> None:
    """As a rebase refuses it."""
    with pytest.raises(ImageError, match="does not lie on the old base"):
        image_of(BASE).rebase_report(image_of(TOP), image_of(BASE))


def test_layers_without_a_diff_id_are_refused() -> None:
    """Of the new base too, or nobody would vouch for them."""
    with pytest.raises(ImageError):
        image_of(BASE).rebase_report(
            image_of(BASE), image_of(BASE, TOP, diff_ids=[BASE.diff_id])
        )


def test_a_layer_that_does_not_verify_is_refused() -> None:
    """Wherever it is."""
    broken = flipped(stored([file("a")], "none"))
    for image, new in (
        (image_of(BASE, broken), image_of(TOP)),
        (image_of(BASE), image_of(broken)),
    ):
        with pytest.raises(OCILayersError, match="sha256"):
            image.rebase_report(image_of(BASE), new)
