"""How often one user can guess, and how many SMS the bot can be made to send."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_botpenguin_otp.bot.graph import following
from pytest_botpenguin_otp.explorer.bounds import GAPS_S
from pytest_botpenguin_otp.rules import reading
from pytest_botpenguin_otp.rules.dynamic.scene import Hit
from pytest_botpenguin_otp.rules.rounds import reached

if TYPE_CHECKING:
    from pytest_botpenguin_otp.explorer import Cost, Transition
    from pytest_botpenguin_otp.rules.dynamic.scene import Scene, Watch

__all__ = [
    "begun_anew",
    "fresh_tries",
    "many_numbers",
    "many_sends",
    "many_tries",
    "revoked",
    "sends_again",
    "too_many_requests",
    "too_soon",
    "typed_too_early",
]

TOO_MANY = 429
REVOKED = (401, 403)
SOME = 2


def many_tries(scene: Scene) -> Watch:
    """AB01: wrong codes in one chat are bounded."""

    def watch(transition: Transition) -> Hit | None:
        if not _is_one_too_many(scene, transition) or transition.after.ghost.tries <= scene.bounds.fails:
            return None
        return _tries(scene, transition, f"takes more than {scene.bounds.fails} wrong codes in one chat.")

    return watch


def fresh_tries(scene: Scene) -> Watch:
    """AB02: another code gives no fresh tries."""

    def watch(transition: Transition) -> Hit | None:
        if not _is_one_too_many(scene, transition) or transition.after.ghost.tries > scene.bounds.fails:
            return None
        told = f"takes more than {scene.bounds.fails} wrong codes in one chat: each new SMS gives fresh tries."
        return _tries(scene, transition, told)

    return watch


def begun_anew(scene: Scene) -> Watch:
    """AB02: a chat that is begun anew gives no fresh tries."""
    told: list[Cost] = []

    def watch(transition: Transition) -> Hit | None:
        reply = transition.move.reply
        if told or reply is None or not reply.no or transition.cost.beyond or transition.move.fault is not None:
            return None
        told.append(transition.cost)
        component = scene.component(transition.before.state.at)
        once = [one.move.key for one in scene.shown(transition.path).taken]
        way = (*once, "R", *[move.key for move in transition.path[1:]])
        why = f"{component.name!r} takes wrong codes again in a chat that is begun anew; nothing counts across chats."
        return Hit(component.place, why, fewer=(_api(transition), 1), way=way)

    return watch


def typed_too_early(scene: Scene) -> Watch:
    """AU20: what is typed twice, or while the bot waits, costs no try of its own."""

    def watch(transition: Transition) -> Hit | None:
        reply = transition.move.reply
        if reply is None or not reply.no or not scene.answers(transition, "verify"):
            return None
        if scene.machine.profile.early_answer != "kept" or transition.before.state.queued:
            return None  # what waits to be asked for has cost nothing yet
        _, user = scene.pair(transition)
        last = next((move for move in reversed(transition.path) if move.kind in ("say", "early", "press")), None)
        if user is None or last is None or last.kind != "early" or user.text != last.text:
            return None
        component = scene.component(transition.before.state.at)
        told = f"{component.name!r} checks a text that was typed before it was asked for, such as a second click: "
        return Hit(component.place, f"{told}it costs the user a try.", fewer=(_api(transition), 1))

    return watch


def many_sends(scene: Scene) -> Watch:
    """AB03: the number of SMS in one chat is bounded; where each has a number asked for, it is for AB06 to tell."""
    told = f"sends more than {scene.bounds.sends} SMS in one chat."
    return _too_many_sends(scene, told) if _resends(scene) else _nothing


def many_numbers(scene: Scene) -> Watch:
    """AB06: one chat sends to a few numbers only; a few resends to each of a few numbers are for AB03 to tell."""
    told = f"sends more than {scene.bounds.sends} SMS in one chat, to one number after the other."
    asks_again = _asks_anew(scene) or not _resends(scene)
    return _too_many_sends(scene, told, numbers=SOME) if asks_again else _nothing


def too_soon(scene: Scene) -> Watch:
    """AB04: a resend waits, and the next one longer."""

    def watch(transition: Transition) -> Hit | None:
        sent, ghost = transition.before.ghost.sent, transition.before.ghost
        reply = transition.move.reply
        if not scene.answers(transition, "send") or sent is None or reply is None or reply.to != sent.to:
            return None
        wanted_s = GAPS_S[min(max(ghost.sends, 1), len(GAPS_S)) - 1]
        if ghost.age_s >= wanted_s:
            return None
        component = scene.component(transition.before.state.at)
        told = f"{component.name!r} sends again after {ghost.age_s} s; Twilio advises to wait {wanted_s} s."
        return Hit(component.place, told, later_s=wanted_s - ghost.age_s)

    return watch


def sends_again(scene: Scene) -> Watch:
    """AB08: no send follows a send by itself."""

    def watch(transition: Transition) -> Hit | None:
        if not scene.answers(transition, "send") or not _calls(scene, transition, "send"):
            return None
        return _retry(scene, transition, "is followed by another send without the user doing anything.")

    return watch


def too_many_requests(scene: Scene) -> Watch:
    """AB10: after 429 no call of the same host follows at once."""

    def watch(transition: Transition) -> Hit | None:
        reply = transition.move.reply
        if reply is None or reply.status != TOO_MANY or transition.after.state.phase != "calling":
            return None
        if _host(scene, transition.before.state.at) != _host(scene, transition.after.state.at):
            return None
        return _retry(scene, transition, "is answered 429 (too many requests), and the next call follows at once.")

    return watch


def revoked(scene: Scene) -> Watch:
    """ER09: after 401 or 403 the same call is not tried again by itself."""

    def watch(transition: Transition) -> Hit | None:
        reply, call = transition.move.reply, transition.call
        if reply is None or reply.status not in REVOKED or call is None or call.role is None:
            return None
        if not _calls(scene, transition, call.role):
            return None
        return _retry(scene, transition, f"is answered {reply.status}, and the flow calls again by itself.")

    return watch


def _too_many_sends(scene: Scene, told: str, *, numbers: int = 1) -> Watch:
    """Watch for more SMS than are allowed in one chat, to so many numbers at least."""
    most = scene.bounds.sends

    def watch(transition: Transition) -> Hit | None:
        ghost = transition.after.ghost
        if not scene.answers(transition, "send") or ghost.sends <= most or len(ghost.phones) < numbers:
            return None
        component = scene.component(transition.before.state.at)
        return Hit(component.place, f"{component.name!r} {told}", f"{{sms: {most}}}")

    return watch


def _resends(scene: Scene) -> bool:
    """Say whether an SMS can follow another without a question for the number between."""
    bot = scene.machine.bot
    sends = [call.id for call in reading.calls(bot, "send")]
    asking = {known.id for known in reading.phone_questions(bot) if not known.skip_if_answered}
    met = dict.fromkeys(known for call in sends for known in following(scene.component(call)))
    frontier = list(met)
    for at in frontier:
        for known in () if at in asking else following(scene.component(at)):
            if known not in met:
                met[known] = None
                frontier.append(known)
    return any(call in met for call in sends)


def _asks_anew(scene: Scene) -> bool:
    """Say whether a way leads round from a send to a question for the number and back."""
    bot = scene.machine.bot
    after = {known: reached(bot, following(scene.component(known))) for known in scene.asking_phone}
    sends = {call.id: reached(bot, following(call)) for call in reading.calls(bot, "send")}
    return any(call in after[known] and known in behind for known in after for call, behind in sends.items())


def _nothing(_: Transition) -> None:
    """Watch for nothing."""


def _is_one_too_many(scene: Scene, transition: Transition) -> bool:
    reply = transition.move.reply
    return reply is not None and reply.no and transition.after.ghost.fails > scene.bounds.fails


def _tries(scene: Scene, transition: Transition, told: str) -> Hit:
    component = scene.component(transition.before.state.at)
    return Hit(component.place, f"{component.name!r} {told}", fewer=(_api(transition), 1))


def _calls(scene: Scene, transition: Transition, role: str) -> bool:
    """Say whether a call of this role comes next, perhaps after its delay."""
    after = transition.after.state
    return after.phase in ("calling", "delayed") and scene.role(after.at) == role


def _retry(scene: Scene, transition: Transition, told: str) -> Hit:
    component = scene.component(transition.before.state.at)
    return Hit(component.place, f"{component.name!r} {told}", fewer=(_called(scene, transition.after.state.at), 0))


def _host(scene: Scene, known: str) -> str:
    """Return the host that a component calls."""
    return reading.host(scene.machine.bot.apis[_called(scene, known)])


def _called(scene: Scene, known: str) -> str:
    """Return the name of the API that a component calls."""
    return str(getattr(scene.component(known), "api", ""))


def _api(transition: Transition) -> str:
    return "" if transition.call is None else transition.call.api
