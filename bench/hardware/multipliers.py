"""Products and squares of variables: as the compiler makes them beside a synthesiser's own `*`.

    python3 bench/hardware/multipliers.py [--only NAMES] [BUILD] YOSYS YOSYS …

BUILD: the build folder (default build), with the target estimate_graphs. YOSYS: the programs to
compare. Every design, registers around it, is synthesised by `estimate.py BUILD multipliers` with
each of them, in three forms: `star`, rows without tables of products, and what the compiler chooses
(mul: signed operands; umul: unsigned). The bar: LUTs of the choice at most 0.75 of those of `*`,
each under the program that makes the fewest of it. `worse`: by how many LUTs rows would have been
better than the choice. Writes bench/results/multipliers.csv; a line for each design on the screen.
--only: these designs alone (umul_6_3,mul_4_4), in place of their rows.
"""
import csv
import os
import subprocess
import sys
import tempfile

from results import write_rows

HERE = os.path.dirname(os.path.abspath(__file__))
BAR = 0.75
FORMS = ("star", "rows", "chosen")
BARRED = {"mul_8_8", "mul_12_12", "mul_16_16", "square_8_8", "square_12_12"}


def measure(build, yosys, folder, only):
    """(version, {design: row of estimate.py})"""
    path = os.path.join(folder, "out.csv")
    names = ",".join(f"{name}_{form}" for name in only for form in FORMS)
    subprocess.run([sys.executable, os.path.join(HERE, "estimate.py"), build, "multipliers", "--yosys",
                    yosys, "-o", path, *(["--only", names] if only else [])], check=True,
                   stderr=subprocess.DEVNULL)
    with open(path, newline="") as f:
        rows = list(csv.DictReader(f))
    return rows[0]["tool"], {r["design"]: r for r in rows}


def with_the_others(table):
    """The rows of the file, those of the same designs replaced."""
    made = {row["design"]: row for row in table}
    with open(os.path.join(HERE, "../results/multipliers.csv"), newline="") as f:
        return [made.pop(row["design"], row) for row in csv.DictReader(f)] + list(made.values())


def main():
    arguments, only = sys.argv[1:], []
    if arguments[0] == "--only":
        only = arguments[1].split(",")
        del arguments[:2]
    build, programs = arguments[0], arguments[1:]
    with tempfile.TemporaryDirectory() as folder:
        tools = [measure(build, yosys, folder, only) for yosys in programs]
    table, missed = [], 0
    for design in tools[0][1]:
        if not design.endswith("_star"):
            continue
        name = design.removesuffix("_star")
        row = {"design": name}
        for version, found in tools:
            for form in FORMS:
                made = found[f"{name}_{form}"]
                row |= {f"{form} LUT, {version}": int(made["lut"]),
                        f"{form} CARRY4, {version}": int(made["carry4"]),
                        f"{form} MUXF, {version}": int(made["muxf"])}
        least = {form: min(int(found[f"{name}_{form}"]["lut"]) for _, found in tools)
                 for form in FORMS}
        row["ratio"] = f"{least['chosen'] / least['star']:.2f}"
        row["worse"] = max(0, least["chosen"] - least["rows"])
        table.append(row)
        misses = name in BARRED and least["chosen"] > BAR * least["star"]
        missed += misses
        print(f"{name:14} * {least['star']:4}  rows {least['rows']:4}  chosen {least['chosen']:4}"
              f"  {row['ratio']}" + ("  MISSES the bar" if misses else ""), flush=True)
    write_rows("multipliers.csv", with_the_others(table) if only else table)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
