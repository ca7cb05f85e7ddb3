"""`ImageFileSystem`: what fsspec and its users expect of any file system."""

from __future__ import annotations

import errno
import io
import pickle
from datetime import UTC, datetime
from pathlib import Path

import fsspec
import pytest

from ocilayers.archive.member import pack
from ocilayers.archive.write_layout import write_layout
from ocilayers.image.image import Image
from ocilayers.image.sample import sample_image
from ocilayers.interop.fsspec import ImageFileSystem
from ocilayers.layer.builder import LayerBuilder
from ocilayers.tar.entry import Entry
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.merge import merge

MINUTE = 60 * 10**9


def tree() -> Filesystem:
    """Files, directories, and symlinks of every fate."""
    return merge(
        [
            [
                Entry("data/a.csv", "file", content=b"x,y\n1,2\n", mtime_ns=MINUTE),
                Entry("data/b.bin", "file", content=bytes(range(100))),
                Entry("data/deep/c.csv", "file", content=b"x\n3\n"),
                Entry("dev/null", "char", device=(1, 3)),
                Entry("to-file", "symlink", target="/data/a.csv"),
                Entry("to-dir", "symlink", target="data"),
                Entry("to-root", "symlink", target="../../.."),
                Entry("nowhere", "symlink", target="gone"),
                Entry("circle", "symlink", target="circle"),
            ]
        ]
    )


@pytest.fixture
def fs() -> ImageFileSystem:
    """The file system of the tree."""
    return ImageFileSystem(tree())


def archive(image: Image) -> bytes:
    """An OCI layout in a tar."""
    return b"".join(pack(write_layout(image)))


# --- names and facts


@pytest.mark.parametrize("path", ["/data", "data", "data/", "ociimage://data"])
def test_a_path_may_be_spelled_as_with_other_file_systems(
    fs: ImageFileSystem, path: str
) -> None:
    """With or without the protocol, and slashes at the ends."""
    names = ["/data/a.csv", "/data/b.bin", "/data/deep"]

    assert names == fs.ls(path, detail=False)


def test_a_list_of_paths_is_stripped_one_by_one() -> None:
    """As fsspec does itself."""
    stripped = ImageFileSystem._strip_protocol(["ociimage://a/", "b"])

    assert ["/a", "/b"] == stripped


def test_info_says_what_stat_says(fs: ImageFileSystem) -> None:
    """And the layer that it comes from."""
    assert fs.info("/data/a.csv") == {
        "name": "/data/a.csv",
        "size": 8,
        "type": "file",
        "islink": False,
        "mode": 0o100644,
        "uid": 0,
        "gid": 0,
        "mtime": 60.0,
        "nlink": 1,
        "layer": 0,
    }


def test_the_root_is_a_directory(fs: ImageFileSystem) -> None:
    """It has no name to look up."""
    assert "directory" == fs.info("/")["type"]
    assert "/" == fs.info("")["name"]


def test_a_file_lists_itself(fs: ImageFileSystem) -> None:
    """As `ls` does."""
    assert [fs.info("/data/a.csv")] == fs.ls("/data/a.csv")


def test_what_is_neither_file_nor_directory_is_other(fs: ImageFileSystem) -> None:
    """Devices are not read."""
    assert "other" == fs.info("/dev/null")["type"]


def test_modified_knows_the_zone(fs: ImageFileSystem) -> None:
    """A layer's times are seconds since the epoch."""
    assert datetime(1970, 1, 1, 0, 1, tzinfo=UTC) == fs.modified("/data/a.csv")


# --- symlinks


def test_a_symlink_is_followed_when_it_is_named(fs: ImageFileSystem) -> None:
    """And says that it is one."""
    info = fs.info("/to-dir")

    assert ("directory", True, "data") == (
        info["type"],
        info["islink"],
        info["destination"],
    )
    assert b"x,y\n1,2\n" == fs.cat("/to-dir/a.csv") == fs.cat("/to-file")
    assert "/to-dir/a.csv" == fs.ls("/to-dir", detail=False)[0]


def test_no_symlink_leads_out_of_the_root(fs: ImageFileSystem) -> None:
    """`../../..` is the root again."""
    assert fs.ls("/", detail=False) == [
        str(name).replace("/to-root", "", 1) for name in fs.ls("/to-root", detail=False)
    ]


def test_a_listing_takes_symlinks_to_directories_for_links(
    fs: ImageFileSystem,
) -> None:
    """Else walking would never end."""
    listed = [facts for facts in fs.ls("/") if isinstance(facts, dict)]
    types = {facts["name"]: facts["type"] for facts in listed}

    assert {
        "/circle": "link",
        "/data": "directory",
        "/dev": "directory",
        "/nowhere": "link",
        "/to-dir": "link",
        "/to-file": "file",
        "/to-root": "link",
    } == types


@pytest.mark.parametrize(
    ("path", "code"),
    [
        pytest.param("/gone", errno.ENOENT, id="not there"),
        pytest.param("/nowhere", errno.ENOENT, id="a dangling symlink"),
        pytest.param("/circle", errno.ELOOP, id="a circle"),
        pytest.param("/data/a.csv/x", errno.ENOTDIR, id="below a file"),
    ],
)
def test_errors_are_those_of_the_operating_system(
    fs: ImageFileSystem, path: str, code: int
) -> None:
    """Those are what users of fsspec catch."""
    for ask in (fs.ls, fs.cat_file, fs.modified):
        with pytest.raises(OSError, match="Errno") as caught:
            ask(path)
        assert code == caught.value.errno
    assert not fs.exists(path)


