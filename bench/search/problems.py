"""The data of the benchmarks: problems A and B, the Feynman equations, the regression sets."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import common
from equations import Equation

OPERATORS = "+,-,*,/,sqrt,exp,cos"  # of problems A and B


@dataclass
class Problem:
    name: str
    features: list[str]
    target: str
    train_x: np.ndarray  # [rows][features] float64
    train_y: np.ndarray
    test_x: np.ndarray
    test_y: np.ndarray
    formula: str = ""  # "" when no law is known
    ranges: list[tuple[float, float]] | None = None  # of each feature, where the data are drawn

    def write(self, folder: Path) -> tuple[Path, Path]:
        """train.csv and test.csv, target last, numbers in full precision."""
        folder.mkdir(parents=True, exist_ok=True)
        paths = folder / "train.csv", folder / "test.csv"
        sets = (self.train_x, self.train_y), (self.test_x, self.test_y)
        for path, (x, y) in zip(paths, sets):
            header = ",".join([*self.features, self.target])
            np.savetxt(path, np.column_stack([x, y]), "%.17g", ",", header=header, comments="")
        return paths

    def r2(self, equation: Equation) -> float:
        return r2(self.test_y, equation.values(dict(zip(self.features, self.test_x.T))))


def r2(y: np.ndarray, prediction: np.ndarray) -> float:
    with np.errstate(all="ignore"):
        value = 1 - np.sum((y - prediction) ** 2) / np.sum((y - y.mean()) ** 2)
    return float(value) if np.isfinite(value) else float("-inf")


def draw(
    name: str,
    formula: str,
    ranges: dict[str, tuple[float, float]],
    rows: int,
    seed: int,
    noise: float = 0.0,
    target: str = "y",
) -> Problem:
    """Uniform rows in the ranges; the first 75 % train. Noise has σ = noise × std(y)."""
    random = np.random.default_rng(seed)
    columns = {v: random.uniform(low, high, rows) for v, (low, high) in ranges.items()}
    y = Equation(formula).values(columns)
    y = y + noise * y.std() * random.standard_normal(rows) if noise else y
    x = np.column_stack(list(columns.values()))
    cut = rows * 3 // 4
    return Problem(name, list(ranges), target, x[:cut], y[:cut], x[cut:], y[cut:], formula,
                   list(ranges.values()))


def problem_a(seed: int = 1) -> Problem:
    return draw("A", "exp(-theta^2/2)/sqrt(2*pi)", {"theta": (1, 3)}, 1000, seed)


def problem_b(seed: int = 1) -> Problem:
    ranges = {f"x{i}": ((3.0, 4.0) if i in (2, 4) else (1.0, 2.0)) for i in range(6)}
    return draw("B", "x0*x1/((x2-x3)^2+(x4-x5)^2)", ranges, 10000, seed)


def feynman(noise: float = 0.0, seed: int = 1) -> list[Problem]:
    problems = []
    for number, row in enumerate(_rows(common.DATA / "feynman" / "equations.csv")):
        ranges = {
            row[f"v{i}_name"]: (float(row[f"v{i}_low"]), float(row[f"v{i}_high"]))
            for i in range(1, 11)
            if row[f"v{i}_name"]  # the column "# variables" counts one too few for I.18.14
        }
        formula = re.sub(r"\barcsin\b", "asin", row["Formula"])
        formula = re.sub(r"\bln\b", "log", formula)
        problems.append(draw(row["Filename"], formula, ranges, 10000, seed * 1000 + number, noise,
                             row["Output"]))
    return problems


def regression() -> list[Problem]:
    problems = []
    for path in sorted((common.DATA / "regression").glob("*.json")):
        about = json.loads(path.read_text())["metadata"]
        rows = _rows(path.parent / about["filename"])
        names = [name for name in rows[0] if name != about["target"]]
        x = np.array([[float(row[name]) for name in names] for row in rows])
        y = np.array([float(row[about["target"]]) for row in rows])
        train, test = (slice(about[k]["start"], about[k]["end"])
                       for k in ("training_rows", "test_rows"))
        problems.append(Problem(path.stem, names, about["target"], x[train], y[train], x[test],
                                y[test]))
    return problems


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        common.fail(f"{path} is missing; SYMLUT_DATA names the folder of the data")
    with path.open(newline="") as file:
        return list(csv.DictReader(file))
