#!/usr/bin/env python3
"""symlut compile --arithmetic hls4ml against hls4ml itself.

usage: hls4ml_arithmetic.py BUILD [--expressions N] [--events N] [--seed N] [--csv FILE]
                            [--reference FOLDER]

Random expressions, as PySR writes them, in random types and with random tables, go through
hls4ml (its emulation: generated C++ over the ap_types headers of its wheel, compiled by g++) and
through `symlut compile` and `symlut predict`. Every output of every event must be equal.
--reference: a folder with the published expressions.csv and event.csv, whose row of hls4ml must
come out exactly.
"""
import argparse
import contextlib
import csv
import io
import os
import random
import subprocess
import sys
import tempfile

import numpy as np

INPUTS = 4
GROUP = 8  # expressions of one hls4ml project: one compilation
TYPES = ["16,6", "16,6", "12,5", "18,8", "16,6,RND,SAT", "14,6,TRN,SAT", "20,7,RND,WRAP"]
FUNCTIONS = ["sin", "cos", "exp", "atan"]


def leaf(r):
    if r.random() < 0.65:
        return f"x{r.randrange(INPUTS)}"
    if r.random() < 0.2:
        return str(r.randrange(1, 5))
    return f"{r.uniform(-6, 6):.8g}"


def expression(r, size):
    if size <= 1:
        return leaf(r)
    kind = r.random()
    if kind < 0.25:
        return f"{r.choice(FUNCTIONS)}({expression(r, size - 1)})"
    if kind < 0.3:
        return f"({expression(r, size - 1)})**{r.choice([2, 2, 3])}"
    if kind < 0.35:
        return f"(-({expression(r, size - 1)}))"
    if kind < 0.38:
        return f"({expression(r, size - 1)})/{r.uniform(1.5, 8):.6g}"
    left = r.randrange(1, size)
    a, b = expression(r, left), expression(r, size - left)
    return f"({a}) {r.choice('+-*+*')} ({b})"


def random_tables(r):
    return {f: (r.choice([64, 256, 512, 1024]), *r.choice([(-8, 8), (-4, 4), (-3, 5)]))
            for f in FUNCTIONS}


def sympy_text(text):
    """What sympy prints of the text with opaque functions, twice: a text it leaves as it is."""
    from sympy import Function
    from sympy.parsing.sympy_parser import parse_expr
    names = {f: Function(f) for f in FUNCTIONS}
    for _ in range(2):
        text = str(parse_expr(text, local_dict=names))
    return text


def hls4ml_outputs(texts, precision, tables, events, folder):
    import hls4ml
    names = {f: f + "_table" for f in FUNCTIONS}
    for f, new in names.items():
        texts = [t.replace(f + "(", new + "(") for t in texts]
    luts = {names[f]: {"math_func": f, "table_size": n, "range_start": low, "range_end": high}
            for f, (n, low, high) in tables.items()}
    parts = precision.split(",")
    kind = "ap_fixed<" + ",".join(parts[:2] + ["AP_" + p for p in parts[2:]]) + ">"
    with contextlib.redirect_stdout(io.StringIO()):
        model = hls4ml.converters.convert_from_symbolic_expression(
            texts, n_symbols=INPUTS, lut_functions=luts, output_dir=folder, precision=kind,
            hls_include_path="", hls_libs_path="")
        model.compile()
        return model.predict(events).reshape(len(events), len(texts))


def symlut_outputs(symlut, texts, precision, tables, data, folder, names):
    equations = os.path.join(folder, "equations.txt")
    with open(equations, "w") as out:
        out.writelines(f"y{i} = {t}\n" for i, t in enumerate(texts))
    firmware, result = os.path.join(folder, "firmware"), os.path.join(folder, "out.npy")
    command = [symlut, "compile", equations, "-o", firmware, "--quiet", "--arithmetic", "hls4ml",
               "--precision", f"fixed<{precision}>", "--clock", "5MHz",
               "--names", ",".join(names)]
    for f, (n, low, high) in tables.items():
        command += ["--table", f"{f}: {n} over [{low},{high}]"]
    if subprocess.run(command, stdout=subprocess.DEVNULL).returncode != 0:
        sys.exit("refused: " + " ".join(command) + "\n" + open(equations).read())
    subprocess.run([symlut, "predict", firmware, data, "-o", result, "--quiet"], check=True,
                   stdout=subprocess.DEVNULL)
    return np.load(result).reshape(-1, len(texts))


def compare(r, symlut, count, events):
    """Rows (expression, type, events, different) of one project."""
    precision, tables = r.choice(TYPES), random_tables(r)
    texts = [sympy_text(expression(r, r.randrange(3, 14))) for _ in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "events.npy")
        np.save(data, events)
        theirs = hls4ml_outputs(texts, precision, tables, events, os.path.join(folder, "project"))
        ours = symlut_outputs(symlut, texts, precision, tables, data, folder,
                              [f"x{i}" for i in range(INPUTS)])
    different = (theirs.astype(np.float64) != ours).sum(axis=0)
    return [(t, precision, len(events), int(d)) for t, d in zip(texts, different)]


def reference_is_equal(symlut, folder):
    with open(os.path.join(folder, "expressions.csv")) as file:
        texts = [row["expression"] for row in csv.DictReader(file)]
    with open(os.path.join(folder, "event.csv")) as file:
        rows = {row[0]: row[1:] for row in csv.reader(file)}
    names = [f"x{i}" for i in range(16)]
    want = next(v for k, v in rows.items() if k.startswith("hls4ml_"))
    want = [round(float(v) * 1024) / 1024 for v in want[:len(texts)]]  # printed with 8 digits
    with tempfile.TemporaryDirectory() as work:
        data = os.path.join(work, "event.npy")
        np.save(data, np.array([[float(v) for v in rows["input"]]]))
        tables = {f: (256, -8, 8) for f in ("sin", "cos")}
        got = symlut_outputs(symlut, texts, "16,6", tables, data, work, names)[0].tolist()
    print(f"published event: hls4ml {want}, symlut {got}")
    return got == want


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("build")
    arguments.add_argument("--expressions", type=int, default=16)
    arguments.add_argument("--events", type=int, default=2000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--csv")
    arguments.add_argument("--reference")
    options = arguments.parse_args()
    r = random.Random(options.seed)
    print(f"seed {options.seed}")
    events = np.random.default_rng(options.seed).normal(0, 1.5, (options.events, INPUTS))
    # corners, and values beyond the types
    events[:6] = [[0] * INPUTS, [-31.99] * INPUTS, [40, -40, 100, -100], [1, -1, 2, -2],
                  [1e-9] * INPUTS, [-1e-9] * INPUTS]
    rows = []
    symlut = os.path.join(options.build, "cli/symlut")
    while len(rows) < options.expressions:
        count = min(GROUP, options.expressions - len(rows))
        rows += compare(r, symlut, count, events)
    failures = [row for row in rows if row[3]]
    for text, precision, n, different in failures:
        print(f"DIFFERENT on {different} of {n} events, fixed<{precision}>: {text}")
    if options.csv:
        with open(options.csv, "w", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["expression", "type", "events", "different"])
            writer.writerows(rows)
    print(f"{len(rows) - len(failures)} of {len(rows)} expressions equal hls4ml on "
          f"{options.events} events each")
    equal = not options.reference or reference_is_equal(symlut, options.reference)
    return 1 if failures or not equal else 0


if __name__ == "__main__":
    sys.exit(main())
