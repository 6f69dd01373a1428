#!/usr/bin/env python3
"""The cost estimate beside Yosys, design by design.

    estimate.py BUILD {random COUNT SEED | prefer COUNT SEED | ops | multipliers | dsps | published}
                [--yosys PROGRAM] [--only NAMES] [--cache FILE] [--batch N] [--most N] [-o CSV]

Designs of one Yosys run are modules of their own under one top (`synth_xilinx -family xcup
-flatten -noiopad`). LUT is the sum of LUT1 to LUT6 and of the LUTs that are shift registers (SRL). Prints, for each resource, how often estimate
and tool are equal and the relative error where the tool has any; one CSV row per design. `random`
takes half its graphs with --dsp none, half with auto, `prefer` all with prefer; `multipliers` sets
the compiler's rows beside a synthesiser's own *, with -nodsp, whose estimate means nothing;
`published` compiles the expressions of
$SYMLUT_DATA/sr_reference. --only: the designs of these names alone (g143,g342). --cache keeps what Yosys said by the sources' hash after each run, so that
what was stopped goes on where it was; --batch: designs of a run (default 25); --most: designs to
synthesise beyond those of the cache, the others are left out (default all)."""
import argparse
import csv
import hashlib
import io
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys
import tempfile

RESOURCES = ["lut", "ff", "carry4", "dsp", "bram18"]


def graphs(build, folder, what):
    made = subprocess.run([build / "bench/hardware/estimate_graphs", *what, folder], check=True,
                          capture_output=True, text=True).stdout
    names = ["name", "lut", "ff", "carry4", "dsp", "bram18", "ns", "nodes"]
    return list(csv.DictReader(io.StringIO(made), fieldnames=names))


def published(build, folder):
    """The five published expressions, one design for each format and use of DSPs."""
    model = pathlib.Path(os.environ["SYMLUT_DATA"]) / "sr_reference/expressions.csv"
    equations = folder / "equations.txt"
    with model.open(encoding="utf-8") as f:
        rows = list(csv.DictReader(f))
    equations.write_text("\n".join(f"{r['class']} = {r['expression']}" for r in rows) + "\n",
                         encoding="utf-8")
    designs = []
    for width in (8, 10, 12, 16):
        for table in ("", "faithful"):
            for dsp in ("none", "auto"):
                name = f"published_{width}_{table or 'plain'}_{dsp}"
                fw = folder / f"fw_{name}"
                tables = [word for f in ("sin", "cos")
                          for word in ("--table", f"{f}: 1024 over [-8,8] {table}".strip())]
                subprocess.run([build / "cli/symlut", "compile", equations, "-o", fw, "--precision",
                                f"fixed<{width},6>", *tables, "--dsp", dsp, "--name", name,
                                "--quiet"], check=True, stdout=subprocess.DEVNULL)
                (folder / f"{name}.v").write_text(
                    "".join(p.read_text(encoding="utf-8") for p in sorted((fw / "rtl").iterdir())),
                    encoding="utf-8")
                manifest = json.loads((fw / "manifest.json").read_text(encoding="utf-8"))
                r = manifest["resources"]
                designs.append({"name": name, "nodes": len(manifest["signals"]), "lut": r["lut"],
                                "ff": r["ff"], "carry4": r["carry"], "dsp": r["dsp"],
                                "bram18": r["bram18"], "ns": manifest["timing"]["slowest_stage_ns"]})
    return designs


ADDERS = "".join(f"""
(* keep_hierarchy *)
module bench_{name} #(parameter W = 1) (input wire [W-1:0] a, input wire [W-1:0] b,
                                        output wire [W-1:0] y);
    assign y = a {sign} b;
endmodule
""" for name, sign in (("add", "+"), ("sub", "-")))


def share_adders(name, source):
    """The design with adder modules that all designs of a run have in common: equal modules need
    no more than one synthesis."""
    source = re.sub(rf"`ifdef YOSYS\n[^\n]*\n`endif\nmodule {name}_(add|sub) .*?endmodule\n", "",
                    source, flags=re.S)
    return re.sub(rf"\b{name}_(add|sub) #", r"bench_\1 #", source)


