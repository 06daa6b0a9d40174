"""The catalogue, family AB: guessing and abuse."""

from __future__ import annotations

from pytest_botpenguin_otp.rules.rule import Rule

__all__ = ["RULES"]

RULES = (
    Rule(
        code="AB01",
        title="Wrong codes are counted, and too many of them end the chat.",
        severity="high",
        decided=("exploration",),
        fix="F/B",
        reasons=("CWE-307", "NIST SP 800-63B-4 3.2.2", "ASVS 5.0 6.6.3", "PSD2 RTS 4(3)(b)"),
        why="With enough tries, every six-digit code is guessed.",
        remedy=(
            "Give each try a question and a Verify OTP of its own, and end after the last, rather than lead back "
            "to the first. Counting across chats takes an own backend."
        ),
    ),
    Rule(
        code="AB02",
        title="A resend, a restart or another number gives no fresh tries.",
        severity="high",
        decided=("exploration",),
        fix="B",
        reasons=("NIST SP 800-63B-4 3.1.3.2", "RFC 4226 7.3"),
        why="Otherwise the limit on wrong codes is worth nothing: ask for a new code and go on guessing.",
        remedy=(
            "No documented component counts, so a restarted chat begins afresh; only an own verify backend can "
            "count per number."
        ),
    ),
    Rule(
        code="AB03",
        title="The number of SMS that one user can trigger is bounded.",
        severity="high",
        decided=("exploration",),
        fix="F/B",
        reasons=("CWE-770", "CWE-799", "CWE-837", "Twilio error 60203", "OWASP API4:2023"),
        why="Every SMS costs money and rings a phone that may be a stranger's.",
        remedy=(
            "Offer a fixed number of resends, each with a component of its own, rather than a way back to the "
            "same one. Counting across chats takes an own backend."
        ),
    ),
    Rule(
        code="AB04",
        title="Between two SMS to one number there is a wait that grows.",
        severity="medium",
        decided=("exploration",),
        fix="C/B",
        reasons=("Twilio Verify retry buffer (30, 40, 60, 90, 120 s)", "WSTG-BUSL-04"),
        why="An SMS needs time to arrive; quick repeats cost money and annoy.",
        remedy="Set the delay of the resend's component to at least 30 seconds, and more for the next.",
    ),
    Rule(
        code="AB05",
        title="After each wrong code the wait grows.",
        severity="low",
        decided=("static",),
        fix="C",
        reasons=("NIST SP 800-63B-4 3.2.2", "RFC 4226 7.3"),
        why="It costs a person seconds and a guessing program hours.",
        remedy="Give each further Verify OTP component a longer delay.",
    ),
    Rule(
        code="AB06",
        title="One chat sends codes to a few numbers only.",
        severity="high",
        decided=("exploration",),
        fix="F/B",
        reasons=("OWASP API4:2023", "Twilio: preventing toll fraud"),
        why="Who earns on SMS to expensive numbers lets a bot send to many of them.",
        remedy="Do not lead back to the phone question after a send. Counting across chats takes an own backend.",
    ),
    Rule(
        code="AB07",
        title="Numbers are taken from chosen countries only.",
        severity="medium",
        decided=("static",),
        fix="C",
        reasons=("Twilio: SMS geographic permissions",),
        why="SMS to some countries are dear, and often the only aim of an attacker.",
        remedy="Choose your countries in the phone question, and allow only these in Twilio's SMS geo permissions.",
    ),
    Rule(
        code="AB08",
        title="No SMS is sent again without the user doing something.",
        severity="high",
        decided=("static", "exploration"),
        fix="F",
        reasons=("CWE-837", "CWE-834", "ASVS 5.0 13.1.3"),
        why="A flow that sends again by itself, as after an error, sends until somebody notices the bill.",
        remedy="Put a question between two sends, or end after a failed one.",
    ),
    Rule(
        code="AB09",
        title="Every way through the flow asks, leads somewhere and can end.",
        severity="medium",
        decided=("static",),
        fix="F",
        reasons=("CWE-835",),
        why=(
            "A round without a question hangs the chat; a user who cannot leave one, or a component that nothing "
            "leads to, is a mistake. It weighs as high where the chat cannot come out."
        ),
        remedy="Put a question into the round, lead out of it to End chat, and connect or remove what stands alone.",
    ),
    Rule(
        code="AB10",
        title="Too many requests leads to waiting or ending, not to another call.",
        severity="medium",
        decided=("exploration",),
        fix="F",
        reasons=("CWE-799", "Twilio error 20429"),
        why="Calling again at once makes the service refuse for longer.",
        remedy="Lead 429 to a message and an end, or to a component with a long delay.",
    ),
    Rule(
        code="AB11",
        title="A stranger's number cannot be locked out or spammed for free.",
        severity="info",
        decided=("tool",),
        fix="B",
        reasons=("WSTG-ATHN-11", "WSTG-ATHN-03", "ASVS 5.0 6.1.1"),
        why="A limit that counts by number alone lets anyone use it up for somebody else.",
        remedy="An own backend can count by number and by chat, and slow down rather than lock.",
    ),
)
