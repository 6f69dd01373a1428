"""What the benchmarks of the published taggers share: their data and designs.

Each is called with BUILD, the build folder (default build), and DATA, the folder with jets/ and
sr_reference/ (default $SYMLUT_DATA, else ../shared/data), before its own arguments.
"""
import csv
import os
import subprocess
import sys

import numpy as np

BUILD = sys.argv[1] if len(sys.argv) > 1 else "build"
DATA = sys.argv[2] if len(sys.argv) > 2 else os.environ.get("SYMLUT_DATA", "../shared/data")
SYMLUT = os.path.abspath(os.path.join(BUILD, "cli", "symlut"))
TEST_FROM = 240000  # the split of the data's README
NAMES = ",".join(f"x{i}" for i in range(16))


def run(*command):
    result = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if result.returncode:
        sys.exit(f"{' '.join(command)}\n{result.stderr}{result.stdout}")
    return result.stdout


def accuracy(what, folder, x, y):
    out = os.path.join(folder, "scores.npy")
    run(SYMLUT, "predict", what, x, "-o", out, "--features", NAMES, "--quiet")
    return float(np.mean(np.argmax(np.load(out)[:, :5], axis=1) == y))


def prepare(folder):
    with open(os.path.join(DATA, "jets", "real_scaler.csv")) as f:
        scaler = np.array([(float(r["mean"]), float(r["scale"])) for r in csv.DictReader(f)])
    raw = np.load(os.path.join(DATA, "jets", "X.npy"), mmap_mode="r")
    y = np.load(os.path.join(DATA, "jets", "y.npy"))
    paths = [os.path.join(folder, n) for n in ("train.npy", "train_y.npy", "test.npy")]
    scaled = (np.asarray(raw, dtype=float) - scaler[:, 0]) / scaler[:, 1]
    np.save(paths[0], scaled[:TEST_FROM])
    np.save(paths[1], y[:TEST_FROM])
    np.save(paths[2], scaled[TEST_FROM:])
    model = os.path.join(folder, "five.txt")
    with open(os.path.join(DATA, "sr_reference", "expressions.csv")) as f, open(model, "w") as out:
        for row in csv.DictReader(f):
            out.write(f"{row['class']} = {row['expression']}\n")
    return model, f"{paths[0]},{paths[1]}", paths[2], y[TEST_FROM:]


def compile_auto(model, firmware, train, tolerance):
    """The taggers in LUTs at 200 MHz with formats by node, chosen on the training rows."""
    run(SYMLUT, "compile", model, "-o", firmware, "--precision", "auto", "--tolerance", tolerance,
        "--data", train, "--task", "classification", "--dsp", "none", "--clock", "200MHz", "--quiet")
