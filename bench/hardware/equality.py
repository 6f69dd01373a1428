"""Every bench design in every emitted form against its graph, bit for bit.

    python3 bench/hardware/equality.py [BUILD] [DATA] [VECTORS] [forms=LIST] [DESIGN …]

BUILD, DATA: as in taggers.py. VECTORS (default 1000000) random and corner vectors go through the C,
the C++ class, the Verilog (Verilator and Icarus), the VHDL (GHDL) and the HLS C++ (SystemC's types),
and at most 10,000 through Yosys' netlist. Icarus takes a tenth of them where the graph has more than
100 nodes. LIST: some of the forms, with commas (default all). DESIGN: those whose names begin so
(default all):

- the five published taggers at fixed<16,6> and fixed<12,6> and with --precision auto at 0.3 % and 2 %
  of accuracy;
- the demo's model (a short search on the built-in jets);
- products of two variables in LUTs, a square, the functions of tables.py at 12 bits as the cheapest
  faithful table, and the product of a 16 × 16 matrix of 6-bit constants with a vector.

Writes into bench/results/equality.csv after each form: how many vectors were run, with which tool,
and whether all bits were equal. Rows of other designs stay. Needs numpy and the simulators;
GHDL_BACKEND=llvm makes GHDL several times as fast where Debian's ghdl-llvm is installed.
"""
import csv
import fcntl
import json
import os
import random
import subprocess
import sys
import tempfile
import time

from results import RESULTS, write_rows
from taggers import SYMLUT, compile_auto, prepare, run

VECTORS = int(sys.argv[3]) if len(sys.argv) > 3 else 1000000
WORDS = sys.argv[4:]
CHOSEN = tuple(w for w in WORDS if not w.startswith("forms=")) or ("",)
NETLIST_VECTORS = 10000
FORMS = ["c", "cpp", "verilog", "icarus", "vhdl", "hls", "netlist"]
ASKED = [f for w in WORDS if w.startswith("forms=") for f in w[6:].split(",")] or FORMS
RESULT = "equality.csv"


def tagger(folder, firmware, name):
    """"taggers auto 2%", "taggers fixed<12,6>" """
    model, train, _, _ = prepare(folder)
    if "auto" in name:
        compile_auto(model, firmware, train, name.split()[-1])
    else:
        run(SYMLUT, "compile", model, "-o", firmware, "--clock", "200MHz", "--quiet", "--precision",
            name.split()[-1], *[f"--table={f}: 1024 over [-8,8]" for f in ("sin", "cos")])


def demo(folder, firmware, name):
    jets, found = (os.path.join(folder, n) for n in ("jets.csv", "run"))
    run(SYMLUT, "jets", "--count", "20000", "--seed", "1", "-o", jets)
    run(SYMLUT, "fit", jets, "-o", found, "--operators", "+,-,*,sin,gauss,tanh", "--maxsize", "30",
        "--select", "accuracy", "--evaluations", "300000", "--seed", "1", "--threads", "1", "--quiet")
    run(SYMLUT, "compile", found, "-o", firmware, "--precision", name.split()[-1], "--clock",
        "200MHz", "--data", jets, "--quiet")


def equations(folder, firmware, lines, *options):
    path = os.path.join(folder, "equations.txt")
    with open(path, "w") as f:
        f.write("\n".join(lines) + "\n")
    run(SYMLUT, "compile", path, "-o", firmware, "--dsp", "none", "--clock", "200MHz", "--quiet",
        *options)


def product(folder, firmware, name):
    """"product 8x8", "square 12": all bits of the result"""
    width = int(name.split()[-1].split("x")[0])
    what = "a*a" if name.startswith("square") else "a*b"
    equations(folder, firmware, [f"y = {what}"], "--precision", f"fixed<{width},{width // 2}>")


def table(folder, firmware, name):
    """"table sin 12": as tables.py compiles it"""
    _, function, bits = name.split()
    low = 1 if function in ("log", "sqrt", "inv") else 0
    integer = 2 if function == "exp" else 1
    equations(folder, firmware, [f"y = {function}(x)"], "--precision",
              f"ufixed<{int(bits) + integer},{integer},TRN,SAT>", "--table",
              f"{function}: auto over [{low},{low + 1}] saturate")


def matrix(folder, firmware, name):
    draw = random.Random(1)
    lines = [f"y{i} = " + " + ".join(f"({draw.randint(-31, 31)})*x{j}" for j in range(16))
             for i in range(16)]
    equations(folder, firmware, lines, "--precision", "fixed<16,14>")


DESIGNS = {
    **{f"taggers {p}": tagger for p in ("auto 2%", "auto 0.3%", "fixed<12,6>", "fixed<16,6>")},
    "demo fixed<18,8>": demo,
    **{f"product {n}x{n}": product for n in (8, 12, 16)},
    "square 8": product, "square 12": product,
    **{f"table {f} 12": table for f in ("sin", "cos", "exp", "log", "tanh", "sqrt", "inv")},
    "matrix 16x16 6 bit": matrix,
}


def verify(firmware, form, vectors):
    start = time.perf_counter()
    slow = min(vectors, NETLIST_VECTORS) if form == "netlist" else vectors
    done = subprocess.run([SYMLUT, "verify", firmware, "--forms", form, "--vectors", str(vectors),
                           "--slow-vectors", str(slow), "--seed", "1", "--json", "--quiet"],
                          text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    found = json.loads(done.stdout)["forms"][0] if done.stdout.strip() else {}
    return found, done.returncode, done.stderr.strip(), time.perf_counter() - start


def keep(row):
    """Puts the row in its place of the result; several may run at once."""
    order = [(d, f) for d in DESIGNS for f in FORMS]
    path = os.path.join(RESULTS, RESULT)
    with open(path, "a+", newline="") as f:
        fcntl.flock(f, fcntl.LOCK_EX)
        f.seek(0)
        rows = {(r["design"], r["form"]): r for r in csv.DictReader(f)}
        rows[row["design"], row["form"]] = row
        write_rows(RESULT, [rows[key] for key in order if key in rows])


def main():
    all_equal = True
    for name, make in DESIGNS.items():
        if not name.startswith(CHOSEN):
            continue
        with tempfile.TemporaryDirectory() as folder:
            firmware = os.path.join(folder, "fw")
            make(folder, firmware, name)
            with open(os.path.join(firmware, "manifest.json")) as f:
                manifest = json.load(f)
            nodes = len(manifest["signals"])
            for form in ASKED:
                vectors = VECTORS // 10 if form == "icarus" and nodes > 100 else VECTORS
                found, code, message, seconds = verify(firmware, form, vectors)
                row = {
                    "design": name, "nodes": nodes, "cycles": manifest["timing"]["latency_cycles"],
                    "form": form, "tool": found.get("tool", ""), "vectors": found.get("vectors", 0),
                    "result": {0: "equal", 1: "DIFFERS"}.get(code, f"not run: {message[:120]}"),
                    "seconds": round(seconds, 1)}
                all_equal &= row["result"] == "equal"
                print(json.dumps(row), flush=True)
                keep(row)
    return 0 if all_equal else 1


if __name__ == "__main__":
    sys.exit(main())
