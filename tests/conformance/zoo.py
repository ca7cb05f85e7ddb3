"""Layer stacks that readers get wrong, as short as can be.

The rows here are those of the measured table that `conformance/merge.json` does not
have, built from their names and the notes beside them, and every fault of a peer that
was measured. `strict` says whether a strict reader refuses.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import attrs

from ocilayers.tar.entry import Entry, Kind

__all__ = ["PEERS", "ZOO", "Case", "Tree"]

Tree: TypeAlias = dict[str, str]
"""Path to what it is: `/` a directory, `-> x` a symlink, `=x` a file with content."""


@attrs.frozen
class Case:
    """One stack and what it makes.

    Attributes:
        layers: Bottom first, entries in archive order.
        expected: The tree of the overlay profile; None where it must be refused.
        strict: Whether a strict reader refuses.
        sequential: The tree of the sequential profile where it is another one; an
            empty text where it must be refused.
    """

    layers: tuple[tuple[Entry, ...], ...]
    expected: Tree | None
    strict: bool = False
    sequential: Tree | str | None = None


def d(path: str, mode: int = 0o755) -> Entry:
    """A directory."""
    return Entry(path, Kind.DIRECTORY, mode)


def f(path: str, content: str = "") -> Entry:
    """A file; whiteouts are written as their names."""
    return Entry(path, Kind.FILE, content=content.encode())


def s(path: str, target: str) -> Entry:
    """A symlink."""
    return Entry(path, Kind.SYMLINK, target=target)


def h(path: str, target: str) -> Entry:
    """A hard link."""
    return Entry(path, Kind.HARDLINK, target=target)


BASE: Final = (d("a/"), f("a/x", "ax"), d("a/sub/"), f("a/sub/y", "asy"), f("top", "T"))
_BASE_TREE: Final[Tree] = {
    "a": "/",
    "a/x": "=ax",
    "a/sub": "/",
    "a/sub/y": "=asy",
    "top": "=T",
}
_TOP: Final[Tree] = {"top": "=T"}


def _base(*without: str, **more: str) -> Tree:
    return {path: _BASE_TREE[path] for path in _BASE_TREE if path not in without} | more


def over_base(*upper: Entry) -> tuple[tuple[Entry, ...], ...]:
    """One layer on the usual base."""
    return BASE, upper


_OPQ: Final = ".wh..wh..opq"
_MOBY: Final = (
    f(".baz"),
    d("bar/"),
    f("bar/bax"),
    d("bar/bay/"),
    f("baz"),
    d("foo/"),
    f("foo/.abc"),
    d("foo/.bcd/"),
    f("foo/.bcd/a"),
    d("foo/cde/"),
    f("foo/cde/def"),
    f("foo/cde/efg"),
    f("foo/fgh"),
    f("foobar"),
)
_SPEC: Final = (
    d("./"),
    d("./etc/"),
    f("./etc/my-app-config", "1"),
    d("./bin/"),
    f("./bin/my-app-binary", "1"),
    f("./bin/my-app-tools", "1"),
    d("./bin/tools/"),
    f("./bin/tools/my-app-tool-one", "1"),
)
_ABC: Final = (d("a/"), d("a/b/"), d("a/b/c/"), f("a/b/c/bar", "bar"))

ZOO: Final[dict[str, Case]] = {
    # --- whiteouts
    "wh-absolute-prefix": Case(over_base(f("/a/.wh.x")), _base("a/x")),
    "wh-file-with-parent-entry": Case(over_base(d("a/"), f("a/.wh.x")), _base("a/x")),
    "wh-top-file": Case(over_base(f(".wh.top")), _base("top")),
    "wh-nested-dir": Case(over_base(f("a/.wh.sub")), _base("a/sub", "a/sub/y")),
    "wh-missing-target": Case(over_base(f("a/.wh.none")), _base()),
    "wh-under-lower-file": Case(over_base(f("top/.wh.x")), _base()),
    "wh-then-same-file": Case(
        over_base(f("a/.wh.x"), f("a/x", "n")), _base("a/x") | {"a/x": "=n"}
    ),
    "child-then-wh-parent": Case(
        over_base(f("a/n", "N"), f(".wh.a")), _TOP | {"a": "/", "a/n": "=N"}
    ),
    "wh-child-and-wh-parent": Case(over_base(f("a/.wh.x"), f(".wh.a")), _TOP),
    "wh-file-new-dir-same-name": Case(
        over_base(f(".wh.top"), d("top/"), f("top/1", "1")),
        _base("top") | {"top": "/", "top/1": "=1"},
    ),
    "new-file-and-wh-base-layer": Case(((f("k", "1"), f(".wh.k")),), {"k": "=1"}),
    "wh-dir-then-implicit-readd-later": Case(
        (BASE, (f(".wh.a"),), (f("a/z", "Z"),)), _TOP | {"a": "/", "a/z": "=Z"}
    ),
    "wh-empty-name-root": Case(over_base(f(".wh.")), None, strict=True),
    "wh-dot": Case(over_base(f("a/.wh..")), None, strict=True),
    # --- opaque marks
    "opq-first": Case(
        over_base(f(f"a/{_OPQ}"), d("a/"), f("a/n", "N")),
        _TOP | {"a": "/", "a/n": "=N"},
    ),
    "opq-last": Case(
        over_base(d("a/"), f("a/n", "N"), f(f"a/{_OPQ}")),
        _TOP | {"a": "/", "a/n": "=N"},
    ),
    "opq-middle": Case(
        over_base(d("a/"), f("a/m", "M"), f(f"a/{_OPQ}"), f("a/n", "N")),
        _TOP | {"a": "/", "a/m": "=M", "a/n": "=N"},
    ),
    "opq-last-implied-subdir": Case(
        over_base(d("a/"), f("a/sub/n", "N"), f(f"a/{_OPQ}")),
        _TOP | {"a": "/", "a/sub": "/", "a/sub/n": "=N"},
    ),
    "opq-last-implied-new-subdir": Case(
        over_base(d("a/"), f("a/new/n", "N"), f(f"a/{_OPQ}")),
        _TOP | {"a": "/", "a/new": "/", "a/new/n": "=N"},
    ),
    "opq-then-wh-sibling": Case(
        over_base(d("a/"), f(f"a/{_OPQ}"), f(".wh.top")), {"a": "/"}
    ),
    "opq-nested-only": Case(over_base(f(f"a/sub/{_OPQ}")), _base("a/sub/y")),
    "opq-in-base-layer": Case(
        ((d("a/"), f(f"a/{_OPQ}"), f("a/x", "1")),), {"a": "/", "a/x": "=1"}
    ),
    "opq-three-layers": Case(
        (BASE, (f("a/2", "2"),), (d("a/"), f(f"a/{_OPQ}"), f("a/3", "3"))),
        _TOP | {"a": "/", "a/3": "=3"},
    ),
    "opq-file-prefix-name": Case(over_base(f("a/.wh..wh..opqx")), _base()),
    "opq-over-lower-file": Case(
        over_base(f(f"top/{_OPQ}"), f("top/1", "1")),
        _base("top") | {"top": "/", "top/1": "=1"},
        strict=True,
        sequential="",
    ),
    "opq-over-lower-symlink": Case(
        (
            (d("t/"), f("t/1", "1"), s("a", "t")),
            (d("a/"), f(f"a/{_OPQ}"), f("a/n", "N")),
        ),
        {"t": "/", "t/1": "=1", "a": "/", "a/n": "=N"},
    ),
    "opq-symlink-no-dir-entry": Case(
        ((d("t/"), f("t/1", "1"), s("a", "t")), (f(f"a/{_OPQ}"),)),
        {"t": "/", "t/1": "=1", "a": "/"},
        sequential={"t": "/", "a": "-> t"},
    ),
    # --- what AUFS left behind
    "aufs-metadata": Case(
        over_base(f(".wh..wh.aufs"), d(".wh..wh.orph/"), d(".wh..wh.plnk/")), _base()
    ),
    "aufs-plnk-hardlink": Case(
        (
            (
                d(".wh..wh.plnk/"),
                f(".wh..wh.plnk/123.456", "P"),
                h("p", ".wh..wh.plnk/123.456"),
                h("q", ".wh..wh.plnk/123.456"),
            ),
        ),
        {"p": "=P", "q": "=P"},
    ),
    # --- replacing
    "add-file": Case(over_base(f("a/n", "N")), _base(**{"a/n": "=N"})),
    "modify-file": Case(over_base(f("top", "U")), _base("top", top="=U")),
    "same-content-restated": Case(over_base(f("top", "T")), _base()),
    "file-replaces-dir": Case(over_base(f("a", "F")), _TOP | {"a": "=F"}),
    "symlink-replaces-dir": Case(over_base(s("a", "top")), _TOP | {"a": "-> top"}),
    "chardev-0-0": Case(
        over_base(Entry("top", Kind.CHAR, device=(0, 0))),
        _base("top", top="char 0:0"),
        strict=True,
    ),
    # --- parents
    "missing-parent": Case(
        ((f("p/q/r", "R"),),), {"p": "/", "p/q": "/", "p/q/r": "=R"}
    ),
    "parent-is-lower-file": Case(
        over_base(f("top/1", "1")),
        _base("top") | {"top": "/", "top/1": "=1"},
        strict=True,
        sequential="",
    ),
    "parent-is-lower-abs-symlink-to-dir": Case(
        ((d("usr/"), d("usr/bin/"), s("bin", "/usr/bin")), (f("bin/new", "N"),)),
        {"usr": "/", "usr/bin": "/", "bin": "/", "bin/new": "=N"},
        sequential={
            "usr": "/",
            "usr/bin": "/",
            "usr/bin/new": "=N",
            "bin": "-> /usr/bin",
        },
    ),
    "parent-is-same-layer-escaping-symlink": Case(
        ((d("etc/"), s("l", "../../etc"), f("l/new", "N")),),
        {"etc": "/", "etc/new": "=N", "l": "-> ../../etc"},
        strict=True,
    ),
    # --- hard links
    "hl-same-layer": Case(((f("p", "P"), h("q", "p")),), {"p": "=P", "q": "=P"}),
    "hl-same-layer-abs-target": Case(
        ((f("p", "P"), h("q", "/p")),), {"p": "=P", "q": "=P"}
    ),
    "hl-over-existing-file": Case(
        over_base(f("p", "P"), h("top", "p")), _base("top", top="=P", p="=P")
    ),
    "hl-to-lower-layer": Case(over_base(h("q", "top")), _base(q="=T"), strict=True),
    "hl-to-lower-then-target-replaced": Case(
        over_base(h("q", "top"), f("top", "new")),
        _base("top", top="=new", q="=new"),
        strict=True,
        sequential=_base("top", top="=new", q="=T"),
    ),
    "hl-target-wh-after": Case(
        over_base(h("q", "top"), f(".wh.top")), _base("top", q="=T"), strict=True
    ),
    "hl-forward-reference": Case(
        ((h("q", "p"), f("p", "P")),),
        {"p": "=P", "q": "=P"},
        strict=True,
        sequential="",
    ),
    "hl-missing-target": Case(((h("q", "none"),),), None, strict=True),
    # --- names
    "absolute-names": Case(((d("/a/"), f("/a/x", "1")),), {"a": "/", "a/x": "=1"}),
    "space-and-newline-names": Case(
        ((f(" a", "1"), f("a ", "2"), f("a\nb", "3")), (f(".wh. a"),)),
        {"a ": "=2", "a\nb": "=3"},
    ),
    "root-entry": Case(((d("./", mode=0o700), f("x", "1")),), {"x": "=1"}),
    "backslash-name": Case(
        ((f("\\a", "1"), f("a\\b", "2")),), {"\\a": "=1", "a\\b": "=2"}
    ),
    "long-name": Case(
        ((f("d" * 200 + "/" + "f" * 200, "1"),),),
        {"d" * 200: "/", "d" * 200 + "/" + "f" * 200: "=1"},
    ),
    # --- the examples of the specification, and of moby's own tests
    "spec-example-whiteouts": Case(
        (_SPEC, (d("./bin/"), f("./bin/.wh.my-app-tools"))),
        {
            "etc": "/",
            "etc/my-app-config": "=1",
            "bin": "/",
            "bin/my-app-binary": "=1",
            "bin/tools": "/",
            "bin/tools/my-app-tool-one": "=1",
        },
    ),
    "spec-example-opaque-bin": Case(
        (_SPEC, (d("./bin/"), f(f"./bin/{_OPQ}"))),
        {"etc": "/", "etc/my-app-config": "=1", "bin": "/"},
    ),
    "spec-example-explicit-bin": Case(
        (
            _SPEC,
            (
                d("./bin/"),
                f("./bin/.wh.my-app-binary"),
                f("./bin/.wh.my-app-tools"),
                f("./bin/.wh.tools"),
            ),
        ),
        {"etc": "/", "etc/my-app-config": "=1", "bin": "/"},
    ),
    "spec-example-abc-opq-last": Case(
        (
            _ABC,
            (d("a/"), d("a/b/"), d("a/b/c/"), f("a/b/c/foo", "foo"), f(f"a/{_OPQ}")),
        ),
        {"a": "/", "a/b": "/", "a/b/c": "/", "a/b/c/foo": "=foo"},
    ),
    "spec-example-changeset": Case(
        (
            _SPEC,
            (
                d("./etc/my-app.d/"),
                f("./etc/my-app.d/default.cfg", "2"),
                f("./bin/my-app-tools", "2"),
                f("./etc/.wh.my-app-config"),
            ),
        ),
        {
            "etc": "/",
            "etc/my-app.d": "/",
            "etc/my-app.d/default.cfg": "=2",
            "bin": "/",
            "bin/my-app-binary": "=1",
            "bin/my-app-tools": "=2",
            "bin/tools": "/",
            "bin/tools/my-app-tool-one": "=1",
        },
    ),
    "moby-apply-whiteouts-2": Case(
        (
            _MOBY,
            (
                f(".bay"),
                f(".wh.baz"),
                d("foo/"),
                f("foo/.bce"),
                f(f"foo/{_OPQ}"),
                d("foo/cde/"),
                f("foo/cde/efg"),
            ),
        ),
        {
            ".bay": "=",
            ".baz": "=",
            "bar": "/",
            "bar/bax": "=",
            "bar/bay": "/",
            "foo": "/",
            "foo/.bce": "=",
            "foo/cde": "/",
            "foo/cde/efg": "=",
            "foobar": "=",
        },
    ),
}
"""By the names of the measured table."""

PEERS: Final[dict[str, tuple[str, Case]]] = {
    "a hard link outlives its first name": (
        "go-containerregistry dangles, oci-squash loses the file",
        Case(((f("a", "x"), h("b", "a")), (f(".wh.a"),)), {"b": "=x"}),
    ),
    "writing one name of an inode leaves the other": (
        "go-containerregistry and oci-squash show the new content under both",
        Case(
            ((f("t1", "123"), h("t3", "t1")), (f("t1", "456"),)),
            {"t1": "=456", "t3": "=123"},
        ),
    ),
    "a whiteout beside the new file": (
        "go-containerregistry shows nothing",
        Case(((f("foo"),), (f(".wh.foo"), f("foo", "new"))), {"foo": "=new"}),
    ),
    "a whiteout beside the new directory": (
        "go-containerregistry and oci-squash show nothing",
        Case(
            ((d("d/"), f("d/a", "1")), (f(".wh.d"), d("d/"), f("d/b", "2"))),
            {"d": "/", "d/b": "=2"},
        ),
    ),
    "the last of two entries counts": (
        "go-containerregistry and oci-squash show the first",
        Case(((f("p", "1"), f("p", "2")),), {"p": "=2"}, strict=True),
    ),
    "a whiteout of nothing is refused": (
        "go-containerregistry erases the directory, umoci 0.4.7 the whole root",
        Case(((d("etc/"), f("etc/a", "1")), (f("etc/.wh."),)), None, strict=True),
    ),
    "something below a lower file": (
        "go-containerregistry writes an archive with a file and entries below it",
        Case(
            ((f("p", "1"),), (f("p/q", "2"),)),
            {"p": "/", "p/q": "=2"},
            strict=True,
            sequential="",
        ),
    ),
    "a name that begins with a backslash": (
        "go-containerregistry refuses it",
        Case(((f("\\x", "1"),),), {"\\x": "=1"}),
    ),
    "a name that holds the letters of a whiteout": (
        "oci-squash drops the file",
        Case(((f("x.wh.y", "1"),),), {"x.wh.y": "=1"}),
    ),
    "a whiteout of a directory takes what is in it": (
        "dockerlens leaves the files",
        Case(((d("d/"), f("d/f", "1")), (f(".wh.d"),)), {}),
    ),
    "an opaque directory": (
        "dive, diffoci, osv-scalibr, container-inspector and dissect.target know none",
        Case(
            ((d("d/"), f("d/f", "1")), (d("d/"), f(f"d/{_OPQ}"), f("d/g", "2"))),
            {"d": "/", "d/g": "=2"},
        ),
    ),
    "an opaque mark over a symlink leaves what it leads to": (
        "stereoscope emptied the target",
        Case(
            ((d("t/"), f("t/1", "1"), s("l", "t")), (d("l/"), f(f"l/{_OPQ}"))),
            {"t": "/", "t/1": "=1", "l": "/"},
        ),
    ),
    "spaces at the edge of a name are part of it": (
        "stereoscope trims them",
        Case(((f(" a", "1"), f("a", "2")),), {" a": "=1", "a": "=2"}),
    ),
}
"""Measured faults of peers: what happened there, and the stack."""
