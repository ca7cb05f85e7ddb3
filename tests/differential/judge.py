"""Hold the merge against the kernel, umoci and Docker, for as many stacks as you like.

    python tests/differential/judge.py --stacks 100000
    python tests/differential/judge.py --tool umoci --stacks 2000
    python tests/differential/judge.py --tool docker --stacks 200

Needs root (overlayfs is mounted) and the shared folder; the last one also Debian's
`docker.io`, whose engine it starts and stops. Prints what differs and a line of
figures; exits with 1 if anything does.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeAlias

sys.path.append(str(Path(__file__).resolve().parent.parent))

from docker_engine import docker_engine, docker_verdict
from judges import judge, verdict
from stacks import random_stack

from ocilayers.tar.entry import Entry

SHARED = Path(
    os.environ.get("OCILAYERS_SHARED", Path(__file__).resolve().parents[3] / "shared")
)

Stack: TypeAlias = Sequence[Sequence[Entry]]
Verdict: TypeAlias = Callable[[Stack], list[str] | None]
"""Where a tool differs; None where it is not bound."""


@contextmanager
def verdicts(tool: str, oracle: Path, folder: Path) -> Iterator[Verdict]:
    """*tool*, running for as long as the block lasts."""
    if tool == "docker":
        with docker_engine(oracle, folder) as engine:
            yield lambda stack: docker_verdict(stack, engine.ask(stack))
        return
    profile = partial(verdict, profile="overlay" if tool == "case" else "sequential")
    with judge(oracle, folder) as asked:
        yield lambda stack: profile(stack, answer=asked.ask(tool, stack))


def main() -> int:
    """Judge random stacks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stacks", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--tool", choices=["case", "umoci", "docker"], default="case")
    parser.add_argument("--show", type=int, default=5)
    options = parser.parse_args()
    oracle = SHARED / "tools" / "overlay_oracle.py"
    judged = different = entries = 0
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as folder,
        verdicts(options.tool, oracle, Path(folder)) as judged_by,
    ):
        for n in range(options.seed, options.seed + options.stacks):
            stack = random_stack(random.Random(n))
            entries += sum(map(len, stack))
            found = judged_by(stack)
            judged += found is not None
            if found:
                different += 1
                if different <= options.show:
                    print(f"seed {n}:", *found, sep="\n  ")
    took = time.monotonic() - began
    print(
        f"{options.tool}: {options.stacks} stacks, {entries} entries,"
        f" {judged} judged, {different} different, {took:.0f} s"
    )
    return bool(different)


if __name__ == "__main__":
    sys.exit(main())
