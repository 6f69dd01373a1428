#!/usr/bin/env python3
"""The whole engine on several threads: every kind of search gives the same bytes on 1, 2 and 4.

    threads.py [--threads 1,2,4] SYMLUT [KIND ...]

In a build with -Db_sanitize=thread (make test-tsan) the same runs look for data races: a report of
the sanitizer is an exit code that no run expects. The limits are on rounds, so the load of the
machine changes nothing."""
import argparse
import ctypes
import math
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import time

OPERATORS = "+,-,*,/,sin,exp"


def table(path, names, rows):
    with open(path, "w", encoding="utf-8") as out:
        print(*names, sep=",", file=out)
        for row in rows:
            print(*row, sep=",", file=out)


def uniform(seed, rows, columns, low=-2.0, high=2.0):
    draw = random.Random(seed)
    return [[draw.uniform(low, high) for _ in range(columns)] for _ in range(rows)]


def write_tables():
    """Data that no law of the front end settles, so that islands, fits and fronts all work."""
    noise = random.Random(9)
    rows = uniform(1, 600, 3)
    table("wave.csv", ["a", "b", "c", "y"],
          [[*x, math.sin(x[0] * x[1]) + 0.5 * x[2] ** 2 + noise.gauss(0, 0.05)] for x in rows])
    table("law.csv", ["a", "b", "c", "y"],
          [[*x, 1.5 * x[0] * math.exp(-x[1]) / x[2]] for x in uniform(2, 260, 3, 1.0, 3.0)])
    table("sides.csv", ["a", "b", "side"],
          [[*x, "in" if x[0] ** 2 + x[1] ** 2 + noise.gauss(0, 0.3) < 2 else "out"]
           for x in uniform(3, 300, 2)])
    table("three.csv", ["a", "b", "kind"],
          [[*x, "pqr"[int(x[0] > noise.gauss(0, 0.2)) + int(x[0] > 0 and x[1] > 0)]]
           for x in uniform(4, 300, 2)])
    table("wide.csv", [*"abcdef", "y"],
          [[*x, 2 * x[4] + x[1] * abs(x[1])] for x in uniform(5, 700, 6)])
    table("fall.csv", ["h", "g", "t"],
          [[*x, math.sqrt(2 * x[0] / x[1]) + noise.gauss(0, 0.01)] for x in uniform(6, 200, 2, 1, 9)])


KINDS = {
    "regression": ["wave.csv", "--operators", OPERATORS, "--iterations", "2"],
    "law": ["law.csv", "--operators", OPERATORS + ",square,log,sqrt", "--iterations", "2"],
    "binary": ["sides.csv", "--operators", OPERATORS, "--iterations", "2"],
    "softmax": ["three.csv", "--operators", "+,-,*,exp", "--loss", "softmax", "--iterations", "10"],
    "margin": ["three.csv", "--operators", "+,-,*", "--loss", "margin", "--iterations", "2"],
    "batch": ["wave.csv", "--operators", OPERATORS, "--batch", "256", "--iterations", "2"],
    "functions": ["wave.csv", "--operators", "+,*,bell(x) = exp(-x^2)", "--loss", "(y - p)^2",
                  "--iterations", "2"],
    "units": ["fall.csv", "--operators", "+,-,*,/,sqrt", "--units", "h: m, g: m/s^2, t: s",
              "--iterations", "2"],
    "features": ["wide.csv", "--operators", "+,-,*,abs", "--select-features", "2", "--batch", "512",
                 "--iterations", "2"],
    "guess": ["wave.csv", "--operators", OPERATORS, "--guess", "sin(a*b) + c", "--loss", "L1",
              "--max-constant", "50", "--iterations", "2"],
}
SMALL = ["--islands", "4", "--population", "16", "--maxsize", "20", "--quiet"]


def listening(process):
    """The threads of a process that do not block SIGINT: not the sanitizer's own."""
    threads = []
    for status in pathlib.Path(f"/proc/{process}/task").glob("*/status"):
        blocked = int(re.search(r"^SigBlk:\s*(\w+)", status.read_text(), re.M).group(1), 16)
        if not blocked >> (signal.SIGINT - 1) & 1:
            threads.append(int(status.parent.name))
    return sorted(threads)