# --- what fsspec makes of it


def test_fsspec_walks_finds_and_sums(fs: ImageFileSystem) -> None:
    """Its own methods stand on `ls` and `info`."""
    assert ["/data/a.csv", "/data/b.bin", "/data/deep/c.csv"] == fs.find("/data")
    assert ["/data/a.csv", "/data/deep/c.csv"] == fs.glob("/data/**/*.csv")
    assert 112 == fs.du("/data")
    assert {"/data/a.csv", "/data/deep/c.csv"} == set(fs.cat(fs.glob("**/*.csv")))
    assert ["/", "/data", "/data/deep", "/dev"] == [top for top, _, _ in fs.walk("/")]
    assert fs.isdir("/to-dir")
    assert fs.isfile("/to-file")


def test_files_are_downloaded(fs: ImageFileSystem, tmp_path: Path) -> None:
    """Into a folder of the caller's."""
    fs.get("/data/", str(tmp_path / "out"), recursive=True)

    assert b"x\n3\n" == (tmp_path / "out" / "deep" / "c.csv").read_bytes()


def test_a_mapper_reads_it(fs: ImageFileSystem) -> None:
    """As zarr does."""
    assert b"x\n3\n" == fs.get_mapper("/data")["deep/c.csv"]


@pytest.mark.parametrize(
    ("start", "end"),
    [(None, None), (10, 20), (-10, None), (None, -90), (20, 10), (90, 200), (200, 300)],
)
def test_a_piece_of_a_file_is_a_slice_of_it(
    fs: ImageFileSystem, start: int | None, end: int | None
) -> None:
    """Negative places count from the end."""
    assert bytes(range(100))[start:end] == fs.cat_file("/data/b.bin", start, end)


# --- open


def test_a_file_can_be_sought(fs: ImageFileSystem) -> None:
    """Formats with a footer are read from their end."""
    with fs.open("/data/b.bin") as file:
        assert file.seekable()
        assert 98 == file.seek(-2, io.SEEK_END)
        assert b"\x62\x63" == file.read()
        assert b"" == file.read()
        file.seek(0)
        assert b"\x00" == file.read(1)
        assert 11 == file.seek(10, io.SEEK_CUR)
        assert b"\x0b" == file.read(1)
        with pytest.raises(ValueError, match="before the start"):
            file.seek(-101, io.SEEK_END)


def test_a_file_is_read_in_blocks_that_end_with_a_line(fs: ImageFileSystem) -> None:
    """As Dask divides a table; an open file knows its size."""
    blocks = [fs.read_block("/data/a.csv", at, 5, b"\n") for at in (0, 5)]

    assert [b"x,y\n1,2\n", b""] == blocks
    with fs.open("/data/a.csv") as file:
        assert file.size == 8


def test_text_is_decoded(fs: ImageFileSystem) -> None:
    """By fsspec, as with any file system."""
    with fs.open("/data/a.csv", "r") as file:
        assert ["x,y\n", "1,2\n"] == list(file)


def test_nothing_is_written(fs: ImageFileSystem) -> None:
    """An image is a value."""
    with pytest.raises(OSError, match="read-only") as caught:
        fs.pipe_file("/data/a.csv", b"")
    assert errno.EROFS == caught.value.errno


def test_a_directory_has_no_content(fs: ImageFileSystem) -> None:
    """As with open(2)."""
    with pytest.raises(IsADirectoryError):
        fs.open("/data")


def test_content_of_an_image_is_read_lazily_from_any_place() -> None:
    """Through the checkpoints of the layer."""
    content = bytes(range(256)) * 2000
    layer = LayerBuilder().file("/big", content).build()
    fs = ImageFileSystem(Image.empty().append(layer))

    with fs.open("/big") as file:
        file.seek(500_000)
        assert content[500_000:] == file.read()
        file.seek(10)
        assert content[10:20] == file.read(10)


# --- where it comes from


def test_an_archive_is_read_from_a_file_object() -> None:
    """One that the caller opened."""
    fs = ImageFileSystem(io.BytesIO(archive(sample_image())))

    assert b"apple\n" == fs.cat("/apple.txt")


def test_fsspec_opens_a_url_in_a_url(tmp_path: Path) -> None:
    """The entry point makes the protocol known."""
    path = tmp_path / "image.tar"
    path.write_bytes(archive(sample_image()))

    with fsspec.open(f"ociimage://apple.txt::file://{path}", "r") as file:
        assert "apple\n" == file.read()
    fs = fsspec.filesystem("ociimage", fo=str(path), platform="linux/amd64")
    assert fs == ImageFileSystem(fsspec.open(str(path)))


def test_two_file_systems_of_one_shape_are_not_one_another() -> None:
    """A cache by repr would take them for one: their reprs are equal."""
    one, other = (
        fsspec.filesystem("ociimage", fo=merge([[Entry("a", "file", content=data)]]))
        for data in (b"1", b"2")
    )

    assert b"1" == one.cat("/a")
    assert b"2" == other.cat("/a")
    assert one != other


def test_it_pickles(tmp_path: Path) -> None:
    """Dask sends it to its workers."""
    path = tmp_path / "image.tar"
    path.write_bytes(archive(sample_image()))
    for fo in (sample_image(), sample_image().filesystem(), str(path)):
        fs = ImageFileSystem(fo)
        back = pickle.loads(pickle.dumps(fs))  # noqa: S301  our own bytes

        assert fs == back
        assert hash(fs) == hash(back)
        assert b"apple\n" == back.cat("/apple.txt")
