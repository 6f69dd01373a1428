"""Speed-up from 1 to 2 threads on problem B under an evaluation limit, and that the front has the
same bytes for 1, 2, 4 and 8 threads."""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

import common
import engines
import problems


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--evaluations", type=int, default=2_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--extra", default="", help="more options of symlut fit")
    args = parser.parse_args()

    problem = problems.problem_b()
    rows: list[dict[str, object]] = []
    fronts: set[bytes] = set()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for repeat in range(args.repeats):
            for threads in (1, 2) if repeat else (1, 2, 4, 8):
                result = engines.symlut(problem, folder, problems.OPERATORS, 1, threads=threads,
                                        evaluations=args.evaluations, extra=args.extra.split())
                if result.note:
                    common.fail(result.note)
                fronts.add((folder / "run" / "front.csv").read_bytes())
                rows.append({"threads": threads, "repeat": repeat, "seconds": result.seconds,
                             "wall": result.wall, "candidates": result.candidates})
                common.print_table(rows[-1:])
    one, two = (statistics.median(float(str(r["seconds"])) for r in rows if r["threads"] == t)
                for t in (1, 2))
    facts = {"speed-up from 1 to 2 threads": f"{one / two:.3f}",
             "different fronts": f"{len(fronts)} (1: the same bytes for all threads)"}
    print(common.write_results("search_scaling", rows, facts))
    for key, value in facts.items():
        print(f"{key}: {value}")


if __name__ == "__main__":
    main()
