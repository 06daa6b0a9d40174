"""What the plugin does once it is used: chat files as items, worlds by option and marker, verdicts and stories."""

from __future__ import annotations

import re
import warnings
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from pytest_botpenguin_otp import chat as chats
from pytest_botpenguin_otp import player, profile
from pytest_botpenguin_otp.errors import ChatError, MissingExtraError, OtpError
from pytest_botpenguin_otp.transcript import Mask, transcript
from pytest_botpenguin_otp.world import World

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import respx

    from pytest_botpenguin_otp.chat import Chat, Conversation
    from pytest_botpenguin_otp.profile import Profile

__all__ = ["ChatFile", "chat_file", "chosen_profile", "judge", "make_world", "respx_door", "story"]

OURS = re.compile(rb"^format:[ \t]*[\"']?botpenguin-otp/chat@", re.MULTILINE)
GIVEN = pytest.StashKey["tuple[Profile | None, int | None]"]()
"""What a collected conversation fixes: its profile and its seed."""


def chat_file(path: Path, parent: pytest.Collector) -> ChatFile | None:
    """Return a collector for a chat file of ours; None for a file with another format line, or none."""
    with path.open("rb") as file:
        head = file.read(1 << 16)
    if OURS.search(head) is None:
        return None
    collector = ChatFile.from_parent(parent, path=path)
    collector.obj = ModuleType(path.name.partition(".")[0])
    return collector


class ChatFile(pytest.Module):
    """A `test_*.chat.yaml`: one item per conversation, and per profile where `--otp-profile` names several.

    It is a module without Python in it, since other plugins' module-scoped fixtures look for one above an item.
    """

    def collect(self) -> Iterable[pytest.Item]:
        """Read the file and its bot; a fault in either is told without a traceback."""
        try:
            chat = chats.load(self.path)
            profiles = _profiles(self.config)
        except OtpError as error:
            raise self.CollectError(str(error)) from None
        for conversation in chat.conversations:
            several = len(profiles) > 1 and conversation.profile is None
            for chosen in profiles if several else [None]:
                name = conversation.name if chosen is None else f"{conversation.name}[{chosen.name}]"
                yield self._item(name, chat, conversation, chosen)

    def _item(self, name: str, chat: Chat, conversation: Conversation, chosen: Profile | None) -> pytest.Item:
        def play(otp_world: World) -> None:
            try:
                player.play(conversation, chat.bot, otp_world)
            except ChatError as error:
                told = _mask(otp_world)(str(error))
            else:
                return
            pytest.fail(told, pytrace=False)

        own = conversation.profile and profile.find(conversation.profile)
        item = ConversationItem.from_parent(self, name=name, callobj=play)
        item.line = int(conversation.place.rpartition(":")[2])
        item.stash[GIVEN] = (own or chosen, conversation.seed)
        return item


class ConversationItem(pytest.Function):
    """One conversation of a chat file; it may be given fixtures and marks like any test."""

    line = 1

    def reportinfo(self) -> tuple[Path, int, str]:
        """Give the conversation's own place."""
        return self.path, self.line - 1, self.name


def _setting(config: pytest.Config, name: str) -> str:
    return str(config.getoption(f"otp_{name}") or config.getini(f"otp_{name}") or "")


def _profiles(config: pytest.Config) -> list[Profile]:
    named = _setting(config, "profile") or profile.DEFAULT
    return [profile.find(name.strip()) for name in named.split(",")]


def _mark(request: pytest.FixtureRequest) -> dict[str, object]:
    mark = request.node.get_closest_marker("otp")
    return dict(mark.kwargs) if mark else {}


def _usage(error: OtpError) -> pytest.UsageError:
    return pytest.UsageError(str(error))


def chosen_profile(request: pytest.FixtureRequest) -> Profile:
    """Return the profile of the marker, else the first of `--otp-profile` or the ini option, else the default."""
    wanted = _mark(request).get("profile")
    try:
        return profile.find(str(wanted)) if wanted is not None else _profiles(request.config)[0]
    except OtpError as error:
        raise _usage(error) from None


def make_world(request: pytest.FixtureRequest, default: Profile) -> World:
    """Make a test's world: what its conversation fixes comes first, then its marker, then the options."""
    own_profile, own_seed = request.node.stash.get(GIVEN, (None, None))
    seed = own_seed if own_seed is not None else _mark(request).get("seed", _setting(request.config, "seed") or "0")
    try:
        number = int(str(seed))
    except ValueError:
        raise pytest.UsageError(f"--otp-seed wants a whole number or 'random', not {seed!r}.") from None
    return World(own_profile or default, number)


def judge(item: pytest.Item, world: World) -> None:
    """Fail the test for breaches of contract and for faults that never struck, each by name."""
    mark = item.get_closest_marker("otp")
    allowed = mark.kwargs.get("allow_unused_faults") if mark else None
    if allowed is None:
        allowed = item.config.getoption("otp_allow_unused_faults") or item.config.getini("otp_allow_unused_faults")
    failures = world.failures(unused_faults=not allowed)
    if failures:
        told = _mask(world)("\n".join(failures))
        pytest.fail(f"{told}\n(an unused fault may be allowed: --otp-allow-unused-faults)"
                    if any("never struck" in line for line in failures) else told, pytrace=False)  # fmt: skip


def story(world: World) -> str:
    """Return the transcript of a world, and how to have the same one again."""
    return (
        f"profile {world.profile.name}, seed {world.seed} (again: --otp-seed={world.seed})\n"
        f"{transcript(world.journal, world.secrets.by_field.items())}"
    )


def _mask(world: World) -> Mask:
    return Mask(world.journal, world.secrets.by_field.items())


@contextmanager
def respx_door(world: World) -> Iterator[respx.MockRouter]:
    """Mount the respx routes; fail with the `pip install` line where respx is missing."""
    try:
        from pytest_botpenguin_otp.transports import respx_routes
    except ImportError:
        missing = MissingExtraError.of("The fixture otp_respx", "http")
    else:
        warning = respx_routes.httpx2_warning()
        if warning is not None:
            warnings.warn(warning, stacklevel=2)
        with respx_routes.mounted(world) as router:
            yield router
        return
    pytest.fail(str(missing), pytrace=False)
