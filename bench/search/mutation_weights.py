"""Fixed mutation weights beside adaptive ones: evolution alone (--no-laws), the same number of
candidates, one thread, several seeds. The figure of a run is its front: log10 of the lowest training
loss over the target's variance, and the mean of that over the sizes 5, 6, … maxsize, which counts the
whole front. The test R2 is that of the row of lowest training loss. The result of a run does not
depend on the load of the machine."""

from __future__ import annotations

import argparse
import math
import statistics
import tempfile
from pathlib import Path

import common
import engines
import problems

SETS = "B,Friedman-I,Pagie-1,Poly-10,Concrete,AirfoilSelfNoise,Vladislavleva-4,Flow_stress"
OPERATORS = "+,-,*,/,sqrt,exp,log,sin,cos"
FLOOR = 1e-12  # of the relative loss: float32's rounding


def front_figure(result: engines.Result, variance: float, maxsize: int) -> float:
    """Mean over the sizes of log10 of the lowest relative loss up to that size."""
    values = []
    for size in range(5, maxsize + 1):
        losses = [row.loss for row in result.front if row.complexity <= size]
        values.append(math.log10(max(min(losses, default=variance) / variance, FLOOR)))
    return statistics.fmean(values)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--evaluations", type=int, default=300_000)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--maxsize", type=int, default=30)
    parser.add_argument("--problems", default=SETS)
    parser.add_argument("--weights", default="fixed,adapt")
    parser.add_argument("--name", default="search_mutation_weights")
    args = parser.parse_args()

    known = {p.name: p for p in [problems.problem_b(), *problems.regression()]}
    rows: list[dict[str, object]] = []
    for name in args.problems.split(","):
        problem = known[name]
        operators = problems.OPERATORS if name == "B" else OPERATORS
        with tempfile.TemporaryDirectory() as folder:
            for seed in range(1, args.seeds + 1):
                for weights in args.weights.split(","):
                    result = engines.symlut(
                        problem, Path(folder), operators, seed, maxsize=args.maxsize,
                        evaluations=args.evaluations, threads=1,
                        extra=["--no-laws", "--mutation-weights", weights])
                    variance = float(problem.train_y.var())
                    best = result.best()
                    rows.append({
                        "problem": name, "weights": weights, "seed": seed,
                        "log10_loss": math.log10(max(best.loss / variance, FLOOR)),
                        "log10_front": front_figure(result, variance, args.maxsize),
                        "r2": best.r2, "size": best.complexity, "candidates": result.candidates,
                        "node_rows": result.counters.get("node_rows", 0), "cpu_seconds": result.cpu, "note": result.note})
        common.print_table(summary([r for r in rows if r["problem"] == name]))
        common.write_results(args.name, rows, {
            "operators": f"{OPERATORS}; B: {problems.OPERATORS}", "maxsize": str(args.maxsize),
            "evaluations": str(args.evaluations)})
    print()
    common.print_table(summary(rows))


def summary(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """Medians of each problem and setting, and how often a setting beats the first on a seed."""
    table = []
    for name in dict.fromkeys(str(r["problem"]) for r in rows):
        mine = [r for r in rows if r["problem"] == name]
        settings = list(dict.fromkeys(str(r["weights"]) for r in mine))
        first = {r["seed"]: r for r in mine if r["weights"] == settings[0]}
        for weights in settings:
            runs = [r for r in mine if r["weights"] == weights]
            line: dict[str, object] = {"problem": name, "weights": weights, "runs": len(runs)}
            for key in ("log10_loss", "log10_front", "r2", "node_rows", "cpu_seconds"):
                line[key] = statistics.median(float(str(r[key])) for r in runs)
            line["better_front"] = sum(
                float(str(r["log10_front"])) < float(str(first[r["seed"]]["log10_front"]))
                for r in runs)
            table.append(line)
    return table


if __name__ == "__main__":
    main()
