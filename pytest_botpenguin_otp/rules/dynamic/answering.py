"""What users type, and what of it comes to the services."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.explorer.codes import dotted, hyphened, spaced, wide
from pytest_botpenguin_otp.machine import paths
from pytest_botpenguin_otp.machine.answers import E164
from pytest_botpenguin_otp.rules.dynamic.scene import Hit
from pytest_botpenguin_otp.rules.shapes import unquoted

if TYPE_CHECKING:
    from pytest_botpenguin_otp.explorer import Transition
    from pytest_botpenguin_otp.rules.dynamic.scene import Scene, Watch
    from pytest_botpenguin_otp.values import Value

__all__ = [
    "as_number",
    "empty_answer",
    "filled_in",
    "lost_zero",
    "no_e164",
    "rewritten",
    "skipped",
    "too_short",
    "typed_by_a_human",
]

RIGHT = "{verified: true}"
DIGITS = 6


def skipped(scene: Scene) -> Watch:
    """AU15: the questions for phone and code are not passed over."""

    def watch(transition: Transition) -> Hit | None:
        at = transition.before.state.at
        if transition.move.input != "skip" or at not in scene.asking_code | scene.asking_phone:
            return None
        what = "code" if at in scene.asking_code else "phone"
        component = scene.component(at)
        told = f"The {what} question {component.name!r} is skipped, and the flow goes on."
        return Hit(component.place, told, "")

    return watch


def no_e164(scene: Scene) -> Watch:
    """IN01: toNumber has a plus and a country code; one that is empty is for AU13 to tell."""

    def watch(transition: Transition) -> Hit | None:
        if not scene.answers(transition, "send") or transition.call is None:
            return None
        tree = paths.read(transition.call.request.body)
        told = tree.get("toNumber") if isinstance(tree, dict) else None
        phone = scene.bindings.phone(transition.before.state)
        if not isinstance(told, str) or phone is None or not phone.text.strip() or E164.fullmatch(told):
            return None
        component = scene.component(transition.before.state.at)
        return Hit(component.place, f"{component.name!r} sends a toNumber without plus and country code.", "{sms: 1}")

    return watch


def lost_zero(scene: Scene) -> Watch:
    """IN03: a right code that begins with 0 is taken."""

    def watch(transition: Transition) -> Hit | None:
        reply, newest = transition.move.reply, transition.before.ghost.newest or ""
        if reply is None or not reply.no or not newest.startswith("0") or not scene.answers(transition, "verify"):
            return None
        _, user = scene.pair(transition)
        if user is None or user.text.lstrip("0") != newest.lstrip("0"):
            return None
        component = scene.component(transition.before.state.at)
        told = f"{component.name!r} refuses a right code that begins with 0."
        remedy, fix = _zeros(scene)
        return Hit(component.place, told, RIGHT, remedy=remedy, fix=fix)

    return watch


def _zeros(scene: Scene) -> tuple[str, str]:
    """Say what of the way of a code makes a number of it, and what kind of thing mends that."""
    asked = [scene.component(known) for known in sorted(scene.asking_code)]
    numeric = [repr(known.name) for known in asked if getattr(known, "kind", "") == "numeric_input"]
    if numeric:
        return f"Use a Text Question in the place of {' and '.join(numeric)}.", "C"
    if list(unquoted(scene.machine.bot)):
        return "Put quotes around both codes in the body of Verify OTP.", "C"
    told = "The flow keeps codes as text already: here Send OTP's answer holds the code as a number. "
    return f"{told}Look at a real one in API Logs; if it is so, only another service can send it as text.", "B"


def as_number(scene: Scene) -> Watch:
    """IN04: the code comes as text."""

    def watch(transition: Transition) -> Hit | None:
        reply, after = transition.move.reply, transition.after.state
        if reply is None or reply.code is None or scene.machine.profile.code_type != "number":
            return None
        if all(after.get(name) is None for name in scene.bindings.system):
            return None
        component = scene.component(transition.before.state.at)
        return Hit(component.place, f"{component.name!r} gets the code as a number.", "{sms: 0}")

    return watch


def too_short(scene: Scene) -> Watch:
    """IN11: a code has six digits at least."""

    def watch(transition: Transition) -> Hit | None:
        reply = transition.move.reply
        if reply is None or reply.code is None or len(reply.code) >= DIGITS:
            return None
        component = scene.component(transition.before.state.at)
        return Hit(component.place, f"{component.name!r} sends a code of {len(reply.code)} digits.", "{sms: 0}")

    return watch


def typed_by_a_human(scene: Scene) -> Watch:
    """IN05: a right code with blanks, or in other keyboards' digits, is taken."""

    def watch(transition: Transition) -> Hit | None:
        reply, newest = transition.move.reply, transition.before.ghost.newest
        if reply is None or not reply.no or newest is None or not scene.answers(transition, "verify"):
            return None
        _, user = scene.pair(transition)
        how = "" if user is None else _writing(newest).get(user.text, "")
        if user is None or not how:
            return None
        return Hit(_asked(scene, user, transition), f"The right code is refused when it is typed {how}.", RIGHT)

    return watch


def _writing(code: str) -> dict[str, str]:
    """Return each way in which people write a code, and what it is called."""
    return {
        spaced(code): "with blanks",
        hyphened(code): "with a hyphen",
        dotted(code): "with a dot",
        wide(code): "in full-width digits",
    }


def empty_answer(scene: Scene) -> Watch:
    """IN06: an empty answer is asked again without calling Verify OTP."""

    def watch(transition: Transition) -> Hit | None:
        if not scene.answers(transition, "verify"):
            return None
        _, user = scene.pair(transition)
        if user is None or user.text or user.origin.kind != "typed":
            return None
        component = scene.component(transition.before.state.at)
        told = f"{component.name!r} is called with an empty answer, which costs the user a try."
        api = "" if transition.call is None else transition.call.api
        return Hit(_asked(scene, user, transition), told, fewer=(api, 1))

    return watch


def rewritten(scene: Scene) -> Watch:
    """IN07: no answer changes the shape of a request."""

    def watch(transition: Transition) -> Hit | None:
        call = transition.call
        if call is None or not any(part.origin.kind == "typed" and '"' in part.text for part in call.body):
            return None
        if _is_whole(call.request.body):
            return None
        component = scene.component(transition.before.state.at)
        told = f"A quote in an answer changes the request of {component.name!r}: its keys are not those of the bot."
        return Hit(component.place, told)

    return watch


def filled_in(scene: Scene) -> Watch:
    """IN08: a typed reference stays what was typed."""

    def watch(transition: Transition) -> Hit | None:
        call = transition.call
        if call is None or not scene.answers(transition, "verify"):
            return None
        _, user = scene.pair(transition)
        tree = paths.read(call.request.body)
        sent = tree.get("userOtp") if isinstance(tree, dict) else None
        if user is None or "{{" not in user.text or sent == user.text:
            return None
        component = scene.component(transition.before.state.at)
        return Hit(component.place, f"A typed reference is filled in: {component.name!r} gets the code itself.")

    return watch


def _asked(scene: Scene, user: Value, transition: Transition) -> str:
    """Return the place of the question that an answer was given to."""
    known = scene.machine.bot.components.get(user.origin.place)
    return (known or scene.component(transition.before.state.at)).place


def _is_whole(body: bytes) -> bool:
    """Say whether a body is JSON in which no key stands twice."""

    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        if len(dict(pairs)) < len(pairs):
            raise ValueError
        return dict(pairs)

    try:
        json.loads(body, object_pairs_hook=unique)
    except (ValueError, RecursionError):
        return False
    return True
