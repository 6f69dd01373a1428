"""Is a found expression the law itself, up to constants within 1e-4?

1. Filter: at random points of the data's ranges, found and law agree to 1 % in float64.
2. Refit: at random points of wider ranges, with 60 digits, Newton's method moves the found
   constants, by the least relative change, until found = law. If the forms are equivalent it gets
   there to 40 digits; if not, it never does. Fresh points confirm it.
3. No constant may have moved by more than 1e-4 of itself (one that belongs at zero: by 1e-4).
4. sympy: with the refitted constants as rationals and multiples of powers of pi, simplify(found -
   law) is 0, within a time limit. A pass is noted; equality to 40 digits at random points of wide
   ranges counts without it, for sympy gives up on many true identities."""

from __future__ import annotations

import random
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import sympy

from equations import Equation

DIGITS = 60
SAME = mpmath.mpf(10) ** -40
TOLERANCE = 1e-4


@dataclass
class Verdict:
    exact: bool  # constants within TOLERANCE
    form: bool  # the right form, whatever the constants' error
    error: float  # largest relative error of a constant; inf when the form is wrong
    how: str


class Judge:
    """One law with its ranges, asked about many expressions."""

    def __init__(self, law: Equation, names: Sequence[str],
                 ranges: Sequence[tuple[float, float]], seed: int = 1) -> None:
        self.law = law
        self.ranges = dict(zip(names, ranges))
        self.random = random.Random(seed)
        source = np.random.default_rng(seed)
        self.inside = {v: source.uniform(a, b, 200) for v, (a, b) in self.ranges.items()}
        self.inside_y = law.values(self.inside)

    def verdict(self, text: str) -> Verdict:
        found = Equation(text)
        if not set(found.variables) <= set(self.ranges):
            return Verdict(False, False, np.inf, "unknown variable")
        y = found.values(self.inside)
        scale = np.maximum(np.abs(self.inside_y), 1e-3 * np.abs(self.inside_y).mean())
        if not np.all(np.abs(y - self.inside_y) <= 1e-2 * scale):
            return Verdict(False, False, np.inf, "differs in the data's ranges")
        with mpmath.workdps(DIGITS):
            return self._refit(found)

    def _refit(self, found: Equation) -> Verdict:
        start = [mpmath.mpf(text) for text in found.constants]
        points = self._points(found, start, 3 * len(start) + 20)
        if len(points) < 2 * len(start) + 10:
            return Verdict(False, False, np.inf, "outside its domain on wider ranges")
        whole = [c == mpmath.nint(c) for c in start]  # mostly exponents and factors that are right
        constants = _newton(found, start, [not w for w in whole], points)
        if constants is None and any(whole):
            constants = _newton(found, start, [True] * len(start), points)
        if constants is None:
            return Verdict(False, False, np.inf, "another form")
        fresh = self._points(found, constants, 40)
        if len(fresh) < 20 or not all(abs(r) < SAME for r in _residuals(found, constants, fresh)):
            return Verdict(False, False, np.inf, "another form")
        error = max((_change(a, b) for a, b in zip(start, constants)), default=0.0)
        how = "sympy" if self._sympy_agrees(found, constants) else "identity to 40 digits"
        return Verdict(error <= TOLERANCE, True, error, how)

    def _points(self, found: Equation, constants: list[Any], count: int) -> list[tuple[dict, Any]]:
        """(point, law there), drawn from ranges twice as wide on either side where both are real."""
        points: list[tuple[dict, Any]] = []
        for _ in range(20 * count):
            point = {v: mpmath.mpf(self.random.uniform(a / 2, b * 2) if a > 0 else
                                   self.random.uniform(a - (b - a), b + (b - a)))
                     for v, (a, b) in self.ranges.items()}
            y, z = _value(self.law, point, None), _value(found, point, constants)
            if y is not None and z is not None and y != 0:
                points.append((point, y))
            if len(points) == count:
                break
        return points

    def _sympy_agrees(self, found: Equation, constants: list[Any]) -> bool:
        symbols = {v: sympy.Symbol(f"v{i}", positive=a > 0, real=True)
                   for i, (v, (a, _)) in enumerate(self.ranges.items())}
        try:
            with _time_limit(10):
                ours = found.sympy(symbols, [_nice(c) for c in constants])
                law = self.law.sympy(symbols, [sympy.Rational(c) for c in self.law.constants])
                return sympy.simplify(ours - law) == 0 or sympy.simplify(ours / law) == 1
        except Exception:  # sympy raises many kinds; no proof is no proof
            return False


