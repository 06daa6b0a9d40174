"""The catalogue, family ER: errors, and what the user is told."""

from __future__ import annotations

from pytest_botpenguin_otp.rules.rule import Rule

__all__ = ["RULES"]

RULES = (
    Rule(
        code="ER01",
        title="Every answer of an API has a next step.",
        severity="high",
        decided=("static",),
        fix="F",
        reasons=("CWE-754", "CWE-703"),
        why="A response code that is not mapped ends the chat without a word.",
        remedy=(
            "Map others, beside the codes that you know, and say in no_response where a call without an answer leads."
        ),
    ),
    Rule(
        code="ER02",
        title="A failed send is told, and not announced as sent.",
        severity="medium",
        decided=("exploration",),
        fix="F",
        reasons=("CWE-390",),
        why="The user waits for an SMS that never comes.",
        remedy="Lead error codes and others of Send OTP to a message of their own.",
    ),
    Rule(
        code="ER03",
        title="Users are told that they are verified only when they are, and that a code is wrong only when it is.",
        severity="high",
        decided=("exploration",),
        fix="F",
        reasons=("CWE-841",),
        why="Who typed the right code during an outage should not be told it was wrong.",
        remedy=(
            "Lead others and no_response of Verify OTP to a message of their own, apart from the one for a wrong code."
        ),
    ),
    Rule(
        code="ER04",
        title="Messages hold nothing of the service's inner workings.",
        severity="high",
        decided=("static", "run"),
        fix="C",
        reasons=("CWE-209", "ASVS 5.0 16.5.1"),
        why="Error texts name accounts, addresses and codes that help an attacker, and puzzle everyone else.",
        remedy="Write the message yourself, and leave the service's own text out.",
    ),
    Rule(
        code="ER05",
        title="Known and unknown numbers are answered alike.",
        severity="low",
        decided=("static",),
        fix="F",
        reasons=("CWE-204", "CWE-203", "CWE-208", "ASVS 5.0 6.3.8", "CVE-2024-0391"),
        why="Otherwise the bot tells strangers who is a customer.",
        remedy="Give both ways the same texts, questions and delays.",
    ),
    Rule(
        code="ER06",
        title="Whatever goes wrong, the user is told what to do next.",
        severity="medium",
        decided=("exploration",),
        fix="F",
        reasons=("RFC 4226 7.2",),
        why="A dead end costs a customer.",
        remedy="Give each failure a message with the next step, and a question, Live chat or End chat behind it.",
    ),
    Rule(
        code="ER07",
        title="Handing over to a colleague makes nobody verified.",
        severity="high",
        decided=("exploration",),
        fix="F",
        reasons=("CWE-288",),
        why="The colleague may take whoever arrives for a verified user.",
        remedy=(
            "Send a message before Live chat that says that this user is not verified, or give verified users a Live "
            "chat component of their own."
        ),
        undecided=(
            "Whether the words say who is verified is not read: any message or question of their own tells them apart. "
            "A chat cannot tell one Live chat component from another, so a saved counterexample passes once there is "
            "such a message, and is to be deleted where verified users got a component of their own instead."
        ),
    ),
    Rule(
        code="ER08",
        title="There is another way than SMS, and its risk is told.",
        severity="info",
        decided=("tool",),
        fix="F",
        reasons=("NIST SP 800-63B-4 3.2.9", "ASVS 5.0 6.6.1"),
        why="SMS can be redirected, and phones get lost.",
        remedy="Offer Live chat or another proof beside the code.",
    ),
    Rule(
        code="ER09",
        title="A revoked token leads to a friendly failure, not to a retry.",
        severity="medium",
        decided=("exploration",),
        fix="F",
        reasons=("CWE-755",),
        why="All saved APIs fail at once when BotPenguin's token is renewed.",
        remedy="Let 401 and 403 fall under others, and lead that to a message or Live chat.",
    ),
    Rule(
        code="ER10",
        title="The guide's delays are there.",
        severity="low",
        decided=("static",),
        fix="C",
        reasons=("The guide's Step 3 (d): 5 s, and 2 s again",),
        why=(
            "The guide wants 5 seconds between sending and verifying, and 2 before verifying again; that is no "
            "protection, but the service may count on it."
        ),
        remedy="Set the delay of the Verify OTP component: 5 seconds after a send, 2 after another Verify OTP.",
    ),
)
