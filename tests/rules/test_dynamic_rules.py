"""What the exploration finds: the chat that shows it fails, and a second engine says the same of its journal."""

from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from checking import BOTS, EXAMPLES, check_all

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp import chat, player
from pytest_botpenguin_otp.explorer import Bounds, Cost, replay
from pytest_botpenguin_otp.machine import Machine
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.rules import CATALOGUE, DYNAMIC, NEEDS, Finding, check, checked, checking, exit_code, judge
from pytest_botpenguin_otp.rules.dynamic.exploring import Broken, explored
from pytest_botpenguin_otp.rules.dynamic.scene import Hit
from pytest_botpenguin_otp.rules.monitor import monitor

EVERY = sorted([*BOTS.glob("**/*.bot.yaml"), *EXAMPLES.glob("*/*.bot.yaml")])
IDS = [path.name.removesuffix(".bot.yaml") if path.parent == BOTS else path.parent.name for path in EVERY]
GUIDE, SOUND = (EXAMPLES / name / "phone-login.bot.yaml" for name in ("guide", "sound"))


def shown(path):
    """Return the findings about a bot that come with a chat, and the conversation of each."""
    for finding in check_all(path).findings:
        if finding.chat is not None:
            name = finding.chat.splitlines()[1].partition('"')[2].rstrip('"')
            text = finding.chat.replace(name, path.name, 1)
            (conversation,) = chat.parse(text, str(path.with_name("test_it.chat.yaml"))).conversations
            yield finding, conversation


@pytest.mark.parametrize("path", EVERY, ids=IDS)
def test_two_engines_agree(path):
    """Each counterexample fails as a chat file, and the monitor finds the same rule broken in its journal."""
    bot = bots.load(path)
    for finding, conversation in shown(path):
        world = player.world_for(conversation, PROFILES["mismatch-400"], 0)
        with pytest.raises(player.ExpectationError):
            player.play(conversation, bot, world)
        left_over = frozenset(dict(conversation.attributes))

        assert finding.rule in monitor(world.journal.events, bot, world.profile, left_over=left_over), finding.token


@pytest.mark.parametrize("code", sorted(DYNAMIC))
def test_one_profile_is_enough(code):
    """Under a profile that a finding names, the rule is broken also where nothing but that profile is asked for."""
    path = BOTS / f"{code}-breaks.bot.yaml"
    named = [one.profiles for one in check_all(path).findings if one.rule == code]
    (profile, *_) = (*(known for profiles in named for known in profiles), "mismatch-400")

    assert (code in {one.rule for one in check(bots.load(path), [PROFILES[profile]])}) == bool(named)


def test_every_dynamic_rule_is_shown():
    """Each rule is broken by a chat in one of the bots at least."""
    found = {finding.rule for path in EVERY for finding in check_all(path).findings if finding.counterexample}

    assert set(DYNAMIC) <= found | {
        "AU06",
        "IN11",
    }  # a fixed text is found in the file; no shipped profile has short codes


@pytest.mark.parametrize("path", [GUIDE, SOUND], ids=["guide", "sound"])
def test_a_finding_is_whole(path):
    """It says what it takes, under which profiles, and its token leads to where its chat does."""
    for finding in check_all(path).findings:
        assert finding.needs in NEEDS
        assert set(finding.profiles) <= set(PROFILES)
        if finding.token is not None and "R" not in finding.token:
            profile = PROFILES[finding.profiles[0] if finding.profiles else "mismatch-400"]
            way = replay(Machine(bot=bots.load(path), profile=profile), finding.token)
            assert way.token == finding.token


def test_the_guide():
    """Its two faults, what its routing by status does, and what follows from the verify call, each once."""
    findings = check_all(GUIDE).findings
    failing = [finding.rule for finding in findings if judge(finding) == "fails"]
    listed = sorted(finding.rule for finding in findings if judge(finding) != "fails")

    assert failing == ["AU13", "AU02", "AU13", "ER03"]
    assert listed == ["AB02", "AB07", "AU04", "AU12", "ER01", "ER09", "IN04", "LK04", "LK08"]


def test_what_a_finding_takes():
    """The plainest way is told: no fault where none is needed, and no lie where a fault will do."""
    needs = {
        ("AU02", "a user's odd input"),
        ("AU04", "a user's odd input"),
        ("AU07", "one fault"),
        ("AU09", "attributes left over from an earlier chat"),
        ("AU11", "a user's odd input"),
        ("AB02", "more than one chat"),
        ("AU20", "answers that are kept when they come too early"),
        ("IN03", "codes that come as numbers"),
        ("IN04", "codes that come as numbers"),
        ("IN07", "text that is pasted into a body unescaped"),
        ("IN08", "typed references that are filled in"),
    }
    for code, need in needs:
        findings = check_all(BOTS / f"{code}-breaks.bot.yaml").findings
        assert {finding.needs for finding in findings if finding.rule == code} == {need}, code


