"""Bodies of Send OTP and Verify OTP, valid and with one fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from pytest_botpenguin_otp.strategies.broken import Broken, without
from pytest_botpenguin_otp.strategies.codes import codes, wrong_codes
from pytest_botpenguin_otp.strategies.credentials import account_sids, auth_tokens
from pytest_botpenguin_otp.strategies.phones import phone_numbers
from pytest_botpenguin_otp.twilio.accounts import DEFAULT
from pytest_botpenguin_otp.twilio.phones import NUMBER

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["broken_send_bodies", "broken_verify_bodies", "send_bodies", "verify_bodies"]

NO_TEXTS: tuple[tuple[object, str], ...] = (
    (None, "null"),
    (15005550006, "a number"),
    (True, "true"),
    (["+14155550123"], "a list"),
    ({}, "an object"),
)
EXTRA_KEYS = ("tonumber", "ToNumber", "otp", "userOTP", "channel", "extra-key", "Body")
HEX = "fa4e" * 8
SPOILED: Mapping[str, tuple[tuple[object, str], ...]] = {
    "accountSID": (
        (HEX, "no prefix"),
        (f"SM{HEX}", "another prefix"),
        (f"ac{HEX}", "a prefix in lower case"),
        (f"AC{HEX[1:]}", "too short"),
        (f"AC{HEX}0", "too long"),
        (f"AC{HEX}\n", "a line feed at its end"),
        ("${TWILIO_ACCOUNT_SID}", "a placeholder"),
        ("", "empty"),
    ),
    "authToken": (
        (HEX[1:], "too short"),
        (f"{HEX}0", "too long"),
        (f"{HEX[1:]}g", "no hexadecimal digits"),
        (f"{HEX}\n", "a line feed at its end"),
        ("${TWILIO_AUTH_TOKEN}", "a placeholder"),
        ("", "empty"),
    ),
    "fromNumber": (
        ("15005550006", "no plus"),
        ("Penguin", "words"),
        ("+05005550006", "a zero in front"),
        ("+15005550006 ", "a blank at its end"),
        ("", "empty"),
    ),
    "toNumber": (
        ("14155550123", "no plus"),
        ("+1 415 555 0123", "blanks"),
        ("+04155550123", "a zero in front"),
        ("+14155550123\n", "a line feed at its end"),
        ("+1415", "too short"),
        ("+1415555012345678", "too long"),
        ("+١٤١٥٥٥٥٠١٢٣", "digits of another script"),
        ("{{phone}}", "a placeholder"),
        ("{}", "braces"),
        ("", "empty"),
    ),
}


def send_bodies(*, own: bool = True) -> st.SearchStrategy[dict[str, object]]:
    """Give bodies of Send OTP to reserved numbers, from +15005550006.

    With `own` the credentials are those of the fake Twilio's account, so that an SMS goes out; else they are of the
    right form and known to nobody.
    """
    sids, tokens = (st.just(DEFAULT.sid), st.just(DEFAULT.auth_token)) if own else (account_sids(), auth_tokens())
    return st.fixed_dictionaries(
        {"accountSID": sids, "authToken": tokens, "fromNumber": st.just(NUMBER), "toNumber": phone_numbers()}
    )


def verify_bodies() -> st.SearchStrategy[dict[str, object]]:
    """Give bodies of Verify OTP: the same code twice, a wrong one, any text, nothing."""
    pairs = st.one_of(
        codes().map(lambda code: (code, code)),
        codes().flatmap(lambda code: st.tuples(st.just(code), wrong_codes(code))),
        st.tuples(st.text(max_size=12), st.text(max_size=12)),
        st.just(("", "")),
    )
    return pairs.map(lambda pair: {"systemOtp": pair[0], "userOtp": pair[1]})


def broken_send_bodies() -> st.SearchStrategy[Broken]:
    """Give bodies of Send OTP with one fault: a key missing, too many, of another type or of another form."""
    faults = [(key, *fault) for key, listed in SPOILED.items() for fault in (*listed, *NO_TEXTS)]
    return _broken(send_bodies(), tuple(SPOILED), faults)


def broken_verify_bodies() -> st.SearchStrategy[Broken]:
    """Give bodies of Verify OTP with one fault: a key missing, too many, or of another type."""
    keys = ("systemOtp", "userOtp")
    return _broken(verify_bodies(), keys, [(key, *fault) for key in keys for fault in NO_TEXTS])


def _broken(
    bodies: st.SearchStrategy[dict[str, object]], keys: tuple[str, ...], faults: list[tuple[str, object, str]]
) -> st.SearchStrategy[Broken]:
    changed = st.builds(
        lambda body, fault: Broken(body=body | {fault[0]: fault[1]}, field=fault[0], what=fault[2]),
        bodies,
        st.sampled_from(faults),
    )
    missing = st.builds(
        lambda body, key: Broken(body=without(body, key), field=key, what="missing"), bodies, st.sampled_from(keys)
    )
    extra = st.builds(
        lambda body, key: Broken(body=body | {key: "1"}, field=key, what="a key too many"),
        bodies,
        st.sampled_from(EXTRA_KEYS),
    )
    return changed | missing | extra
