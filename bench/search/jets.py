"""Five classes of jets: symlut's accuracy relative to the reference network's 0.7606 on the same
test rows (rows 240,000 on), trained on all rows before, at most --maxsize nodes a class. `largest`
is the largest complexity of the front: with --loss softmax that of all classes together."""

from __future__ import annotations

import argparse
import csv
import json
import tempfile
from pathlib import Path

import numpy as np

import common

NETWORK = 0.7606
TEST_FROM = 240_000
# The inputs of the published expressions (zlogz has no part in them), and what the groomed
# angularities add to them.
SIX = ["c1_b1_mmdt", "c1_b2_mmdt", "c2_b1_mmdt", "n2_b1_mmdt", "mass_mmdt", "multiplicity"]


def accuracy(predictions: Path, y: np.ndarray) -> float:
    """Of the last column, `class`, over the rows of the file; class names are 0…4."""
    with predictions.open(newline="") as file:
        answers = [row["class"] for row in csv.DictReader(file)]
    return float(np.mean(np.array(answers, float).astype(int) == y))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--time", type=float, default=300)
    parser.add_argument("--maxsize", type=int, default=40)
    parser.add_argument("--features", default="6,16", help="how many, by commas")
    parser.add_argument("--operators", default="+,-,*,sin,cos,exp,tanh,square,gauss,max,min")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--loss", default="softmax")
    parser.add_argument("--extra", default="", help="more options of symlut fit")
    args = parser.parse_args()

    jets = common.DATA / "jets"
    names = (jets / "features.txt").read_text().split()
    x, y = np.load(jets / "X.npy"), np.load(jets / "y.npy")
    rows = []
    for count in (int(word) for word in args.features.split(",")):
        columns = [names.index(n) for n in (SIX if count == 6 else names)]
        for seed in range(1, args.seeds + 1):
            with tempfile.TemporaryDirectory() as name:
                rows.append(one(Path(name), x[:, columns], y, count, seed, args))
            common.print_table(rows[-1:])
    print(common.write_results("search_jets", rows, {
        "operators": args.operators, "loss": args.loss, "extra": args.extra, "six": " ".join(SIX),
        "data": "Pythia stand-in for OpenML 42468; the network's accuracy is 0.7606"}))
    common.print_table(rows)


def one(folder: Path, x: np.ndarray, y: np.ndarray, count: int, seed: int,
        args: argparse.Namespace) -> dict[str, object]:
    np.save(folder / "X.npy", x)
    np.save(folder / "y.npy", y)
    np.save(folder / "test_X.npy", x[TEST_FROM:])
    run, data = folder / "run", f"{folder}/X.npy,{folder}/y.npy"
    fit = common.run([str(word) for word in (
        common.SYMLUT, "fit", data, "-o", run, "--task", "classification", "--test-from", TEST_FROM,
        "--split", "1,0,0", "--loss", args.loss,
        "--operators", args.operators, "--maxsize", args.maxsize, "--time", f"{args.time:g}s",
        "--seed", seed, "--threads", args.threads, "--quiet", *args.extra.split())])
    row: dict[str, object] = {"features": count, "seed": seed, "wall": fit.seconds}
    if fit.code != 0:
        return row | {"note": fit.stderr.strip()}
    about = json.loads((run / "summary.json").read_text())
    for select in ("best", "accuracy"):
        out = folder / f"{select}.csv"
        done = common.run([str(word) for word in (
            common.SYMLUT, "predict", run, folder / "test_X.npy", "--select", select, "-o", out)])
        if done.code != 0:
            return row | {"note": done.stderr.strip()}
        row[select] = accuracy(out, y[TEST_FROM:])
        row[f"{select}_relative"] = float(str(row[select])) / NETWORK
    row["candidates"] = about["evaluations"]
    with (run / "front.csv").open(newline="") as file:
        row["largest"] = max(float(r["complexity"]) for r in csv.DictReader(file))
    return row | {"note": ""}


if __name__ == "__main__":
    main()
