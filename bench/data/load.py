"""Time and memory of loading a large CSV, beside a plain reader with getline and strtod.

Needs the build folder; makes the table (172 MB) in a temporary folder. Writes results/load.csv.
"""

import argparse
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


def run(command):
    """Seconds, peak resident MB, and what it printed."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command} failed")
    return time.monotonic() - start, usage.ru_maxrss / 1024, printed.strip()


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--build", default=str(ROOT / "build"))
    arguments.add_argument("--rows", type=int, default=830000)
    arguments.add_argument("--columns", type=int, default=17)
    arguments.add_argument("--repeats", type=int, default=5)
    a = arguments.parse_args()
    lines = [f"# machine: {platform.machine()}, {len(os.sched_getaffinity(0))} cores",
             f"# load: {os.getloadavg()[0]:.2f}",
             "# commit: " + subprocess.check_output(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"],
                                                    text=True).strip(),
             f"# command: load.py --rows {a.rows} --columns {a.columns} --repeats {a.repeats}"]
    with tempfile.TemporaryDirectory() as folder:
        program, table = f"{folder}/load", f"{folder}/table.csv"
        subprocess.check_call(["cc", "-O2", "-D_GNU_SOURCE", f"-I{ROOT}/include", "-o", program,
                               str(ROOT / "bench/data/load.c"), f"-L{a.build}", "-lsymlut",
                               f"-Wl,-rpath,{os.path.abspath(a.build)}", "-lm"])
        run([program, "make", table, str(a.rows), str(a.columns)])
        figures = {"symlut": [], "plain": []}
        for _ in range(a.repeats):
            for reader in figures:
                figures[reader].append(run([program, reader, table]))
        sums = {float(f[2]) for list_ in figures.values() for f in list_}
        if max(sums) - min(sums) > 1e-3:
            sys.exit(f"the readers differ: {sums}")
        lines.append("reader,megabytes,seconds,peak_megabytes,seconds_of_plain")
        size = os.path.getsize(table) / 1e6
        plain = statistics.median(f[0] for f in figures["plain"])
        for reader, list_ in figures.items():
            seconds = statistics.median(f[0] for f in list_)
            peak = max(f[1] for f in list_)
            lines.append(f"{reader},{size:.1f},{seconds:.3f},{peak:.0f},{seconds / plain:.3f}")
    text = "\n".join(lines) + "\n"
    results = ROOT / "bench/results"
    results.mkdir(exist_ok=True)
    (results / "load.csv").write_text(text)
    print(text, end="")


if __name__ == "__main__":
    main()
