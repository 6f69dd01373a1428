"""What --denoise gains on noisy laws: each Nth Feynman equation at several levels of noise, on few
rows (where a smoothed target may help at all), searched with and without, the same number of
candidates each. Judged by whether the law is on the front and selected, and by the selected row's
and the front's best 1 - R2 against the test rows' targets without noise."""

from __future__ import annotations

import argparse
import math
import statistics
import tempfile
from pathlib import Path

import common
import engines
import feynman
import problems
from equations import Equation


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=5, help="only each Nth equation")
    parser.add_argument("--noise", default="0.01,0.05,0.1", help="parts of the target's deviation")
    parser.add_argument("--rows", type=int, default=500, help="of training")
    parser.add_argument("--evaluations", type=int, default=25000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--select", default="best")
    parser.add_argument("--extra", default="", help="more options of symlut fit")
    parser.add_argument("--name", default="search_denoise", help="of the results file")
    args = parser.parse_args()

    rows: list[dict[str, object]] = []
    clean = {p.name: p for p in problems.feynman(0.0)}
    facts = {"operators": feynman.OPERATORS, "rows": str(args.rows), "select": args.select,
             "evaluations": str(args.evaluations), "threads": str(args.threads),
             "extra": args.extra}
    for noise in map(float, args.noise.split(",")):
        for problem in problems.feynman(noise)[:: args.every]:
            for denoise in (False, True):
                rows.append(one(first_rows(problem, args.rows), clean[problem.name], noise, denoise,
                                args))
                common.print_table(rows[-1:], ["equation_name", "noise", "denoise", "exact",
                                               "selected_exact", "error", "least_error", "wall"])
            common.write_results(args.name, rows, facts)
    print()
    common.print_table(summary(rows))


def first_rows(p: problems.Problem, rows: int) -> problems.Problem:
    return problems.Problem(p.name, p.features, p.target, p.train_x[:rows], p.train_y[:rows],
                            p.test_x, p.test_y, p.formula, p.ranges)


def one(problem: problems.Problem, clean: problems.Problem, noise: float, denoise: bool,
        args: argparse.Namespace) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        extra = args.extra.split() + ["--select", args.select]
        extra += ["--denoise"] if denoise else []
        result = engines.symlut(problem, Path(folder), feynman.OPERATORS, args.seed,
                                evaluations=args.evaluations, threads=args.threads, extra=extra)
    verdict = feynman.judge_front(problem, clean, result)
    errors = [1 - clean.r2(Equation(row.equation)) for row in result.front]
    return {"equation_name": problem.name, "noise": noise, "denoise": int(denoise),
            "exact": verdict["exact"], "selected_exact": verdict["selected_exact"],
            "error": 1 - clean.r2(Equation(result.selected().equation or "0")),
            "least_error": min(errors, default=math.inf), "seconds": result.seconds,
            "wall": result.wall, "cpu": result.cpu, "candidates": result.candidates,
            "selected_equation": verdict["selected_equation"], "law": problem.formula,
            "note": result.note}


def summary(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    lines = []
    for noise in dict.fromkeys(row["noise"] for row in rows):
        for denoise in (0, 1):
            of = [r for r in rows if r["noise"] == noise and r["denoise"] == denoise]
            lines.append({"noise": noise, "denoise": denoise, "equations": len(of)}
                         | {key: sum(int(str(r[key])) for r in of)
                            for key in ("exact", "selected_exact")}
                         | {f"median {key}": statistics.median(float(str(r[key])) for r in of)
                            for key in ("error", "least_error", "cpu")})
    return lines


if __name__ == "__main__":
    main()
