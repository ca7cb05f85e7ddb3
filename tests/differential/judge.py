"""Hold the merge against the kernel and umoci, for as many stacks as you have time.

    python tests/differential/judge.py --stacks 100000
    python tests/differential/judge.py --tool umoci --stacks 2000

Needs root (the oracle mounts overlayfs in a private namespace) and the shared
folder. Prints what differs and a line of figures; exits with 1 if anything does.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent))

from judges import judge, verdict
from stacks import random_stack

from ocilayers.tree.stack import Profile

SHARED = Path(
    os.environ.get("OCILAYERS_SHARED", Path(__file__).resolve().parents[3] / "shared")
)


def main() -> int:
    """Judge random stacks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stacks", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--tool", choices=["case", "umoci"], default="case")
    parser.add_argument("--show", type=int, default=5)
    options = parser.parse_args()
    oracle = SHARED / "tools" / "overlay_oracle.py"
    profile: Profile = "overlay" if options.tool == "case" else "sequential"
    judged = different = entries = 0
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as folder,
        judge(oracle, Path(folder)) as asked,
    ):
        for n in range(options.seed, options.seed + options.stacks):
            stack = random_stack(random.Random(n))
            entries += sum(map(len, stack))
            answer = asked.ask(options.tool, stack)
            found = verdict(stack, profile, answer)
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
