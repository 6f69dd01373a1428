"""Separable laws among inputs that say nothing: symlut beside pyoperon 0.4.0, equal time and threads,
test R2 of the selected model. Friedman's first function with and without noise (Ann. Stat. 19, 1991: 5 of
10 inputs), Kotanchek's on 100 rows, and three parts of two and three inputs among forty."""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

import common
import engines
import problems

OPERATORS = "+,-,*,/,sqrt,exp,log,sin,cos"
Law = Callable[[np.ndarray], np.ndarray]


def friedman(x: np.ndarray) -> np.ndarray:
    return (10 * np.sin(np.pi * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2 + 10 * x[:, 3]
            + 5 * x[:, 4])


def kotanchek(x: np.ndarray) -> np.ndarray:
    return np.exp(-(4 * x[:, 0] - 1) ** 2) / (1.2 + (4 * x[:, 1] - 2.5) ** 2)


def three_parts(x: np.ndarray) -> np.ndarray:
    return np.sin(7 * x[:, 0] * x[:, 1] * x[:, 3]) + np.exp(x[:, 2] * x[:, 5]) + x[:, 4] * x[:, 6]


LAWS: list[tuple[str, Law, int, int, float]] = [  # rows, inputs, noise's standard deviation
    ("Friedman-1", friedman, 2000, 10, 0), ("Friedman-1, noise 1", friedman, 2000, 10, 1),
    ("Kotanchek", kotanchek, 100, 2, 0), ("three parts of forty", three_parts, 3000, 40, 0.1)]


def make(name: str, law: Law, rows: int, inputs: int, noise: float, seed: int) -> problems.Problem:
    """Inputs uniform in 0 … 1; the test rows have no noise."""
    draw = np.random.default_rng(seed)
    train, test = draw.random((rows, inputs)), draw.random((2000, inputs))
    return problems.Problem(name, [f"x{i}" for i in range(inputs)], "y", train,
                            law(train) + noise * draw.normal(size=rows), test, law(test))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--time", type=float, default=10)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    rows: list[dict[str, object]] = []
    for name, law, count, inputs, noise in LAWS:
        for seed in range(1, args.seeds + 1):
            problem = make(name, law, count, inputs, noise, seed)
            with tempfile.TemporaryDirectory() as folder:
                done = [engines.symlut(problem, Path(folder), OPERATORS, seed, maxsize=40,
                                       seconds=args.time, threads=args.threads)]
                if engines.have_operon():
                    done += [engines.operon(problem, Path(folder), OPERATORS, seed, iterations=n,
                                            seconds=round(args.time), threads=args.threads)
                             for n in (0, 10)]
            for result in done:
                chosen = result.selected()
                rows.append({"law": name, "engine": result.engine, "seed": seed, "r2": chosen.r2,
                             "size": chosen.complexity, "seconds": result.seconds,
                             "equation": chosen.equation, "note": result.note})
    print(common.write_results("search_separable", rows, {"time limit": f"{args.time:g} s",
                                                          "threads": str(args.threads)}))
    common.print_table([
        {"law": name, "engine": engine,
         "median_r2": statistics.median(float(str(r["r2"])) for r in rows
                                        if (r["law"], r["engine"]) == (name, engine)),
         "median_seconds": statistics.median(float(str(r["seconds"])) for r in rows
                                             if (r["law"], r["engine"]) == (name, engine))}
        for name, *_ in LAWS for engine in dict.fromkeys(str(r["engine"]) for r in rows)])


if __name__ == "__main__":
    main()
