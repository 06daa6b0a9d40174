"""The bot file of a login flow, as a tree, from a few choices: sound by construction."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import yaml

from pytest_botpenguin_otp import bot, contracts
from pytest_botpenguin_otp.twilio.phones import NUMBER

if TYPE_CHECKING:
    from pytest_botpenguin_otp.bot import Bot
    from pytest_botpenguin_otp.profile import Profile

__all__ = ["Shape", "Tree", "Written", "components", "least_delays", "login", "mismatch_status", "numbered", "written"]

Tree = dict[str, object]

AGAIN = "again"
RESEND_DELAY_S = 30
SERVICE = "https://api.v7.botpenguin.com/integrations/custom-feature"
OWN = "https://login.example.com/otp"

_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The choices that a login flow is made of; attempts count from 1.

    `resend` is `none`, `word` (typed instead of the code) or `choice` (offered after a wrong code), at attempt
    `resend_at`; `branch` is `status`, `flag` (equals), `not_flag` (not_equals) or `any_of`; `whole` leads the status of
    a mismatch to the flag too; an empty code is not sent to the service at the `guarded` attempts; `delays` are the
    seconds before each verify; `own_urls` are not BotPenguin's; with `redirect`, two flows.
    """

    attempts: int = 3
    resend: str = "none"
    resend_at: int = 1
    branch: str = "flag"
    whole: bool = False
    guarded: tuple[bool, ...] = (True, False, False)
    delays: tuple[int, ...] = (5, 5, 2)
    scheme: str = ""
    own_urls: bool = False
    redirect: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A bot as its file's text and as it is read; `flaw` names what is wrong with it, or is None."""

    text: str = field(repr=False)
    bot: Bot = field(repr=False)
    shape: Shape
    flaw: str | None = None

    def __repr__(self) -> str:
        return f"<{self.flaw or 'sound'} bot, {self.shape}>\n{self.text}"


def least_delays(attempts: int, guarded: tuple[bool, ...], resend: str, resend_at: int) -> tuple[int, ...]:
    """Return the least delay, in seconds, before the verify of each attempt.

    It is that after a send wherever no verify need come between: at the first attempt, after a resend, and after an
    attempt whose empty code was not sent to the service.
    """
    wanted = contracts.timing()
    fresh, least = True, []
    for number in range(1, attempts + 1):
        least.append(wanted.send_to_verify_s if fresh else wanted.reverify_s)
        fresh = (fresh and guarded[number - 1]) or (resend != "none" and resend_at == number)
    return tuple(least)


def mismatch_status(profile: Profile) -> str | None:
    """Return the status that tells a mismatch, or None where the status tells nothing."""
    told = profile.verify_mismatch.status
    return None if told == profile.verify_ok.status else str(told)


def written(tree: Tree, shape: Shape, flaw: str | None = None) -> Written:
    """Write a tree as YAML, and read that again."""
    text = yaml.dump(tree, Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=120)
    return Written(text=text, bot=_read(text), shape=shape, flaw=flaw)


@lru_cache(maxsize=512)
def _read(text: str) -> Bot:
    return bot.parse(text, "generated.bot.yaml")


def components(tree: Tree, flow: str = "main") -> dict[str, Tree]:
    """Return the components of a flow, to be changed in place."""
    return tree["flows"][flow]["components"]  # type: ignore[index,no-any-return]  # made by `login` below


def numbered(name: str, number: int) -> str:
    """Return the name of a component at an attempt: `verify`, `verify_2`, `verify_3`."""
    return name if number == 1 else f"{name}_{number}"


def login(shape: Shape, profile: Profile) -> Tree:
    """Return the tree of a bot file that is sound under `profile`."""
    main = {"ask_phone": _ask_phone()} | _sending("send_code", "is_sent", "ask_code", profile)
    for number in range(1, shape.attempts + 1):
        main |= _attempt(shape, profile, number)
    if shape.resend != "none":
        main |= _sending("send_again", "is_sent_again", "sent_again", profile)
        main["send_again"]["delay"] = RESEND_DELAY_S
        main["sent_again"] = _message("A new code is on its way.", numbered("ask_code", shape.resend_at + 1))
    flows: Tree = {"main": {"start": "ask_phone", "components": main | _endings(shape)}}
    if shape.redirect:
        inside: Tree = {"welcome": _message("Welcome!", "bye"), "bye": {"type": "end_chat"}}
        flows["inside"] = {"start": "welcome", "components": inside}
    return {
        "format": "botpenguin-otp/bot@1",
        "name": "Generated login",
        "apis": _apis(shape, profile),
        "flows": flows,
        "protected": ["welcome"],
    }


def _message(text: str, following: str) -> Tree:
    return {"type": "message", "message": text, "next": following}


