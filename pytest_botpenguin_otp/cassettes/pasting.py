"""What a person pasted as the body of an answer: whether it is one, and what went wrong on the way."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.cassettes.templates import NOT_JSON, tree_of

if TYPE_CHECKING:
    from pytest_botpenguin_otp.cassettes.templates import Tree

__all__ = ["ALONE", "is_cassette", "mistake"]

ALONE = "paste the body of the response alone, from { to }"
STARTS = ("{", "[")
CURLY = re.compile("[\u2018\u2019\u201c\u201d\u00ab\u00bb\u00a0]")
INTERACTIONS = re.compile(rb"^interactions:", re.MULTILINE)
ASKED, ANSWERED = re.compile(r"request\w*", re.IGNORECASE), re.compile(r"response\w*", re.IGNORECASE)


def is_cassette(body: bytes) -> bool:
    """Say whether a file is a cassette, whole or not, rather than an answer that somebody pasted."""
    tree = tree_of(body)
    return INTERACTIONS.search(body) is not None or (isinstance(tree, dict) and "interactions" in tree)


def mistake(body: bytes) -> str | None:
    """Return what is wrong with a pasted body, without any value of it; None where it is an object or a list."""
    tree = tree_of(body)
    if tree is NOT_JSON:
        return f"this is no JSON, {_why(body)}: {ALONE}."
    if not isinstance(tree, dict | list):
        return f"this is one value and no answer: {ALONE}."
    if _is_entry(tree):
        return f"this is the entry of a log, with the request in it: {ALONE}."
    return None


def _is_entry(tree: Tree) -> bool:
    keys = [str(key) for key in tree] if isinstance(tree, dict) else []
    return all(any(form.fullmatch(key) for key in keys) for form in (ASKED, ANSWERED))


def _why(body: bytes) -> str:
    """Say by which mishap a body is none that can be read, as far as anybody can tell."""
    try:
        text = body.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        return "since it is not UTF-8 text; save it as UTF-8"
    if not text.startswith(STARTS):
        inside = any(start in text for start in STARTS)
        return "since something stands before it, as a status line or headers do" if inside else "since it has no {"
    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except json.JSONDecodeError as error:
        return _broken(text, error)
    except (ValueError, RecursionError):
        return "since a profile cannot hold it"
    rest = text[end:].lstrip(" \t\r\n,")
    after = "something stands after it" if rest else "a profile cannot hold it"
    return "since there are two; learn from one after the other" if rest.startswith(STARTS) else f"since {after}"


def _broken(text: str, error: json.JSONDecodeError) -> str:
    if CURLY.search(text):
        return 'since an editor has put typographic quotation marks or blanks in place of " and of plain ones'
    cut = error.pos >= len(text) or error.msg.startswith("Unterminated")
    return "since its end is missing" if cut else f"from line {error.lineno} of it on"
