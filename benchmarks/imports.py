"""What it costs to import this library, piece by piece, beside its peers.

Run `python benchmarks/imports.py`; it prints a Markdown table of CPU time in
milliseconds over a bare interpreter. Each import is a process of its own, all of them
in turns. The least of all rounds is what it takes, the median what this machine made
of it.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
from importlib.util import find_spec

NOTHING = "pass"
DOCUMENT = b'{"imageLayoutVersion": "1.0.0"}'
IMAGE = "ocilayers.Image, ocilayers.open_layout"
MODELS = "ocilayers.ImageManifest, ocilayers.ImageIndex, ocilayers.ImageConfig"
IMPORTS = {
    "the root": "import ocilayers",
    "attrs alone": "import attrs",
    "ImageManifest": "import attrs, ocilayers; ocilayers.ImageManifest",
    "manifest, index and config": f"import attrs, ocilayers; {MODELS}",
    "all that reads a document": f"import ocilayers; ocilayers.parse({DOCUMENT!r})",
    "all that opens an image": f"import ocilayers; {IMAGE}",
    "opencontainers": "import opencontainers.image.v1",
    "oras": "import oras.client",
    "msgspec": "import msgspec",
    "pydantic": "import pydantic; pydantic.BaseModel",
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    print(f"{platform.python_implementation()} {platform.python_version()},", end=" ")
    print(f"{platform.machine()}; {options.rounds} rounds\n")
    taken: dict[str, list[float]] = {}
    # The first round writes the bytecode of everything.
    for _ in range(options.rounds + 1):
        for name, statement in {NOTHING: NOTHING, **IMPORTS}.items():
            if is_installed(statement):
                taken.setdefault(name, []).append(cpu_seconds(statement))
    bare = taken.pop(NOTHING)[1:]
    print("| import | least, ms | median, ms | times attrs |")
    print("| --- | ---: | ---: | ---: |")
    attrs = min(taken["attrs alone"][1:]) - min(bare)
    for name, seconds in taken.items():
        least = min(seconds[1:]) - min(bare)
        median = statistics.median(seconds[1:]) - statistics.median(bare)
        print(
            f"| {name} | {least * 1e3:.1f} | {median * 1e3:.1f} | {least / attrs:.2f} |"
        )


def is_installed(statement: str) -> bool:
    """Whether what it imports is there."""
    if statement == NOTHING:
        return True
    package = statement.removeprefix("import ").partition(";")[0].partition(".")[0]
    return all(find_spec(name) for name in package.split(", "))


def cpu_seconds(statement: str) -> float:
    """What a process that does *statement* and nothing else takes."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    child = subprocess.Popen([sys.executable, "-c", statement], env=kept)
    # Only this call tells the time of one child, not of all together.
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, statement)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
