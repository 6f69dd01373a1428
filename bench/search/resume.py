"""Killed at random moments (SIGKILL) until --kills of them found the search running, then resumed:
the final front and model must have the bytes of the uninterrupted run, every time."""

from __future__ import annotations

import argparse
import hashlib
import random
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import common
import problems


def command(train: Path, run: Path, args: argparse.Namespace) -> list[str]:
    return [str(word) for word in (
        common.SYMLUT, "fit", train, "-o", run, "--operators", problems.OPERATORS, "--maxsize", 30,
        "--seed", args.seed, "--threads", args.threads, "--evaluations", args.evaluations,
        "--quiet", *args.extra.split())]


def digest(run: Path) -> dict[str, str]:
    names = ["front.csv", "model/model.json"]
    return {name: hashlib.sha256((run / name).read_bytes()).hexdigest() for name in names}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--evaluations", type=int, default=3_000_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--extra", default="", help="more options of symlut fit")
    args = parser.parse_args()

    rows = []
    moment = random.Random(args.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        train, _ = problems.problem_b().write(folder)
        whole = common.run(command(train, folder / "whole", args))
        if whole.code != 0:
            common.fail(whole.stderr)
        wanted = digest(folder / "whole")
        print(f"uninterrupted: {whole.seconds:.1f} s")
        while sum(int(str(r["was_running"])) for r in rows) < args.kills:
            rows.append(killed(train, folder / "run", len(rows) + 1, moment.uniform(0.02, 0.98) *
                               whole.seconds, wanted, args))
            common.print_table(rows[-1:])
    same = sum(int(str(r["same_bytes"])) for r in rows)
    hit = sum(int(str(r["was_running"])) for r in rows)
    print(common.write_results("search_resume", rows, {"uninterrupted": f"{whole.seconds:.2f} s",
                                                       "evaluations": str(args.evaluations)}))
    print(f"{same} of {len(rows)} the same bytes; {hit} were killed while running")


def killed(train: Path, run: Path, kill: int, after: float, wanted: dict[str, str],
           args: argparse.Namespace) -> dict[str, object]:
    shutil.rmtree(run, ignore_errors=True)
    process = subprocess.Popen(command(train, run, args), stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    time.sleep(after)
    running = process.poll() is None
    process.kill()
    process.wait()
    had_checkpoint = (run / "checkpoint").exists()
    again = common.run([*command(train, run, args), "--resume" if (run / "run.json").exists() else "--force"])
    same = again.code == 0 and digest(run) == wanted
    return {"kill": kill, "after_s": after, "was_running": int(running),
            "checkpoint": int(had_checkpoint), "resumed_s": again.seconds, "same_bytes": int(same),
            "note": again.stderr.strip()[:200]}


if __name__ == "__main__":
    main()