def _value(equation: Equation, point: dict[str, Any], constants: list[Any] | None) -> Any:
    try:
        value = equation.exact(point, constants)
    except (ArithmeticError, ValueError, TypeError):
        return None
    value = mpmath.mpmathify(value)
    return value if isinstance(value, mpmath.mpf) and mpmath.isfinite(value) else None


def _residuals(found: Equation, constants: list[Any], points: list[tuple[dict, Any]]) -> list[Any]:
    values = [(_value(found, point, constants), y) for point, y in points]
    return [mpmath.inf if z is None else z / y - 1 for z, y in values]


def _newton(found: Equation, constants: list[Any], free: list[bool],
            points: list[tuple[dict, Any]]) -> list | None:
    """Constants with all residuals below SAME, or None; those not free keep their value.
    Gauss-Newton with the residuals in 60 digits and the steps in float64 (each gains many digits),
    of least relative change."""
    scale = [max(abs(c), mpmath.mpf("1e-3")) if f else mpmath.mpf(0)
             for c, f in zip(constants, free)]
    r = _residuals(found, constants, points)
    for _ in range(25):
        size = max(abs(x) for x in r)
        if size < SAME:
            return constants
        if not mpmath.isfinite(size) or not any(free):
            return None
        jacobian = _jacobian(found, constants, scale, points)
        if jacobian is None:
            return None
        right = np.array([float(x / size) for x in r])
        step = np.linalg.lstsq(jacobian, -right, rcond=1e-9)[0]
        moved, next_r, next_size = constants, r, mpmath.inf
        for factor in (1.0, 0.5, 0.1):
            moved = [c + s * size * mpmath.mpf(factor * float(d))
                     for c, s, d in zip(constants, scale, step)]
            next_r = _residuals(found, moved, points)
            next_size = max(abs(x) for x in next_r)
            if next_size < size:
                break
        if next_size > size * mpmath.mpf("0.9"):
            return None
        constants, r = moved, next_r
    return None


def _jacobian(found: Equation, constants: list[Any], scale: list[Any],
              points: list[tuple[dict, Any]]) -> np.ndarray | None:
    """d residual / d (constant / scale), by differences of 1e-25 in 60 digits."""
    h = mpmath.mpf("1e-25")
    base = _residuals(found, constants, points)
    columns = []
    for i, s in enumerate(scale):
        if s == 0:
            columns.append([0.0] * len(points))
            continue
        shifted = [c + (h * s if i == j else 0) for j, c in enumerate(constants)]
        columns.append([float((a - b) / h) for a, b in
                        zip(_residuals(found, shifted, points), base)])
    matrix = np.array(columns).T
    return matrix if np.isfinite(matrix).all() else None


def _change(before: Any, after: Any) -> float:
    """Relative; absolute for a constant that belongs at zero."""
    belongs_at_zero = abs(after) < mpmath.mpf("1e-30")
    return float(abs(before - after) / (1 if belongs_at_zero else abs(after)))


def _nice(value: Any) -> sympy.Expr:
    """A rational times a power of pi and of sqrt(2), or the number itself."""
    half = sympy.Rational(1, 2)
    for power in (0, 1, -1, 2, -2, half, -half):
        for root in (sympy.Integer(1), sympy.sqrt(2)):
            factor = sympy.pi**power * root
            part = value / mpmath.mpmathify(sympy.N(factor, DIGITS + 5))
            rational = _rational(part)
            if rational is not None:
                return rational * factor
    return sympy.Float(mpmath.nstr(value, DIGITS), DIGITS)


def _rational(value: Any) -> sympy.Rational | None:
    """The fraction with a denominator below 1e6 that equals value to 35 digits."""
    exact = Fraction(mpmath.nstr(value, 50))
    near = exact.limit_denominator(10**6)
    return sympy.Rational(near.numerator, near.denominator) if abs(near - exact) < 1e-35 else None


class _time_limit:
    def __init__(self, seconds: int) -> None:
        self.seconds = seconds

    def __enter__(self) -> None:
        def stop(*_: object) -> None:
            raise TimeoutError
        self.before = signal.signal(signal.SIGALRM, stop)
        signal.alarm(self.seconds)

    def __exit__(self, *_: object) -> None:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, self.before)
