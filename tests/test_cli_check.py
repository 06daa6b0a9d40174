"""The command check: what it finds, sums up, refuses and tells of files and folders."""

import json
import re
from pathlib import Path

import pytest
from commandline import GUIDE, LOOP, SOUND, run, told

from pytest_botpenguin_otp import contracts
from pytest_botpenguin_otp.profile import PROFILES, to_json


def test_a_folder_tells_what_is_in_it(tmp_path):
    """A folder in the place of a file is told with the files in it, or in its folders where it has none itself."""
    run("init", str(tmp_path))

    assert told(run("chat", str(tmp_path / "bots"))).endswith("Name a file in it: phone-login.bot.yaml.\n")
    assert (
        told(run("check", str(tmp_path)))
        .splitlines()[0]
        .endswith("Name a file in it: bots/phone-login.bot.yaml, tests/test_phone_login.chat.yaml.")
    )


def test_of_many_files_some_are_named(tmp_path):
    """Where a folder has many files, the nearest is named, and some of the others."""
    for number in range(11):
        (tmp_path / f"bot{number:02}.bot.yaml").touch()
    names = ", ".join(f"bot{number:02}.bot.yaml" for number in range(8))

    assert f"Name a file in it: {names} and 3 more.\n" in told(run("check", str(tmp_path)))
    assert f"Did you mean 'bot10.bot.yaml'? Known: {names} and 3 more.\n" in told(
        run("check", str(tmp_path / "bot110.bot.yaml"))
    )
    assert f"there is no such file. Known: {names} and 3 more.\n" in told(run("check", str(tmp_path / "zz")))


def test_the_other_kind_of_file():
    """A chat file in the place of its bot is told as one, with the bot that it names."""
    chat = str(SOUND.with_name("test_phone_login.chat.yaml"))

    assert told(run("chat", chat)) == (
        f"{chat}:1:9: This is a chat file; a bot file is wanted. Its bot is 'phone-login.bot.yaml'.\n"
    )


LISTED = ["LK08", "LK04", "AB02", "AU12", "IN04", "IN03", "IN07", "IN08", "AU10", "AU20", "AB07", "IN05", "IN10",
          "IN06", "AB05"]  # fmt: skip
"""What the sound bot cannot mend, what is unsure, and what is advice."""


def test_check_finds_nothing(monkeypatch):
    """The sound bot and its chats leave with 0; what it cannot mend is listed, each once."""
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    result = run("check", str(SOUND), str(SOUND.with_name("test_phone_login.chat.yaml")))

    assert result.exit_code == 0
    assert re.findall(r": ([A-Z]{2}[0-9]{2}) \(", result.stdout) == LISTED
    assert f"\n2 files checked: nothing that fails, {len(LISTED)} listed.\nThe chats " in result.stdout
    assert len(result.stdout.splitlines()) == len(LISTED) + 6  # three headings, a note, and two lines at the end
    assert "note: Under status-envelope nobody is let in: Verify OTP saves 'success' to 'verified'" in result.stdout
    assert result.stderr == ""


def test_check_the_guide():
    """Both faults of the guide are told, each once, with their lines."""
    result = run("check", str(GUIDE), str(GUIDE))

    assert result.exit_code == 1
    early, *_, summary, verbosely = result.stdout.splitlines()
    assert re.match(rf"{re.escape(str(GUIDE))}:\d+: AU13 \(high\) Send OTP runs before the phone number", early)
    assert "AU13 (high) Nothing asks for the code" in result.stdout
    assert result.stdout.count("AU13") == 2
    assert summary == "1 file checked: 4 findings, and 9 listed."
    assert verbosely == "The chats that show what is listed: --verbose."


def test_check_json(tmp_path):
    """One JSON document on stdout, the rest on stderr; faults and findings of all files at once."""
    broken = tmp_path / "broken.bot.yaml"
    broken.write_text(SOUND.read_text(encoding="utf-8").replace("next: ask_code}", "next: ask_cod}"), encoding="utf-8")
    missing = str(tmp_path / "missing.bot.yaml")
    result = run("check", "--json", str(GUIDE), str(broken), missing)
    document = json.loads(result.stdout)

    assert result.exit_code == 2
    assert contracts.check("output/check", document) == ()
    assert document["format"] == "botpenguin-otp/check@1"
    assert document["files"] == [str(GUIDE), str(broken), missing]
    assert [finding["rule"] for finding in document["findings"]] == ["AU13", "AU02", "AU13", "ER03"]
    wrong, gone = document["faults"]
    assert (wrong["file"], wrong["line"] > 1, wrong["column"] > 1) == (str(broken), True, True)
    assert "Did you mean 'ask_code'?" in wrong["message"]
    assert gone == {
        "file": missing,
        "line": None,
        "column": None,
        "message": "there is no such file. Did you mean 'broken.bot.yaml'? Known: broken.bot.yaml.",
    }
    assert len(result.stderr.splitlines()) == 2


