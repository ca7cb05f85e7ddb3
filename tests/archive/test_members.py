"""The files of a folder, whatever the folder is."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from ocilayers._source import OwnedStream
from ocilayers.archive.members import FolderMembers, read_member, reading
from ocilayers.errors import BlobNotFoundError, LimitExceededError, SourceError
from ocilayers.limits import Limits
from ocilayers.tar.entry import Entry
from ocilayers.tree.merge import merge


def test_a_file_is_found_by_its_name_and_a_folder_is_none(tmp_path: Path) -> None:
    """Names have `/` between their parts on every system."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").write_bytes(b"c")
    members = FolderMembers(tmp_path)

    assert [True, False, False] == [name in members for name in ("a/b", "a", "x/y")]
    assert b"c" == read_member(members, "a/b", limits=Limits())


@pytest.mark.parametrize("root", ["image", None, io.BytesIO()])
def test_what_is_no_folder_is_named(root: object) -> None:
    """The name of one is the usual mistake."""
    with pytest.raises(SourceError, match=rf"pathlib\.Path, .*{type(root).__name__}"):
        FolderMembers(root)  # type: ignore[arg-type]  # the mistake


def test_what_is_not_there_has_a_name(tmp_path: Path) -> None:
    """The error says which file."""
    with pytest.raises(BlobNotFoundError, match=r"x/y: there is no such file"):
        FolderMembers(tmp_path).open("x/y")


def test_a_zip_file_is_a_folder() -> None:
    """Anything that is a Traversable is."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a/b", b"c")
    members = FolderMembers(zipfile.Path(out))

    assert b"c" == read_member(members, "a/b", limits=Limits())
    assert "a/x" not in members


def test_a_file_system_of_an_image_is_a_folder() -> None:
    """A layout inside of an image can be read where it is."""
    fs = merge(
        [[Entry("a/b", "file", content=b"c"), Entry("l", "symlink", target="a")]]
    )
    members = FolderMembers(fs["/"])

    assert b"c" == read_member(members, "a/b", limits=Limits())
    assert [False, False] == [name in members for name in ("x", "l")]


def test_a_file_that_was_opened_here_is_closed_here(tmp_path: Path) -> None:
    """Nobody else knows of it."""
    (tmp_path / "a").write_bytes(b"b")

    with reading(FolderMembers(tmp_path), "a") as stream:
        assert isinstance(stream, OwnedStream)
        assert b"b" == stream.read(2)

    with pytest.raises(ValueError, match="closed"):
        stream.read(1)


@pytest.mark.hostile("a document without end")
def test_a_document_is_no_longer_than_it_may_be(tmp_path: Path) -> None:
    """And no more than that is read."""
    (tmp_path / "a").write_bytes(b"1234")

    with pytest.raises(LimitExceededError, match="a: more than 3 document bytes"):
        read_member(FolderMembers(tmp_path), "a", limits=Limits(document_bytes=3))
