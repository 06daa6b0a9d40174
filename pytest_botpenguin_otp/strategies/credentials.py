"""Visibly fake credentials, and headers that carry them, well or badly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from pytest_botpenguin_otp.botpenguin import TOKEN
from pytest_botpenguin_otp.errors import check_type
from pytest_botpenguin_otp.strategies.broken import Broken, StrategyError, without
from pytest_botpenguin_otp.strategies.predicates import is_headers

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["account_sids", "auth_headers", "auth_tokens", "broken_auth_headers", "headers", "message_sids"]

FAKE = "fa4e" * 7
SCHEMES = ("", "Bearer ", "bearer ", "BEARER ")
BLANKS = ("", " ", "\t", "   ")
BARE_SCHEMES = ("Bearer", "Bearer ", "bearer", "Basic ", "Key")
PLACEHOLDERS = (
    "YOUR_TOKEN",
    "Your token or key",
    "your-api-key",
    "<token>",
    "Bearer <your token>",
    "{{token}}",
    "${BOTPENGUIN_TOKEN}",
    "Bearer ${BOTPENGUIN_TOKEN}",
    "YOUR API TOKEN",
)
OTHER_NAMES = ("authorisation", "auth", "x-authorization", "authorization-token", "token")
EXTRA = st.dictionaries(
    st.sampled_from(["content-type", "accept", "x-request-id", "user-agent", "authtype"]),
    st.sampled_from(["application/json", "*/*", "1", "fake-client/1.0", "Key"]),
    max_size=3,
)


def _tails() -> st.SearchStrategy[str]:
    return st.integers(0, 0xFFFF).map(lambda number: f"{FAKE}{number:04x}")


def account_sids() -> st.SearchStrategy[str]:
    """Give account SIDs that nobody could take for real ones: `ACfa4efa4e...`."""
    return _tails().map("AC".__add__)


def auth_tokens() -> st.SearchStrategy[str]:
    """Give auth tokens that nobody could take for real ones: `fa4efa4e...`."""
    return _tails()


def message_sids() -> st.SearchStrategy[str]:
    """Give message SIDs, of SMS and of MMS, that nobody could take for real ones."""
    return st.builds(str.__add__, st.sampled_from(["SM", "MM"]), _tails())


def auth_headers(token: str = TOKEN) -> st.SearchStrategy[dict[str, str]]:
    """Give headers as the contract sees them, names in lower case, with `token` bare or after Bearer."""
    check_type("What takes a token", token, str, "a text")
    if not is_headers({"authorization": token}):
        raise StrategyError(
            "What takes a token wants one that could be real: not blank, no scheme alone, no placeholder, no line "
            "feed; it is not shown here. broken_auth_headers() gives headers that carry none."
        )
    return st.builds(lambda scheme, extra: {"authorization": scheme + token} | extra, st.sampled_from(SCHEMES), EXTRA)


def headers(token: str = TOKEN) -> st.SearchStrategy[tuple[tuple[str, str], ...]]:
    """Give the same headers as a client sends them: pairs in any order, names in any case."""
    casings = st.sampled_from([str.title, str.lower, str.upper])
    return st.builds(
        lambda told, spell, turned: tuple(
            (spell(name), text) for name, text in list(told.items())[:: -1 if turned else 1]
        ),
        auth_headers(token),
        casings,
        st.booleans(),
    )


def _broken(told: Mapping[str, str], text: str | None, what: str) -> Broken:
    rest = without(told, "authorization")
    return Broken(body=rest if text is None else {"authorization": text} | rest, field="authorization", what=what)


def broken_auth_headers(token: str = TOKEN) -> st.SearchStrategy[Broken]:
    """Give headers, as the contract sees them, with one fault.

    No Authorization, a blank one, a scheme alone, a left-over placeholder, a line feed inside, the token under another
    name. A name in another case breaks the contract alone (`tolerated`), since HTTP compares names without case.
    """
    good = auth_headers(token)
    wrong = st.one_of(
        st.tuples(st.none(), st.just("missing")),
        st.tuples(st.sampled_from(BLANKS), st.just("blank")),
        st.tuples(st.sampled_from(BARE_SCHEMES), st.just("a scheme alone")),
        st.tuples(st.sampled_from(PLACEHOLDERS), st.just("a placeholder")),
        st.tuples(st.sampled_from([f"{token}\r\nx-injected: 1", f"x\n{token}"]), st.just("a line feed inside")),
    )
    renamed = st.builds(
        lambda told, name: Broken(
            body=without(told, "authorization") | {name: told["authorization"]},
            field="authorization",
            what="another name",
        ),
        good,
        st.sampled_from(OTHER_NAMES),
    )
    in_capitals = st.builds(
        lambda told, name: Broken(body=told | {name: "1"}, field=name, what="another case", tolerated=True),
        good,
        st.sampled_from(["X-Request-Id", "X-TRACE", "x-Fake"]),
    )
    return st.builds(lambda told, fault: _broken(told, *fault), good, wrong) | renamed | in_capitals
