"""The report of `python -m ocilayers`: what it says, and how it ends."""

from __future__ import annotations

import io
import re
import runpy
import sys
from pathlib import Path

import pytest
from archives import Files, blob_name, layout, small_image, tar_of_files, write

from ocilayers import __main__ as command
from ocilayers.image.image import Image
from ocilayers.image.sample import sample_image
from ocilayers.layer.builder import BuiltLayer, LayerBuilder
from ocilayers.spec.config import History, ImageConfig, RootFS
from ocilayers.spec.manifest import ImageManifest
from ocilayers.tar.entry import Entry
from ocilayers.wire.render import render

ONE = small_image("one", compression="none")
ARM = small_image("arm", platform="linux/arm64", compression="none")
LAYER = blob_name(ONE.layers[0].descriptor.digest)


def image_of(*layers: BuiltLayer, created_by: str = "", diff_ids: int = 99) -> Image:
    """An image of *layers*, the first of which has a command."""
    history = [History(created_by=created_by)] if created_by else []
    config = render(
        ImageConfig(
            os="linux",
            architecture="amd64",
            history=history,
            rootfs=RootFS(diff_ids=[layer.diff_id for layer in layers][:diff_ids]),
        )
    )
    manifest = render(
        ImageManifest(
            config=config.descriptor(), layers=[layer.descriptor for layer in layers]
        )
    )
    blobs = {layer.descriptor.digest: layer.blob for layer in layers}
    return Image(manifest, config, blobs | {config.digest: config.raw})


def run(
    files: Files,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    *arguments: str,
) -> tuple[int, str, str]:
    """How the command ends, what it reports, and what it complains of."""
    code = command.main([str(write(files, tmp_path)), *arguments])
    return code, *capsys.readouterr()


