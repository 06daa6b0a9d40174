"""Whether the condition of a branch holds."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.bot import Compare

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_botpenguin_otp.bot import Condition
    from pytest_botpenguin_otp.template import Template

__all__ = ["holds"]


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _greater(left: str, right: str) -> bool:
    first, second = _number(left), _number(right)
    return first is not None and second is not None and first > second


_OPERATORS: dict[str, Callable[[str, list[str]], bool]] = {
    "equals": lambda text, values: text == values[0],
    "not_equals": lambda text, values: text != values[0],
    "any_of": lambda text, values: text in values,
    "none_of": lambda text, values: text not in values,
    "greater": lambda text, values: _greater(text, values[0]),
    "less": lambda text, values: _greater(values[0], text),
}


def holds(condition: Condition, attribute: Callable[[str], str], render: Callable[[Template], str]) -> bool:
    """Say whether `condition` holds; `attribute` gives a text (empty for an unset one), `render` fills a template.

    Texts are compared as texts; `greater` and `less` compare numbers and never hold for anything else.
    """
    if isinstance(condition, Compare):
        values = [render(value) for value in condition.values]
        return _OPERATORS[condition.operator](attribute(condition.attribute), values)
    parts = (holds(part, attribute, render) for part in condition.conditions)
    return all(parts) if condition.kind == "all" else any(parts)
