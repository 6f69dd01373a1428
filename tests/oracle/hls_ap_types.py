#!/usr/bin/env python3
"""Emitted HLS C++ of random graphs, compiled with the real ap_fixed and the real ac_fixed of the
headers that the hls4ml wheel carries, against the reference evaluator: every output bit."""
import pathlib
import subprocess
import sys

from ap_fixed_casts import ap_types, headers

GRAPHS = 100


def main():
    program = pathlib.Path(sys.argv[1]) / "tests/property/test_emit_rtl"
    result = subprocess.run([program, str(GRAPHS), "11", ap_types(),
                             headers("ac_types/include/ac_fixed.h")], capture_output=True, text=True)
    lines = [line for line in result.stdout.splitlines() if not line.startswith(("# op", "# r", "# o"))]
    print("\n".join(lines))
    sys.exit(result.returncode)


if __name__ == "__main__":
    main()
