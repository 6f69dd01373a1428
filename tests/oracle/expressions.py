"""Printed expressions mean the same to sympy, to numpy and to a C compiler.

Usage: expressions.py BUILD
"""

import ctypes
import json
import math
import subprocess
import sys
import tempfile

import numpy as np
import sympy

SEED, NUMPY_COUNT, SYMPY_COUNT, NODES = 1, 3000, 400, 14
NAMES = ["x0", "x1", "x2"]
ULP = 2.0**-52


def samples(build, count, nodes):
    out = subprocess.run(
        [f"{build}/tests/oracle/expr_samples", str(SEED), str(count), str(nodes)],
        check=True, capture_output=True, text=True).stdout
    return [s for s in map(json.loads, out.splitlines()) if s["points"]]


def close(found, ours, spread):
    """spread: what a few ulp of rounding in every operation do to the value. The last term: sympy
    gives a zero that it found by cancellation as a number below 1e-100."""
    return abs(found - ours) <= 16 * spread + 8 * ULP * abs(ours) + 1e-100


class Count:
    def __init__(self, name):
        self.name, self.points, self.wrong = name, 0, 0

    def check(self, text, point, found):
        *x, ours, spread = point
        self.points += 1
        if not close(found, ours, spread):
            self.wrong += 1
            if self.wrong < 10:
                print(f"{self.name}: {text}\n  at {x}: {found!r}, ours {ours!r}, spread {spread}")

    def finish(self, least):
        print(f"{self.name}: seed {SEED}, {self.points} points, {self.wrong} differ")
        return self.wrong == 0 and self.points >= least


def check_numpy(build):
    count = Count("numpy")
    with np.errstate(all="ignore"):
        for s in samples(build, NUMPY_COUNT, NODES):
            points = np.array(s["points"])
            scope = {"np": np, "math": math, **dict(zip(NAMES, points.T))}
            values = np.broadcast_to(eval(s["numpy"], scope), len(points))
            for point, found in zip(s["points"], values):
                count.check(s["numpy"], point, float(found))
    return count.finish(NUMPY_COUNT)


def check_sympy(build):
    count = Count("sympy")
    symbols = {name: sympy.Symbol(name, real=True) for name in NAMES}
    refused = 0
    for s in samples(build, SYMPY_COUNT, NODES):
        # sympy cannot compare or order what is infinite or complex inside a branch not taken.
        try:
            parsed = sympy.sympify(s["sympy"], locals=symbols)
            values = [complex(parsed.subs(
                {symbols[n]: sympy.Float(x, 40) for n, x in zip(NAMES, point)}).evalf(25))
                for point in s["points"]]
        except (TypeError, ZeroDivisionError) as error:
            print(f"sympy refuses {s['sympy']}: {error}")
            refused += 1
            continue
        for point, found in zip(s["points"], values):
            # A root of a negative number may pass through the complex plane and come back.
            real = abs(found.imag) <= 1e-12 * (1 + abs(found))
            count.check(s["sympy"], point, found.real if real else math.nan)
    print(f"sympy refuses {refused} expressions")
    return count.finish(SYMPY_COUNT) and refused <= SYMPY_COUNT // 50


C_HEAD = """#include <math.h>
double sign(double a) { return (a > 0) - (a < 0); }
double mod(double a, double b) { double r = fmod(a, b); return r != 0 && (r < 0) != (b < 0) ? r + b : r; }
"""


def check_c(build):
    count = Count("c")
    cases = samples(build, NUMPY_COUNT // 5, NODES)
    arguments = ", ".join(f"double {n}" for n in NAMES)
    source = C_HEAD + "".join(
        f"double f{i}({arguments}) {{ return {s['c']}; }}\n" for i, s in enumerate(cases))
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/f.c", "w") as f:
            f.write(source)
        subprocess.run(["gcc", "-std=c99", "-w", "-O0", "-ffp-contract=off", "-shared", "-fPIC",
                        "-o", f"{folder}/f.so", f"{folder}/f.c", "-lm"], check=True)
        library = ctypes.CDLL(f"{folder}/f.so")
        for i, s in enumerate(cases):
            function = library[f"f{i}"]
            function.restype, function.argtypes = ctypes.c_double, [ctypes.c_double] * 3
            for point in s["points"]:
                count.check(s["c"], point, function(*point[:3]))
    return count.finish(NUMPY_COUNT // 5)


if __name__ == "__main__":
    results = [check(sys.argv[1]) for check in (check_numpy, check_c, check_sympy)]
    sys.exit(0 if all(results) else 1)
