"""Flaws by name: each spoils one thing of a sound login flow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.strategies.shapes import Shape, Tree, components, mismatch_status, numbered

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_botpenguin_otp.profile import Profile

__all__ = ["FLAWS", "Flaw"]


@dataclass(frozen=True, slots=True)
class Flaw:
    """What a flaw is, in words, and how it is put into a bot file's tree."""

    summary: str
    spoil: Callable[[Tree, Shape, Profile], None]
    attempts: int = 1
    by_status: bool = False


def _put(name: str, key: str, value: object) -> Callable[[Tree, Shape, Profile], None]:
    """Return what sets one key of a component."""

    def spoil(tree: Tree, _shape: Shape, _profile: Profile) -> None:
        components(tree)[name][key] = value

    return spoil


def _responses(tree: Tree, name: str) -> dict[str, str]:
    return components(tree)[name]["responses"]  # type: ignore[return-value]  # made by `login`


def _welcome(shape: Shape) -> str:
    return "inside" if shape.redirect else "welcome"


def _map(call: str, code: str, to: str | None) -> Callable[[Tree, Shape, Profile], None]:
    """Return what maps one outcome of a call elsewhere: to `welcome`, to a component, or (None) nowhere."""

    def spoil(tree: Tree, shape: Shape, _profile: Profile) -> None:
        if to is None:
            del _responses(tree, call)[code]
        else:
            _responses(tree, call)[code] = _welcome(shape) if to == "welcome" else to

    return spoil


def _mismatch_welcomes(tree: Tree, shape: Shape, profile: Profile) -> None:
    _responses(tree, "verify")[mismatch_status(profile) or str(profile.verify_ok.status)] = _welcome(shape)


def _swapped(tree: Tree, shape: Shape, profile: Profile) -> None:
    status = mismatch_status(profile) or "400"
    _responses(tree, "verify").update({str(profile.verify_ok.status): "wrong_code", status: _welcome(shape)})


def _body(api: str, key: str, text: str) -> Callable[[Tree, Shape, Profile], None]:
    def spoil(tree: Tree, _shape: Shape, _profile: Profile) -> None:
        tree["apis"][api]["body"][key] = text  # type: ignore[index]  # made by `login`

    return spoil


def _token(text: str) -> Callable[[Tree, Shape, Profile], None]:
    def spoil(tree: Tree, _shape: Shape, _profile: Profile) -> None:
        for api in tree["apis"].values():  # type: ignore[attr-defined]  # made by `login`
            api["headers"]["Authorization"] = text

    return spoil


def _no_header(tree: Tree, _shape: Shape, _profile: Profile) -> None:
    tree["apis"]["Verify OTP"]["headers"] = {}  # type: ignore[index]  # made by `login`


def _endless(tree: Tree, shape: Shape, _profile: Profile) -> None:
    components(tree)[numbered("wrong_code", shape.attempts)]["next"] = numbered("ask_code", shape.attempts)


def _back_door(tree: Tree, shape: Shape, _profile: Profile) -> None:
    following = components(tree)["ask_code"]["next"]
    branch = {"when": {"attribute": "user_otp", "equals": "000000"}, "next": _welcome(shape)}
    components(tree)["is_staff"] = {"type": "if_else", "branches": [branch], "otherwise": following}
    components(tree)["ask_code"]["next"] = "is_staff"


def _code_shown(tree: Tree, _shape: Shape, _profile: Profile) -> None:
    components(tree)["wrong_code"]["message"] = "That is not {{system_otp}}."


def _send_first(tree: Tree, _shape: Shape, _profile: Profile) -> None:
    """Put the send before the phone question, as step 3 of the guide lists them."""
    main: Tree = tree["flows"]["main"]  # type: ignore[index]  # made by `login`
    main["start"] = "send_code"
    components(tree)["is_sent"] = components(tree)["ask_phone"] | {"next": "ask_code"}


FLAWS: Mapping[str, Flaw] = {
    "skip": Flaw("the code question can be skipped", _put("ask_code", "allow_skip", value=True)),
    "skip-if-answered": Flaw(
        "a code question is not asked where an answer is there already",
        _put("ask_code_2", "skip_if_answered", value=True),
        attempts=2,
    ),
    "missing-delay": Flaw(
        "no delay before the first verify",
        _put("verify", "delay", 0),
    ),
    "short-delay": Flaw("the first verify comes 4 seconds after the send", _put("verify", "delay", 4)),
    "short-retry": Flaw(
        "a further verify comes 1 second after the one before", _put("verify_2", "delay", 1), attempts=2
    ),
    "swapped-mapping": Flaw("yes leads to the retry and no to the welcome", _swapped, by_status=True),
    "mismatch-welcomes": Flaw("a wrong code leads to the welcome", _mismatch_welcomes),
    "others-welcome": Flaw("any other status leads to the welcome", _map("verify", "others", "welcome")),
    "silence-welcomes": Flaw("no answer leads to the welcome", _map("verify", "no_response", "welcome")),
    "unmapped-others": Flaw("any other status ends the chat", _map("verify", "others", None)),
    "unmapped-silence": Flaw("no answer ends the chat", _map("verify", "no_response", None)),
    "failed-send-goes-on": Flaw(
        "the code is asked for although none was sent", _map("send_code", "others", "ask_code")
    ),
    "self-compare": Flaw("the code is compared with itself", _body("Verify OTP", "userOtp", "{{system_otp}}")),
    "typed-system-otp": Flaw(
        "what was typed is compared with itself", _body("Verify OTP", "systemOtp", "{{user_otp}}")
    ),
    "literal-system-otp": Flaw("every user has the same code", _body("Verify OTP", "systemOtp", "000000")),
    "literal-secret": Flaw("a secret stands in the file", _body("Send OTP", "authToken", "fa4efa4e" * 4)),
    "placeholder-token": Flaw("the token is still the placeholder of the guide", _token("YOUR_TOKEN")),
    "no-token": Flaw("the verify call has no Authorization", _no_header),
    "endless": Flaw("the last attempt can be repeated for ever", _endless),
    "back-door": Flaw("one code works for everybody", _back_door),
    "code-shown": Flaw("the bot tells the code", _code_shown),
    "send-first": Flaw("the code is sent before the number is asked for", _send_first),
}
"""Every flaw that `flawed_bots` knows, by name."""
