"""The five published jet taggers with formats by node: LUTs, cycles and accuracy by tolerance.

    python3 bench/hardware/precision.py [BUILD] [DATA] [YOSYS …]

BUILD: the build folder (default build). DATA: the folder with jets/ and sr_reference/ (default
$SYMLUT_DATA, else ../shared/data). YOSYS: programs to synthesise with (default yosys). Formats are
chosen on rows 0 to 239,999 of the jets, accuracy is that of rows 240,000 to 269,999, which nothing
else sees. The outputs are the five scores. Writes bench/results/precision.csv. Needs numpy; for the
columns of verify and synth their tools.
"""
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = sys.argv[1] if len(sys.argv) > 1 else "build"
DATA = sys.argv[2] if len(sys.argv) > 2 else os.environ.get("SYMLUT_DATA", "../shared/data")
YOSYS = sys.argv[3:] or ["yosys"]
SYMLUT = os.path.abspath(os.path.join(BUILD, "cli", "symlut"))
TEST_FROM = 240000  # the split of the data's README
NAMES = ",".join(f"x{i}" for i in range(16))
TOLERANCES = ["0.1%", "0.3%", "2%"]


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


def main():
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        model, train, test, y = prepare(folder)
        exact = accuracy(model, folder, test, y)
        for tolerance in TOLERANCES:
            firmware = os.path.join(folder, "fw")
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            start = time.perf_counter()
            run(SYMLUT, "compile", model, "-o", firmware, "--precision", "auto", "--tolerance",
                tolerance, "--data", train, "--task", "classification", "--dsp", "none",
                "--clock", "200MHz", "--quiet")
            wall = time.perf_counter() - start
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            manifest = json.load(open(os.path.join(firmware, "manifest.json")))
            found = accuracy(firmware, folder, test, y)
            verify = subprocess.run([SYMLUT, "verify", firmware], stdout=subprocess.DEVNULL,
                                    stderr=subprocess.DEVNULL).returncode
            for yosys in YOSYS:
                synth = subprocess.run([SYMLUT, "synth", firmware, "--yosys", yosys, "--json"],
                                       text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                figures = json.loads(synth.stdout) if synth.returncode == 0 else {}
                of_tool = figures.get("resources", {})
                row = {
                    "tolerance": tolerance,
                    "output": manifest["output"],
                    "accuracy_float": round(exact, 4),
                    "accuracy": round(found, 4),
                    "points_from_float": round(100 * (found - exact), 2),
                    "cycles_200MHz": manifest["timing"]["latency_cycles"],
                    "slowest_stage_ns": manifest["timing"]["slowest_stage_ns"],
                    "model_lut": round(manifest["resources"]["lut"]),
                    "model_ff": round(manifest["resources"]["ff"]),
                    "yosys_lut": of_tool.get("lut", ""),
                    "yosys_muxf": of_tool.get("muxf", ""),
                    "yosys_carry": of_tool.get("carry", ""),
                    "yosys_ff": of_tool.get("ff", ""),
                    "yosys_dsp": of_tool.get("dsp", ""),
                    "yosys_bram18": of_tool.get("bram18", ""),
                    "yosys_source": figures.get("source", ""),
                    "verify": {0: "equal", 1: "DIFFERS"}.get(verify, ""),
                    "compile_s": round(wall, 1),
                    "compile_cpu_s": round(after.ru_utime + after.ru_stime - before.ru_utime -
                                           before.ru_stime, 1),
                }
                rows.append(row)
                print(json.dumps(row), flush=True)
    with open(os.path.join(HERE, "..", "results", "precision.csv"), "w", newline="") as f:
        writer = csv.DictWriter(f, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
