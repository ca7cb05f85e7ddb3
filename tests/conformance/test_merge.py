"""What the measured cases say, in both profiles and both modes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest
from layers import entries_of, tar_of
from zoo import PEERS, ZOO, Case, Tree

from conftest import shared_root
from ocilayers.errors import OCILayersError
from ocilayers.tar.entry import Entry, Kind
from ocilayers.tree.filesystem import Filesystem
from ocilayers.tree.merge import merge
from ocilayers.tree.node import Node
from ocilayers.tree.stack import Profile

Row: TypeAlias = dict[str, Any]

_KINDS: Final[dict[str, str]] = {"dir": "directory"}
_DIRECTORY_TOOLS: Final = (
    "containerd-naive",
    "docker-naive",
    "storage-naive",
    "umoci",
)


def _rows(name: str) -> list[Row]:
    root = shared_root()
    if root is None:
        return []
    cases = json.loads((root / "conformance" / name).read_text("utf-8"))
    rows: list[Row] = cases["cases"] if isinstance(cases, dict) else cases
    return rows


def _named(rows: list[Row]) -> list[Any]:
    return [pytest.param(row, id=row["name"]) for row in rows]


_MEASURED = _rows("merge.json")
MEASURED = _named(_MEASURED)
METADATA = _named(_rows("merge_metadata.json"))
DISPUTED = _named(
    [row for row in _MEASURED if row["alternative"] and row["expected"] != "ERROR"]
)


def _entry(row: Row) -> Entry:
    facts: Row = {
        "uid": row.get("uid", 0),
        "gid": row.get("gid", 0),
        "mtime_ns": round(row.get("mtime", 1_600_000_000) * 10**6) * 1000,
    }
    if "mode" in row:
        facts["mode"] = row["mode"]
    if row["type"] == "file":
        facts["content"] = row.get("data", "").encode()
    if "devmajor" in row:
        facts["device"] = row["devmajor"], row["devminor"]
    if "xattrs" in row:
        facts["xattrs"] = {
            key: value.encode("latin-1") for key, value in row["xattrs"].items()
        }
    kind = Kind(_KINDS.get(row["type"], str(row["type"])))
    return Entry(row["path"], kind, target=row.get("linkname"), **facts)


def _layers(row: Row) -> list[list[Entry]]:
    return [[_entry(member) for member in layer] for layer in row["layers"]]


def _tree(fs: Filesystem) -> Tree:
    return {node.path[1:]: _what(node) for node in fs.walk() if node.path != "/"}


def _what(node: Node) -> str:
    match node.kind:
        case Kind.DIRECTORY:
            return "/"
        case Kind.FILE:
            return f"={node.read_text()}"
        case Kind.SYMLINK:
            return f"-> {node.target}"
        case Kind.CHAR if node.device:
            return "char {}:{}".format(*node.device)
        case _:
            return str(node.kind)


def _wanted(tree: Row) -> Tree:
    return {path: _wanted_one(node) for path, node in tree.items()}


def _wanted_one(node: Row) -> str:
    match node["type"]:
        case "dir":
            return "/"
        case "file":
            return f"={node['data']}"
        case "symlink":
            return f"-> {node['linkname']}"
        case "char":
            return f"char {node['devmajor']}:{node['devminor']}"
        case other:
            return str(other)


def _outcome(
    layers: list[list[Entry]] | tuple[tuple[Entry, ...], ...],
    *,
    profile: Profile = "overlay",
    strict: bool = False,
) -> Tree | str:
    try:
        return _tree(merge(layers, profile=profile, strict=strict))
    except OCILayersError as error:
        return f"ERROR {error}"


@pytest.mark.parametrize("row", MEASURED)
def test_the_overlay_profile_gives_the_tree_that_is_right(row: Row) -> None:
    """Whatever the nine tools made of it."""
    outcome = _outcome(_layers(row))

    if row["expected"] == "ERROR":
        assert str(outcome).startswith("ERROR")
    else:
        assert _wanted(row["expected"]) == outcome


@pytest.mark.parametrize("row", MEASURED)
def test_a_strict_reader_refuses_what_tools_disagree_about(row: Row) -> None:
    """And nothing else."""
    outcome = _outcome(_layers(row), strict=True)

    assert (row["strict"] == "error") == str(outcome).startswith("ERROR")


@pytest.mark.parametrize("row", MEASURED)
def test_an_archive_says_what_its_entries_say(row: Row) -> None:
    """The names go through the decoder of layers, and come out as the same tree."""
    tars = [tar_of(layer) for layer in _layers(row)]

    assert row["expected"] == "ERROR" or (
        _wanted(row["expected"]) == _tree(merge(map(entries_of, tars)))
    )
    assert (row["strict"] == "ok") == _is_strict(tars)


def _is_strict(tars: list[bytes]) -> bool:
    try:
        merge([entries_of(tar, strict=True) for tar in tars], strict=True)
    except OCILayersError:
        return False
    return True


@pytest.mark.parametrize("row", DISPUTED)
def test_a_stack_that_tools_read_in_two_ways_has_a_finding(row: Row) -> None:
    """So that nobody has to guess."""
    assert merge(_layers(row)).findings


@pytest.mark.parametrize("row", MEASURED)
def test_the_sequential_profile_does_what_directory_tools_agree_on(row: Row) -> None:
    """Where they don't, it is bound to nothing."""
    verdicts = {
        row["measured"][tool]
        for tool in _DIRECTORY_TOOLS
        if isinstance(row["measured"][tool], str)
    }
    outcome = _outcome(_layers(row), profile="sequential")
    if verdicts == {"as expected"} and row["expected"] != "ERROR":
        assert _wanted(row["expected"]) == outcome
    elif verdicts == {"as alternative"}:
        assert _wanted(row["alternative"]) == outcome
    elif all("error" in verdict for verdict in verdicts) and len(verdicts) == 4:
        assert str(outcome).startswith("ERROR")


