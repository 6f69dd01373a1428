"""The rules that choose a row of a front, on the same fronts: Feynman laws with noise on many rows
and on few, and the regression sets. For laws: is the chosen row the law, where the front has it;
1 - R2 against the test rows without noise. For the sets: R2 and size on their held-out rows."""

from __future__ import annotations

import argparse
import json
import math
import statistics
import tempfile
from pathlib import Path

import common
import denoise
import engines
import feynman
import problems
import regression
from equations import Equation
from recovery import Judge

RULES = ("best", "score", "accuracy", "mdl")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kinds", default="0.01:7500:3:0,0.1:7500:4:2,0.1:200:4:1,sets",
                        help="noise:rows:every Nth equation:from, or sets")
    parser.add_argument("--evaluations", type=int, default=1, help="on Feynman's (laws come first)")
    parser.add_argument("--set-evaluations", type=int, default=50000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()

    rows: list[dict[str, object]] = []
    facts = {"evaluations": str(args.evaluations), "evaluations on sets": str(args.set_evaluations)}
    clean = {p.name: p for p in problems.feynman(0.0)}
    for kind in args.kinds.split(","):
        if kind == "sets":
            for problem in problems.regression():
                rows += judge(problem, None, kind, regression.OPERATORS, args.set_evaluations, args)
                common.write_results("search_selection", rows, facts)
            continue
        noise, count, step, first = kind.split(":")
        for problem in problems.feynman(float(noise))[int(first) :: int(step)]:
            few = denoise.first_rows(problem, int(count))
            rows += judge(few, clean[problem.name], f"noise {noise}, {count} rows",
                          feynman.OPERATORS, args.evaluations, args)
            common.write_results("search_selection", rows, facts)
    print()
    common.print_table(summary(rows))


def judge(problem: problems.Problem, clean: problems.Problem | None, kind: str, operators: str,
          evaluations: int, args: argparse.Namespace) -> list[dict[str, object]]:
    """One search, then each rule."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        result = engines.symlut(problem, folder, operators, args.seed, evaluations=evaluations,
                                threads=1)
        chosen = {rule: selected(folder / "run", rule) for rule in RULES} if result.front else {}
    exact: dict[str, bool] = {}
    for row in result.front if clean else []:
        judge_of = Judge(Equation(problem.formula), problem.features, problem.ranges or [])
        exact[row.equation] = (clean.r2(Equation(row.equation)) > 0.999
                               and judge_of.verdict(row.equation).exact)
    rows: list[dict[str, object]] = []
    for rule, row in chosen.items():
        equation = str(row["equation"])
        r2 = (clean or problem).r2(Equation(equation))
        rows.append({"kind": kind, "problem": problem.name, "rule": rule,
                     "on_front": int(any(exact.values())), "exact": int(exact.get(equation, False)),
                     "r2": r2, "error": 1 - r2, "size": row["complexity"], "equation": equation})
    common.print_table(rows, ["kind", "problem", "rule", "on_front", "exact", "r2", "size"])
    return rows


def selected(run: Path, rule: str) -> dict[str, object]:
    done = common.run([common.SYMLUT, "show", run, "--json", "--select", rule])
    front = json.loads(done.stdout)["front"]
    return next(row for row in front if row["selected"])


def summary(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    lines = []
    for kind in dict.fromkeys(str(row["kind"]) for row in rows):
        for rule in RULES:
            of = [r for r in rows if r["kind"] == kind and r["rule"] == rule]
            errors = [min(max(float(str(r["error"])), 1e-16), 1e3) for r in of]
            lines.append({"kind": kind, "rule": rule, "problems": len(of),
                          "law on the front": sum(int(str(r["on_front"])) for r in of),
                          "law chosen": sum(int(str(r["exact"])) for r in of),
                          "median error": statistics.median(errors),
                          "mean log10 error": statistics.mean(map(math.log10, errors)),
                          "mean size": statistics.mean(float(str(r["size"])) for r in of)})
    return lines


if __name__ == "__main__":
    main()
