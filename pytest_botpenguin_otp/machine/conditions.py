"""Whether the condition of a branch holds."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.bot import Compare

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_botpenguin_otp.bot import Condition
    from pytest_botpenguin_otp.template import Template
    from pytest_botpenguin_otp.values import Value

__all__ = ["holds", "number"]


NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,4})?")


def number(text: str) -> Decimal | None:
    """Read a number as `greater` and `less` do; None where a text is none."""
    return Decimal(text.strip()) if NUMBER.fullmatch(text.strip()) else None


def _greater(left: str, right: str) -> bool:
    first, second = number(left), number(right)
    return first is not None and second is not None and first > second


_OPERATORS: dict[str, Callable[[str, list[str]], bool]] = {
    "equals": lambda text, values: text == values[0],
    "not_equals": lambda text, values: text != values[0],
    "any_of": lambda text, values: text in values,
    "none_of": lambda text, values: text not in values,
    "greater": lambda text, values: _greater(text, values[0]),
    "less": lambda text, values: _greater(values[0], text),
}


def holds(condition: Condition, attributes: Mapping[str, Value], render: Callable[[Template], str]) -> bool:
    """Say whether `condition` holds; `render` fills a template.

    Texts are compared as texts, an unset attribute as the empty one; `greater` and `less` compare numbers and never
    hold for anything else.
    """
    if isinstance(condition, Compare):
        value = attributes.get(condition.attribute)
        values = [render(template) for template in condition.values]
        return _OPERATORS[condition.operator]("" if value is None else value.text, values)
    parts = (holds(part, attributes, render) for part in condition.conditions)
    return all(parts) if condition.kind == "all" else any(parts)
