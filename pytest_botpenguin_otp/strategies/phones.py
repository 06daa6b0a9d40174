"""Phone numbers: reserved ones in E.164, as people type them, and nearly right."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from pytest_botpenguin_otp.errors import did_you_mean
from pytest_botpenguin_otp.strategies.broken import StrategyError
from pytest_botpenguin_otp.twilio.phones import is_e164

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["COUNTRIES", "nearly_numbers", "phone_numbers", "possible_numbers", "reserved", "typed_numbers"]

AMERICA = "+1"
BRITAIN = "+44"
MAGIC_AREA = 500
CANADIAN = (416, 204, 236, 514, 604, 613, 647, 778, 902)
AMERICAN = (415, *(area for area in range(200, 1000) if area not in (415, MAGIC_AREA, *CANADIAN)))
BRITISH = 1000
FULL_WIDTH = {ord(sign): ord(sign) + 0xFEE0 for sign in "+0123456789"}
NO_NUMBERS = ("", " ", "+", "+1", "{}", "{{phone}}", "my number", "undefined", "null", "+999123456789", "+0123456789")


def _north_american(areas: tuple[int, ...]) -> st.SearchStrategy[str]:
    return st.integers(0, len(areas) * 100 - 1).map(lambda index: _american(areas, index))


def _american(areas: tuple[int, ...], index: int) -> str:
    return f"{AMERICA}{areas[index // 100]}55501{index % 100:02d}"


def _british(index: int) -> str:
    return f"{BRITAIN}7700900{index:03d}"


_RESERVED: dict[str, st.SearchStrategy[str]] = {
    "US": _north_american(AMERICAN),
    "CA": _north_american(CANADIAN),
    "GB": st.integers(0, BRITISH - 1).map(_british),
}

COUNTRIES = tuple(_RESERVED)
"""The countries (ISO 3166) of which reserved numbers are known."""


def reserved() -> Iterator[str]:
    """Yield every number that is reserved for fiction, once: of one American area, of Britain, and of the others."""
    yield from (_american(AMERICAN, index) for index in range(100))
    yield from map(_british, range(BRITISH))
    others = (*AMERICAN[1:], *CANADIAN)
    yield from (_american(others, index) for index in range(len(others) * 100))


def phone_numbers() -> st.SearchStrategy[str]:
    """Give numbers in strict E.164 that are reserved for fiction: +1 xxx 555 01xx and +44 7700 900xxx."""
    return possible_numbers()


def possible_numbers(countries: Collection[str] = COUNTRIES) -> st.SearchStrategy[str]:
    """Give reserved numbers in E.164 of some of `countries` (ISO 3166), each possible there.

    Raises `StrategyError` for a country of which no reserved range is known here.
    """
    if not isinstance(countries, Collection) or isinstance(countries, str) or not countries:
        raise StrategyError(f"possible_numbers() takes some countries, such as ['US']. Known: {', '.join(_RESERVED)}.")
    for country in countries:
        if country not in _RESERVED:
            raise StrategyError(f"No reserved numbers are known of {country!r}. {did_you_mean(country, _RESERVED)}")
    return st.one_of(*(_RESERVED[country] for country in countries))


def _parts(number: str) -> tuple[str, tuple[str, ...]]:
    if number.startswith(BRITAIN):
        return BRITAIN, (number[3:7], number[7:])
    return AMERICA, (number[2:5], number[5:8], number[8:])


def _joined(separator: str) -> Callable[[str], str]:
    def typed(number: str) -> str:
        country, parts = _parts(number)
        return separator.join((country, *parts))

    return typed


def _in_brackets(number: str) -> str:
    country, (first, *rest) = _parts(number)
    return f"{country} ({first}) {'-'.join(rest)}"


_SPELLINGS: tuple[Callable[[str], str], ...] = (
    str,
    _joined(" "),
    _joined("-"),
    _joined("."),
    _joined("\N{NO-BREAK SPACE}"),
    _in_brackets,
    lambda number: f" {number}",
    lambda number: f"{number} ",
    lambda number: number.translate(FULL_WIDTH),
    lambda number: f"tel:{number}",
)


def typed_numbers(number: str | None = None) -> st.SearchStrategy[str]:
    """Give spellings of `number` (default: of any reserved one) that a phone question takes for it.

    Blanks, hyphens, points and brackets inside, blanks around, full-width signs; always with plus and country code.
    """
    if number is not None and not (isinstance(number, str) and is_e164(number)):
        raise StrategyError("typed_numbers() takes a number in E.164, such as '+14155550123', or none.")
    numbers = phone_numbers() if number is None else st.just(number)
    return st.builds(lambda spell, known: spell(known), st.sampled_from(_SPELLINGS), numbers)


_MISTAKES: tuple[Callable[[str], str], ...] = (
    lambda number: number[1:],
    lambda number: f"00{number[1:]}",
    lambda number: f"{number}0",
    lambda number: f"{number}{number[1:]}",
    lambda number: number[:4],
    lambda number: f"+0{number[1:]}",
    lambda number: f"{{{{{number[1:]}}}}}",
)


def nearly_numbers() -> st.SearchStrategy[str]:
    """Give texts that no phone question takes.

    A number without its plus, with 00 instead, too long, too short, with an unknown country; blanks; words; holes
    that nobody filled. Some look like E.164 and are possible in no country.
    """
    spoiled = st.builds(lambda spoil, known: spoil(known), st.sampled_from(_MISTAKES), phone_numbers())
    return st.sampled_from(NO_NUMBERS) | spoiled
