"""Sync and async drivers of a chat: they send what the chat asks them to send."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import TYPE_CHECKING

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp.bot import Bot
from pytest_botpenguin_otp.errors import ChatError, NoResponseError, check_callable, check_type, did_you_mean
from pytest_botpenguin_otp.runner.core import ChatCore, Outcome, Result, Steps
from pytest_botpenguin_otp.wire import Response
from pytest_botpenguin_otp.world import USER

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_botpenguin_otp.wire import AsyncService, Request, Service
    from pytest_botpenguin_otp.world import World

__all__ = ["AsyncFlowChat", "AsyncFlowRunner", "FlowChat", "FlowRunner"]


ACTIONS = ("skip", "back", "restart")
ANSWERS = "a function that answers requests: the world, or through(client) of an httpx client"


class FlowChat(ChatCore):
    """One contact's chat with one bot; every method runs the flow on to its next question before it returns."""

    def __init__(self, world: World, bot: Bot, contact: str, service: Service) -> None:
        super().__init__(world, bot, contact)
        self._service = service

    def drive(self, steps: Steps[Result]) -> Result:
        """Carry out `steps`, sending each request through the service of this chat."""
        try:
            request = next(steps)
            while True:
                try:
                    outcome: Outcome = self._service(request)
                except NoResponseError as error:
                    outcome = error
                request = steps.send(outcome)
        except StopIteration as done:
            result: Result = done.value
            return result

    def user(self, text: str, *, hold: bool = False) -> None:
        """Say `text`; with `hold`, stop where the bot begins to wait for a delay. Raises `ChatError` after the end."""
        self.drive(self._user(_typed("user(text)", text), hold=hold))

    def during_delay(self, text: str, *, hold: bool = False) -> None:
        """Say `text` while the bot waits for a delay, which `user(..., hold=True)` stops at. Raises `ChatError`."""
        self.drive(self._early(_typed("during_delay(text)", text), hold=hold))

    def wait(self, seconds: float) -> None:
        """Stay silent for so many virtual seconds, 0 or more. Raises `ChatError` for anything else."""
        self.drive(self._wait(_silent(seconds)))

    def do(self, action: str, *, hold: bool = False) -> None:
        """Press `skip` or `back`, or `restart` the chat. Raises `ChatError` where that is not offered."""
        self.drive(self._do(_known(action), hold=hold))

    def next_delay(self) -> bool:
        """Let the delay pass that the bot waits for; say whether there was one."""
        return self.drive(self._next_delay())

    def run(self) -> None:
        """Let all delays pass until the bot asks something or the chat ends."""
        self.drive(self._run())


class AsyncFlowChat(ChatCore):
    """The same chat, for a service that is awaited; no event loop is owned or made."""

    def __init__(self, world: World, bot: Bot, contact: str, service: AsyncService) -> None:
        super().__init__(world, bot, contact)
        self._service = service

    async def drive(self, steps: Steps[Result]) -> Result:
        """Carry out `steps`, awaiting each response."""
        try:
            request = next(steps)
            while True:
                try:
                    outcome: Outcome = await self._service(request)
                except NoResponseError as error:
                    outcome = error
                request = steps.send(outcome)
        except StopIteration as done:
            result: Result = done.value
            return result

    async def user(self, text: str, *, hold: bool = False) -> None:
        """See `FlowChat.user`."""
        await self.drive(self._user(_typed("user(text)", text), hold=hold))

    async def during_delay(self, text: str, *, hold: bool = False) -> None:
        """See `FlowChat.during_delay`."""
        await self.drive(self._early(_typed("during_delay(text)", text), hold=hold))

    async def wait(self, seconds: float) -> None:
        """See `FlowChat.wait`."""
        await self.drive(self._wait(_silent(seconds)))

    async def do(self, action: str, *, hold: bool = False) -> None:
        """See `FlowChat.do`."""
        await self.drive(self._do(_known(action), hold=hold))


class FlowRunner:
    """Starts chats with bots in one world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def start(
        self,
        bot: Bot | Path | str,
        *,
        contact: str = USER,
        attributes: Mapping[str, str] | None = None,
        service: Service | None = None,
        hold: bool = False,
    ) -> FlowChat:
        """Begin a chat and run it to its first question, or with `hold` only to its first delay.

        `bot` is a bot or the path of its file; `attributes` are left over from an earlier chat; `service` answers the
        flow's calls (default: the world, in process). Raises `FileError` for a bot that cannot be read.
        """
        asked = self.world.answer if service is None else _shown(service)
        chat = FlowChat(self.world, _loaded(bot), contact, asked)
        chat.drive(chat.begin(_left_over(attributes), hold=hold))
        return chat


class AsyncFlowRunner:
    """Starts chats whose service is awaited."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def start(
        self,
        bot: Bot | Path | str,
        *,
        contact: str = USER,
        attributes: Mapping[str, str] | None = None,
        service: AsyncService | Service | None = None,
        hold: bool = False,
    ) -> AsyncFlowChat:
        """Begin a chat and run it to its first question; see `FlowRunner.start`. A service need not be awaited."""
        chat = AsyncFlowChat(
            self.world, _loaded(bot), contact, self._in_process if service is None else _awaited(service)
        )
        await chat.drive(chat.begin(_left_over(attributes), hold=hold))
        return chat

    async def _in_process(self, request: Request) -> Response:
        return self.world.answer(request)


def _loaded(bot: Bot | Path | str) -> Bot:
    if isinstance(bot, Bot):
        return bot
    check_type("start(bot)", bot, (str, PathLike), "the path of a bot file, or a bot that was read from one")
    return bots.load(bot)


def _shown(service: Service) -> Service:
    """Hand each request to a service of the test's as everything is handed to a test: masked."""
    check_callable("start(service=...)", service, ANSWERS)
    return lambda request: service(request.shown())


def _awaited(service: AsyncService | Service) -> AsyncService:
    check_callable("start(service=...)", service, f"{ANSWERS}, awaited or not")

    async def answer(request: Request) -> Response:
        given = service(request.shown())
        return given if isinstance(given, Response) else await given

    return answer


def _typed(what: str, text: str) -> str:
    check_type(what, text, str, "a text, in quotes")
    return text


def _silent(seconds: float) -> float:
    check_type("wait(seconds)", seconds, (int, float), "a number of virtual seconds")
    return seconds


def _known(action: str) -> str:
    if action not in ACTIONS:
        raise ChatError(f"There is no action {action!r}. {did_you_mean(str(action), ACTIONS)}")
    return action


def _left_over(attributes: Mapping[str, str] | None) -> Mapping[str, str]:
    if attributes is None:
        return {}
    check_type("start(attributes=...)", attributes, Mapping, "a mapping of names to texts")
    for name, text in attributes.items():
        check_type(f"start(attributes=...) of {name!r}", text, str, "a text, in quotes")
    return attributes
