"""The Feynman equations: how many laws symlut recovers, with one setting for all.

For each equation 10,000 rows are drawn, symlut fits the first 75 %, and recovery.py judges the
selected row and the other rows of the front. --noise 0.01 adds noise; --units gives symlut the
units of every variable. Equations that the results file already holds for this setting are skipped,
so that a run can be stopped and continued; --again starts anew."""

from __future__ import annotations

import argparse
import csv
import statistics
import tempfile
from pathlib import Path

import common
import engines
import problems
from equations import Equation
from recovery import Judge, Verdict

OPERATORS = "+,-,*,/,square,sqrt,exp,log,sin,cos,asin,tanh"


def judge_front(problem: problems.Problem, clean: problems.Problem,
                result: engines.Result) -> dict[str, object]:
    """Verdicts on the selected row and on the best row of the whole front."""
    judge = Judge(Equation(problem.formula), problem.features, problem.ranges or [])
    selected = result.selected()
    verdicts: list[tuple[engines.Row, Verdict]] = []
    for row in sorted(result.front, key=lambda r: (not r.selected, r.complexity)):
        if row.selected or clean.r2(Equation(row.equation)) > 0.999:
            verdicts.append((row, judge.verdict(row.equation)))
    row, verdict = min(verdicts, key=lambda v: (not v[1].exact, not v[1].form, not v[0].selected),
                       default=(selected, Verdict(False, False, float("inf"), "no result")))
    chosen = next((v for r, v in verdicts if r.selected), verdict)
    return {
        "exact": int(verdict.exact),
        "form": int(verdict.form),
        "selected_exact": int(chosen.exact),
        "selected_form": int(chosen.form),
        "constant_error": verdict.error,
        "how": verdict.how,
        "size": row.complexity,
        "r2": selected.r2,
        "equation": row.equation,
        "selected_equation": selected.equation,
    }


def write_units(problem: problems.Problem, folder: Path) -> Path:
    """The rows of units.csv for this problem's columns."""
    path = folder / "units.csv"
    with (common.DATA / "feynman" / "units.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    wanted = [row for row in rows if row["variable"] in {*problem.features, problem.target}]
    with path.open("w", newline="") as file:
        table = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        table.writeheader()
        table.writerows(wanted)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="names of equations, by commas")
    parser.add_argument("--every", type=int, default=1, help="only each Nth equation")
    parser.add_argument("--time", type=float, default=60)
    parser.add_argument("--noise", type=float, default=0)
    parser.add_argument("--units", action="store_true")
    parser.add_argument("--units-option", default="--units")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--maxsize", type=int, default=30)
    parser.add_argument("--operators", default=OPERATORS)
    parser.add_argument("--extra", default="", help="more options of symlut fit")
    parser.add_argument("--stop", type=float, default=1e-12,
                        help="stop when the loss is below this part of var(y)")
    parser.add_argument("--name", default="", help="of the results file")
    parser.add_argument("--again", action="store_true")
    args = parser.parse_args()

    name = args.name or "search_feynman" + ("_noise" if args.noise else "") + (
        "_units" if args.units else "")
    path = common.RESULTS / f"{name}.csv"
    rows: list[dict[str, object]] = []
    if path.exists() and not args.again:
        rows = [dict(row) for row in common.read_results(path)]
    done = {(r["equation_name"], str(r["time_limit"]), str(r["seed"])) for r in rows}
    clean = {p.name: p for p in problems.feynman(0.0)}
    facts = {"operators": args.operators, "maxsize": str(args.maxsize), "extra": args.extra,
             "threads": str(args.threads), "noise": f"{args.noise:g}"}
    for problem in problems.feynman(args.noise)[:: args.every]:
        key = (problem.name, f"{args.time:g}", str(args.seed))
        if key in done or (args.only and problem.name not in args.only.split(",")):
            continue
        rows.append(one(problem, clean[problem.name], args))
        common.print_table(rows[-1:], ["equation_name", "seconds", "exact", "form",
                                       "selected_exact", "size", "r2", "equation", "note"])
        common.write_results(name, rows, facts)
    print(path)
    summary(rows)


def one(problem: problems.Problem, clean: problems.Problem,
        args: argparse.Namespace) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder_name:
        folder = Path(folder_name)
        extra = args.extra.split()
        if not args.noise:
            extra += ["--stop-loss", repr(args.stop * float(problem.train_y.var()))]
        if args.units:
            extra += [args.units_option, str(write_units(problem, folder))]
        result = engines.symlut(problem, folder, args.operators, args.seed, maxsize=args.maxsize,
                                seconds=args.time, threads=args.threads, extra=extra)
        head = {"equation_name": problem.name, "time_limit": f"{args.time:g}", "seed": args.seed,
                "seconds": result.seconds, "wall": result.wall, "candidates": result.candidates}
        return head | judge_front(problem, clean, result) | {
            "note": result.note, "law": problem.formula}


def summary(rows: list[dict[str, object]]) -> None:
    if not rows:
        return
    count = {key: sum(int(str(r[key])) for r in rows)
             for key in ("exact", "selected_exact", "form", "selected_form")}
    print(f"{len(rows)} equations: on the front {count['exact']} exact, {count['form']} of the "
          f"right form; selected {count['selected_exact']} exact, {count['selected_form']} of the "
          f"right form; median {statistics.median(float(str(r['wall'])) for r in rows):.3g} s")
    print("not exact:", ", ".join(str(r["equation_name"]) for r in rows if not int(str(r["exact"]))))


if __name__ == "__main__":
    main()
