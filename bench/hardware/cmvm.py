#!/usr/bin/env python3
"""Random constant matrices as shared shift-adds, beside da4ml in the same run.

    cmvm.py CMVM [-o FILE.csv] [--seeds 3] [--sizes 8x8,16x16,64x32] [--bits 4,6,8]

CMVM is the built bench/hardware/cmvm. For each matrix da4ml solves with its least depth, two more,
and without a limit; each time ours may be as deep as da4ml's result is, no deeper. Adders, depth,
full adders (max(bits a, bits b + shift) + 1 each, of both solutions by one function here) and
seconds of processor time. Both solutions are multiplied out and compared with the matrix. Needs
bench/peers/compilers.txt."""
import argparse
import csv
import subprocess
import sys
import time

import numpy as np
from da4ml.cmvm import solve

INPUT = (-128.0, 127.0, 1.0)


def interval_add(a, b, shift, minus):
    low, high = (-b[1], -b[0]) if minus else b
    return a[0] + low * 2**shift, a[1] + high * 2**shift


def bits(interval):
    low, high = interval
    n = 0
    while high >= 2**n or low < -(2**n):
        n += 1
    return max(n, 1) + (low < 0)


def ours(program, matrix, depth, tries):
    rows, columns = matrix.shape
    text = f"{rows} {columns} " + " ".join(str(x) for x in matrix.T.ravel())
    found = subprocess.run([program, str(depth), str(tries)], input=text, text=True,
                           capture_output=True, check=True).stdout.splitlines()
    count, deepest, _, seconds = found[0].split()
    values = [np.eye(rows, dtype=object)[k] for k in range(rows)]
    ranges = [(-128, 127)] * rows
    cost = 0
    for line in found[1:1 + int(count)]:
        low, high, shift, minus = map(int, line.split())
        values.append(values[low] + (-1 if minus else 1) * values[high] * 2**shift)
        cost += max(bits(ranges[low]), bits(ranges[high]) + shift) + 1
        ranges.append(interval_add(ranges[low], ranges[high], shift, minus))
    for j, line in enumerate(found[1 + int(count):]):
        number, shift, minus = map(int, line.split())
        value = 0 * values[0] if number < 0 else values[number] * 2**shift * (-1 if minus else 1)
        if list(value) != list(matrix[:, j]):
            sys.exit("ours: the solution is not the matrix")
    return int(count), int(deepest), cost, float(seconds)


def theirs(matrix, limit):
    start = time.process_time()
    found = solve(matrix.astype(np.float32), hard_dc=limit, qintervals=[INPUT] * matrix.shape[0])
    seconds = time.process_time() - start
    if not np.array_equal(found.kernel, matrix):
        sys.exit("da4ml: the solution is not the matrix")
    count = sum(op.opcode in (0, 1) for part in found.solutions for op in part.ops)
    return count, int(found.latency[1]), seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("-o", default="/dev/stdout")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--sizes", default="8x8,16x16,64x32")
    parser.add_argument("--bits", default="4,6,8")
    parser.add_argument("--tries", type=int, default=0, help="0: as many as the size allows")
    options = parser.parse_args()
    with open(options.o, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow("inputs,outputs,bits,seed,limit,da4ml_adders,adders,da4ml_depth,depth,"
                     "full_adders,da4ml_s,s".split(","))
        for size in options.sizes.split(","):
            rows, columns = map(int, size.split("x"))
            for width in map(int, options.bits.split(",")):
                for seed in range(1, options.seeds + 1):
                    rng = np.random.default_rng(seed)
                    matrix = rng.integers(-2**(width - 1), 2**(width - 1), size=(rows, columns))
                    for limit, name in ((0, "least"), (2, "least+2"), (-1, "none")):
                        adders, depth, seconds = theirs(matrix, limit)
                        own = ours(options.program, matrix, depth, options.tries)
                        out.writerow([rows, columns, width, seed, name, adders, own[0], depth,
                                      own[1], own[2], f"{seconds:.4f}", f"{own[3]:.4f}"])
                        file.flush()


if __name__ == "__main__":
    main()