def synthesise(yosys, folder, rows, flags=""):
    """Cell counts of each design's module, from one run."""
    top = ["module bench_top();"]
    for row in rows:
        path = folder / f"{row['name']}.v"
        source = path.read_text(encoding="utf-8")
        source = share_adders(row["name"], source)
        source = re.sub(rf"^module {row['name']}\b",
                        f"(* keep_hierarchy *)\nmodule {row['name']}", source, flags=re.M)
        (folder / f"kept_{row['name']}.v").write_text(source, encoding="utf-8")
        top.append(f"  (* keep *) {row['name']} i_{row['name']}();")
    (folder / "bench_top.v").write_text(ADDERS + "\n".join(top + ["endmodule", ""]),
                                      encoding="utf-8")
    script = "".join(f"read_verilog kept_{row['name']}.v; " for row in rows)
    script += (f"read_verilog bench_top.v; synth_xilinx -family xcup -flatten -noiopad {flags} -top "
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


def cached(args, version, folder, rows, flags):
    """Cells of each design, from the cache where its sources are the same, else from Yosys."""
    path = args.cache
    known = json.loads(path.read_text(encoding="utf-8")) if path and path.exists() else {}
    for row in rows:
        source = (folder / f"{row['name']}.v").read_text(encoding="utf-8")
        source = re.sub(rf"\b{row['name']}", "DESIGN", re.sub(r"//.*", "", source))
        row["key"] = hashlib.sha256(f"{version} {flags}\n{source}".encode()).hexdigest()
    missing = [row for row in rows if row["key"] not in known][:args.most]
    for start in range(0, len(missing), args.batch):
        batch = missing[start:start + args.batch]
        found = synthesise(args.yosys, folder, batch, flags)
        known.update({row["key"]: found.get(row["name"], {}) for row in batch})
        if path:
            part = path.with_suffix(".part")
            part.write_text(json.dumps(known), encoding="utf-8")
            part.replace(path)
        print(f"{start + len(batch)} of {len(missing)} synthesised", file=sys.stderr)
    return {row["name"]: known[row["key"]] for row in rows if row["key"] in known}


def resources(cells):
    def number(pattern):
        return sum(n for cell, n in cells.items() if re.match(pattern, cell))

    return {"lut": number(r"LUT[1-6]$|SRL"), "ff": number("FD"), "carry4": number("CARRY4"),
            "dsp": number("DSP48"), "bram18": number("RAMB18") + 2 * number("RAMB36")}


def summary(table):
    """For each resource: designs, equal ones, median, 90th percentile and sum of the error."""
    for name in RESOURCES:
        pairs = [(row[f"{name}_estimate"], row[name]) for row in table]
        equal = sum(round(e) == t for e, t in pairs)
        errors = sorted(abs(e - t) / t for e, t in pairs if t)
        line = f"  {name:7} equal in {equal} of {len(pairs)}"
        if errors:
            line += (f"; where used ({len(errors)}): median error "
                     f"{100 * statistics.median(errors):.1f} %, 90th percentile "
                     f"{100 * errors[int(0.9 * (len(errors) - 1))]:.1f} %")
        line += f"; all: {sum(e for e, _ in pairs):.0f} estimated, {sum(t for _, t in pairs)} made"
        print(line, file=sys.stderr)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("what", nargs="+")
    parser.add_argument("--yosys", default="yosys")
    parser.add_argument("--only", type=lambda names: set(names.split(",")))
    parser.add_argument("--cache", type=pathlib.Path)
    parser.add_argument("--batch", type=int, default=25)
    parser.add_argument("--most", type=int)
    parser.add_argument("-o", "--out")
    args = parser.parse_args()
    said = subprocess.run([args.yosys, "-V"], capture_output=True, text=True, check=True).stdout
    version = "Yosys " + said.split()[1]
    with tempfile.TemporaryDirectory() as folder:
        folder, build = pathlib.Path(folder), args.build.resolve()
        rows = (published(build, folder) if args.what == ["published"]
                else graphs(build, folder, args.what))
        if args.only:
            unknown = args.only - {row["name"] for row in rows}
            if unknown:
                sys.exit(f"no such design: {', '.join(sorted(unknown))}")
            rows = [row for row in rows if row["name"] in args.only]
        flags = "-nodsp" if args.what[0] == "multipliers" else ""
        found = cached(args, version, folder, rows, flags)
    table = []
    for row in (row for row in rows if row["name"] in found):
        made = resources(found[row["name"]])
        out = {"set": " ".join(args.what), "design": row["name"], "nodes": row["nodes"]}
        for name in RESOURCES:
            out[f"{name}_estimate"], out[name] = float(row[name]), made[name]
        muxf = sum(n for cell, n in found[row["name"]].items() if cell.startswith("MUXF"))
        table.append({**out, "muxf": muxf, "tool": version, "machine": platform.machine()})
    if not table:
        sys.exit("no design is in the cache: synthesise some (--most)")
    file = open(args.out, "w", newline="", encoding="utf-8") if args.out else sys.stdout
    writer = csv.DictWriter(file, fieldnames=list(table[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(table)
    if args.out:
        file.close()
    print(f"{version}, {' '.join(args.what)}: {len(table)} designs", file=sys.stderr)
    summary(table)


if __name__ == "__main__":
    main()
