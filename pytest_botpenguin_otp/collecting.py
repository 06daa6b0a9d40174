"""What the plugin does once it is used: chat files as items, worlds by option and marker, verdicts and stories."""

from __future__ import annotations

import re
import warnings
from contextlib import contextmanager
from pathlib import Path
from random import SystemRandom
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from pytest_botpenguin_otp import chat as chats
from pytest_botpenguin_otp import masks, player, profile
from pytest_botpenguin_otp.errors import MissingExtraError, OtpError, did_you_mean
from pytest_botpenguin_otp.settings import beside_ini, setting
from pytest_botpenguin_otp.transcript import Mask, transcript
from pytest_botpenguin_otp.world import World

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import respx
    from xdist.workermanage import WorkerController  # type: ignore[import-untyped]  # it has no types

    from pytest_botpenguin_otp.chat import Chat, Conversation
    from pytest_botpenguin_otp.profile import Profile
    from pytest_botpenguin_otp.transports.otp_server import OtpServer

__all__ = [
    "ChatFile",
    "chat_file",
    "chosen_budgets",
    "chosen_profile",
    "judge",
    "make_world",
    "respx_door",
    "serve",
    "settle",
    "story",
    "trim",
]

OURS = re.compile(rb"^format:[ \t]*[\"']?botpenguin-otp/", re.MULTILINE)
GIVEN = pytest.StashKey["tuple[Profile | None, int | None]"]()
"""What a collected conversation fixes: its profile and its seed."""
SERVER = pytest.StashKey["OtpServer"]()
"""The loopback server of a test that has one."""
PACKAGE = "pytest_botpenguin_otp"
SEEDS = 1_000_000
MARKED: Mapping[str, tuple[type, str]] = {
    "profile": (object, ""),
    "seed": (object, ""),
    "allow_unused_faults": (bool, "True or False"),
    "cassette": (str, "the name of a recording"),
    "live": (bool, "True or False"),
}
"""What the marker takes, and of which type where that is not told elsewhere."""


def chat_file(path: Path, parent: pytest.Collector) -> ChatFile | None:
    """Return a collector for a chat file of ours; None for one with another format line, or none, that nobody named."""
    with path.open("rb") as file:
        head = file.read(1 << 16)
    if OURS.search(head) is None and not parent.session.isinitpath(path):
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
            chat = chats.load(_short(self.path))
            profiles = _profiles(self.config)
        except OtpError as error:
            raise self.CollectError(str(error)) from None
        for conversation in chat.conversations:
            several = len(profiles) > 1 and conversation.profile is None
            for chosen in profiles if several else [None]:
                name = conversation.name if chosen is None else f"{conversation.name}[{chosen.name}]"
                yield self._item(name, chat, conversation, chosen)

    def _item(self, name: str, chat: Chat, conversation: Conversation, chosen: Profile | None) -> pytest.Item:
        def play(request: pytest.FixtureRequest, otp_world: World) -> None:
            tape = request.getfixturevalue("otp_cassette") if conversation.cassette else None
            answers = {} if tape is None else {"service": tape.service, "code": tape.code}
            try:
                player.play(conversation, chat.bot, otp_world, **answers)
            except player.ExpectationError as error:
                told = _mask(otp_world)(str(error))
            except OtpError as error:
                otp_world.failed(str(error))
                told = _mask(otp_world)(f"{conversation.place}: {error}")
            else:
                return
            pytest.fail(told, pytrace=False)

        own = conversation.profile and profile.find(conversation.profile)
        item = ConversationItem.from_parent(self, name=name, callobj=play)
        item.line = int(conversation.place.rpartition(":")[2])
        item.stash[GIVEN] = (own or chosen, conversation.seed)
        if conversation.cassette is not None:
            item.add_marker(pytest.mark.otp(cassette=conversation.cassette))
        return item


