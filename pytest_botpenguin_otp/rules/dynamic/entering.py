"""Who comes to a protected component without having typed the code that was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_botpenguin_otp.explorer.ghost import FLAWS
from pytest_botpenguin_otp.explorer.moves import LEFT_OVER
from pytest_botpenguin_otp.rules.dynamic.promising import first_code, wrong_code
from pytest_botpenguin_otp.rules.dynamic.scene import Hit

if TYPE_CHECKING:
    from pytest_botpenguin_otp.explorer import Transition
    from pytest_botpenguin_otp.rules.dynamic.scene import Scene, Watch, WatchOf

__all__ = ["changed", "checked", "left_over", "told_yes", "unchecked"]

TYPED = {"other phone": first_code, "unasked": wrong_code, "itself": wrong_code, "foreign": wrong_code}
"""What a chat types for the newest code, which would let in rightly once the bot is mended."""
UNSAID = ("bad 200", "error", "silence")
"""Answers after which an attribute may still hold what an earlier chat left in it."""


def checked(*flaws: str) -> WatchOf:
    """Make the rule that no verify call with one of these flaws lets anybody in."""

    def watch_of(scene: Scene) -> Watch:
        def watch(transition: Transition) -> Hit | None:
            flaw = _flaw(scene, transition)
            if flaw not in flaws or (flaw in UNSAID and _is_stale(transition)):
                return None
            component = scene.component(scene.verified_at(transition))
            told = f"After {component.name!r}, someone is let in although {FLAWS[flaw]}."
            return Hit(_place(scene, component.id, flaw), told, typed=TYPED.get(flaw))

        return watch

    return watch_of


def told_yes(*flaws: str) -> WatchOf:
    """Make the rule that Verify OTP says yes to no call with one of these flaws, wherever that leads."""

    def watch_of(scene: Scene) -> Watch:
        def watch(transition: Transition) -> Hit | None:
            check = transition.after.ghost.check
            if not scene.answers(transition, "verify") or check is None or check.flaw not in flaws:
                return None
            component = scene.component(transition.before.state.at)
            return Hit(component.place, f"{component.name!r} gets a yes although {FLAWS[check.flaw]}.")

        return watch

    return watch_of


def unchecked(*, door: bool) -> WatchOf:
    """Make the rule that nobody is let in without any verify call; by a `door` of another flow, or otherwise."""

    def watch_of(scene: Scene) -> Watch:
        def watch(transition: Transition) -> Hit | None:
            if not _is_unchecked(transition) or _is_stale(transition):
                return None
            place = _protected_place(scene, transition)
            if (place in scene.doors) != door:
                return None
            return Hit(place, f"{_name(scene, transition)} is protected, and reached without any Verify OTP.")

        return watch

    return watch_of


def left_over(scene: Scene) -> Watch:
    """AU09: nobody is let in by what an earlier chat left behind."""
    fresh: set[str] = set()

    def watch(transition: Transition) -> Hit | None:
        flaw = _flaw(scene, transition)
        unchecked_now = _is_unchecked(transition)
        if not unchecked_now and flaw != "left over" and flaw not in UNSAID:
            return None
        place = _protected_place(scene, transition) if unchecked_now else _checked_place(scene, transition)
        if flaw != "left over" and not _is_stale(transition):
            fresh.add(place)
        if place in fresh:
            return None
        return Hit(place, f"{_name(scene, transition)} opens to what an earlier chat of the same contact left behind.")

    return watch


def changed(scene: Scene) -> Watch:
    """AU17: a verified user who changes the number is not verified any more."""

    def watch(transition: Transition) -> Hit | None:
        check = transition.after.ghost.check
        if check is None or check.flaw != "changed phone" or scene.protected(transition) is None:
            return None
        told = f"{_name(scene, transition)} is reached after {FLAWS[check.flaw]}, without another one."
        return Hit(_protected_place(scene, transition), told)

    return watch


def _enters(transition: Transition) -> bool:
    return transition.after.state.verified and not transition.before.state.verified


def _is_unchecked(transition: Transition) -> bool:
    return _enters(transition) and transition.after.ghost.check is None


def _flaw(scene: Scene, transition: Transition) -> str:
    """Return what is wrong with the verify call by which someone is let in now."""
    check = transition.after.ghost.check
    if not _enters(transition) or check is None or scene.protected(transition) is None:
        return ""
    return check.flaw


def _is_stale(transition: Transition) -> bool:
    """Say whether the chat began with something left over, or anew."""
    path = transition.path
    return path[0].input == LEFT_OVER or any(move.input == "restart" for move in path)


def _place(scene: Scene, known: str, flaw: str) -> str:
    """Return the place at fault: of an API that sends something else than the code, or of the call."""
    component = scene.component(known)
    api = scene.machine.bot.apis[getattr(component, "api", "")]
    return api.place if flaw in ("foreign", "itself") else component.place


def _checked_place(scene: Scene, transition: Transition) -> str:
    return scene.component(scene.verified_at(transition)).place


def _protected_place(scene: Scene, transition: Transition) -> str:
    return scene.component(scene.protected(transition) or transition.after.state.at).place


def _name(scene: Scene, transition: Transition) -> str:
    return repr(scene.component(scene.protected(transition) or transition.after.state.at).name)
