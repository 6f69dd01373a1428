"""Every word of many function tables against mpmath: the function at the midpoint of the arguments
that share the entry, rounded once to nearest even, saturated; NaN is 0.

    table_words.py BUILD
"""
import subprocess
import sys
from fractions import Fraction

import mpmath
from mpmath import mp, mpf

mp.prec = 400

FUNCTIONS = {
    "sqrt": mpmath.sqrt,
    "cbrt": lambda x: mpmath.sign(x) * mpmath.root(abs(x), 3),
    "inv": lambda x: 1 / x,
    "exp": mpmath.exp,
    "exp2": lambda x: mpmath.power(2, x),
    "expm1": mpmath.expm1,
    "log": mpmath.log,
    "log2": lambda x: mpmath.log(x) / mpmath.log(2),
    "log10": lambda x: mpmath.log(x) / mpmath.log(10),
    "log1p": lambda x: mpmath.log(1 + x),
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tan": mpmath.tan,
    "asin": mpmath.asin,
    "acos": mpmath.acos,
    "atan": mpmath.atan,
    "sinh": mpmath.sinh,
    "cosh": mpmath.cosh,
    "tanh": mpmath.tanh,
    "asinh": mpmath.asinh,
    "acosh": mpmath.acosh,
    "atanh": mpmath.atanh,
    "erf": mpmath.erf,
    "erfc": mpmath.erfc,
    "gamma": mpmath.gamma,
    "gauss": lambda x: mpmath.exp(-x * x),
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
}
# values at which mpmath raises, or gives an infinity of another sign than IEEE's functions
SPECIAL = {
    ("inv", 0): "inf", ("log", 0): "-inf", ("log2", 0): "-inf", ("log10", 0): "-inf",
    ("log1p", -1): "-inf", ("gamma", 0): "inf", ("atanh", 1): "inf", ("atanh", -1): "-inf",
}


def exact_log2(x):
    """log2 and powers have rational values where rounding 400 bits would break a tie."""
    n, d = x.numerator, x.denominator
    if n > 0 and n & (n - 1) == 0 and d & (d - 1) == 0:
        return mpf(n.bit_length() - d.bit_length())
    return None


def value(name, x, constant, first):
    if (name, x) in SPECIAL:
        return mpf(SPECIAL[name, x])
    at = mpf(x.numerator) / x.denominator
    if name == "pow":
        if first:
            return mpmath.power(constant, at)
        if at < 0 and constant != int(constant):
            return mpf("nan")
        if at == 0:
            return mpf("inf") if constant < 0 else mpf(0)
        if constant * 2 == int(constant * 2) and at > 0:
            return mpmath.sqrt(at) ** int(constant * 2)
        return mpmath.power(at, constant)
    if name == "atan2":
        return mpmath.atan2(constant, at) if first else mpmath.atan2(at, constant)
    if name == "gamma" and at < 0 and x.denominator == 1:
        return mpf("nan")
    if name == "log2" and exact_log2(x) is not None:
        return exact_log2(x)
    result = FUNCTIONS[name](at)
    return result if isinstance(result, mpf) else mpf("nan")


def word(y, frac, width):
    low, high = -(1 << (width - 1)), (1 << (width - 1)) - 1
    if mpmath.isnan(y):
        return 0
    if mpmath.isinf(y):
        return high if y > 0 else low
    scaled = y * mpf(2) ** frac
    nearest = int(mpmath.nint(scaled))  # ties to even
    return min(max(nearest, low), high)


def requests():
    ranges = ["[-8,8]", "[0,4]", "[-1,1]", "[0.5,1.5]", "[-32,32]"]
    formats = [(10, 10, 16), (6, 6, 12), (14, 20, 30), (10, 2, 6)]
    for name in FUNCTIONS:
        for i, span in enumerate(ranges):
            frac, word_frac, width = formats[i % len(formats)]
            for entries in (64, 1024):
                yield name, None, False, frac, word_frac, width, f"{name}: {entries} over {span}"
    for constant in (-2.0, -0.5, 0.3, 2.5, 17.0, -1.0 / 3):
        yield "pow", constant, False, 10, 10, 16, "pow: 512 over [-4,4]"
    for constant in (0.5, 3.0, 10.0):
        yield "pow", constant, True, 8, 12, 24, "pow: 256 over [-4,4]"
    for constant, first in ((1.5, False), (-2.0, False), (0.75, True), (-3.0, True)):
        yield "atan2", constant, first, 8, 12, 16, "atan2: 256 over [-4,4]"


def main():
    asked = list(requests())
    lines = []
    for name, constant, first, frac, word_frac, width, spec in asked:
        prefix = "" if constant is None else f"with {constant!r} {int(first)} "
        lines.append(f"{prefix}{frac} {word_frac} {width} {spec}")
    program = sys.argv[1] + "/tests/oracle/table_words"
    answers = subprocess.run([program], input="\n".join(lines) + "\n", text=True, check=True,
                             stdout=subprocess.PIPE).stdout.splitlines()
    assert len(answers) == len(asked)
    compared = 0
    for (name, constant, first, frac, word_frac, width, spec), line in zip(asked, answers):
        index_frac, start, *words = map(int, line.split())
        step = Fraction(1, 1 << index_frac) if index_frac >= 0 else Fraction(1 << -index_frac)
        last = step - Fraction(1, 1 << frac)
        for k, found in enumerate(words):
            x = (start + k) * step + last / 2
            expected = word(value(name, x, constant, first), word_frac, width)
            if found != expected:
                sys.exit(f"{spec} constant {constant}: word of {float(x)} is {found}, "
                         f"mpmath gives {expected}")
            compared += 1
    print(f"{compared} words of {len(asked)} tables equal mpmath's")


if __name__ == "__main__":
    main()