class ConversationItem(pytest.Function):
    """One conversation of a chat file; it may be given fixtures and marks like any test."""

    line = 1

    def reportinfo(self) -> tuple[Path, int, str]:
        """Give the conversation's own place."""
        return self.path, self.line - 1, self.name


def _short(path: Path) -> Path:
    """Return `path` as one reads it from here."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def settle(config: pytest.Config) -> None:
    """Draw a random seed, before workers start; refuse a profile, seed or budget that makes no sense."""
    if setting(config, "seed") == "random":
        drawn = getattr(config, "workerinput", {}).get("otp_seed")
        config.option.otp_seed = drawn or str(SystemRandom().randrange(SEEDS))
    try:
        _profiles(config)
        _seed(setting(config, "seed") or "0", "--otp-seed (or otp_seed in the ini file)")
        chosen_budgets(config)
    except OtpError as error:
        raise pytest.UsageError(str(error)) from None


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: WorkerController) -> None:
    """Give each worker of pytest-xdist the seed that was drawn; registered where one is chosen, as the next hook is."""
    node.workerinput["otp_seed"] = node.config.getoption("otp_seed")


def pytest_report_header(config: pytest.Config) -> str | None:
    """Name the seed where one was chosen."""
    seed = setting(config, "seed")
    return f"botpenguin-otp: seed {seed}" if seed else None


def chosen_budgets(config: pytest.Config) -> dict[str, int]:
    """Return the budgets of a search that the user names, by name; raise `OtpError` for what is none."""
    told = {name: setting(config, name) for name in ("states", "seconds", "megabytes")}
    for name, text in told.items():
        if text and not (text.isascii() and text.isdecimal() and int(text)):
            wanted = f"--otp-{name} (or otp_{name} in the ini file) wants a whole number of at least 1"
            raise OtpError(f"{wanted}; not {text!r}.")
    return {name: int(text) for name, text in told.items() if text}


def named_profiles(config: pytest.Config) -> dict[str, Profile]:
    """Return the profiles that the user names, each by the name or the path that finds it; nothing where none is."""
    typed, named = config.getoption("otp_profile"), setting(config, "profile")
    names = [name.strip() for name in named.split(",")] if named else []
    inside = () if typed else (name for name in names if beside_ini(config, name).is_file())
    moved = {name: str(beside_ini(config, name)) for name in inside if name not in profile.PROFILES}
    return {known: profile.find(known) for known in (moved.get(name, name) for name in names)}


def _profiles(config: pytest.Config) -> list[Profile]:
    return [*named_profiles(config).values()] or [profile.find(profile.DEFAULT)]


UNUSED_CASSETTE = (
    "@pytest.mark.otp(cassette=...) names a recording, but the test does not ask for otp_cassette; nothing plays it: "
    "ask for that fixture, and say start(BOT, service=otp_cassette.service)."
)


def _seed(told: object, where: str) -> int:
    try:
        return int(str(told))
    except ValueError:
        raise OtpError(f"{where} wants a whole number, or 'random' for a run; not {told!r}.") from None


def _marked(item: pytest.Item) -> dict[str, object]:
    """Return what the `otp` markers of a test say together: the nearest one counts."""
    marks = list(item.iter_markers("otp"))
    wrong = [told for mark in marks for told in (*map(_no_argument, mark.args), *_wrong_arguments(mark.kwargs))]
    named = any("cassette" in mark.kwargs for mark in item.own_markers if mark.name == "otp")
    if named and not isinstance(item, ConversationItem) and "otp_cassette" not in getattr(item, "fixturenames", ()):
        wrong.append(UNUSED_CASSETTE)
    if wrong:
        raise OtpError("\n".join(dict.fromkeys(wrong)))
    return {name: value for mark in reversed(marks) for name, value in mark.kwargs.items()}


def _no_argument(name: object) -> str:
    return f"@pytest.mark.otp takes no {name!r}. {did_you_mean(str(name), MARKED)} Each is given as name=value."


def _wrong_arguments(given: Mapping[str, object]) -> Iterator[str]:
    for name, value in given.items():
        kind, wanted = MARKED.get(name, (object, ""))
        if name not in MARKED:
            yield _no_argument(name)
        elif not isinstance(value, kind):
            yield f"@pytest.mark.otp({name}=...) wants {wanted}, not {value!r}."


@contextmanager
def _told() -> Iterator[None]:
    """Tell an error of ours as a sentence, without a traceback."""
    try:
        yield
    except OtpError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None


def _fixed_profile(request: pytest.FixtureRequest) -> Profile | None:
    """Return the profile that the conversation or the marker asks for, if either does."""
    item: pytest.Item = request.node
    own, _ = item.stash.get(GIVEN, (None, None))
    if own is not None:
        return own
    wanted = _marked(item).get("profile")
    return None if wanted is None else _profile(wanted, "@pytest.mark.otp")


def _profile(told: object, where: str) -> Profile:
    if isinstance(told, profile.Profile):
        return told
    if isinstance(told, str):
        return profile.find(told)
    raise OtpError(f"{where} wants a profile or its name, not {told!r}. Known: {', '.join(sorted(profile.PROFILES))}.")


def chosen_profile(request: pytest.FixtureRequest) -> Profile:
    """Return the profile of the conversation or marker, else the first of the option or ini, else the default."""
    with _told():
        return _fixed_profile(request) or _profiles(request.config)[0]


def make_world(request: pytest.FixtureRequest, default: object) -> World:
    """Make a test's world: what its conversation fixes comes first, then its marker, then fixture and options."""
    _, own_seed = request.node.stash.get(GIVEN, (None, None))
    with _told():
        chosen = _fixed_profile(request) or _profile(default, "The fixture otp_profile")
        marked = _marked(request.node).get("seed")
        if own_seed is not None or marked is None:
            return World(chosen, int(setting(request.config, "seed") or "0") if own_seed is None else own_seed)
        return World(chosen, _seed(marked, "@pytest.mark.otp(seed=...)"))


