"""The floors: the contract that checks them leaves nobody out."""

from __future__ import annotations

import tomllib
from pathlib import Path

from floors import floors

ROOT = Path(__file__).resolve().parents[2]
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CONTRACTS = {
    contract["id"]: contract for contract in CONFIG["tool"]["importlinter"]["contracts"]
}
FLOORS = [name for floor in floors(ROOT / "pyproject.toml") for name in floor]


def test_every_folder_and_file_has_a_floor() -> None:
    """A new one must be given its place before it can be imported."""
    there = {
        path.stem
        for path in (ROOT / "ocilayers").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }

    assert there - {"__init__", "__main__"} == set(FLOORS)
    assert CONTRACTS["floors"]["exhaustive"] is True


def test_the_whole_package_is_forbidden_to_do_io() -> None:
    """The contract speaks of the package, not of some folders."""
    contract = CONTRACTS["no-io"]

    assert contract["source_modules"] == ["ocilayers"]
    assert {"os", "pathlib", "socket", "subprocess", "threading", "time"} <= set(
        contract["forbidden_modules"]
    )


def test_optional_packages_stay_on_the_floor_of_faces() -> None:
    """Every folder below it is named, so that none imports them unseen."""
    faces = {"interop", "strategies"}
    folders = {name for name in FLOORS if (ROOT / "ocilayers" / name).is_dir()}

    assert {f"ocilayers.{name}" for name in folders - faces} == set(
        CONTRACTS["optional"]["source_modules"]
    )


def test_the_picture_in_the_readme_shows_every_floor() -> None:
    """It is text, so it can go stale."""
    readme = (ROOT / "README.md").read_text("utf-8")
    picture = readme.partition("```text\n")[2].partition("```")[0]

    public = {name for name in FLOORS if not name.startswith("_")}

    assert public <= set(picture.replace("/", " ").split())
