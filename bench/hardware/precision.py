"""The five published jet taggers with formats by node: LUTs, cycles and accuracy by tolerance.

    python3 bench/hardware/precision.py [BUILD] [DATA] [YOSYS …]

BUILD: the build folder (default build). DATA: the folder with jets/ and sr_reference/ (default
$SYMLUT_DATA, else ../shared/data). YOSYS: programs to synthesise with (default yosys). Formats are
chosen on rows 0 to 239,999 of the jets, accuracy is that of rows 240,000 to 269,999, which nothing
else sees. The outputs are the five scores. Writes bench/results/precision.csv. Needs numpy; for the
columns of verify and synth their tools.
"""
import json
import os
import resource
import subprocess
import sys
import tempfile
import time

from results import write_rows
from taggers import SYMLUT, accuracy, compile_auto, prepare

YOSYS = sys.argv[3:] or ["yosys"]
TOLERANCES = ["0.1%", "0.3%", "2%"]


def main():
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        model, train, test, y = prepare(folder)
        exact = accuracy(model, folder, test, y)
        for tolerance in TOLERANCES:
            firmware = os.path.join(folder, "fw")
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            start = time.perf_counter()
            compile_auto(model, firmware, train, tolerance)
            wall = time.perf_counter() - start
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            manifest = json.load(open(os.path.join(firmware, "manifest.json")))
            found = accuracy(firmware, folder, test, y)
            verify = subprocess.run([SYMLUT, "verify", firmware], stdout=subprocess.DEVNULL,
                                    stderr=subprocess.DEVNULL).returncode
            for yosys in YOSYS:
                synth = subprocess.run([SYMLUT, "synth", firmware, "--yosys", yosys, "--json"],
                                       text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                figures = json.loads(synth.stdout) if synth.returncode == 0 else {}
                of_tool = figures.get("resources", {})
                row = {
                    "tolerance": tolerance,
                    "output": manifest["output"],
                    "accuracy_float": round(exact, 4),
                    "accuracy": round(found, 4),
                    "points_from_float": round(100 * (found - exact), 2),
                    "cycles_200MHz": manifest["timing"]["latency_cycles"],
                    "slowest_stage_ns": manifest["timing"]["slowest_stage_ns"],
                    "model_lut": round(manifest["resources"]["lut"]),
                    "model_ff": round(manifest["resources"]["ff"]),
                    "yosys_lut": of_tool.get("lut", ""),
                    "yosys_muxf": of_tool.get("muxf", ""),
                    "yosys_carry": of_tool.get("carry", ""),
                    "yosys_ff": of_tool.get("ff", ""),
                    "yosys_dsp": of_tool.get("dsp", ""),
                    "yosys_bram18": of_tool.get("bram18", ""),
                    "yosys_source": figures.get("source", ""),
                    "verify": {0: "equal", 1: "DIFFERS"}.get(verify, ""),
                    "compile_s": round(wall, 1),
                    "compile_cpu_s": round(after.ru_utime + after.ru_stime - before.ru_utime -
                                           before.ru_stime, 1),
                }
                rows.append(row)
                print(json.dumps(row), flush=True)
    write_rows("precision.csv", rows)


if __name__ == "__main__":
    main()
