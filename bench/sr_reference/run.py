"""The five published jet taggers (arXiv 2305.04099) through the compiler, beside the published figures.

    python3 bench/sr_reference/run.py [--synth] [--no-verify] [--only=TEXT] [BUILD] [DATA]

--synth: Yosys' figures too, which take minutes. --no-verify: the column stays empty. --only: the variants whose label has TEXT in it; the
other rows of the results stay.
BUILD: the build folder (default build). DATA: the folder with jets/ and sr_reference/ (default
$SYMLUT_DATA, else ../shared/data). Writes bench/results/sr_reference.csv. Needs numpy, a C compiler,
and for the columns of verify and synth their tools.
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
SYNTH = "--synth" in sys.argv
VERIFY = "--no-verify" not in sys.argv
ONLY = next((a.split("=", 1)[1] for a in sys.argv if a.startswith("--only=")), "")
PLACES = [a for a in sys.argv[1:] if not a.startswith("--")]
BUILD = PLACES[0] if PLACES else "build"
DATA = PLACES[1] if len(PLACES) > 1 else os.environ.get("SYMLUT_DATA", "../shared/data")
SYMLUT = os.path.join(BUILD, "cli", "symlut")
RESULTS = os.path.join(HERE, "..", "results", "sr_reference.csv")
TEST_FROM = 240000  # the split of the data's README
VECTORS = 100000

VARIANTS = [  # label, precision, sin and cos tables
    ("fixed<16,6> 1024 entries", "fixed<16,6>", "1024 over [-8,8]"),
    ("fixed<16,6> 1024 entries faithful", "fixed<16,6>", "1024 over [-8,8] faithful"),
    ("fixed<16,6> 256 entries", "fixed<16,6>", "256 over [-8,8]"),
    ("fixed<12,6> 1024 entries", "fixed<12,6>", "1024 over [-8,8]"),
    ("fixed<12,6> 1024 entries faithful", "fixed<12,6>", "1024 over [-8,8] faithful"),
    ("fixed<12,6> 256 entries faithful", "fixed<12,6>", "256 over [-8,8] faithful"),
]

TIMER = r"""
#include "%(name)s.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
enum { N = 4096, ROUNDS = 500 };
int main(void)
{
    enum { I = %(NAME)s_INPUTS, O = %(NAME)s_OUTPUTS };
    static int64_t in[I * N], out[O * N];
    unsigned long long s = 88172645463325252ull;
    for (int i = 0; i < I * N; i++) {
        s ^= s << 13; s ^= s >> 7; s ^= s << 17;
        in[i] = (int64_t)(s %% 8192) - 4096;
    }
    int64_t sum = 0;
    struct timespec a, b;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
    for (int r = 0; r < ROUNDS; r++) {
        %(name)s_eval_n(N, in, out);
        sum += out[r];
        in[r] ^= 1;
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
    double t = (double)(b.tv_sec - a.tv_sec) + 1e-9 * (double)(b.tv_nsec - a.tv_nsec);
    fprintf(stderr, "%%lld\n", (long long)sum);
    printf("%%.0f\n", N * (double)ROUNDS / t);
    return 0;
}
"""


def run(*command):
    result = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if result.returncode:
        sys.exit(f"{' '.join(command)}\n{result.stderr}{result.stdout}")
    return result.stdout


def read_expressions(folder):
    path = os.path.join(folder, "five.txt")
    with open(os.path.join(DATA, "sr_reference", "expressions.csv")) as f, open(path, "w") as out:
        for row in csv.DictReader(f):
            out.write(f"{row['class']} = {row['expression']}\n")
    return path


def event_error(model, folder):
    """Largest difference of the float outputs from the published ones, on the published event."""
    with open(os.path.join(DATA, "sr_reference", "event.csv")) as f:
        rows = {row[0]: [float(v) for v in row[1:] if v] for row in csv.reader(f) if row[0] != "kind"}
    event = os.path.join(folder, "event.npy")
    np.save(event, np.array([rows["input"], rows["input"]]))
    out = os.path.join(folder, "event_out.npy")
    names = ",".join(f"x{i}" for i in range(16))
    run(SYMLUT, "predict", model, f"{event}", "-o", out, "--features", names, "--quiet")
    return float(np.max(np.abs(np.load(out)[0, :5] - np.array(rows["pysr_float"]))))


def accuracy(model_or_firmware, x, y, folder, *options):
    out = os.path.join(folder, "scores.npy")
    run(SYMLUT, "predict", model_or_firmware, x, "-o", out, "--quiet", *options)
    scores = np.load(out)[:, :5]
    return float(np.mean(np.argmax(scores, axis=1) == y)), scores


def events_per_second(firmware, folder):
    name = json.load(open(os.path.join(firmware, "manifest.json")))["name"]
    source = os.path.join(folder, "timer.c")
    with open(source, "w") as f:
        f.write(TIMER % {"name": name, "NAME": name.upper()})
    program = os.path.join(folder, "timer")
    run("cc", "-O3", "-march=native", "-I", os.path.join(firmware, "c"), source,
        os.path.join(firmware, "c", f"{name}.c"), "-o", program)
    return max(float(run(program)) for _ in range(3))


def tool_figures(firmware):
    """verify's answer and Yosys' figures; "" where the tool is missing or was not asked."""
    equal = ""
    if VERIFY:
        verify = subprocess.run([SYMLUT, "verify", firmware, "--json"], text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        equal = {0: "equal", 1: "DIFFERS"}.get(verify.returncode, "")
    figures = {}
    if SYNTH:
        synth = subprocess.run([SYMLUT, "synth", firmware, "--json"], text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        figures = json.loads(synth.stdout) if synth.returncode == 0 else {}
    return equal, figures


def processor_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main():
    rows, known = [], []
    if ONLY:
        with open(RESULTS, newline="") as f:
            known = list(csv.DictReader(f))
    with tempfile.TemporaryDirectory() as folder:
        model = read_expressions(folder)
        x = os.path.join(folder, "test.npy")
        raw = np.load(os.path.join(DATA, "jets", "X.npy"), mmap_mode="r")[TEST_FROM:]
        y = np.load(os.path.join(DATA, "jets", "y.npy"))[TEST_FROM:]
        with open(os.path.join(DATA, "jets", "real_scaler.csv")) as f:
            scaler = [(float(r["mean"]), float(r["scale"])) for r in csv.DictReader(f)]
        mean, scale = np.array(scaler).T
        np.save(x, (np.asarray(raw, dtype=float) - mean) / scale)
        # the file's last column would be taken for the target
        features = ("--features", ",".join(f"x{i}" for i in range(16)))
        float_accuracy, float_scores = accuracy(model, x, y, folder, *features)
        print(f"float outputs on the published event: within {event_error(model, folder):.1e}")
        print(f"float accuracy on {len(y)} test jets: {float_accuracy:.4f}")
        for label, precision, table in VARIANTS:
            if ONLY not in label:
                rows += [row for row in known if row["variant"] == label]
                continue
            firmware = os.path.join(folder, "fw")
            start, used = time.perf_counter(), processor_seconds()
            run(SYMLUT, "compile", model, "-o", firmware, "--precision", precision, "--table",
                f"sin: {table}", "--table", f"cos: {table}",
                "--clock", "200MHz", "--quiet")
            seconds, used = time.perf_counter() - start, processor_seconds() - used
            manifest = json.load(open(os.path.join(firmware, "manifest.json")))
            found, scores = accuracy(firmware, x, y, folder, *features)
            equal, yosys = tool_figures(firmware)
            resources = yosys.get("resources", {})
            row = {
                "variant": label,
                "accuracy_float": round(float_accuracy, 4),
                "accuracy": round(found, 4),
                "points_from_float": round(100 * (found - float_accuracy), 2),
                "same_class": round(float(np.mean(np.argmax(scores, 1) ==
                                                  np.argmax(float_scores, 1))), 4),
                "cycles_200MHz": manifest["timing"]["latency_cycles"],
                "model_lut": round(manifest["resources"]["lut"]),
                "model_ff": round(manifest["resources"]["ff"]),
                "model_dsp": round(manifest["resources"]["dsp"]),
                "model_bram18": round(manifest["resources"]["bram18"]),
                "yosys_lut": resources.get("lut", ""),
                "yosys_muxf": resources.get("muxf", ""),
                "yosys_carry": resources.get("carry", ""),
                "yosys_ff": resources.get("ff", ""),
                "yosys_dsp": resources.get("dsp", ""),
                "yosys_bram18": resources.get("bram18", ""),
                "yosys_source": yosys.get("source", ""),
                "verify": equal,
                "c_events_per_second": round(events_per_second(firmware, folder)),
                "compile_s": round(seconds, 2),
                "compile_cpu_s": round(used, 2),
            }
            rows.append(row)
            print(json.dumps(row))
    with open(RESULTS, "w", newline="") as f:
        columns = list(dict.fromkeys(column for row in rows for column in row))
        writer = csv.DictWriter(f, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
