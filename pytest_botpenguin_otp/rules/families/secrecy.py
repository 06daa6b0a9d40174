"""The catalogue, family LK: secrecy of the code and the phone."""

from __future__ import annotations

from pytest_botpenguin_otp.rules.rule import Rule

__all__ = ["RULES"]

RULES = (
    Rule(
        code="LK01",
        title="The code that was sent never appears in what the user is shown.",
        severity="critical",
        decided=("static", "run"),
        fix="F",
        reasons=("CWE-201", "CWE-200"),
        why="Whoever reads the code in the chat needs no phone.",
        remedy="Take the attribute out of the text.",
    ),
    Rule(
        code="LK02",
        title="Codes go to Verify OTP only, not to notifications, transcripts or other APIs.",
        severity="high",
        decided=("static", "run"),
        fix="C",
        reasons=("CWE-201", "CWE-532", "CWE-359"),
        why="Every other place keeps the code, and lets people read it who should not.",
        remedy=(
            "Take the attribute out of the other API's body, and turn off notification and e-mail transcript in "
            "the code question."
        ),
    ),
    Rule(
        code="LK03",
        title="No raw answer of Send OTP is stored whole.",
        severity="high",
        decided=("static",),
        fix="C",
        reasons=("CWE-209", "CWE-201"),
        why="It holds the code, and whatever the service adds to it later.",
        remedy="Save single fields, such as data.otp, rather than the object around them.",
    ),
    Rule(
        code="LK04",
        title="The code does not stay on the contact after the chat.",
        severity="medium",
        decided=("static",),
        fix="B",
        reasons=("CWE-312", "CWE-613", "ASVS 5.0 14.2.7"),
        why="Agents, exports and the next chat can read it.",
        remedy=(
            "No documented component clears an attribute; an own backend that never returns the code leaves "
            "nothing behind."
        ),
    ),
    Rule(
        code="LK05",
        title="Code and phone number stand in no URL, parameter or header.",
        severity="high",
        decided=("static", "run"),
        fix="C",
        reasons=("CWE-598", "ASVS 5.0 14.2.1"),
        why="URLs end up in logs, caches and histories.",
        remedy="Move the attribute from URL, Parameters or Headers to the Body.",
    ),
    Rule(
        code="LK06",
        title="Code, token and full number are in no log or test report.",
        severity="high",
        decided=("tool",),
        fix="",
        reasons=("CWE-532", "ASVS 4.0.3 7.1.1"),
        why="Reports are shared more widely than chats.",
        remedy="This tool masks them everywhere it prints; nothing is to be done in the bot.",
    ),
    Rule(
        code="LK07",
        title="Messages do not show the full phone number.",
        severity="low",
        decided=("static",),
        fix="F",
        reasons=("CWE-359", "ASVS 5.0 14.2.6"),
        why="Who looks over a shoulder, or reads the inbox, need not learn it.",
        remedy=(
            "Leave the number out, as in: We sent a code to your phone. No documented component shows only its "
            "last digits."
        ),
    ),
    Rule(
        code="LK08",
        title="The service keeps the code to itself.",
        severity="high",
        decided=("static",),
        fix="B",
        reasons=("CWE-602", "CWE-603", "CWE-201", "ASVS 4.0.3 2.7.5", "ASVS 5.0 14.2.6"),
        why=(
            "Send OTP hands the code to the bot, so everyone who can read the contact, the API logs or the "
            "answer can log in as the user."
        ),
        remedy=(
            "This is how BotPenguin's endpoint works. For logins that matter, put an own backend in its place "
            "that never returns the code, such as Twilio Verify behind it."
        ),
    ),
    Rule(
        code="LK09",
        title="A code by SMS to the phone that chats already proves little.",
        severity="info",
        decided=("tool",),
        fix="",
        reasons=("NIST SP 800-63B-4 3.1.3",),
        why="In a WhatsApp or SMS bot the channel itself has shown who owns the number.",
        remedy="Consider whether such a bot needs the code at all.",
    ),
)
