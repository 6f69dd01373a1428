"""Equations as text, read on their own (not by symlut): values in NumPy, in mpmath, and sympy."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import mpmath
import numpy as np
import sympy

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|`(?P<quoted>[^`]+)`"
    r"|(?P<name>[^\W\d][\w.]*)|(?P<mark>\*\*|[-+*/^(),]))"
)


def _numpy() -> dict[str, Callable[..., Any]]:
    same = "sqrt cbrt exp exp2 expm1 log log2 log10 log1p sin cos tan sinh cosh tanh abs sign floor ceil"
    table: dict[str, Callable[..., Any]] = {name: getattr(np, name) for name in same.split()}
    for name in ("asin", "acos", "atan", "asinh", "acosh", "atanh"):
        table[name] = getattr(np, name.replace("a", "arc", 1))
    table |= {"min": np.minimum, "max": np.maximum, "atan2": np.arctan2, "round": np.rint}
    return table | _composed(np.exp, lambda a: np.maximum(a, 0))


def _mpmath() -> dict[str, Callable[..., Any]]:
    same = "sqrt cbrt exp expm1 log log10 log1p sin cos tan sinh cosh tanh sign floor ceil"
    table: dict[str, Callable[..., Any]] = {name: getattr(mpmath, name) for name in same.split()}
    for name in ("asin", "acos", "atan", "asinh", "acosh", "atanh", "atan2"):
        table[name] = getattr(mpmath, name)
    table |= {"abs": abs, "min": min, "max": max, "round": mpmath.nint}
    table |= {"log2": lambda a: mpmath.log(a, 2), "exp2": lambda a: mpmath.mpf(2) ** a}
    return table | _composed(mpmath.exp, lambda a: max(a, mpmath.mpf(0)))


def _sympy() -> dict[str, Callable[..., Any]]:
    same = "sqrt cbrt exp log sin cos tan sinh cosh tanh sign floor asin acos atan asinh acosh atanh atan2"
    table: dict[str, Callable[..., Any]] = {name: getattr(sympy, name) for name in same.split()}
    table |= {"abs": sympy.Abs, "min": sympy.Min, "max": sympy.Max, "ceil": sympy.ceiling}
    table |= {"log2": lambda a: sympy.log(a, 2), "log10": lambda a: sympy.log(a, 10)}
    table |= {"log1p": lambda a: sympy.log(1 + a), "expm1": lambda a: sympy.exp(a) - 1}
    table |= {"exp2": lambda a: 2**a}
    return table | _composed(sympy.exp, lambda a: sympy.Max(a, 0))


def _composed(exp: Callable[[Any], Any], relu: Callable[[Any], Any]) -> dict[str, Callable[..., Any]]:
    return {
        "neg": lambda a: -a,
        "square": lambda a: a * a,
        "cube": lambda a: a * a * a,
        "inv": lambda a: 1 / a,
        "gauss": lambda a: exp(-a * a),
        "sigmoid": lambda a: 1 / (1 + exp(-a)),
        "relu": relu,
    }


_NUMPY, _MPMATH, _SYMPY = _numpy(), _mpmath(), _sympy()


def _counts(node: ast.AST) -> bool:
    """Operators, functions, variables and numbers count; the sign of a number does not."""
    if isinstance(node, ast.UnaryOp):
        return not (isinstance(node.operand, ast.Subscript) and
                    isinstance(node.operand.value, ast.Name) and node.operand.value.id == "c")
    return isinstance(node, (ast.BinOp, ast.Call, ast.Subscript)) or (
        isinstance(node, ast.Name) and node.id == "pi")


class Equation:
    """One expression of `nodes` nodes, counted alike for every engine. `constants` are its numbers in the order of the text; all forms can be asked
    for with other values of them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.constants: list[str] = []
        self.variables: list[str] = []
        python = self._python(text)
        self._code = compile(python, text, "eval")
        self.nodes = sum(map(_counts, ast.walk(ast.parse(python, mode="eval"))))

    def _python(self, text: str) -> str:
        """Python text over f.<function>, v[<variable>] and c[<constant>]."""
        out: list[str] = []
        at = 0
        while text[at:].strip():
            token = _TOKEN.match(text, at)
            if not token:
                raise ValueError(f"cannot read {text!r} at {text[at:at + 20]!r}")
            at = token.end()
            out.append(self._word(token, text[at:].lstrip()[:1] == "("))
        return "".join(out)

    def _word(self, token: re.Match[str], call: bool) -> str:
        if token["number"]:
            self.constants.append(token["number"])
            return f"c[{len(self.constants) - 1}]"
        if token["mark"]:
            return "**" if token["mark"] == "^" else token["mark"]
        name = token["quoted"] or token["name"]
        if call and not token["quoted"]:
            return f"f.{name}"
        if name == "pi" and not token["quoted"]:
            return "pi"
        if name not in self.variables:
            self.variables.append(name)
        return f"v[{name!r}]"

    def values(self, columns: Mapping[str, np.ndarray]) -> np.ndarray:
        """Float64, one value per row."""
        constants = [np.float64(text) for text in self.constants]
        rows = len(next(iter(columns.values())))
        with np.errstate(all="ignore"):
            value = self._evaluate(_NUMPY, columns, constants, np.pi)
        return np.broadcast_to(np.asarray(value, float), (rows,))

    def exact(self, point: Mapping[str, Any], constants: list[Any] | None = None) -> Any:
        """mpmath value at the working precision; raises ArithmeticError or ValueError outside the
        domain and gives an mpc where the value is complex."""
        if constants is None:
            constants = [mpmath.mpf(text) for text in self.constants]
        return self._evaluate(_MPMATH, point, constants, mpmath.pi)

    def sympy(self, symbols: Mapping[str, sympy.Symbol], constants: list[Any]) -> sympy.Expr:
        return sympy.sympify(self._evaluate(_SYMPY, symbols, constants, sympy.pi))

    def _evaluate(self, functions: Mapping[str, Any], v: Mapping[str, Any], c: list[Any],
                  pi: Any) -> Any:
        names = {"f": SimpleNamespace(**functions), "v": v, "c": c, "pi": pi}
        return eval(self._code, {"__builtins__": {}}, names)