@pytest.mark.parametrize("row", METADATA)
def test_attributes_are_those_that_the_layers_say(row: Row) -> None:
    """Replaced with their entry, kept without one, never the present time."""
    fs = merge(_layers(row), strict=True)

    for path, wanted in row["expected"].items():
        node = fs[f"/{path}"]
        told = {
            "mode": oct(node.mode),
            "uid": node.uid,
            "gid": node.gid,
            "mtime": node.mtime_ns / 10**9,
            "implied": node.implied,
            "xattrs": {
                name: value.decode("latin-1") for name, value in node.xattrs.items()
            },
        }
        if "hex" in str(wanted.get("xattrs")):
            told["xattrs"] = {
                name: f"{value.hex()} (hex)" for name, value in node.xattrs.items()
            }

        assert wanted == {name: told[name] for name in wanted}


CASES = ZOO | {name: case for name, (_, case) in PEERS.items()}
ROWS = [pytest.param(case, id=name) for name, case in CASES.items()]
IN_TWO_WAYS = [
    pytest.param(case, id=name)
    for name, case in CASES.items()
    if case.sequential is not None
]


@pytest.mark.parametrize("case", ROWS)
def test_the_zoo_is_read_right(case: Case) -> None:
    """In the overlay profile, lenient and strict."""
    lenient = _outcome(case.layers)
    strict = _outcome(case.layers, strict=True)

    if case.expected is None:
        assert str(lenient).startswith("ERROR")
    else:
        assert case.expected == lenient
    assert case.strict == str(strict).startswith("ERROR")


@pytest.mark.parametrize("case", ROWS)
def test_the_zoo_is_read_in_sequence_as_directory_tools_read_it(case: Case) -> None:
    """Another tree, a refusal, or the same as in the overlay profile."""
    outcome = _outcome(case.layers, profile="sequential")

    if case.expected is None or case.sequential == "":
        assert str(outcome).startswith("ERROR")
    else:
        assert (case.sequential or case.expected) == outcome


@pytest.mark.parametrize("case", IN_TWO_WAYS)
def test_where_the_profiles_differ_a_finding_says_so(case: Case) -> None:
    """In whichever profile one looks."""
    assert merge(case.layers).findings
    if case.sequential:
        assert merge(case.layers, profile="sequential").findings


def test_the_table_has_no_row_without_a_test(shared: Path) -> None:
    """135 stacks were measured: those of the shared folder, and those of the zoo."""
    measured = json.loads((shared / "conformance/merge.json").read_text("utf-8"))

    assert len({row["name"] for row in measured["cases"]} | ZOO.keys()) == 135
