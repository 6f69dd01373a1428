"""Quality per second on problems A and B, beside pyoperon 0.4.0 (3 and 10 tuning iterations) and the
crate symbolic_regression 0.12.3, over several seeds, interleaved.

B: test R2 after --time; whether and when symlut finds the exact law (with --stop-loss it ends there,
and its seconds are the time to the law). A: the time to the exact law."""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

import common
import engines
import problems
from equations import Equation
from recovery import Judge

STOP = 1e-12  # mean squared error at which a law counts as found; judged afterwards


def row_of(problem: problems.Problem, result: engines.Result, judge: Judge) -> dict[str, object]:
    best = result.best()
    exact = next((r for r in sorted(result.front, key=lambda r: r.loss)[:3]
                  if r.r2 > 1 - 1e-6 and _exact(judge, r.equation)), None)
    return {
        "problem": problem.name,
        "engine": result.engine,
        "seed": result.seed,
        "seconds": result.seconds,
        "wall": result.wall,
        "candidates": result.candidates,
        "r2": best.r2,
        "size": best.complexity,
        "exact": int(exact is not None),
        "equation": (exact or best).equation,
        "note": result.note,
    }


def _exact(judge: Judge, equation: str) -> bool:
    try:
        return judge.verdict(equation).exact
    except ValueError:  # a peer's own notation
        return False


def contenders(args: argparse.Namespace) -> dict[str, Callable[..., engines.Result]]:
    ops = problems.OPERATORS
    stop = ["--stop-loss", repr(STOP)]
    seconds = args.time
    found: dict[str, Callable[..., engines.Result]] = {
        "symlut": lambda p, f, s: engines.symlut(p, f, ops, s, seconds=seconds, extra=stop)}
    if engines.have_operon():
        for n in (3, 10):
            found[f"pyoperon LM {n}"] = lambda p, f, s, n=n: engines.operon(
                p, f, ops, s, iterations=n, seconds=round(seconds))
    if engines.have_crate():
        found["symbolic_regression"] = lambda p, f, s: engines.crate(
            p, f, ops, s, seconds=seconds, stop_loss=STOP)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--time", type=float, default=15)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--problems", default="A,B")
    parser.add_argument("--engines", default="", help="only those whose name holds this word")
    args = parser.parse_args()

    rows = []
    for problem in (problems.problem_a(), problems.problem_b()):
        if problem.name not in args.problems.split(","):
            continue
        judge = Judge(Equation(problem.formula), problem.features, problem.ranges or [])
        with tempfile.TemporaryDirectory() as name:
            for seed in range(1, args.seeds + 1):
                for engine, fit in contenders(args).items():
                    if args.engines in engine:
                        rows.append(row_of(problem, fit(problem, Path(name), seed), judge))
                        common.print_table(rows[-1:])
    table = summary(rows)
    print(common.write_results("search_quality" + (f"_{args.engines}" if args.engines else ""),
                               rows, {"time limit": f"{args.time:g} s"}))
    common.print_table(table)


def summary(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    table = []
    for key in dict.fromkeys((r["problem"], r["engine"]) for r in rows):
        mine = [r for r in rows if (r["problem"], r["engine"]) == key]
        exact = [r for r in mine if r["exact"]]
        table.append({
            "problem": key[0],
            "engine": key[1],
            "runs": len(mine),
            "median_r2": statistics.median(float(str(r["r2"])) for r in mine),
            "median_size": statistics.median(float(str(r["size"])) for r in mine),
            "exact": len(exact),
            "median_s_to_exact":
                statistics.median(float(str(r["seconds"])) for r in exact) if exact else "",
        })
    return table


if __name__ == "__main__":
    main()