def test_profiles():
    """A rule that only one way of answering breaks names it; what holds under all names none."""
    (found,) = [one for one in check_all(BOTS / "IN07-breaks.bot.yaml").findings if one.rule == "IN07"]
    (always,) = [one for one in check_all(BOTS / "ER06-breaks.bot.yaml").findings if one.rule == "ER06"]
    bot = bots.load(BOTS / "AU02-breaks.bot.yaml")
    (lied,) = [one for one in check(bot, [PROFILES["mismatch-400"]]) if one.rule == "AU02"]

    assert (found.profiles, always.profiles) == (("pessimist",), ())
    assert (judge(lied), lied.needs) == ("if BotPenguin", "a service that lies")


@pytest.mark.parametrize("code", ["IN03", "IN07", "IN08"])
def test_profiles_have_what_it_takes(code):
    """A finding names only profiles under which it takes what is shown, also where it holds under more."""
    of = {
        name: {(one.rule, one.needs) for one in check(bots.load(BOTS / f"{code}-breaks.bot.yaml"), [profile])}
        for name, profile in PROFILES.items()
    }
    (found,) = [one for one in check_all(BOTS / f"{code}-breaks.bot.yaml").findings if one.rule == code]

    assert set(found.profiles or PROFILES) == {name for name, seen in of.items() if (code, found.needs) in seen}


def test_what_differs_by_profile():
    """A finding names no profile under which it takes more, and keeps its own where the file tells it too."""
    bot, usual = bots.load(SOUND), PROFILES["mismatch-400"]
    run = explored(bot, usual, Bounds(states=9))
    hit = Hit(bot.components[bot.start].place, "Seen.")
    plain = Broken(code="AU02", hit=hit, keys=(), needs="one fault", profile=usual, cost=Cost())
    dear = replace(plain, needs="a service that lies", profile=PROFILES["pessimist"])
    found = checking._finding([(run, dear), (run, plain)], 2, merged=True)  # noqa: SLF001  # no bot of ours differs so
    (merged,) = checking._merged([Finding.of("AU02", hit.place, "Read.")], [found])  # noqa: SLF001  # likewise

    assert (found.profiles, found.needs) == (("mismatch-400",), "one fault")
    assert (merged.profiles, merged.message) == (("mismatch-400",), "Read.")


@pytest.mark.parametrize(("length", "told"), [(4, "sends a code of 4 digits."), (6, None), (8, None)])
def test_short_codes(length, told):
    """A profile that was learned from a real answer says how long codes are, and short ones are told once."""
    known = replace(PROFILES["mismatch-400"], name="mine", code_length=length)
    found = [one for one in check(bots.load(BOTS / "IN11-keeps.bot.yaml"), [known]) if one.rule == "IN11"]

    assert [told in one.message for one in found] == ([] if told is None else [True])


def test_the_same_every_time():
    """Two checks say the same, to the letter."""
    bot = bots.load(GUIDE)

    assert check(bot) == check(bot)


@pytest.mark.parametrize("bounds", [Bounds(states=10), Bounds(seconds=0.5)])
def test_a_budget_that_is_used_up(bounds):
    """Reaching a budget is told, and never taken for a proof."""
    ticks = count()
    findings = check(bots.load(SOUND), bounds=bounds, clock=lambda: float(next(ticks)))
    (cut,) = [finding for finding in findings if finding.rule == "SO03"]

    assert "what lies beyond is not proved" in cut.message
    assert (cut.severity, judge(cut)) == ("high", "fails")
    assert not [finding for finding in findings if finding.rule in ("SO01", "SO02")]


def test_a_cut_cannot_be_switched_off():
    """A bot cannot ignore that its search was cut; where none was, the switch is a finding that fails nothing."""
    text = SOUND.read_text(encoding="utf-8") + '\nignore: [{rule: SO03, reason: "It takes long."}]\n'
    bot, usual = bots.parse(text, "off.bot.yaml"), [PROFILES["mismatch-400"]]
    cut, whole = check(bot, usual, Bounds(states=10)), check(bot, usual)

    assert exit_code(cut) == 1
    assert exit_code(whole) == 0
    assert ["switches SO03 off, which no bot can" in one.message for one in whole if one.rule == "SO03"] == [True]


@pytest.mark.parametrize(
    ("name", "code", "told"),
    [
        ("ER02-breaks", "ER02", "of this call"),
        ("IN03-breaks", "IN03", "codes as text already"),
        ("IN12-breaks", "IN03", None),
    ],
)
def test_what_is_missing_is_told(name, code, told):
    """The remedy names what this bot lacks, not what it has already."""
    found = [one for one in check_all(BOTS / f"{name}.bot.yaml").findings if one.rule == code]

    assert [told in one.remedy and one.remedy in one.message for one in found] == ([True] if told else [])


