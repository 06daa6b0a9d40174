"""What users are told when something goes wrong."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.bot import Message
from pytest_botpenguin_otp.explorer.steps import SPEAKS
from pytest_botpenguin_otp.machine import Ask, Say
from pytest_botpenguin_otp.rules import reading
from pytest_botpenguin_otp.rules.dynamic.promising import never
from pytest_botpenguin_otp.rules.dynamic.scene import Hit
from pytest_botpenguin_otp.values import Value, plain

if TYPE_CHECKING:
    from pytest_botpenguin_otp.explorer import Cost, Transition
    from pytest_botpenguin_otp.explorer.services import Reply
    from pytest_botpenguin_otp.explorer.witness import Taken
    from pytest_botpenguin_otp.rules.dynamic.scene import Scene, Watch

__all__ = ["asked_anyway", "called_wrong", "handed_over", "silent_end"]

OKAY = 200
ACTS = ("say", "press", "answer", "start")
"""The moves of a user or a service; every chat begins with one."""
WRONG = re.compile(
    r"wrong|not right|incorrect|invalid|not match|not correct|mistyped|falsch|ungültig|incorrec|inválid|erron|"
    r"неверн|错误|गलत",
    re.IGNORECASE,
)
"""Words by which a text says that a code is wrong."""


def asked_anyway(scene: Scene) -> Watch:
    """ER02: after a failed send nobody is asked for the code, at once or after a delay."""
    sends = {call.id for call in reading.calls(scene.machine.bot, "send")}
    cheapest: dict[tuple[str, ...], Cost] = {}

    def watch(transition: Transition) -> Hit | None:
        if not transition.after.ghost.send_failed:
            return None
        asks = (effect for effect in transition.effects if isinstance(effect, Ask))
        asked = next((effect for effect in asks if effect.component in scene.asking_code), None)
        if asked is None:
            return None
        answers = transition.move.kind == "answer"
        after = () if answers else tuple(move.key for move in transition.path if move.kind == "answer")
        way = (transition.before.state.at, asked.component, *after)
        if way in cheapest and cheapest[way] <= transition.cost:
            return None  # to play the chat takes time, and a dearer one shows nothing more
        answered = transition if answers else _last_answer(scene, transition)
        if answered is None or answered.before.state.at not in sends:
            return None
        cheapest[way] = transition.cost
        component = scene.component(answered.before.state.at)
        told = f"After {component.name!r} has failed, the user is asked for a code that never comes."
        return Hit(component.place, told, step=never(_pattern(scene, asked)), remedy=_unsent(answered.move.reply))

    return watch


def _last_answer(scene: Scene, transition: Transition) -> Taken | None:
    """Return the answer of a service that a transition follows from, if no user has done anything since."""
    if next(move for move in reversed(transition.path) if move.kind in ACTS).kind != "answer":
        return None
    return next(one for one in reversed(scene.shown(transition.path).taken) if one.move.kind == "answer")


def _unsent(reply: Reply | None) -> str:
    """Say what of a send's answers is not led to a message of its own."""
    if reply is None or reply.status is None:
        return "Lead no_response of this call to a message of its own."
    if reply.status // 100 != OKAY // 100:
        return f"Lead {reply.status} of this call, by itself or with others, to a message of its own."
    return (
        f"Its answer may be {reply.status} without a code or with a no in it: let an If/Else behind this call look "
        "whether the attribute of the code is set, and the flag says yes, before the code is asked for."
    )


def called_wrong(scene: Scene) -> Watch:
    """ER03: no error of Verify OTP is told as a wrong code."""
    wrong: set[str] = set()

    def watch(transition: Transition) -> Hit | None:
        check, first = transition.after.ghost.check, _first(transition)
        if not scene.answers(transition, "verify") or check is None or first is None:
            return None
        text = plain(first.text)
        reply = transition.move.reply
        told_apart = reply is None or reply.status != scene.refusal(transition)
        no = check.flaw in ("no", "no by 200") or (check.flaw == "error" and not told_apart)
        if no and (WRONG.search(text) or _tries_again(scene, first.component)):
            wrong.add(first.component)
        if check.flaw not in ("error", "silence") or not told_apart:
            return None
        component, said = scene.component(transition.before.state.at), scene.component(first.component).name
        told = f"When {component.name!r} gets an error or no answer, {said!r} tells the user what a wrong code gets."
        step = f"bot: {{matches: {json.dumps(f'^(?!{re.escape(text)})')}}}"
        return Hit(component.place, told, step=step, holds=lambda: first.component in wrong)

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


def handed_over(scene: Scene) -> Watch:
    """ER07: a colleague can tell who was verified: by another Live chat, or by what was said just before."""
    behind = scene.bindings.behind
    cheapest: dict[str, Cost] = {}

    def said(transition: Transition) -> tuple[str, ...]:
        """Return what speaks now; and the question that the user answered."""
        at, phase = transition.before.state.at, transition.before.state.phase
        found = tuple(effect.component for effect in transition.effects if isinstance(effect, Say | Ask))
        return (*found, *((at,) if phase == "asking" else ()))

    def watch(transition: Transition) -> Hit | None:
        after = transition.after.state
        if after.ended != "live_chat" or after.verified or after.at not in behind:
            return None
        if transition.before.ghost.apart or any(known not in behind for known in said(transition)):
            return None
        if after.at in cheapest and cheapest[after.at] <= transition.cost:
            return None  # to play the chat takes time, and a dearer one shows nothing more
        cheapest[after.at] = transition.cost
        component = scene.component(after.at)
        told = f"{component.name!r} hands over verified users and others alike, and nothing tells them apart."
        return Hit(component.place, told, step=_one_more_word(scene, transition))

    return watch


def _one_more_word(scene: Scene, transition: Transition) -> str:
    """Return the steps of a chat that hear what is said now, and then, before Live chat's own text, something else."""
    end, words = transition.after.state.at, list[Say | Ask]()
    for one in scene.shown(transition.path).taken:
        words = [] if one.move.kind in SPEAKS else words
        words.extend(effect for effect in one.effects if isinstance(effect, Say | Ask))
    steps = [f"bot: {{matches: {json.dumps(f'^{_pattern(scene, word)}$')}}}" for word in words if word.component != end]
    last = next((f"(?!{_pattern(scene, word)}$)." for word in words if word.component == end), ".")
    return "\n      - ".join([*steps, f"bot: {{matches: {json.dumps(f'^{last}')}}}"])


def _pattern(scene: Scene, word: Say | Ask) -> str:
    """Return a pattern for what is said; what an attribute holds is nobody's business."""
    if not reading.shows(scene.component(word.component)):
        return re.escape(plain(word.text))
    template = reading.shown(scene.component(word.component))[0]
    return "".join(re.escape(part.text) if isinstance(part, Value) else ".*" for part in template)


def _first(transition: Transition) -> Say | Ask | None:
    return next((effect for effect in transition.effects if isinstance(effect, Say | Ask)), None)


def _tries_again(scene: Scene, known: str) -> bool:
    """Say whether a text is followed by a question for the code, or another verify call."""
    component, met = scene.component(known), {known}
    while isinstance(component, Message) and component.next not in met:
        component = scene.component(component.next)
        met.add(component.id)
    return component.id in scene.asking_code or scene.role(component.id) == "verify"
