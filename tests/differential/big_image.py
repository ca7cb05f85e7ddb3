"""Hold the file system of a large image against the kernel, all of it.

    bash shared/tools/make_big_image.sh OUT
    python tests/differential/big_image.py OUT/oci-gzip

Takes an OCI layout with one image. Needs root (overlayfs is mounted), memory for what
the layers hold, and the shared folder. Prints what differs and a table of figures;
exits with 1 if anything differs.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

sys.path.append(str(Path(__file__).resolve().parent.parent))

from judges import Answer, differences

from ocilayers import Image, open_layout

SHARED = Path(
    os.environ.get("OCILAYERS_SHARED", Path(__file__).resolve().parents[3] / "shared")
)

#: The oracle gives a case five seconds: enough for all others.
_KERNEL: Final = """
import importlib.util, json, sys
spec = importlib.util.spec_from_file_location("oracle", sys.argv[1])
oracle = importlib.util.module_from_spec(spec)
spec.loader.exec_module(oracle)
oracle.signal.alarm = lambda seconds: None
with oracle.Oracle() as judge:
    json.dump(judge.case(sys.argv[2:]), sys.stdout)
"""

_OURS: Final = """
import pathlib, re, sys, time
from concurrent.futures import ThreadPoolExecutor
import ocilayers
began = time.perf_counter()
image = ocilayers.open_layout(pathlib.Path(sys.argv[1]))
with ThreadPoolExecutor(1) as pool:
    fs = image.filesystem(content=sys.argv[2], executor=pool)
read = time.perf_counter() - began
# What getrusage says would be that of the process that started this one.
peak = int(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1]) >> 10
print(f"| `{sys.argv[2]}` | {len(fs):,} | {read:.2f} | {peak:,} |")
"""


def main() -> int:
    """Ask the kernel, and say where we differ and what it cost us."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("layout", type=Path)
    parser.add_argument("--show", type=int, default=20)
    options = parser.parse_args()
    image = open_layout(options.layout)
    found = _compare(image, _kernel(image, options.layout))
    print(*found[: options.show], sep="\n")
    print(f"{len(found)} differences\n")
    print(
        "| content | paths | s | peak, MiB |", "| --- | ---: | ---: | ---: |", sep="\n"
    )
    for content in ("lazy", "none"):
        _run(_OURS, [str(options.layout), content], stdout=None)
    return bool(found)


def _kernel(image: Image, root: Path) -> Answer:
    oracle = SHARED / "tools" / "overlay_oracle.py"
    digests = [layer.descriptor.digest for layer in image.layers]
    blobs = [str(root / "blobs" / d.algorithm / d.encoded) for d in digests]
    answer: Answer = json.loads(_run(_KERNEL, [str(oracle), *blobs]))
    return answer


def _compare(image: Image, answer: Answer) -> list[str]:
    # Of the layers of zstd that most tools make, each lazy read costs all before it.
    fs = image.filesystem(content="memory")
    kernel = len(answer.get("entries", ()))
    linked = len(answer.get("hardlinks", ()))
    print(f"{len(fs) - 1} paths here, {kernel} there; {linked} inodes with many names")
    return differences(fs, answer)


def _run(
    script: str, arguments: Sequence[str], stdout: int | None = subprocess.PIPE
) -> str:
    sys.stdout.flush()
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.run(command, stdout=stdout, text=True, check=True).stdout or ""


if __name__ == "__main__":
    sys.exit(main())
