"""The regression sets: symlut beside pyoperon 0.4.0 (the best of 0, 3 and 10 tuning iterations by
its median), several seeds, equal time and threads, interleaved. Test R2 and size of the selected
model. `size` is each engine's own count (pyoperon counts a variable with its weight as one node),
`nodes` counts operators, functions, variables and numbers of the written equation for both, and is
what the sizes are compared by: 30 nodes of pyoperon are written with 45 to 60.

The CSV keeps the sets that are not measured anew; each row says when, at what commit, load and limits
it was measured."""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

import common
import engines
import problems
from equations import Equation

OPERATORS = "+,-,*,/,sqrt,exp,log,sin,cos"
TUNING = (0, 3, 10)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--time", type=float, default=60)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only", default="", help="names of sets, by commas")
    parser.add_argument("--engines", default="", help="only those whose name holds this word")
    parser.add_argument("--maxsize", type=int, default=45, help="of symlut, in nodes")
    parser.add_argument("--peer-maxsize", type=int, default=30, help="of pyoperon, in its own")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--select", default="accuracy")
    parser.add_argument("--extra", default="", help="more options of symlut fit")
    args = parser.parse_args()

    name = "search_regression" + (f"_{args.engines}" if args.engines else "")
    facts = {"operators": OPERATORS, "maxsize": str(args.maxsize), "extra": args.extra}
    for problem in problems.regression():
        if args.only and problem.name not in args.only.split(","):
            continue
        rows = measured(problem, args)
        common.print_table(summary(rows))
        rows = sorted([*kept(name, problem.name), *rows], key=lambda row: str(row["set"]))
        common.write_results(name, rows, facts)
    print()
    common.print_table(summary(kept(name)))


def measured(problem: problems.Problem, args: argparse.Namespace) -> list[dict[str, object]]:
    """All runs of one set."""
    about = common.machine()
    conditions = {"time_limit": args.time, "threads": args.threads, "date": about["date"],
                  "commit": about["commit"], "load": about["load"].split()[0]}
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(1, args.seeds + 1):
            for result in runs(problem, Path(folder), seed, args):
                chosen = result.selected()
                rows.append({"set": problem.name, "engine": result.engine, "seed": seed,
                             "r2": chosen.r2, "size": chosen.complexity,
                             "nodes": Equation(chosen.equation or "0").nodes,
                             "best_r2_of_front": max((r.r2 for r in result.front),
                                                     default=float("nan")),
                             "seconds": result.seconds, "candidates": result.candidates,
                             **conditions, "equation": chosen.equation, "note": result.note})
    return rows


def kept(name: str, without: str = "") -> list[dict[str, object]]:
    """The rows of the file but for one set."""
    path = common.RESULTS / f"{name}.csv"
    rows = common.read_results(path) if path.exists() else []
    return [dict(row) for row in rows if row["set"] != without]


def runs(problem: problems.Problem, folder: Path, seed: int,
         args: argparse.Namespace) -> list[engines.Result]:
    done = []
    if args.engines in "symlut":
        done.append(engines.symlut(problem, folder, OPERATORS, seed, maxsize=args.maxsize,
                                   seconds=args.time, threads=args.threads,
                                   extra=["--select", args.select, *args.extra.split()]))
    if engines.have_operon():
        done += [engines.operon(problem, folder, OPERATORS, seed, iterations=n,
                                maxsize=args.peer_maxsize, seconds=round(args.time),
                                threads=args.threads)
                 for n in TUNING if args.engines in f"pyoperon LM {n}"]
    return done


def summary(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """One line a set: symlut's medians and those of pyoperon's best setting."""
    table = []
    for name in dict.fromkeys(str(r["set"]) for r in rows):
        line: dict[str, object] = {"set": name}
        medians = {}
        for engine in dict.fromkeys(str(r["engine"]) for r in rows):
            mine = [r for r in rows if r["set"] == name and r["engine"] == engine]
            medians[engine] = tuple(
                statistics.median(float(str(r[key])) for r in mine) for key in ("r2", "size", "nodes"))
        if "symlut" in medians:
            line |= dict(zip(("symlut_r2", "symlut_size", "symlut_nodes"), medians["symlut"]))
        peers = {engine: m for engine, m in medians.items() if engine != "symlut"}
        if peers:
            best = max(peers, key=lambda engine: peers[engine][0])
            line |= {"peer": best, **dict(zip(("peer_r2", "peer_size", "peer_nodes"), peers[best]))}
        if len(medians) > len(peers) > 0:
            line["bar"] = ("R2 " + ("met" if line["symlut_r2"] >= line["peer_r2"] else "missed") +
                           ", size " +
                           ("met" if line["symlut_nodes"] < line["peer_nodes"] else "missed"))
        table.append(line)
    return table


if __name__ == "__main__":
    main()
