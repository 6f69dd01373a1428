"""Evaluation speed on problem B without constant tuning: symlut against pyoperon 0.4.0, and a plain
scalar C evaluator. Runs are interleaved; figures are medians, ratios are of medians.

Both engines get the same number of candidates; the quality that number buys stands beside the rate.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from pathlib import Path

import common
import engines
import problems


def scalar_reference(folder: Path, seconds: float, seed: int) -> dict[str, float]:
    program = folder / "scalar"
    source = common.ROOT / "bench" / "search" / "scalar.c"
    built = common.run(["cc", "-O3", "-march=native", "-o", program, source, "-lm"])
    if built.code != 0:
        common.fail(built.stderr)
    done = common.run([program, "7500", "6", "30", str(seconds), str(seed)])
    return json.loads(done.stdout)


def row_of(result: engines.Result) -> dict[str, object]:
    best = result.best()

    def counted(name: str) -> float:
        return float(str(result.counters.get(name, 0)))

    row: dict[str, object] = {
        "engine": result.engine,
        "seed": result.seed,
        "seconds": result.seconds,
        "wall": result.wall,
        "cpu": result.cpu,
        "candidates": result.candidates,
        "candidates_per_s": result.candidates / result.seconds if result.candidates else 0.0,
        "candidates_per_cpu_s": result.candidates / result.cpu if result.candidates else 0.0,
        "node_rows_per_s": counted("node_rows") / result.seconds,
        "node_rows_per_cpu_s": counted("node_rows") / result.cpu if result.cpu else 0.0,
        "r2": best.r2,
        "note": result.note,
    }
    names = "repeats", "abandoned", "node_rows", "reused_node_rows"
    return row | {k: result.counters.get(k, "") for k in names}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--evaluations", type=int, default=100_901)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()

    problem = problems.problem_b()
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for seed in range(1, args.repeats + 1):
            rows.append(row_of(engines.symlut(
                problem, folder, problems.OPERATORS, seed, evaluations=args.evaluations,
                threads=args.threads, extra=["--constant-iterations", "0"])))
            if engines.have_operon():
                rows.append(row_of(engines.operon(
                    problem, folder, problems.OPERATORS, seed, iterations=0,
                    evaluations=args.evaluations, threads=args.threads)))
        scalar = scalar_reference(folder, 2, 1)
    rows.append({"engine": "scalar C, one thread", "candidates_per_s":
                 scalar["candidates_per_second"],
                 "node_rows_per_cpu_s": scalar["node_rows_per_second"]})
    medians = summary(rows, args.threads, scalar["float32_per_second"])
    print(common.write_results("search_speed", rows, medians))
    common.print_table(rows)
    for key, value in medians.items():
        print(f"{key}: {value}")


def summary(rows: list[dict[str, object]], threads: int, limit: float) -> dict[str, str]:
    def median(engine: str, column: str) -> float:
        values = [float(str(r[column])) for r in rows if str(r["engine"]).startswith(engine)
                  and column in r and not r.get("note")]
        return statistics.median(values) if values else float("nan")

    def ratio(column: str) -> str:
        ours, theirs = (median(e, column) for e in ("symlut", "pyoperon"))
        return f"symlut {ours:.4g}, pyoperon {theirs:.4g}, ratio {ours / theirs:.3g}"

    def share(part: str, *whole: str) -> str:
        value = median("symlut", part) / sum(median("symlut", w) for w in whole)
        return f"{100 * value:.0f} %"

    raw = median("symlut", "node_rows_per_cpu_s")
    return {
        "median candidates/s": ratio("candidates_per_s") + f" ({threads} threads, wall clock)",
        "median candidates per CPU second": ratio("candidates_per_cpu_s")
        + " (symlut's with reading and writing files)",
        "of symlut's candidates": share("repeats", "candidates") + " repeats, "
        + share("abandoned", "candidates") + " abandoned before the last row",
        "of symlut's node-rows": share("reused_node_rows", "reused_node_rows", "node_rows")
        + " read from cached columns; what follows counts those computed alone",
        "node-rows per CPU second": f"symlut {raw:.4g}, scalar C "
        f"{median('scalar', 'node_rows_per_cpu_s'):.4g}, float32 sums of this machine {limit:.4g} "
        f"(symlut at {100 * raw / limit:.0f} %)",
        "median test R2": f"symlut {median('symlut', 'r2'):.5f}, pyoperon {median('pyoperon', 'r2'):.5f}",
    }


if __name__ == "__main__":
    main()
