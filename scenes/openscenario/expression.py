"""Values of attributes: `$name` stands for a parameter, `${...}` for a sum of numbers and parameters."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

_TWO: Mapping[type[ast.operator], Callable[[float, float], float]] = MappingProxyType(
    {
        ast.Add: operator.add,
        ast.Sub: operator.sub,
        ast.Mult: operator.mul,
        ast.Div: operator.truediv,
        ast.Mod: operator.mod,
    }
)
_LONGEST = 200
_NAME = re.compile(r"\$(\w+)")


def valued(text: str, told: Mapping[str, str]) -> str:
    """Return an attribute's text with parameters put in and a sum done; what cannot be done stays as it is."""
    if text.startswith("${") and text.endswith("}") and len(text) <= _LONGEST:
        filled = _NAME.sub(lambda name: told.get(name[1], name[0]), text[2:-1])
        try:
            return repr(_value(ast.parse(filled.strip(), mode="eval").body))
        except (SyntaxError, ValueError, ArithmeticError):
            return text
    return told.get(text[1:], text) if text.startswith("$") else text


def _value(node: ast.expr) -> float:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return float(str(node.value))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand)
    if isinstance(node, ast.BinOp) and type(node.op) in _TWO:
        return _TWO[type(node.op)](_value(node.left), _value(node.right))
    raise ValueError("is not a sum of numbers")
