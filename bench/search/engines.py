"""One run of one engine on one problem: symlut, pyoperon 0.4.0, the crate symbolic_regression."""

from __future__ import annotations

import json
import math
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import common
from equations import Equation
from problems import Problem

OPERON = common.ROOT / ".venv-operon" / "bin" / "python"
CRATE = common.ROOT / "build-peers" / "release" / "symbolic-regression-peer"

_OPERON_NAMES = {"+": "add", "-": "sub", "*": "mul", "/": "div", "neg": ""}
_CRATE_NAMES = {"-": "sub"}


@dataclass
class Row:
    """One row of a Pareto front."""

    complexity: float
    loss: float
    equation: str
    r2: float  # on the test rows
    selected: bool = False


@dataclass
class Result:
    engine: str
    seed: int
    seconds: float  # of the search alone, by the engine's own clock
    wall: float  # of the whole process
    candidates: int
    front: list[Row]
    counters: dict[str, object] = field(default_factory=dict)
    note: str = ""  # why there is no result
    cpu: float = 0.0  # CPU seconds: of the whole process (symlut), of the search (pyoperon)

    def best(self) -> Row:
        """The row of lowest training loss: what the engines are compared by."""
        return min(self.front, key=lambda row: row.loss, default=Row(0, math.inf, "", -math.inf))

    def selected(self) -> Row:
        return next((row for row in self.front if row.selected), self.best())


def symlut(
    problem: Problem,
    folder: Path,
    operators: str,
    seed: int,
    *,
    maxsize: int = 30,
    seconds: float = 0,
    evaluations: int = 0,
    threads: int = 2,
    extra: list[str] | None = None,
) -> Result:
    """All training rows train; the test rows stay outside and are judged here."""
    train, _ = problem.write(folder)
    run = folder / "run"
    shutil.rmtree(run, ignore_errors=True)
    command = [common.SYMLUT, "fit", train, "-o", run, "--operators", operators, "--maxsize",
               maxsize, "--seed", seed, "--threads", threads, "--split", "1,0,0", "--task",
               "regression", "--quiet", "--json"]
    command += ["--time", f"{seconds:g}s"] if seconds else []
    command += ["--evaluations", evaluations] if evaluations else []
    done = common.run([str(word) for word in [*command, *(extra or [])]])
    if done.code != 0:
        note = (done.stderr.strip().splitlines() or [f"exit code {done.code}"])[0]
        return Result("symlut", seed, done.seconds, done.seconds, 0, [], note=note)
    answer = json.loads(done.stdout)
    about = answer["summary"]
    front = [Row(row["complexity"], row["loss"], row["equation"],
                 problem.r2(Equation(row["equation"])), row["selected"])
             for row in answer["front"]]
    return Result("symlut", seed, float(about["seconds"]), done.seconds, int(about["evaluations"]),
                  front, about, cpu=done.cpu_seconds)


def operon(
    problem: Problem,
    folder: Path,
    operators: str,
    seed: int,
    *,
    iterations: int,
    maxsize: int = 30,
    seconds: int = 0,
    evaluations: int = 0,
    threads: int = 2,
) -> Result:
    """Population 1,000 and else the defaults of its scikit-learn class."""
    name = f"pyoperon LM {iterations}"
    train, test = problem.write(folder)
    names = [_OPERON_NAMES.get(o, o) for o in operators.split(",")]
    options = {
        "symbols": ",".join([*filter(None, names), "constant", "variable"]),
        "length": maxsize,
        "iterations": iterations,
        "threads": threads,
        "seed": seed,
        "evaluations": evaluations,
        "seconds": seconds,
    }
    script = common.ROOT / "bench" / "peers" / "operon.py"
    done = common.run([OPERON, script, train, test, json.dumps(options)])
    if done.code != 0:
        note = (done.stderr.strip().splitlines() or [f"exit code {done.code}"])[-1]
        return Result(name, seed, done.seconds, done.seconds, 0, [], note=note)
    answer = json.loads(done.stdout)
    r2 = -math.inf if answer["r2"] is None else answer["r2"]
    equation = _named(answer["equation"], "X", 1, problem)
    return Result(name, seed, answer["seconds"], done.seconds, answer["candidates"],
                  [Row(answer["size"], 1 - r2, equation, r2, True)],
                  {"residual_evaluations": answer["residual_evaluations"]},
                  cpu=answer["cpu_seconds"])


def crate(
    problem: Problem,
    folder: Path,
    operators: str,
    seed: int,
    *,
    maxsize: int = 30,
    seconds: float,
    stop_loss: float = 0,
    threads: int = 2,
) -> Result:
    """Options::default() of the crate, PySR's own defaults; float32."""
    name = "symbolic_regression"
    train, test = problem.write(folder)
    names = ",".join(_CRATE_NAMES.get(o, o) for o in operators.split(","))
    done = common.run([CRATE, train, test, names, str(maxsize), f"{seconds:g}", str(seed),
                       repr(stop_loss)], {"RAYON_NUM_THREADS": str(threads)})
    if done.code != 0:
        note = (done.stderr.strip().splitlines() or [f"exit code {done.code}"])[-1]
        return Result(name, seed, done.seconds, done.seconds, 0, [], note=note)
    answer = json.loads(done.stdout)
    rows = [Row(r["complexity"], r["loss"], _named(r["equation"], "x", 0, problem),
                -math.inf if r["r2"] is None else r["r2"]) for r in answer["front"]]
    return Result(name, seed, answer["seconds"], done.seconds, answer["candidates"], rows)


def _named(equation: str, letter: str, first: int, problem: Problem) -> str:
    """A peer's numbered inputs under their names."""
    return re.sub(rf"\b{letter}(\d+)\b", lambda m: problem.features[int(m[1]) - first], equation)


def have_operon() -> bool:
    return OPERON.exists()


def have_crate() -> bool:
    return CRATE.exists()
