"""Compile times of the five published jet taggers, every form emitted.

    python3 bench/hardware/compile_time.py [BUILD] [DATA] [REPEATS] [SLOW_REPEATS]

BUILD: the build folder (default build). DATA: the folder with jets/ and sr_reference/ (default
$SYMLUT_DATA, else ../shared/data). Each design is compiled REPEATS times (default 9), those with
formats by node or tables of every argument SLOW_REPEATS times (default 3), in turns, so that the
load of the machine meets all alike. Medians: `cpu_s` is user and system time of the process,
`wall_s` what passed; the extremes of cpu_s stand beside them. Formats by node are chosen on rows 0
to 239,999 of the jets, whose reading is part of the time. Writes bench/results/compile_time.csv.
Needs numpy.
"""
import csv
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time

from results import RESULTS
from taggers import SYMLUT, compile_auto, prepare, run

REPEATS = int(sys.argv[3]) if len(sys.argv) > 3 else 9
SLOW_REPEATS = int(sys.argv[4]) if len(sys.argv) > 4 else 3
TABLES = ["1024 over [-8,8]", "1024 over [-8,8] faithful", "256 over [-8,8] faithful", "auto"]
TOLERANCES = ["0.1%", "0.3%", "2%"]


def compile_fixed(model, firmware, width, table, merge):
    run(SYMLUT, "compile", model, "-o", firmware, "--precision", f"fixed<{width},6>", "--table",
        f"sin: {table}", "--table", f"cos: {table}", "--merge-functions", merge, "--clock",
        "200MHz", "--quiet")


def designs(model, train):
    """Precision, tables, merging, and what compiles them into a folder."""
    for width in (12, 16):
        for table in TABLES:
            for merge in ("none", "auto"):
                yield (f"fixed<{width},6>", table, merge,
                       lambda fw, w=width, t=table, m=merge: compile_fixed(model, fw, w, t, m))
    for tolerance in TOLERANCES:
        yield (f"auto {tolerance}", "", "auto",
               lambda fw, t=tolerance: compile_auto(model, fw, train, t))


def timed(compile_one, firmware):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    compile_one(firmware)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as f:
        model = next((l.split(":")[1].strip() for l in f if l.startswith("model name")), "")
    commit = subprocess.run(["git", "describe", "--always", "--dirty=+changes"], cwd=RESULTS,
                            text=True, stdout=subprocess.PIPE).stdout.strip()
    return {"machine": f"{platform.machine()}, {model}, {os.cpu_count()} cores",
            "load": "%.2f %.2f %.2f before the run" % os.getloadavg(), "commit": commit,
            "command": f"compile_time.py, {REPEATS} and {SLOW_REPEATS} repeats"}


def main():
    facts, times = machine(), {}
    with tempfile.TemporaryDirectory() as folder:
        model, train, _, _ = prepare(folder)
        for turn in range(max(REPEATS, SLOW_REPEATS)):
            for precision, table, merge, compile_one in designs(model, train):
                slow = precision.startswith("auto") or table == "auto"
                if turn < (SLOW_REPEATS if slow else REPEATS):
                    found = timed(compile_one, os.path.join(folder, f"fw{turn}"))
                    times.setdefault((precision, table, merge), []).append(found)
    facts["load after"] = "%.2f %.2f %.2f" % os.getloadavg()
    rows = []
    for (precision, table, merge), found in times.items():
        cpu, wall = zip(*found)
        rows.append({"precision": precision, "tables": table, "merge_functions": merge,
                     "repeats": len(found), "cpu_s": round(statistics.median(cpu), 3),
                     "least_cpu_s": round(min(cpu), 3), "most_cpu_s": round(max(cpu), 3),
                     "wall_s": round(statistics.median(wall), 3)})
        print(rows[-1], flush=True)
    with open(os.path.join(RESULTS, "compile_time.csv"), "w", newline="",
              encoding="utf-8") as f:
        f.writelines(f"# {key}: {value}\n" for key, value in facts.items())
        writer = csv.DictWriter(f, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