def judge(item: pytest.Item, world: World) -> None:
    """Fail the test for breaches of contract and for faults that never struck, each by name."""
    allowed = _marked(item).get("allow_unused_faults")
    if allowed is None:
        allowed = item.config.getoption("otp_allow_unused_faults") or item.config.getini("otp_allow_unused_faults")
    server = item.stash.get(SERVER, None)
    broken = () if server is None else server.unexpected
    failures = (*broken, *world.failures(unused_faults=not allowed))
    if failures:
        told = _mask(world)("\n".join(failures))
        pytest.fail(f"{told}\n(an unused fault may be allowed: --otp-allow-unused-faults)"
                    if any("never struck" in line for line in failures) else told, pytrace=False)  # fmt: skip


def trim(error: BaseException) -> None:
    """Let the traceback of an error of ours end at the line that called us: what is below holds codes and numbers."""
    if not isinstance(error, OtpError):
        return
    error.__cause__ = None
    error.__suppress_context__ = True
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        module = frame.tb_next.tb_frame.f_globals.get("__name__", "")
        if module.startswith(f"{PACKAGE}.") and module != f"{PACKAGE}.plugin":  # the plugin's hooks are around the test
            frame.tb_next = None
        frame = frame.tb_next


def cover(report: pytest.TestReport) -> None:
    """Let a report hold what a masked value shows: xdist sends no other texts than `str`, and JUnit files are read."""
    report.user_properties = [(str(masks.told(name)), masks.told(value)) for name, value in report.user_properties]
    reason = getattr(report, "wasxfail", None)
    if isinstance(reason, masks.Masked):
        vars(report)["wasxfail"] = repr(reason)


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


@contextmanager
def serve(item: pytest.Item, world: World) -> Iterator[OtpServer]:
    """Serve a test's world on loopback; what breaks inside will be told when the test is judged."""
    from pytest_botpenguin_otp.transports.otp_server import OtpServer

    with OtpServer(world) as server:
        item.stash[SERVER] = server
        yield server