class Runner:
    def __init__(self, symlut, threads):
        self.symlut = symlut
        self.threads = threads
        self.failures = 0

    def command(self, run, words, threads):
        return [self.symlut, "fit", *words, *SMALL, "--threads", str(threads), "-o", run]

    def fail(self, name, why):
        print(f"{name}: {why}")
        self.failures += 1

    def fit(self, name, words, run, threads, wanted=0):
        done = subprocess.run(self.command(run, words, threads), capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=600, check=False)
        if done.returncode != wanted:
            self.fail(name, f"{threads} threads: exit code {done.returncode}\n{done.stderr[-6000:]}")
        return done.returncode == wanted

    def same(self, name, run, other):
        for part in ("front.csv", "model/model.json"):
            a, b = (pathlib.Path(r, part) for r in (run, other))
            if not b.exists() or a.read_bytes() != b.read_bytes():
                self.fail(name, f"{part} of {run} and {other} differ")
                return

    def kind(self, name):
        """Each number of threads; then stopped half-way and resumed on another number."""
        words = KINDS[name]
        started = time.monotonic()
        first = f"{name}{self.threads[0]}"
        for threads in self.threads:
            if self.fit(name, words, f"{name}{threads}", threads):
                self.same(name, first, f"{name}{threads}")
        rounds = int(words[-1])
        half = [*words[:-1], str(rounds // 2)]
        if self.fit(name, half, name + "-half", 2) and \
                self.fit(name, [*words, "--resume"], name + "-half", 4):
            self.same(name, first, name + "-half")
        print(f"{name}: {time.monotonic() - started:.1f} s")

    def interrupt(self, name, words, wait, thread):
        """Ctrl-C `wait` seconds after the run has begun, to one of its threads, whichever has the
        number `thread` of them. The run must end by itself, say so, and go on from there to the
        bytes of a run that nobody stopped."""
        run = f"{name}-stopped{wait}"
        endless = [*words[:-1], "100000"]
        with subprocess.Popen(self.command(run, endless, 4), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            deadline = time.monotonic() + 120
            ready = pathlib.Path(run, "checkpoint" if wait >= 0 else "run.json")
            while not ready.exists() and process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.01)
            time.sleep(abs(wait))
            tasks = listening(process.pid)
            if not tasks or ctypes.CDLL(None).tgkill(
                    process.pid, tasks[min(thread, len(tasks) - 1)], signal.SIGINT) != 0:
                self.fail(name, "the run has ended before it was stopped")
            _, errors = process.communicate(timeout=300)
        if process.returncode != 0 or not errors.startswith("stopped"):
            self.fail(name, f"stopped: exit code {process.returncode}\n{errors[-6000:]}")
            return
        rounds = sum(1 for _ in open(pathlib.Path(run, "log.jsonl"), encoding="utf-8")) \
            if pathlib.Path(run, "log.jsonl").exists() else 0
        more = [*words[:-1], str(rounds + 2)]
        if self.fit(name, more, run + "-whole", 2) and \
                self.fit(name, [*more, "--resume"], run, 2):
            self.same(name, run + "-whole", run)
        print(f"{name}: stopped after {rounds} rounds")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=lambda text: [int(n) for n in text.split(",")],
                        default=[1, 2, 4])
    parser.add_argument("symlut", type=pathlib.Path)
    parser.add_argument("kinds", nargs="*", metavar="KIND")
    args = parser.parse_args()
    runner = Runner(str(args.symlut.resolve()), args.threads)
    with tempfile.TemporaryDirectory(prefix="symlut-threads-") as folder:
        os.chdir(folder)
        write_tables()
        for name in args.kinds or KINDS:
            runner.kind(name)
        if not args.kinds:
            runner.interrupt("regression", KINDS["regression"], -0.1, 2)  # in the front end
            for i, wait in enumerate((0.0, 0.3)):
                runner.interrupt("regression", KINDS["regression"], wait, i + 1)
                runner.interrupt("softmax", KINDS["softmax"], wait, i)
        os.chdir("/")
    print(f"{runner.failures} failures")
    return 1 if runner.failures else 0


if __name__ == "__main__":
    sys.exit(main())
