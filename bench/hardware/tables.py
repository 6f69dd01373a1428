#!/usr/bin/env python3
"""Function tables: plain against faithful (decomposed), every input checked.

For each function and size the design `y = f(x)` is compiled twice, as a plain table and with
`faithful`, run on every input, and compared with mpmath. Columns: bits of all tables, the largest
error in units of the last place, and with --yosys the LUTs as Yosys counts them.

    bench/hardware/tables.py [--symlut PROGRAM] [--bits 8,10,12] [--yosys] [-o CSV]
"""
import argparse
import csv
import json
import pathlib
import re
import subprocess
import tempfile

import mpmath

# name in symlut, reduced range of the argument, integer bits of argument and result
FUNCTIONS = {
    "sin": (mpmath.sin, 0, 1), "cos": (mpmath.cos, 0, 1), "exp": (mpmath.exp, 0, 2),
    "log": (mpmath.log, 1, 1), "tanh": (mpmath.tanh, 0, 1), "sqrt": (mpmath.sqrt, 1, 1),
    "inv": (lambda x: 1 / x, 1, 1),
}


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def table_bits(firmware: pathlib.Path) -> int:
    """Sum over the tables of the graph of entries times word width."""
    total = 0
    for line in (firmware / "graph.ir").read_text().splitlines():
        table = re.match(r"table \S+ index (\d+) word u?fixed<(\d+),", line)
        if table:
            total += int(table[2]) << int(table[1])
    return total


def largest_error(symlut: str, firmware: pathlib.Path, folder: pathlib.Path, bits: int, low: int,
                  function) -> float:
    data, out = folder / "all.csv", folder / "out.csv"
    points = [low + k / 2**bits for k in range(2**bits)]
    data.write_text("x\n" + "".join(f"{p!r}\n" for p in points))
    run(symlut, "predict", str(firmware), str(data), "-o", str(out))
    values = [float(line.split(",")[0]) for line in out.read_text().split()[1:]]
    return max(abs(float((v - function(mpmath.mpf(p))) * 2**bits)) for p, v in zip(points, values))


def measure(symlut: str, name: str, bits: int, form: str, yosys: bool) -> dict:
    function, low, integer = FUNCTIONS[name]
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        firmware = folder / "fw"
        (folder / "f.txt").write_text(f"y = {name}(x)\n")
        run(symlut, "compile", str(folder / "f.txt"), "-o", str(firmware), "--precision",
            f"ufixed<{bits + integer},{integer},TRN,SAT>", "--table",
            f"{name}: {2**bits} over [{low},{low + 1}] saturate {form}".rstrip())
        row = {"function": name, "range": f"[{low},{low + 1})", "bits": bits,
               "form": form or "plain", "table_bits": table_bits(firmware),
               "largest_error_ulp": f"{largest_error(symlut, firmware, folder, bits, low, function):.3f}"}
        if yosys:
            run(symlut, "synth", str(firmware))
            report = json.loads((firmware / "synth.json").read_text())
            row["lut"] = report["resources"]["lut"]
            row["muxf"] = report["resources"]["muxf"]
            row["figures_from"] = report["source"]
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--symlut", default="build/cli/symlut")
    parser.add_argument("--bits", default="8,10,12")
    parser.add_argument("--yosys", action="store_true", help="LUTs, too (slow)")
    parser.add_argument("-o", default="bench/results/tables.csv")
    options = parser.parse_args()
    rows = []
    for name in FUNCTIONS:
        for bits in map(int, options.bits.split(",")):
            pair = [measure(options.symlut, name, bits, form, options.yosys)
                    for form in ("", "faithful")]
            ratio = pair[0]["table_bits"] / pair[1]["table_bits"]
            print(f"{name:5} {bits:2} bits: plain {pair[0]['table_bits']:7}, faithful "
                  f"{pair[1]['table_bits']:6} table bits ({ratio:.1f} times fewer), error "
                  f"{pair[1]['largest_error_ulp']} ulp"
                  + (f", LUT {pair[0]['lut']} and {pair[1]['lut']}"
                     if options.yosys else ""), flush=True)
            rows += pair
    with open(options.o, "w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