def test_check_sums_up(tmp_path):
    """Faults come first, and findings of the other files are told all the same."""
    result = run("check", str(GUIDE), str(tmp_path))

    assert result.exit_code == 2
    assert "2 files checked: 1 fault to mend first, and 4 to think about." in result.stdout
    assert f"{tmp_path}: this is a folder. Name a *.bot.yaml or *.chat.yaml file." in result.stderr


CHAT = "format: botpenguin-otp/chat@1\nbot: {bot}\nconversations:\n  one:\n{steps}"
BAD = {
    "empty": (b"", [":1:1: The file is empty."]),
    "binary": (bytes(range(256)), ["not UTF-8 text"]),
    "nulls": (b"format: \0\0", ["Not a text file in YAML"]),
    "10 MB": (b"a" * 10_000_000, ["larger than 1000 kB"]),
    "deep": (b"[" * 5000, [":1:25: Nested more than 24 deep"]),
    "merge bomb": (
        b"a: &a [x]\nb: &b {<<: *a, <<: *a}\n",
        [":1:4: An anchor (&a) is not read here", "An alias (*a) is not read here; write the value out."],
    ),
    "unknown keys": (
        b"format: botpenguin-otp/bot@1\nnam: x\nflows:\n  main: {start: a, component: {}}\n",
        [":2:1: ", "Did you mean 'name'?", ":4:20: ", "Did you mean 'components'?"],
    ),
    "missing bot": (
        CHAT.format(bot="gone.bot.yaml", steps="    - bot: Hi\n").encode(),
        [":2:6: There is no bot file", "gone.bot.yaml"],
    ),
    "no format": (b"name: x\n", [":1:1: This is no bot or chat file", "Known: botpenguin-otp/bot@1"]),
    "other format": (b"format: botpenguin-otp/bt@1\n", [":1:9: ", "Did you mean 'botpenguin-otp/bot@1'?"]),
    "list": (b"- 1\n", [":1:1: This is no bot or chat file"]),
}


@pytest.mark.parametrize("name", BAD)
def test_check_refuses(name, tmp_path):
    """Whatever a file holds, its faults are told with place and remedy, and nothing is written."""
    content, parts = BAD[name]
    path = tmp_path / "bad.yaml"
    path.write_bytes(content)
    said = told(run("check", str(path)))

    assert said.startswith(f"{path}:")
    for part in parts:
        assert part in said
    assert list(tmp_path.iterdir()) == [path]


def test_check_tells_of_folders_and_unreadable_files(tmp_path, monkeypatch):
    """A folder, a name no disk can hold, a file without permission."""
    bot = tmp_path / "a.bot.yaml"
    bot.write_text(LOOP, encoding="utf-8")

    assert "this is a folder. Name a file in it: a.bot.yaml." in told(run("check", str(tmp_path)))
    assert "cannot be read: File name too long." in told(run("check", "x" * 5000))

    def denied(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", denied)
    assert told(run("check", str(bot))) == f"{bot}: cannot be read: Permission denied.\n"


def test_a_fault_is_annotated(tmp_path, monkeypatch):
    """On GitHub a file that cannot be read is an error at its line."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    bot = tmp_path / "a.bot.yaml"
    bot.write_text("format: botpenguin-otp/bot@1\nname: [x\n", encoding="utf-8")

    assert f"\n::error file={bot},line=3,col=1,title=unreadable::Not valid YAML" in run("check", str(bot)).stderr
    assert f"\n::error file={bot}x,title=unreadable::there is no such file" in run("check", f"{bot}x").stderr


def test_a_profile_by_its_path(tmp_path):
    """A bot is checked under a profile of the user's own, and each fault of one that is broken names its file."""
    own, broken = tmp_path / "own.json", tmp_path / "broken.json"
    own.write_text(json.dumps(to_json(PROFILES["mismatch-200"])), encoding="utf-8")
    broken.write_text('{"name": "x"}', encoding="utf-8")
    result = run("check", str(GUIDE), "--profile", str(own))
    refused = run("check", str(GUIDE), "--profile", str(broken))

    assert f"--profile {own} --replay otp1-" in result.stdout
    assert refused.exit_code == 2
    assert [line.split(" ")[0] for line in refused.stderr.splitlines()] == [f"{broken}:"] * 4


def test_switched_off_is_told(tmp_path, monkeypatch):
    """A rule that a bot switches off is told in a line, with the reason; a switch that is not used is a finding."""
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    bot = tmp_path / "a.bot.yaml"
    off = '\nignore: [{rule: LK08, reason: "A newsletter."}, {rule: LK01, reason: "None."}]\n'
    bot.write_text(SOUND.read_text(encoding="utf-8") + off, encoding="utf-8")
    told_of = run("check", str(bot)).stdout

    assert f"\n{bot}:1: note: LK08 is switched off: A newsletter.\n" in told_of
    assert "The bot switches LK01 off and does not break it." in told_of
    assert "LK01 is switched off" not in told_of
