"""Speed-up from 1 to 2 threads on problem B under an evaluation limit, beside what the machine itself
allows (two processes of one thread side by side against one alone), and that the front has the same
bytes for 1, 2, 4 and 8 threads."""

from __future__ import annotations

import argparse
import statistics
import tempfile
from concurrent.futures import ThreadPoolExecutor
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

    rows: list[dict[str, object]] = []
    fronts: set[bytes] = set()
    with tempfile.TemporaryDirectory() as name:
        def search(threads: int, folder: str) -> engines.Result:
            result = engines.symlut(problems.problem_b(), Path(name) / folder, problems.OPERATORS, 1,
                                    threads=threads, evaluations=args.evaluations,
                                    extra=args.extra.split())
            if result.note:
                common.fail(result.note)
            fronts.add((Path(name) / folder / "run" / "front.csv").read_bytes())
            return result

        for folder in ("first", "second"):
            (Path(name) / folder).mkdir()
        for repeat in range(args.repeats):
            for threads in (1, 2) if repeat else (1, 2, 4, 8):
                result = search(threads, "first")
                rows.append({"processes": 1, "threads": threads, "repeat": repeat,
                             "seconds": result.seconds,
                             "candidates": result.candidates})
                common.print_table(rows[-1:])
            with ThreadPoolExecutor(2) as pair:
                both = list(pair.map(search, (1, 1), ("first", "second")))
            rows.append({"processes": 2, "threads": 1, "repeat": repeat,
                         "seconds": max(r.seconds for r in both),
                         "candidates": sum(r.candidates for r in both)})
            common.print_table(rows[-1:])

    def ratio(processes: int, threads: int) -> float:
        """Median over the repeats of the work done per second beside one thread alone."""
        alone = {r["repeat"]: r for r in rows if r["processes"] == r["threads"] == 1}
        return statistics.median(
            processes * float(str(alone[r["repeat"]]["seconds"])) / float(str(r["seconds"]))
            for r in rows if (r["processes"], r["threads"]) == (processes, threads))

    facts = {"speed-up from 1 to 2 threads": f"{ratio(1, 2):.3f}",
             "two processes side by side, beside one (the machine's own limit)": f"{ratio(2, 1):.3f}",
             "different fronts": f"{len(fronts)} (1: the same bytes for all threads)"}
    print(common.write_results("search_scaling", rows, facts))
    for key, value in facts.items():
        print(f"{key}: {value}")


if __name__ == "__main__":
    main()
