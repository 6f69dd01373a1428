"""What every benchmark of the search shares: the machine, running programs, CSV results, tables."""

from __future__ import annotations

import csv
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "bench" / "results"
SYMLUT = Path(os.environ.get("SYMLUT", ROOT / "build" / "cli" / "symlut"))
DATA = Path(os.environ.get("SYMLUT_DATA", ROOT.parent / "shared" / "data"))


def _first_line(command: Sequence[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
        return done.stdout.splitlines()[0].strip()
    except (OSError, subprocess.CalledProcessError, IndexError):
        return "unknown"


def machine() -> dict[str, str]:
    """Where and with what a benchmark ran; written above its results."""
    model, flags = platform.processor(), ""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            model = value.strip()
        elif name.strip() == "flags":
            present = set(value.split())
            flags = " ".join(f for f in ("avx", "fma", "avx2", "avx512f", "avx512dq") if f in present)
    changed = subprocess.run(
        ["git", "status", "--porcelain", "-uno"], capture_output=True, text=True, cwd=ROOT
    ).stdout.strip()
    return {
        "date": time.strftime("%Y-%m-%d %H:%M:%S %z"),
        "cpu": f"{model}, {os.cpu_count()} cores, {flags}",
        "load": "%.2f %.2f %.2f before the run" % os.getloadavg(),
        "system": platform.platform(),
        "commit": _first_line(["git", "describe", "--always", "--abbrev=12"])
        + (" with changes" if changed else ""),
        "compiler": _first_line(["cc", "--version"]),
        "python": platform.python_version(),
        "peers": "pyoperon 0.4.0, symbolic_regression 0.12.3 (crate, target-cpu=native)",
    }


def write_results(
    name: str, rows: Sequence[Mapping[str, object]], facts: Mapping[str, str] | None = None
) -> Path:
    """Writes bench/results/NAME.csv: `# key: value` lines of the machine, then the rows."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{name}.csv"
    part = path.with_suffix(".csv.part")
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with part.open("w", newline="") as file:
        for key, value in {**machine(), **(facts or {}), "command": " ".join(sys.argv)}.items():
            file.write(f"# {key}: {value}\n")
        table = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        table.writeheader()
        table.writerows({key: tidy(value) for key, value in row.items()} for row in rows)
    part.replace(path)
    return path


def read_results(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def tidy(value: object) -> object:
    return f"{value:.6g}" if isinstance(value, float) else value


def print_table(rows: Sequence[Mapping[str, object]], columns: Iterable[str] | None = None) -> None:
    if not rows:
        return
    names = list(columns or rows[0])
    cells = [[str(tidy(row.get(name, ""))) for name in names] for row in rows]
    widths = [max(len(line[i]) for line in [names, *cells]) for i in range(len(names))]
    for line in [names, *cells]:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())
    sys.stdout.flush()


@dataclass
class Finished:
    code: int
    seconds: float
    cpu_seconds: float
    stdout: str
    stderr: str


def run(command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> Finished:
    """Runs a program to its end and measures its wall and CPU time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env={**os.environ, **(env or {})},
    )
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Finished(done.returncode, seconds, cpu, done.stdout, done.stderr)


def fail(message: str) -> None:
    print(message, file=sys.stderr)
    sys.exit(3)
