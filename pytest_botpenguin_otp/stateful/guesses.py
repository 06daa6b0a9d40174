"""What is typed instead of a code: by name, and made of the code, so that no report need hold either."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["BROKEN_VALUES", "MAGIC", "SPELLED", "WRONG", "another", "typed"]

FULL_WIDTH = {ord(str(digit)): ord(str(digit)) + 0xFEE0 for digit in range(10)}
MAGIC = (
    *("000000", "123456", "424242", "1234", "111111", "0000", "123123", "654321"),
    *("999999", "12345678", "00000000", "112233", "121212", "666666", "987654"),
)
"""Codes that careless services accept: those of examples and of test modes."""


def another(code: str, by: int = 1) -> str:
    """Return another code of that length, `by` further on, going round."""
    size = 10 ** len(code)
    return f"{(int(code) + by) % size:0{len(code)}d}"


def _last_digit(code: str) -> str:
    return f"{code[:-1]}{(int(code[-1]) + 1) % 10}"


def _first_digit(code: str) -> str:
    return f"{(int(code[0]) + 1) % 10}{code[1:]}"


WRONG: Mapping[str, Callable[[str], str]] = {
    "another code": lambda code: another(code, 271_828 % 10 ** len(code)),
    "the code with a zero in front": lambda code: f"0{code}",
    "nothing": lambda _: "",
    "a blank": lambda _: " ",
    "the code 123456": lambda _: "123456",
    "the code 000000": lambda _: "000000",
    "the code 1234": lambda _: "1234",
    "the code without its last digit": lambda code: code[:-1],
    "the code without its first digit": lambda code: code[1:],
    "the first digit of the code": lambda code: code[0],
    "the code with a zero behind": lambda code: f"{code}0",
    "the code and .0": lambda code: f"{code}.0",
    "the code backwards, with a digit more": lambda code: f"{code[::-1]}1",
    "the code twice": lambda code: code * 2,
    "another code in full-width digits": lambda code: another(code, 271_828 % 10 ** len(code)).translate(FULL_WIDTH),
    "letters": lambda _: "abcdef",
    "null as a text": lambda _: "null",
    "a quote that ends the text": lambda _: '"',
    "a text that breaks JSON": lambda _: '1","systemOtp":"1',
    "a reference to the code": lambda _: "{{system_otp}}",
    "a superscript digit": lambda _: "\N{SUPERSCRIPT TWO}",
    "a text that is always true": lambda _: "' OR '1'='1",
    "10,000 digits": lambda _: "1" * 10_000,
    "the code with its last digit changed": _last_digit,
    "the code with its first digit changed": _first_digit,
    "the code 111111": lambda _: "111111",
    "the code 424242": lambda _: "424242",
}
"""Texts that are not the code, by what they are; the simplest first."""
SPELLED: Mapping[str, Callable[[str], str]] = {
    "the right code, a blank behind": lambda code: f"{code} ",
    "the right code, a blank in the midst": lambda code: f"{code[:3]} {code[3:]}",
    "the right code, with a hyphen": lambda code: f"{code[:3]}-{code[3:]}",
    "the right code in full-width digits": lambda code: code.translate(FULL_WIDTH),
}
"""The right code as people type it, which a service may take or refuse."""
BROKEN_VALUES: Mapping[str, object] = {"null": None, "true": True, "a number": 0, "a list": [], "an object": {}}
"""What is no text, in place of the code."""


def typed(what: str, code: str, number: int = 1) -> str:
    """Return the text that `what` names; of "another code" there are many, told apart by `number`."""
    if what == "the right code":
        return code
    if what == "another code":
        return another(code, number * 271_828 % (10 ** len(code) - 1) + 1)
    return (SPELLED[what] if what in SPELLED else WRONG[what])(code)