def test_a_send_without_an_answer_is_told():
    """Where the question for the code follows a send that had no answer, the remedy names that mapping."""
    text = (BOTS / "AU07-breaks.bot.yaml").read_text(encoding="utf-8")
    bot = bots.parse(text.replace("no_response: has_come", "no_response: ask_code_2"), "er.bot.yaml")
    found = [one.remedy for one in check(bot, [PROFILES["mismatch-400"]]) if one.rule == "ER02"]

    assert found == ["Lead no_response of this call to a message of its own."]


def test_switched_off():
    """A dynamic rule can be switched off with a reason, and a switch that switches nothing off is told."""
    text = (BOTS / "ER06-breaks.bot.yaml").read_text(encoding="utf-8")
    off = text.replace("ignore: [", 'ignore: [{rule: ER06, reason: "A test."}, {rule: ER09, reason: "A test."}, ')
    findings = check(bots.parse(off, "off.bot.yaml"), [PROFILES["mismatch-400"]])
    by_rule = {finding.rule: finding for finding in findings}

    assert "ER06" not in by_rule
    assert "switches ER09 off and does not break it" in by_rule["ER09"].message


@pytest.mark.parametrize("words", ["", ', message: "One moment, {{user_otp}}."'], ids=["silently", "with a text"])
def test_a_saved_hand_over_passes_once_it_is_told(words):
    """The chat that shows ER07 fails as long as it is broken, and passes when the colleague can read who comes."""
    text = (BOTS / "ER07-breaks.bot.yaml").read_text(encoding="utf-8")
    text = text.replace("colleague: {type: live_chat}", f"colleague: {{type: live_chat{words}}}")
    told = text.replace(
        "others: colleague, no_response: colleague}", "others: not_sure, no_response: not_sure}"
    ).replace(
        "      bye:",
        '      not_sure: {type: message, message: "Nobody has checked who this is.", next: colleague}\n      bye:',
    )
    usual = PROFILES["mismatch-400"]
    (found,) = [one for one in check(bots.parse(text, "er.bot.yaml"), [usual]) if one.rule == "ER07"]
    told_of = found.chat.replace("er.bot.yaml", "ER07-breaks.bot.yaml")
    (conversation,) = chat.parse(told_of, str(BOTS / "test_er.chat.yaml")).conversations

    with pytest.raises(player.ExpectationError):
        player.play(conversation, bots.parse(text), player.world_for(conversation, usual, 0))
    player.play(conversation, bots.parse(told), player.world_for(conversation, usual, 0))


def test_how_an_own_backend_refuses_a_code():
    """ER03 takes the status that an own backend's call maps for a no as one; other errors are told by other words."""
    text = (BOTS / "sound" / "own-backend.bot.yaml").read_text(encoding="utf-8").replace('"400"', '"403"')
    alike = text.replace('"403": wrong_code, others: sorry', '"403": wrong_code, others: wrong_code')
    told = [
        [one.rule for one in check(bots.parse(one, "own.bot.yaml"), [PROFILES["mismatch-400"]]) if one.rule == "ER03"]
        for one in (text, alike)
    ]

    assert told == [[], ["ER03"]]


@pytest.mark.parametrize(
    ("name", "fix", "verdict"), [("SO01-keeps", "B", "own backend"), ("AU19-breaks", "C", "fails")]
)
def test_who_mends_a_lost_zero(name, fix, verdict):
    """A zero that the service's answer loses fails nobody's check; one that the bot loses does."""
    findings = check(bots.load(BOTS / f"{name}.bot.yaml"), [PROFILES["numeric-code"]])
    (found,) = [one for one in findings if one.rule == "IN03"]

    assert (found.fix, judge(found, "numeric-code")) == (fix, verdict)


def test_nothing_to_explore():
    """A bot without any send or verify API is not explored."""
    bot = bots.parse(
        "format: botpenguin-otp/bot@1\nname: x\nflows: {main: {start: a, components: {a: {type: end_chat}}}}"
    )

    assert checked(bot).explorations == ()
    assert not [finding for finding in check(bot) if finding.rule in DYNAMIC]


def test_the_catalogue_knows_them():
    """Every rule that the exploration decides says so, or is decided on the file or a run as well."""
    for code in DYNAMIC:
        assert {"exploration", "run"} & set(CATALOGUE[code].decided), code


def test_paths_are_files():
    """Every bot of the tests is looked at."""
    assert len(EVERY) > 100
    assert all(isinstance(path, Path) for path in EVERY)


def test_a_number_in_the_wrong_form_hides_nothing_once_it_is_ignored():
    """That nobody is let in follows from IN01 where that is told; where it is switched off, it is told itself."""
    text = (BOTS / "IN01-breaks.bot.yaml").read_text(encoding="utf-8")
    usual = [PROFILES["mismatch-400"]]
    off = text.replace("ignore: [", 'ignore: [{rule: IN01, reason: "People type it well."}, ')
    told, ignored = (check(bots.parse(one, "in.bot.yaml"), usual) for one in (text, off))

    assert [{finding.rule for finding in found} & {"IN01", "SO01"} for found in (told, ignored)] == [{"IN01"}, {"SO01"}]
    assert (exit_code(told), exit_code(ignored)) == (1, 1)
