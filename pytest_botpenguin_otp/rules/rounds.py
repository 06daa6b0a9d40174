"""Where a flow sends again by itself, cannot be left, stands apart, or is too quick."""

from __future__ import annotations

from dataclasses import replace
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from pytest_botpenguin_otp import contracts
from pytest_botpenguin_otp.bot import ApiCall, Choice, End, Question
from pytest_botpenguin_otp.bot.graph import following, reached
from pytest_botpenguin_otp.rules import reading
from pytest_botpenguin_otp.rules.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pytest_botpenguin_otp.bot import Bot, Component

__all__ = ["no_longer_wait", "no_way_out", "reached", "sends_again", "stands_apart", "too_quick"]


def sends_again(bot: Bot) -> Iterator[Finding]:
    """AB08: find sends that lead to a send without a question between; each once."""
    live = reached(bot, [bot.start])
    for call in reading.calls(bot, "send"):
        again = _silently(bot, call) if call.id in live else None
        if again is not None:
            told = f"After {call.name!r}, the flow comes to {again.name!r} and sends again without asking the user. "
            yield Finding.of("AB08", call.place, told + "Put a question between, or end after a failed send.")


def _silently(bot: Bot, call: ApiCall) -> ApiCall | None:
    met = dict.fromkeys(following(call))
    frontier = list(met)
    for at in frontier:
        component = bot.components[at]
        if isinstance(component, ApiCall) and bot.apis[component.api].role == "send":
            return component
        for known in () if _asks(component) else following(component):
            if known not in met:
                met[known] = None
                frontier.append(known)
    return None


def _asks(component: Component) -> bool:
    return isinstance(component, Choice) or (isinstance(component, Question) and not component.skip_if_answered)


def no_way_out(bot: Bot) -> Iterator[Finding]:
    """AB09: find where the user is asked for ever, and bots of which no chat ever ends."""
    leaving = _leaving(bot)
    shut = [known for known in reached(bot, [bot.start]) if known not in leaving]
    if not shut:
        return
    first = bot.components[shut[0]]
    if first.id == bot.start:
        told = "No chat with this bot ever ends: no way from its start leads to End chat or Live chat. Add one."
        yield replace(Finding.of("AB09", first.place, told), severity="high")
    elif any(_asks(bot.components[known]) for known in shut):
        told = f"From {first.name!r} on, no way leads to an end: the user is asked for ever. "
        yield Finding.of("AB09", first.place, told + "Lead out of the round to End chat.")


def _leaving(bot: Bot) -> dict[str, None]:
    """Return the components from which a way leads to an end."""
    back: dict[str, list[str]] = {known: [] for known in bot.components}
    for known, component in bot.components.items():
        for after in following(component):
            back[after].append(known)
    met = {known: None for known, component in bot.components.items() if isinstance(component, End)}
    frontier = list(met)
    for at in frontier:
        for known in back[at]:
            if known not in met:
                met[known] = None
                frontier.append(known)
    return met


def stands_apart(bot: Bot) -> Iterator[Finding]:
    """AB09: find components that nothing leads to; told once."""
    live = reached(bot, [bot.start])
    apart = [component for known, component in bot.components.items() if known not in live]
    if apart:
        names = ", ".join(repr(component.name) for component in apart)
        told = f"Nothing leads to {names}. Connect what is meant to be reached, and remove the rest."
        yield Finding.of("AB09", apart[0].place, told)


def too_quick(bot: Bot) -> Iterator[Finding]:
    """ER10: find Verify OTP components before which less time passes than the guide wants."""
    timing = contracts.timing()
    sends, verifies = list(reading.calls(bot, "send")), list(reading.calls(bot, "verify"))
    for starts, wanted_s, after in (
        (sends, timing.send_to_verify_s, "after Send OTP"),
        (verifies, timing.reverify_s, "after another Verify OTP"),
    ):
        quickest: dict[str, int] = {}
        for start in starts:
            for known, waited_ms in _waits(bot, start):
                quickest[known] = min(waited_ms, quickest.get(known, waited_ms))
        for known, waited_ms in quickest.items():
            if waited_ms < wanted_s * 1000:
                call = bot.components[known]
                told = f"{call.name!r} may run {waited_ms // 1000} s {after}, and the guide wants {wanted_s} s. "
                yield Finding.of("ER10", call.place, f"{told}Give it a delay of {wanted_s} s.")


def no_longer_wait(bot: Bot) -> Iterator[Finding]:
    """AB05: find, once for a bot, a try for which the user waits no longer than for the try before."""
    waited = [wait for first in reading.calls(bot, "verify") for wait in _waits(bot, first, bot.protected)]
    for second in reading.calls(bot, "verify"):
        waits = [waited_ms for at, waited_ms in waited if at == second.id]
        for known, waited_ms in _waits(bot, second, bot.protected):
            if waits and waited_ms <= max(waits):
                third = bot.components[known]
                told = f"After another wrong code, {third.name!r} runs {waited_ms // 1000} s later, and the try before "
                told += f"it {max(waits) // 1000} s. Give each further Verify OTP component a longer delay."
                yield Finding.of("AB05", third.place, told)
                return


def _waits(bot: Bot, start: ApiCall, but: Collection[str] = ()) -> Iterator[tuple[str, int]]:
    """Yield the calls of BotPenguin's Verify OTP that come next, with the least virtual time that delays add up to.

    Ways through the components `but` are left out: behind what is protected, there is no wrong code to wait for.
    """
    met = set(but)
    frontier = [(bot.components[known].delay_ms, known) for known in following(start)]
    frontier.sort()
    while frontier:
        waited_ms, at = heappop(frontier)
        if at in met:
            continue
        met.add(at)
        component = bot.components[at]
        api = bot.apis[component.api] if isinstance(component, ApiCall) else None
        if api is not None and api.role is not None:
            if api.role == "verify" and reading.is_botpenguins(api):
                yield at, waited_ms
            continue
        for known in following(component):
            heappush(frontier, (waited_ms + bot.components[known].delay_ms, known))
