#!/usr/bin/env python3
"""The cost estimate beside Yosys, design by design.

    estimate.py BUILD {random COUNT SEED | ops | multipliers} [--yosys PROGRAM] [-o CSV]

One Yosys run over all designs, each a module of its own (`synth_xilinx -family xcup -flatten
-nodsp`). LUT is the sum of LUT1 to LUT6; prints the median and the 90th percentile of the relative
error, and one CSV row per design."""
import argparse
import csv
import io
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile


def designs(build, folder, what):
    made = subprocess.run([build / "bench/hardware/estimate_graphs", *what, folder], check=True,
                          capture_output=True, text=True).stdout
    names = ["name", "lut", "ff", "carry", "dsp", "bram", "ns", "nodes"]
    return list(csv.DictReader(io.StringIO(made), fieldnames=names))


def synthesise(yosys, folder, rows):
    """Cell counts of each design's module."""
    top = ["module bench_top();"]
    for row in rows:
        path = folder / f"{row['name']}.v"
        source = path.read_text(encoding="utf-8")
        path.write_text(re.sub(rf"^module {row['name']}\b", f"(* keep_hierarchy *)\nmodule {row['name']}",
                               source, flags=re.M), encoding="utf-8")
        top.append(f"  (* keep *) {row['name']} i_{row['name']}();")
    (folder / "bench_top.v").write_text("\n".join(top + ["endmodule", ""]), encoding="utf-8")
    script = "".join(f"read_verilog {row['name']}.v; " for row in rows)
    script += ("read_verilog bench_top.v; synth_xilinx -family xcup -flatten -nodsp -noiopad -top "
               "bench_top; tee -o stat.txt stat")
    (folder / "run.ys").write_text(script, encoding="utf-8")
    subprocess.run([yosys, "-q", "run.ys"], cwd=folder, check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    return counts((folder / "stat.txt").read_text(encoding="utf-8"))


def counts(stat):
    """Primitive cells by module, its submodules' included. Yosys 0.23 writes "cell count", newer
    versions "count cell"."""
    modules, module = {}, None
    for line in stat.splitlines():
        head = re.match(r"=== (.+) ===", line)
        if head:
            module = modules.setdefault(head[1], {})
        found = re.match(r"\s+([$A-Za-z]\S*)\s+(\d+)\s*$", line)
        newer = re.match(r"\s+(\d+)\s+(?:[\d.]+\s+)?([$A-Za-z]\S*)\s*$", line)
        if found and module is not None:
            module[found[1]] = int(found[2])
        elif newer and module is not None:
            module[newer[2]] = int(newer[1])

    def total(name):
        cells = {}
        for cell, n in modules[name].items():
            inner = total(cell) if cell in modules else {cell: 1}
            for kind, m in inner.items():
                cells[kind] = cells.get(kind, 0) + n * m
        return cells

    return {name: total(name) for name in modules if name != "design hierarchy"}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("what", nargs="+")
    parser.add_argument("--yosys", default="yosys")
    parser.add_argument("-o", "--out")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        rows = designs(args.build.resolve(), folder, args.what)
        found = synthesise(args.yosys, folder, rows)
    errors, table = [], []
    for row in rows:
        cells = found.get(row["name"], {})
        lut = sum(n for cell, n in cells.items() if re.fullmatch(r"LUT[1-6]", cell))
        ff = sum(n for cell, n in cells.items() if cell.startswith("FD"))
        carry = cells.get("CARRY4", 0)
        table.append([row["name"], row["nodes"], row["lut"], lut, row["ff"], ff, row["carry"], carry,
                      sum(n for cell, n in cells.items() if cell.startswith("MUXF"))])
        if lut:
            errors.append(abs(float(row["lut"]) - lut) / lut)
    version = subprocess.run([args.yosys, "-V"], capture_output=True, text=True).stdout.split()[1]
    header = ["design", "nodes", "lut_estimate", "lut", "ff_estimate", "ff", "carry4_estimate",
              "carry4", "muxf"]
    out = open(args.out, "w", newline="", encoding="utf-8") if args.out else sys.stdout
    csv.writer(out, lineterminator="\n").writerows([header] + table)
    if args.out:
        out.close()
    wrong_ff = sum(int(float(row[4])) != row[5] for row in table)
    errors.sort()
    print(f"Yosys {version}: {len(table)} designs, LUT error median "
          f"{100 * statistics.median(errors):.1f} %, 90th percentile "
          f"{100 * errors[int(0.9 * (len(errors) - 1))]:.1f} %; FF differs in {wrong_ff}",
          file=sys.stderr)


if __name__ == "__main__":
    main()
