"""Profiles: those that are shipped, and honest ones that answer in other words."""

from __future__ import annotations

import json
from dataclasses import replace
from types import NoneType

from hypothesis import strategies as st

from pytest_botpenguin_otp.errors import check_type
from pytest_botpenguin_otp.profile import DEFAULT, PROFILES, Answer, Profile

__all__ = ["profiles"]

CODE_PATHS = ("data.otp", "otp", "data.code", "result.sms.otp", "OTP")
FLAG_PATHS = ("success", "verified", "data.verified", "status", "result.match")
FLAGS: tuple[tuple[object, object], ...] = (
    (True, False),
    ("success", "error"),
    ("approved", "pending"),
    (1, 0),
    ("yes", ""),
    ({"match": True}, {"match": False}),
)
SMS_TEXTS = ("Your verification code is {code}.", "{code}", "{code} is your code. Tell nobody.", "Код: {code}")
REFUSALS = (400, 422, 502)
MISMATCHES = (400, 200, 403, 422)


def profiles(*, honest: bool | None = None) -> st.SearchStrategy[Profile]:
    """Give shipped profiles and honest variations of the default one; with `honest` only those that are, or are not.

    A variation differs in paths, flags, statuses, lengths and texts. None keeps an attribute whose path is missing
    from a response, since no bot can be sound there.
    """
    check_type("profiles(honest=...)", honest, (bool, NoneType), "True, False or None")
    shipped = st.sampled_from([known for known in PROFILES.values() if honest in (None, known.honest)])
    return shipped if honest is False else shipped | _variations()


@st.composite
def _variations(draw: st.DrawFn) -> Profile:
    code_path, flag_path = draw(st.sampled_from(CODE_PATHS)), draw(st.sampled_from(FLAG_PATHS))
    yes, no = draw(st.sampled_from(FLAGS))
    refused = _answer(draw(st.sampled_from(REFUSALS)), (flag_path, no))
    mismatch = draw(st.sampled_from(MISMATCHES))
    return replace(
        PROFILES[DEFAULT],
        name=f"varied-mismatch-{mismatch}",
        summary="an honest service that answers in other words",
        send_ok=_answer(200, (flag_path, yes), (code_path, "{{code}}")),
        send_refused=refused,
        verify_ok=_answer(200, (flag_path, yes)),
        verify_mismatch=_answer(mismatch, (flag_path, no)),
        bad_request=_answer(400, (flag_path, no)),
        unauthorized=_answer(401, (flag_path, no)),
        not_found=_answer(404, (flag_path, no)),
        code_path=code_path,
        flag_path=flag_path,
        flag_ok=_saved(yes),
        flag_mismatch=_saved(no),
        code_length=draw(st.integers(4, 10)),
        missing_path=draw(st.sampled_from(["unset", "empty"])),
        saves_when=draw(st.sampled_from(["always", "success"])),
        early_answer=draw(st.sampled_from(["dropped", "kept"])),
        restart_attributes=draw(st.sampled_from(["kept", "cleared"])),
        authorization=draw(st.sampled_from(["any-scheme", "bare", "bearer"])),
        sms_text=draw(st.sampled_from(SMS_TEXTS)),
        timeout_s=draw(st.integers(1, 60)),
    )


def _answer(status: int, *parts: tuple[str, object]) -> Answer:
    """Return an answer that holds each value at its dotted path, beside a message."""
    tree: dict[str, object] = {"message": "{{message}}"}
    for path, value in parts:
        *above, last = path.split(".")
        here = tree
        for name in above:
            inner = here.setdefault(name, {})
            here = inner if isinstance(inner, dict) else {}
        here[last] = value
    return Answer(status, json.dumps(tree, ensure_ascii=False))


def _saved(value: object) -> str:
    """Return the text that an attribute gets of a JSON value."""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
