"""One-time codes: as they are sent, as people type them, and wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from pytest_botpenguin_otp.errors import check_type
from pytest_botpenguin_otp.strategies.broken import StrategyError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["codes", "typed_codes", "wrong_codes"]

ZEROS = "\N{ARABIC-INDIC DIGIT ZERO}\N{DEVANAGARI DIGIT ZERO}\N{MATHEMATICAL BOLD DIGIT ZERO}"
FULL_WIDTH_ZERO = "\N{FULLWIDTH DIGIT ZERO}"
NOTHING = ("", " ", "\t", "\N{NO-BREAK SPACE}", "\N{ZERO WIDTH SPACE}")
UNFILLED = ("{{system_otp}}", "{{user_otp}}", "{{ verified }}", "${TWILIO_AUTH_TOKEN}", "{}", "{{}}", "{{7*7}}")
JSON_BREAKING = ('"', "\\", '1","systemOtp":"1', '"}', "null", "true", "[]", "{", "\n", "\x00", "undefined")


def codes(length: int = 6) -> st.SearchStrategy[str]:
    """Give codes of `length` ASCII digits as text; zeros in front happen and count."""
    check_type("codes(length)", length, int, "a whole number")
    if length < 1:
        raise StrategyError(f"codes(length) takes at least 1 digit, not {length}.")
    return st.integers(0, 10**length - 1).map(lambda number: f"{number:0{length}d}")


def typed_codes(code: str) -> st.SearchStrategy[str]:
    """Give what people type who mean `code`: blanks around, blanks and signs inside, full-width digits.

    It is never `code` itself: a service that compares texts says no to each of them.
    """
    _must_be_digits(code)
    return _INDICES.map(lambda index: _pick(_spellings(code), index))


def _spellings(code: str) -> list[str]:
    half = len(code) // 2
    spelled = [
        f"{code} ",
        f" {code}",
        f"{code}\n",
        f"{code}.",
        f"<{code}>",
        f'"{code}"',
        _in_script(code, FULL_WIDTH_ZERO),
    ]
    split = [f"{code[:half]}{sign}{code[half:]}" for sign in (" ", "-", ".", "\N{NO-BREAK SPACE}")]
    return [*spelled, *split, f"my code is {code}", f"\N{ZERO WIDTH SPACE}{code}"]


def wrong_codes(code: str) -> st.SearchStrategy[str]:
    """Give texts that are not `code`, the likeliest to be taken for it among them.

    One digit off, any other code, another length, a prefix, reversed, nothing, the digits of other scripts, text that
    breaks JSON, references to attributes and secrets, any text at all.
    """
    _must_be_digits(code)
    return _WAYS.map(lambda way: way(code))


def _must_be_digits(code: str) -> None:
    check_type("What takes a code", code, str, "ASCII digits as a text, such as '012345'")
    if not (code.isascii() and code.isdigit()):
        raise StrategyError(f"A code is ASCII digits, such as '012345', not {len(code)} characters of another kind.")


def _in_script(code: str, zero: str) -> str:
    """Return `code` in the digits of the script whose zero is given."""
    return "".join(chr(ord(zero) + int(digit)) for digit in code)


def _one_off(code: str, index: int, by: int) -> str:
    return f"{code[:index]}{(int(code[index]) + by) % 10}{code[index + 1 :]}"


def _relatives(code: str) -> list[str]:
    near = [
        code[:-1],
        code[1:],
        code[::-1],
        f"{code}0",
        f"0{code}",
        code.lstrip("0"),
        code * 2,
        f"+{code}",
        f"{code}.0",
    ]
    prefixes = [code[:end] for end in range(1, len(code))]
    return [text for text in dict.fromkeys([*near, *prefixes]) if text != code]


def _pick(texts: Sequence[str], index: int) -> str:
    return texts[index % len(texts)]


def _another(code: str, by: int) -> str:
    """Return another code of that length: `by` further on, going round."""
    size = 10 ** len(code)
    return f"{(int(code) + 1 + by % (size - 1)) % size:0{len(code)}d}"


def _breaking(code: str) -> list[str]:
    return [*JSON_BREAKING, f'{code}"', f'{code}","x":"', f"{code}\\"]


def _other(code: str, text: str) -> str:
    return text if text != code else ""


_INDICES = st.integers(0, 59)
_WAYS: st.SearchStrategy[Callable[[str], str]] = st.one_of(
    st.builds(lambda at, by: lambda code: _one_off(code, at % len(code), by), st.integers(0, 9), st.integers(1, 9)),
    st.integers(0, 10**10).map(lambda by: lambda code: _another(code, by)),
    _INDICES.map(lambda index: lambda code: _pick(_relatives(code), index)),
    st.sampled_from(NOTHING).map(lambda text: lambda _code: text),
    st.sampled_from(ZEROS).map(lambda zero: lambda code: _in_script(code, zero)),
    _INDICES.map(lambda index: lambda code: _pick(_breaking(code), index)),
    _INDICES.map(lambda index: lambda code: _pick([*UNFILLED, f"{{{{{code}}}}}"], index)),
    st.text(max_size=20).map(lambda text: lambda code: _other(code, text)),
)
"""Ways to get a code wrong; made once, since making strategies takes longer than drawing from them."""