def test_the_sample_is_shown_without_a_path(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Line by line: the documents, the steps, what they make, what is hidden."""
    assert 0 == command.main([])

    # A lower layer's link leads into what the last layer deletes.
    (dangling,) = sample_image().verify().findings
    # The digests of the first and last layer are of this zlib.
    shown = re.sub(
        r"(?m)^[0-9a-f]{12}(  (?!6412|a51e))",
        r"............\1",
        capsys.readouterr().out,
    )
    lines = shown.splitlines()
    assert [
        "a sample image that comes with ocilayers",
        "",
        "platform  linux/amd64",
        "",
        "layer         diff_id               stored     plain  made by",
        "............  619d7effbccb ok  ADD file:base in /",
        '-                                                     CMD ["/bin/sh"]',
        "c3f2e40648c0  641288b48190 ok        109 B    2.0 kB  COPY apple.txt /",
        "4ea489072183  a51ef6f18be9 ok         97 B    1.5 kB  RUN touch banana.txt /",
        "............  9bf2bcd820a4 ok  RUN rm -r /usr/share/doc",
        "",
        "contents  4 files, 5 directories, 1 symlink, 1 hard link, 0 others",
        "          66 B in files",
        "hidden    2 paths, 2.2 kB stored that nobody sees",
        "    2.2 kB  /usr/share/doc/README  of layer 0, hidden by layer 3",
        "       0 B  /usr/share/doc  of layer 0, hidden by layer 3",
        "findings  1",
        f"  note  dangling-symlink  {dangling.where}: {dangling.message}",
        "",
        "verified: every byte is what its digest promises",
    ] == [
        re.sub(r"ok  .*B  ", "ok  ", line) if line.startswith("....") else line
        for line in lines
        if not re.match("manifest|config", line)
    ]
    assert re.fullmatch(r"manifest  sha256:[0-9a-f]{64}", lines[2])
    assert re.fullmatch(r"config    sha256:[0-9a-f]{64}", lines[3])


def test_a_layout_and_an_archive_of_it_are_shown_alike(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """But for the path."""
    code, folder, _ = run(layout(ONE), tmp_path / "folder", capsys)
    file = tmp_path / "image.tar"
    file.write_bytes(tar_of_files(layout(ONE)))

    assert [0, 0] == [code, command.main([str(file)])]
    assert folder.splitlines()[1:] == capsys.readouterr().out.splitlines()[1:]
    assert f"config    {ONE.image_id}" in folder
    assert "hidden    nothing" in folder


@pytest.mark.parametrize(
    "arguments",
    [("--platform", "linux/arm64"), ("--ref", "2"), ("--ref", ARM.digest)],
    ids=["platform", "name", "digest"],
)
def test_an_image_is_chosen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    """As the library does it."""
    files = layout(ONE, ARM, names=["1", "2"])
    code, out, _ = run(files, tmp_path, capsys, *arguments)

    assert 0 == code
    assert f"manifest  {ARM.digest}" in out


@pytest.mark.parametrize(
    ("files", "arguments", "message"),
    [
        ({}, (), "index.json: no OCI image layout, found no such file"),
        (layout(ONE, ARM), (), "more than one image fits"),
        (layout(ONE), ("--ref", "x"), "there is no image of this name"),
        (layout(ONE), ("--platform", "/"), "no platform"),
        (
            {**layout(ONE), blob_name(ONE.digest): b"{"},
            (),
            "more or fewer bytes than promised",
        ),
    ],
    ids=["no-layout", "ambiguous", "no-name", "no-platform", "broken"],
)
def test_no_image_is_one_line_and_ends_with_2(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    files: Files,
    arguments: tuple[str, ...],
    message: str,
) -> None:
    """And nothing that could be taken for a report."""
    tmp_path.mkdir(exist_ok=True)
    code, out, err = run(files, tmp_path, capsys, *arguments)

    assert (2, "") == (code, out)
    assert 1 == len(err.splitlines())
    assert err.startswith(f"ocilayers: {tmp_path}: ")
    assert message in err


def test_a_path_that_is_not_there_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The system says why; the name is shown safely."""
    path = tmp_path / "a\x1b[31m"

    assert 2 == command.main([str(path)])
    assert (
        f"ocilayers: {tmp_path}/a\\x1b[31m: No such file or directory\n"
        == capsys.readouterr().err
    )


@pytest.mark.parametrize("arguments", [["--ref", "x"], ["--platform", "x"], ["a", "b"]])
def test_a_wrong_command_line_ends_with_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    """The sample is one image, so there is nothing to choose."""
    with pytest.raises(SystemExit) as end:
        command.main(arguments)

    assert 2 == end.value.code
    assert "usage: python -m ocilayers" in capsys.readouterr().err


def test_a_layer_that_does_not_verify_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The report says which, and shows no file system."""
    files = layout(ONE)
    files[LAYER] = files[LAYER].replace(b"one", b"eno")
    code, out, err = run(files, tmp_path, capsys)

    assert (1, "") == (code, err)
    assert f"{ONE.layers[0].descriptor.digest.hex[:12]}  " in out
    assert re.search(r"  [0-9a-f]{12} WRONG  ", out)
    assert re.search(
        r"\nfindings  1\n  error  digest-mismatch  layers\[0\] sha256:", out
    )
    assert "contents" not in out
    assert out.endswith("\nNOT VERIFIED: 1 layer of 1, see the findings\n")


def test_documents_that_do_not_agree_end_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Though every layer is what its descriptor says."""
    layer = LayerBuilder().file("a", b"1").build()
    files = layout(image_of(layer, layer, diff_ids=1))
    code, out, _ = run(files, tmp_path, capsys)

    assert 1 == code
    assert "  none ok  " in out
    assert "error  layers-mismatch  rootfs.diff_ids" in out
    assert out.endswith("\nNOT VERIFIED: see the findings\n")


@pytest.mark.hostile("names that are markup or move a cursor")
def test_what_strangers_wrote_is_shown_safely_and_short(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Commands and names move no cursor and fill no screen."""
    base = LayerBuilder().file("a\x1b[2J", b"1").file("b", b"1").build()
    top = LayerBuilder().whiteout("a\x1b[2J").build()
    image = image_of(base, top, created_by="RUN \x1b[2J" + "x" * 100)
    _, out, _ = run(layout(image), tmp_path, capsys)

    assert "\x1b" not in out
    assert "  RUN \\x1b[2J" + "x" * 58 + "...\n" in out
    assert "/a\\x1b[2J  of layer 0, hidden by layer 1" in out


def test_long_lists_are_cut_short(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The largest come first, and what is left is counted."""
    base, top = LayerBuilder(), LayerBuilder()
    for n in range(12):
        base.file(f"f{n}", b"x" * n)
        top.whiteout(f"f{n}")
    for n in range(30):
        top.whiteout(f"nothing{n}")
        top.add(Entry(f"dangling{n}", "hardlink", target="keep"))
    base.file("keep", b"").add(Entry("pipe", "fifo"))
    _, out, _ = run(layout(image_of(base.build(), top.build())), tmp_path, capsys)
    lines = out.splitlines()
    start = lines.index("hidden    12 paths, 66 B stored that nobody sees")

    assert "      11 B  /f11  of layer 0, hidden by layer 1" == lines[start + 1]
    assert "  and 2 more" == lines[start + 11]
    assert "1 file, 1 directory, 0 symlinks, 30 hard links, 1 other" in out
    found = int(re.findall(r"findings  (\d+)", out)[0])
    assert f"  and {found - 25} more" == lines[start + 12 + 26]


def test_progress_is_shown_where_somebody_waits(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On a terminal, for a large image; nothing is left of it at the end."""
    monkeypatch.setattr(command, "_LARGE_BYTES", 1)
    _, _, silent = run(layout(ONE), tmp_path, capsys)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    _, _, shown = run(layout(ONE), tmp_path, capsys)

    assert "" == silent
    assert "\r\x1b[Kreading 100% of 2.0 kB\r\x1b[K" == shown


def test_progress_of_one_percent_is_shown_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A terminal is slower than a disk."""
    monkeypatch.setattr(command, "_LARGE_BYTES", 1)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    one = LayerBuilder().file("a", b"1").build()
    two = LayerBuilder().file("b", bytes(1 << 20)).build(compression="none")
    _, _, shown = run(layout(image_of(two, one)), tmp_path, capsys)

    assert 1 == shown.count("reading 100%")
    assert shown.count("reading") <= 6


def test_a_terminal_of_few_letters_is_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it cannot show is escaped."""
    layer = LayerBuilder().file("a", b"1").build()
    root = write(layout(image_of(layer, created_by="COPY \u00e9 /")), tmp_path)
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, "ascii"))

    assert 0 == command.main([str(root)])
    sys.stdout.flush()
    assert b"COPY \\xe9 /" in raw.getvalue()


def test_any_stream_of_text_is_written_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Notebooks put their own in place."""
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)

    assert 0 == command.main([])
    assert "verified" in out.getvalue()


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (2_811_969, "2.8 MB"),
        (10**15 * 5, "5000.0 TB"),
    ],
)
def test_sizes_are_written_as_docker_does(count: int, text: str) -> None:
    """In steps of 1000."""
    assert text == command._size(count)


@pytest.mark.filterwarnings("ignore:'ocilayers.__main__' found in sys.modules")
def test_the_package_is_the_command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`python -m ocilayers`."""
    monkeypatch.setattr(sys, "argv", ["ocilayers"])
    with pytest.raises(SystemExit) as end:
        runpy.run_module("ocilayers", run_name="__main__")

    assert 0 == end.value.code
    assert "COPY apple.txt /" in capsys.readouterr().out


def test_a_finding_that_is_an_error_ends_with_1(tmp_path: Path) -> None:
    """Though every byte is what its digest promises: for CI both count."""
    files = {
        name: raw for name, raw in layout(small_image()).items() if name != "oci-layout"
    }

    assert 1 == command.main([str(write(files, tmp_path))])
