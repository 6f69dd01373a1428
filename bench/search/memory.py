"""Resident memory of a long search, sampled every second: flat after the first minute?"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

import common
import problems


def resident_mb(pid: int) -> float:
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    except (OSError, ProcessLookupError):
        pass
    return 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--time", type=float, default=1800)
    parser.add_argument("--settle", type=float, default=60, help="seconds before it must be flat")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--extra", default="", help="more options of symlut fit")
    args = parser.parse_args()

    samples: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as name:
        train, _ = problems.problem_b().write(Path(name))
        process = subprocess.Popen([str(word) for word in (
            common.SYMLUT, "fit", train, "-o", Path(name) / "run", "--operators",
            problems.OPERATORS, "--time", f"{args.time:g}s", "--threads", args.threads, "--quiet",
            *args.extra.split())], stdout=subprocess.DEVNULL)
        start = time.monotonic()
        while process.poll() is None:
            samples.append((time.monotonic() - start, resident_mb(process.pid)))
            time.sleep(1)
    rows = [{"seconds": t, "resident_mb": mb} for t, mb in samples if mb]
    settled = np.array([(t, mb) for t, mb in samples if mb and t >= args.settle])
    facts = {"exit code": str(process.returncode)}
    if len(settled) > 2:
        slope = float(np.polyfit(settled[:, 0], settled[:, 1], 1)[0]) * 60
        facts["resident MB"] = (f"{settled[0, 1]:.1f} at {settled[0, 0]:.0f} s, "
                                f"{settled[-1, 1]:.1f} at the end, most {settled[:, 1].max():.1f}")
        facts["slope"] = f"{slope:.4f} MB a minute after {args.settle:g} s"
    print(common.write_results("search_memory", rows, facts))
    for key, value in facts.items():
        print(f"{key}: {value}")


if __name__ == "__main__":
    main()
