"""Fuzz every door for as long as you have time, and print what came of it.

    python tests/fuzz/fuzz.py --minutes 60
    python tests/fuzz/fuzz.py --minutes 5 --target tar --target gzip --jobs 2
    python tests/fuzz/fuzz.py --minutes 60 --corpus ../corpus

Needs `atheris` (the group `fuzz` of pyproject.toml). An input that breaks a promise is
kept in the folder `found` beside this file; its name begins with its target, and the
tests replay it from then on. With `--corpus`, what reached new branches is kept there,
and the next run goes on from it. `CPU minutes` is what the machine gave to a target.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

FOUND = HERE / "found"
MAX_BYTES = {"merge": 256}
MAX_BYTES_OF_OTHERS = 1 << 16
MEMORY_MB = 1024
TIMEOUT_SECONDS = 20


def main() -> int:
    """Run each target in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1, help="for each target")
    parser.add_argument("--target", action="append", help="all without it")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--corpus", type=Path, help="a folder to keep and go on from")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        return _fuzz(options.one, options.minutes, options.corpus)
    from fuzz_targets import TARGETS  # noqa: PLC0415 - the child instruments it

    print("| target | CPU minutes | inputs | inputs/s | branches | broken |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    broken = 0
    with ThreadPoolExecutor(options.jobs) as pool:
        for line, bad in pool.map(
            lambda name: _run(name, options.minutes, options.corpus),
            options.target or TARGETS,
        ):
            print(line, flush=True)
            broken += bad
    return min(broken, 1)


def _run(target: str, minutes: float, corpus: Path | None) -> tuple[str, int]:
    before = set(FOUND.glob(f"{target}-*"))
    command = [sys.executable, __file__, "--one", target, "--minutes", str(minutes)]
    if corpus is not None:
        command += ["--corpus", str(corpus)]
    with tempfile.TemporaryFile("w+", errors="replace") as stderr:
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=stderr)
        # Only this call tells the time of one child, not of all together.
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        stderr.seek(0)
        told = stderr.read()
    took = used.ru_utime + used.ru_stime
    runs = [int(n) for n in re.findall(r"#(\d+)\s", told)]
    seen = [int(n) for n in re.findall(r"cov: (\d+)", told)]
    if not runs:
        raise RuntimeError(told[-2000:])
    new = set(FOUND.glob(f"{target}-*")) - before
    if new:
        print(told[-3000:], file=sys.stderr)
    line = (
        f"| {target} | {took / 60:.1f} | {runs[-1]:,} | {runs[-1] / took:,.0f}"
        f" | {max(seen, default=0)} | {len(new)} |"
    )
    return line, len(new)


def _fuzz(target: str, minutes: float, corpus: Path | None) -> int:
    import atheris  # noqa: PLC0415 - only the child needs it

    with atheris.instrument_imports(include=["ocilayers"]):
        from fuzz_seeds import seeds  # noqa: PLC0415 - instrumented
        from fuzz_targets import TARGETS  # noqa: PLC0415 - instrumented

    FOUND.mkdir(exist_ok=True)
    with contextlib.ExitStack() as stack:
        if corpus is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        else:
            folder = corpus / target
            folder.mkdir(parents=True, exist_ok=True)
        for n, seed in enumerate(seeds(target)):
            (folder / f"seed{n}").write_bytes(seed)
        atheris.Setup(
            [
                sys.argv[0],
                str(folder),
                f"-max_total_time={int(minutes * 60)}",
                f"-max_len={MAX_BYTES.get(target, MAX_BYTES_OF_OTHERS)}",
                f"-rss_limit_mb={MEMORY_MB}",
                f"-timeout={TIMEOUT_SECONDS}",
                f"-artifact_prefix={FOUND}/{target}-",
                "-print_final_stats=1",
            ],
            TARGETS[target],
        )
        atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
