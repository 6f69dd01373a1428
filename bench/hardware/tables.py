#!/usr/bin/env python3
"""Function tables: plain beside `auto`, every input checked.

For each function and size the design `y = f(x)` is compiled twice, as a plain table and as the
cheapest form within one unit of the last place, run on every input, and compared with mpmath.
Columns: bits of all stored tables, the largest error in units of the last place, LUTs. Those are
Yosys' (PROGRAM of --yosys) up to --yosys-bits; above, where a plain table has more entries than it
finishes with, the model's estimate of both, and the row says so.

    bench/hardware/tables.py [--symlut PROGRAM] [--bits 8,10,12,14,16] [--yosys PROGRAM] [-o CSV]
"""
import argparse
import csv
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import mpmath

# name in symlut, reduced range of the argument, integer bits of argument and result
FUNCTIONS = {
    "sin": (mpmath.sin, 0, 1), "cos": (mpmath.cos, 0, 1), "exp": (mpmath.exp, 0, 2),
    "log": (mpmath.log, 1, 1), "tanh": (mpmath.tanh, 0, 1), "sqrt": (mpmath.sqrt, 1, 1),
    "inv": (lambda x: 1 / x, 1, 1),
}
LEAST_RATIO = {10: 4, 12: 9}  # times fewer table bits than plain


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


def shape(firmware: pathlib.Path) -> str:
    """Which form it is, by the names of its tables."""
    text = (firmware / "graph.ir").read_text()
    for mark, name in (("_c2 ", "polynomial of degree 2"), ("_c1 ", "polynomial of degree 1"),
                       ("_offset0 ", "multipartite")):
        if re.search(r"^table \w+" + mark, text, re.MULTILINE):
            return name
    return "plain"


def largest_error(symlut: str, firmware: pathlib.Path, folder: pathlib.Path, bits: int, low: int,
                  function) -> float:
    data, out = folder / "all.csv", folder / "out.csv"
    points = [low + k / 2**bits for k in range(2**bits)]
    data.write_text("x\n" + "".join(f"{p!r}\n" for p in points))
    run(symlut, "predict", str(firmware), str(data), "-o", str(out))
    values = [float(line.split(",")[0]) for line in out.read_text().split()[1:]]
    return max(abs(float((v - function(mpmath.mpf(p))) * 2**bits)) for p, v in zip(points, values))


def luts(options, firmware: pathlib.Path, bits: int) -> dict:
    manifest = json.loads((firmware / "manifest.json").read_text())
    row = {"lut_estimate": manifest["resources"]["lut"], "lut": "", "muxf": "",
           "lut_from": "model estimate"}
    if options.yosys and bits <= options.yosys_bits:
        run(options.symlut, "synth", str(firmware), "--yosys", options.yosys)
        report = json.loads((firmware / "synth.json").read_text())
        row |= {"lut": report["resources"]["lut"], "muxf": report["resources"]["muxf"],
                "lut_from": report["source"]}
    return row


def measure(options, name: str, bits: int, form: str) -> dict:
    function, low, integer = FUNCTIONS[name]
    entries = 2**bits if form == "plain" else "auto"
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        firmware = folder / "fw"
        (folder / "f.txt").write_text(f"y = {name}(x)\n")
        run(options.symlut, "compile", str(folder / "f.txt"), "-o", str(firmware), "--precision",
            f"ufixed<{bits + integer},{integer},TRN,SAT>", "--stages", "0", "--dsp", "none",
            "--table", f"{name}: {entries} over [{low},{low + 1}] saturate")
        error = largest_error(options.symlut, firmware, folder, bits, low, function)
        return {"function": name, "range": f"[{low},{low + 1})", "bits": bits, "asked": form,
                "form": shape(firmware), "table_bits": table_bits(firmware),
                "largest_error_ulp": f"{error:.3f}"} | luts(options, firmware, bits)


def judge(plain: dict, auto: dict) -> list[str]:
    """What misses its bar."""
    bits, missed = plain["bits"], []
    if auto["table_bits"] * LEAST_RATIO.get(bits, 1) > plain["table_bits"]:
        missed.append("table bits")
    lut = "lut" if plain["lut"] != "" else "lut_estimate"
    if auto[lut] > plain[lut]:
        missed.append("LUT")
    if float(auto["largest_error_ulp"]) > 1:
        missed.append("error")
    return missed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--symlut", default="build/cli/symlut")
    parser.add_argument("--bits", default="8,10,12,14,16")
    parser.add_argument("--yosys", default="yosys", help="program; empty: estimates alone")
    parser.add_argument("--yosys-bits", type=int, default=12)
    parser.add_argument("-o", default="bench/results/tables.csv")
    options = parser.parse_args()
    rows, all_missed = [], 0
    for bits in map(int, options.bits.split(",")):
        for name in FUNCTIONS:
            plain, auto = (measure(options, name, bits, form) for form in ("plain", "auto"))
            missed = judge(plain, auto)
            all_missed += len(missed)
            ratio = plain["table_bits"] / auto["table_bits"]
            print(f"{name:4} {bits:2} bits, {auto['form']:22}: {plain['table_bits']:8} and "
                  f"{auto['table_bits']:5} table bits ({ratio:.1f} times fewer), "
                  f"{auto['largest_error_ulp']} ulp, LUT {plain['lut']} and {auto['lut']}, by the "
                  f"estimate {plain['lut_estimate']} and {auto['lut_estimate']}"
                  + "".join(f"; MISSES the bar of {m}" for m in missed), flush=True)
            rows += [plain, auto]
            with open(options.o, "w", newline="") as file:
                writer = csv.DictWriter(file, rows[0])
                writer.writeheader()
                writer.writerows(rows)
    return 1 if all_missed else 0


if __name__ == "__main__":
    sys.exit(main())
