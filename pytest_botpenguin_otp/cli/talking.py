"""The command `chat`: a person types to a bot, whose SMS appear beside it; time passes at once."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.align import Align
from rich.panel import Panel
from rich.text import Text

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp import journal as j
from pytest_botpenguin_otp.bot import Bot, Choice
from pytest_botpenguin_otp.cli import choosing
from pytest_botpenguin_otp.cli.errors import clean
from pytest_botpenguin_otp.cli.faulting import USAGE, plan
from pytest_botpenguin_otp.cli.screen import Screen
from pytest_botpenguin_otp.errors import ChatError, FaultError, did_you_mean
from pytest_botpenguin_otp.runner import FlowRunner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_botpenguin_otp.world import World

__all__ = ["chat"]

HELP = f"""\
What you type goes to the bot; a text that begins with / is typed with two of them.
  /code            type the newest code on your phone
  /wait SECONDS    let virtual time pass
  {USAGE}
  /skip  /back     press what the question offers
  /restart         begin the chat anew
  /help  /quit"""
PROMPT = "you: "
DIM = "dim"
PROBLEM = "bold red"
LONGEST_WAIT = 7 * 24 * 3600


def chat(file: str, profile: str | None, seed: int) -> None:
    """Talk until /quit or the end of the input; raise `OtpError` where the bot cannot go on at all."""
    bot = bots.load(choosing.file(file))
    world = choosing.world(profile, seed)
    screen = Screen()
    screen.line(f"{bot.name} (profile {world.profile.name}, seed {seed}). Nothing is sent anywhere. /help tells more.")
    talk = _Talk(screen, world, bot)
    talk.show()
    for line in _typed(interactive=talk.interactive):
        if not talk.take(line):
            return
        talk.show()


def _typed(*, interactive: bool) -> Iterator[str]:
    """Yield what is typed, line by line, until the input ends."""
    while True:
        try:
            line = input(PROMPT) + "\n" if interactive else sys.stdin.readline()
        except (EOFError, UnicodeDecodeError):
            return
        if not line:
            return
        yield line.rstrip("\r\n")


class _Talk:
    """One chat on the screen."""

    def __init__(self, screen: Screen, world: World, bot: Bot) -> None:
        self.interactive = screen.is_terminal and sys.stdin.isatty()
        self._screen = screen
        self._world = world
        self._bot = bot
        self._handset = world.handset()
        self._chat = FlowRunner(world).start(bot)
        self._shown = 0
        self._shown_ms = 0
        self._commands: dict[str, Callable[[str], None]] = {
            "code": lambda _: self._user(self._handset.code(), echo=True),
            "wait": self._wait,
            "fault": lambda told: screen.line(f"  [planned: {plan(self._world, told.split())}]", DIM),
            "skip": lambda _: self._chat.do("skip"),
            "back": lambda _: self._chat.do("back"),
            "restart": lambda _: self._chat.do("restart"),
            "help": lambda _: screen.line(HELP),
        }

    def take(self, line: str) -> bool:
        """Do what was typed; say whether the talk goes on."""
        name, _, told = line.strip().removeprefix("/").partition(" ")
        try:
            if not line.startswith("/") or line.startswith("//"):
                self._user(line[1:] if line.startswith("//") else line, echo=not self.interactive)
            elif name == "quit":
                return False
            elif name in self._commands:
                self._commands[name](told.strip())
            else:
                known = [f"/{command}" for command in (*self._commands, "quit")]
                self._screen.line(f"There is no /{name}. {did_you_mean(f'/{name}', known)}", PROBLEM)
        except (ChatError, FaultError) as error:
            if self._chat.ended == "loop":
                raise
            hint = "" if self._chat.ended == "waiting" else " /restart begins anew."
            self._screen.line(f"{error}{hint}", PROBLEM)
        return True

    def show(self) -> None:
        """Print what has happened since the last time."""
        events = self._world.journal.plain
        for event in events[self._shown :]:
            self._pass(event.now_ms)
            self._tell(event)
        self._shown = len(events)
        self._pass(self._world.clock.now_ms)

    def _user(self, text: str, *, echo: bool) -> None:
        if echo:
            self._screen.line(f"{PROMPT}{text or '(nothing)'}")
        self._chat.user(text)

    def _wait(self, told: str) -> None:
        if not (told.isascii() and told.isdigit() and len(told) < len(str(LONGEST_WAIT * 10))) or (
            int(told) > LONGEST_WAIT
        ):
            raise ChatError(f"/wait needs whole seconds, at most {LONGEST_WAIT}: /wait 30.")
        self._chat.wait(int(told))

    def _pass(self, now_ms: int) -> None:
        if now_ms > self._shown_ms:
            self._screen.line(f"  ({(now_ms - self._shown_ms) / 1000:g} s pass)", DIM)
            self._shown_ms = now_ms

    def _tell(self, event: j.Event) -> None:
        line = self._screen.line
        match event:
            case j.BotSaid(text=text, component=component):
                line(f"bot: {text}", "bold cyan")
                asked = self._bot.components[component]
                if event.question and isinstance(asked, Choice):
                    line(f"     ({' | '.join(option.text for option in asked.options)})")
            case j.Answered(api=api, response=None, silence=silence):
                line(f"  [{api}: no answer ({silence})]", DIM)
            case j.Answered(api=api, response=response) if response is not None:
                line(f"  [{api}: {response.status}]", DIM)
            case j.Served(fault=str(fault)):
                line(f"  [fault: {fault}]", DIM)
            case j.SmsArrived(to=to, text=text):
                self._sms(to, text)
            case j.Breach(faults=faults):
                for told in faults:
                    line(f"  [contract {event.contract} broken by the {event.by}: {told}]", PROBLEM)
            case j.Ended(how=how):
                verified = "verified" if self._chat.verified else "not verified"
                line(f"The chat is over ({how}), {verified}. /restart begins anew, /quit leaves.", "bold")

    def _sms(self, to: str, text: str) -> None:
        """Show an SMS in clear, since the phone is the user's own and the code a fake one."""
        if self._screen.is_terminal:
            panel = Panel(Text(clean(text)), title=Text(clean(f"SMS to {to}")), style="green", expand=False)
            self._screen.console.print(Align.right(panel))
        else:
            self._screen.line(f"SMS to {to}: {text}")
