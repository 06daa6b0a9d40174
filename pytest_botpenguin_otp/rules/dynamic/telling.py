"""What users are told when something goes wrong."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.bot import Message
from pytest_botpenguin_otp.machine import Ask, Say
from pytest_botpenguin_otp.rules.dynamic.scene import Hit
from pytest_botpenguin_otp.values import plain

if TYPE_CHECKING:
    from pytest_botpenguin_otp.explorer import Transition
    from pytest_botpenguin_otp.rules.dynamic.scene import Scene, Watch

__all__ = ["asked_anyway", "called_wrong", "silent_end"]

BAD_REQUEST = 400
"""As which a wrong code may be told: no flow can tell one from the other."""
WRONG = re.compile(
    r"wrong|not right|incorrect|invalid|not match|not correct|mistyped|falsch|ungültig|incorrec|inválid|erron|"
    r"неверн|错误|गलत",
    re.IGNORECASE,
)
"""Words by which a text says that a code is wrong."""


def asked_anyway(scene: Scene) -> Watch:
    """ER02: after a failed send nobody is asked for the code."""

    def watch(transition: Transition) -> Hit | None:
        if not scene.answers(transition, "send") or not transition.after.ghost.send_failed:
            return None
        asks = (effect for effect in transition.effects if isinstance(effect, Ask))
        if not any(effect.component in scene.asking_code for effect in asks):
            return None
        component = scene.component(transition.before.state.at)
        told = f"After {component.name!r} has failed, the user is asked for a code that never comes."
        return Hit(component.place, told, "{ended: live_chat}")

    return watch


def called_wrong(scene: Scene) -> Watch:
    """ER03: no error of Verify OTP is told as a wrong code."""
    wrong: set[str] = set()

    def watch(transition: Transition) -> Hit | None:
        check, first = transition.after.ghost.check, _first(transition)
        if not scene.answers(transition, "verify") or check is None or first is None:
            return None
        text = plain(first.text)
        if check.flaw in ("no", "no by 200") and (WRONG.search(text) or _tries_again(scene, first.component)):
            wrong.add(first.component)
        reply = transition.move.reply
        told_apart = reply is None or reply.status != BAD_REQUEST
        if check.flaw not in ("error", "silence") or first.component not in wrong or not told_apart:
            return None
        component, said = scene.component(transition.before.state.at), scene.component(first.component).name
        told = f"When {component.name!r} gets an error or no answer, {said!r} tells the user what a wrong code gets."
        return Hit(component.place, told, step=f"bot: {{matches: {json.dumps(f'^(?!{re.escape(text)})')}}}")

    return watch


def silent_end(scene: Scene) -> Watch:
    """ER06: no chat ends without a word after a call has failed."""

    def watch(transition: Transition) -> Hit | None:
        after, before = transition.after.state, transition.before.state
        if before.phase != "calling" or after.ended != "end_chat" or after.verified or _first(transition) is not None:
            return None
        component = scene.component(before.at)
        told = f"After {component.name!r} the chat ends without a word."
        return Hit(component.place, told, step='bot: {matches: "."}')

    return watch


def _first(transition: Transition) -> Say | Ask | None:
    return next((effect for effect in transition.effects if isinstance(effect, Say | Ask)), None)


def _tries_again(scene: Scene, known: str) -> bool:
    """Say whether a text is followed by a question for the code, or another verify call."""
    component, met = scene.component(known), {known}
    while isinstance(component, Message) and component.next not in met:
        component = scene.component(component.next)
        met.add(component.id)
    return component.id in scene.asking_code or scene.role(component.id) == "verify"
