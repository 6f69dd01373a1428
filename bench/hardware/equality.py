"""Every bench design in every emitted form against its graph, bit for bit.

    python3 bench/hardware/equality.py [BUILD] [DATA] [VECTORS] [SLOW]

BUILD, DATA: as for precision.py. VECTORS (default 1000000) random and corner vectors go through the C,
the C++ class, the Verilog (Verilator and Icarus) and the HLS C++ (SystemC's types); SLOW (default
20000) of them through the VHDL (GHDL) and at most 10,000 through Yosys' netlist. Icarus takes a tenth
of them where the graph has more than 300 nodes. Designs: the five published taggers at fixed<16,6> and
fixed<12,6> and with --precision auto at 0.3 % and 2 % of accuracy, and the demo's model (a short
search on the built-in jets). Writes bench/results/equality.csv after each form: how many vectors
were run, with which tool, and whether all bits were equal. Needs numpy and the simulators.
"""
import csv
import json
import os
import subprocess
import sys
import tempfile
import time

from precision import HERE, SYMLUT, prepare, run

VECTORS = int(sys.argv[3]) if len(sys.argv) > 3 else 1000000
SLOW = int(sys.argv[4]) if len(sys.argv) > 4 else 20000
FORMS = ["c", "cpp", "verilog", "icarus", "vhdl", "hls", "netlist"]
TABLES = [f"--table={f}: 1024 over [-8,8]" for f in ("sin", "cos")]


def designs(folder):
    """(name, firmware folder), each compiled when it is asked for."""
    model, train, _, _ = prepare(folder)
    auto = ["--data", train, "--task", "classification", "--dsp", "none", "--precision", "auto"]
    options = {
        "taggers auto 2%": auto + ["--tolerance", "2%"],
        "taggers auto 0.3%": auto + ["--tolerance", "0.3%"],
        "taggers fixed<12,6>": ["--precision", "fixed<12,6>", *TABLES],
        "taggers fixed<16,6>": ["--precision", "fixed<16,6>", *TABLES],
    }
    for name, words in options.items():
        firmware = os.path.join(folder, "fw")
        run(SYMLUT, "compile", model, "-o", firmware, "--clock", "200MHz", "--quiet", *words)
        yield name, firmware
        if name == "taggers auto 0.3%":
            yield "demo fixed<18,8>", demo(folder)


def demo(folder):
    jets, found, firmware = (os.path.join(folder, n) for n in ("jets.csv", "run", "demo"))
    run(SYMLUT, "jets", "--count", "20000", "--seed", "1", "-o", jets)
    run(SYMLUT, "fit", jets, "-o", found, "--operators", "+,-,*,sin,gauss,tanh", "--maxsize", "30",
        "--select", "accuracy", "--evaluations", "300000", "--seed", "1", "--threads", "1", "--quiet")
    run(SYMLUT, "compile", found, "-o", firmware, "--precision", "fixed<18,8>", "--clock", "200MHz",
        "--data", jets, "--quiet")
    return firmware


def verify(firmware, form, vectors):
    start = time.perf_counter()
    done = subprocess.run([SYMLUT, "verify", firmware, "--forms", form, "--vectors", str(vectors),
                           "--slow-vectors", str(min(SLOW, 10000) if form == "netlist" else SLOW),
                           "--seed", "1", "--json", "--quiet"], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)
    found = json.loads(done.stdout)["forms"][0] if done.stdout.strip() else {}
    return found, done.returncode, done.stderr.strip(), time.perf_counter() - start


def main():
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name, firmware in designs(folder):
            manifest = json.load(open(os.path.join(firmware, "manifest.json")))
            nodes = len(manifest["signals"])
            for form in FORMS:
                vectors = VECTORS // 10 if form == "icarus" and nodes > 300 else VECTORS
                found, code, message, seconds = verify(firmware, form, vectors)
                rows.append({
                    "design": name, "nodes": nodes, "cycles": manifest["timing"]["latency_cycles"],
                    "form": form, "tool": found.get("tool", ""), "vectors": found.get("vectors", 0),
                    "result": {0: "equal", 1: "DIFFERS"}.get(code, f"not run: {message[:120]}"),
                    "seconds": round(seconds, 1)})
                print(json.dumps(rows[-1]), flush=True)
                with open(os.path.join(HERE, "..", "results", "equality.csv"), "w", newline="") as f:
                    writer = csv.DictWriter(f, rows[0].keys(), lineterminator="\n")
                    writer.writeheader()
                    writer.writerows(rows)
    return any(row["result"] != "equal" for row in rows)


if __name__ == "__main__":
    sys.exit(main())