def _endings(shape: Shape) -> dict[str, Tree]:
    welcome: dict[str, Tree] = {"welcome": _message("Welcome!", "bye")}
    if shape.redirect:
        welcome = {"inside": {"type": "redirect", "flow": "inside"}}
    return welcome | {
        "too_often": _message("That was wrong too often.", "bye"),
        "could_not_send": _message("We could not send you a code.", "colleague"),
        "out_of_order": _message("We cannot check codes just now.", "colleague"),
        "colleague": {"type": "live_chat"},
        "bye": {"type": "end_chat"},
    }


def _apis(shape: Shape, profile: Profile) -> Tree:
    headers = {"Authorization": shape.scheme + "${BOTPENGUIN_TOKEN}"}
    send_body = {
        "accountSID": "${TWILIO_ACCOUNT_SID}",
        "authToken": "${TWILIO_AUTH_TOKEN}",
        "fromNumber": NUMBER,
        "toNumber": "{{phone}}",
    }
    verify_body = {"systemOtp": "{{system_otp}}", "userOtp": "{{user_otp}}"}
    send, verify = (f"{SERVICE}/send-otp-sms", f"{SERVICE}/verify-user-otp")
    if shape.own_urls:
        send, verify = (f"{OWN}/send", f"{OWN}/verify")
    return {
        "Send OTP": _api("send", send, headers, send_body, {"system_otp": profile.code_path}),
        "Verify OTP": _api("verify", verify, headers, verify_body, {"verified": profile.flag_path}),
    }


def _api(role: str, url: str, headers: dict[str, str], body: dict[str, str], save: dict[str, str]) -> Tree:
    return {"method": "POST", "url": url, "role": role, "headers": dict(headers), "body": body, "save": save}


def _ask_phone() -> Tree:
    return {
        "type": "phone_number",
        "message": "What is your phone number?",
        "error_message": "Please write it with + and country code.",
        "save": "phone",
        "next": "send_code",
    }


def _sending(call: str, check: str, following: str, profile: Profile) -> dict[str, Tree]:
    failed = {"others": "could_not_send", "no_response": "could_not_send"}
    has_code = {"when": {"attribute": "system_otp", "not_equals": ""}, "next": following}
    return {
        call: {"type": "api", "api": "Send OTP", "responses": {str(profile.send_ok.status): check} | failed},
        check: {"type": "if_else", "branches": [has_code], "otherwise": "could_not_send"},
    }


def _attempt(shape: Shape, profile: Profile, number: int) -> dict[str, Tree]:
    ask, again, guard, verify, check, wrong = (
        numbered(name, number)
        for name in ("ask_code", "wants_again", "has_code", "verify", "is_verified", "wrong_code")
    )
    resends = shape.resend if shape.resend_at == number else "none"
    steps: dict[str, Tree] = {}
    following = verify
    if shape.guarded[number - 1]:
        steps[guard] = _if_else("user_otp", "equals", "", wrong, following)
        following = guard
    if resends == "word":
        steps[again] = _if_else("user_otp", "equals", AGAIN, "send_again", following)
        following = again
    steps[ask] = {"type": "text_question", "message": "Enter the code.", "save": "user_otp", "next": following}
    steps[verify] = _verify(shape, profile, number, check, wrong)
    if shape.branch != "status":
        steps[check] = _check(shape, profile, wrong)
    return steps | _refusal(shape, number, wrong, offers=resends == "choice")


def _verify(shape: Shape, profile: Profile, number: int, check: str, wrong: str) -> Tree:
    welcome = "inside" if shape.redirect else "welcome"
    responses = {str(profile.verify_ok.status): welcome if shape.branch == "status" else check}
    status = mismatch_status(profile)
    if status is not None:
        responses[status] = check if shape.whole else wrong
    failed = {"others": "out_of_order", "no_response": "out_of_order"}
    delay = shape.delays[number - 1]
    return {"type": "api", "api": "Verify OTP", "delay": delay, "responses": responses | failed}


def _check(shape: Shape, profile: Profile, wrong: str) -> Tree:
    welcome = "inside" if shape.redirect else "welcome"
    match shape.branch:
        case "not_flag":
            return _if_else("verified", "not_equals", profile.flag_ok, wrong, welcome)
        case "any_of":
            return _if_else("verified", "any_of", [profile.flag_ok], welcome, wrong)
        case _:
            return _if_else("verified", "equals", profile.flag_ok, welcome, wrong)


def _refusal(shape: Shape, number: int, wrong: str, *, offers: bool) -> dict[str, Tree]:
    last = number == shape.attempts
    following = "too_often" if last else numbered("ask_code", number + 1)
    text = "That code is not right."
    if not offers:
        return {wrong: _message(text, following)}
    choose = numbered("choose", number)
    options = [{"text": "Try again", "next": following}, {"text": "Send a new code", "next": "send_again"}]
    choice: Tree = {"type": "single_choice", "message": "What now?", "options": options}
    return {wrong: _message(text, choose), choose: choice}


def _if_else(attribute: str, operator: str, value: object, then: str, otherwise: str) -> Tree:
    branch = {"when": {"attribute": attribute, operator: value}, "next": then}
    return {"type": "if_else", "branches": [branch], "otherwise": otherwise}
