"""Change one thing at a time in a floor, and see whether its tests notice.

    python tests/mutations.py --floor tree
    python tests/mutations.py --floor tar --most 500 --survivors survivors.txt

Needs `mutmut` (the group `mutate` of pyproject.toml). It works on a copy. With `--most`
only so many mutants are tried, drawn by `--seed`; a mutant that ends in a timeout was
noticed, one that no test reaches was not.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
#: The tests that have to notice, beside those of the floor itself.
FLOORS = {
    "spec": ["documents", "names"],
    "codec": ["codec"],
    "tar": ["tar"],
    "tree": ["merge", "findings"],
}
# What counts calls or time would count those of mutmut too. A mutant that waits for
# ever is given some times as long as its tests took, not the fifteen that is usual.
SETTINGS = """
[tool.mutmut]
source_paths = ["ocilayers"]
only_mutate = ["ocilayers/{floor}/*"]
also_copy = ["docs", "ocilayers", "benchmarks", "README.md", "CHANGELOG.md"]
pytest_add_cli_args_test_selection = {tests}
pytest_add_cli_args = [
  "-p", "no:cacheprovider", "-p", "no:randomly", "-x",
  "-k", "not cost and not linear_time",
]
timeout_multiplier = 4
timeout_constant = 2
"""
#: Exit codes of pytest, and of what mutmut does with a process that takes too long.
MEANING = {0: "survived", 1: "noticed", 3: "noticed", 5: "no test", 33: "no test"}
MEANING |= dict.fromkeys((36, 24, -24, 152, 255, -9), "timeout")
COLUMNS = ("mutants", "tried", "noticed", "timeout", "survived", "no test", "score")
NOTICED = {"noticed", "timeout"}


def main() -> int:
    """Try the mutants of one floor after another, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--floor", action="append", choices=FLOORS, help="all without")
    parser.add_argument("--most", type=int, help="mutants for each floor")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--survivors", type=Path, help="a file for what was changed")
    options = parser.parse_args()
    print(f"| floor | {' | '.join(COLUMNS)} |")
    print(f"| ---{' | ---:' * len(COLUMNS)} |")
    for floor in options.floor or FLOORS:
        with tempfile.TemporaryDirectory() as folder:
            copy = _copy(floor, Path(folder) / "copy")
            # The name of no mutant: all are made, and none is tried.
            _mutmut(copy, options.jobs, "none")
            names = sorted(_outcomes(copy))
            chosen = random.Random(options.seed).sample(
                names, min(options.most or len(names), len(names))
            )
            told = _mutmut(copy, options.jobs, *chosen)
            found = {name: _outcomes(copy)[name] for name in chosen}
            if "not tried" in found.values():
                raise RuntimeError(f"mutmut did not try all of them: {told[-2000:]}")
            print(_row(floor, len(names), Counter(found.values())), flush=True)
            if options.survivors:
                missed = sorted(n for n in found if found[n] not in NOTICED)
                with options.survivors.open("a") as file:
                    file.writelines(_shown(copy, missed))
    return 0


def _copy(floor: str, folder: Path) -> Path:
    listed = ["git", "ls-files", "-z"]
    names = subprocess.run(
        listed, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    for name in filter(None, names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    with (folder / "pyproject.toml").open("a") as file:
        cases = [f"tests/conformance/test_{name}.py" for name in FLOORS[floor]]
        tests = json.dumps([f"tests/{floor}", *cases])
        file.write(SETTINGS.format(floor=floor, tests=tests))
    return folder


def _mutmut(copy: Path, jobs: int, *names: str) -> str:
    """What it printed, which is an error where it is asked for no mutant."""
    shared = os.environ.get("OCILAYERS_SHARED", str(ROOT.parent / "shared"))
    done = subprocess.run(
        [sys.executable, "-m", "mutmut", "run", "--max-children", str(jobs), *names],
        cwd=copy,
        env={**os.environ, "OCILAYERS_SHARED": shared, "HYPOTHESIS_PROFILE": "fast"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def _outcomes(copy: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in (copy / "mutants" / "ocilayers").rglob("*.meta"):
        codes = json.loads(path.read_text())["exit_code_by_key"]
        found |= {name: MEANING.get(code, "not tried") for name, code in codes.items()}
    if not found:
        raise RuntimeError("mutmut made no mutants")
    return found


def _row(floor: str, mutants: int, counts: Counter[str]) -> str:
    tried = sum(counts.values())
    noticed = sum(counts[name] for name in NOTICED)
    return (
        f"| `{floor}/` | {mutants:,} | {tried:,} | {counts['noticed']:,}"
        f" | {counts['timeout']} | {counts['survived']} | {counts['no test']}"
        f" | {noticed / tried:.1%} |"
    )


def _shown(copy: Path, names: list[str]) -> Iterator[str]:
    for name in names:
        done = subprocess.run(
            [sys.executable, "-m", "mutmut", "show", name],
            cwd=copy,
            capture_output=True,
            text=True,
            check=True,
        )
        yield done.stdout + "\n"


if __name__ == "__main__":
    sys.exit(main())
