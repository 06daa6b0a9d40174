"""The catalogue, family AU: who becomes verified."""

from __future__ import annotations

from pytest_botpenguin_otp.rules.rule import Rule

__all__ = ["RULES"]

RULES = (
    Rule(
        code="AU01",
        title="Nobody reaches a protected component without a verified code.",
        severity="critical",
        decided=("static", "exploration"),
        fix="F",
        reasons=("CWE-304", "CWE-841", "ASVS 5.0 2.3.1", "ASVS 5.0 6.3.4", "WSTG-BUSL-06"),
        why="A way around Verify OTP makes the whole login decoration: whoever finds it is let in.",
        remedy="Lead to protected components only from the mapping or branch that says that the code was right.",
    ),
    Rule(
        code="AU02",
        title="A 200 from Verify OTP is not taken for a yes when its body says no.",
        severity="critical",
        decided=("exploration",),
        fix="C/F",
        reasons=("CWE-303", "CWE-754"),
        why=(
            "Services may answer a wrong code with 200 and success: false; a flow that looks at the status alone "
            "lets everyone in."
        ),
        remedy="Save the field that tells success to an attribute, and let an If/Else behind the 200 decide by it.",
    ),
    Rule(
        code="AU03",
        title="A wrong code never verifies.",
        severity="critical",
        decided=("run", "exploration"),
        fix="F",
        reasons=("CWE-303", "CWE-1025"),
        why="A code that is one digit off, too short, too long or turned round is a guess.",
        remedy="Lead every answer but the one for a right code away from the protected components.",
    ),
    Rule(
        code="AU04",
        title="An empty or missing pair of codes never verifies.",
        severity="critical",
        decided=("exploration",),
        fix="F",
        reasons=("CWE-1287", "CWE-665", "CVE-2025-12374"),
        why="If nothing was sent and nothing was typed, both codes are equal; a plain comparison then says yes.",
        remedy="Before Verify OTP, let an If/Else make sure that neither the sent code nor the typed one is empty.",
    ),
    Rule(
        code="AU05",
        title="What is checked as the user's code was typed by the user after the last send.",
        severity="critical",
        decided=("static", "run", "exploration"),
        fix="C",
        reasons=("CWE-1025", "CWE-302"),
        why="A code that is compared with itself, or with what a service answered, is always right.",
        remedy="Put the attribute of the code question, and no other, into userOtp; let nothing else save into it.",
    ),
    Rule(
        code="AU06",
        title="What is checked as the sent code comes unchanged from the last successful send.",
        severity="critical",
        decided=("static", "run", "exploration"),
        fix="C",
        reasons=("CWE-472", "CWE-807", "CWE-798"),
        why="A fixed code is a back door, and a code that the user can choose is no secret.",
        remedy="Put the attribute into systemOtp that Send OTP's answer is saved to, alone and unchanged.",
    ),
    Rule(
        code="AU07",
        title="After a failed send, no older code is checked.",
        severity="critical",
        decided=("exploration",),
        fix="F",
        reasons=("CWE-390", "CWE-672", "ASVS 5.0 16.5.2", "ASVS 5.0 16.5.3"),
        why="A code that was sent earlier, perhaps to another number, would still open the door.",
        remedy="After a failed send, end, hand over or send again; do not go on to the code question.",
    ),
    Rule(
        code="AU08",
        title="A number that is changed after the send needs a code of its own.",
        severity="critical",
        decided=("exploration",),
        fix="F",
        reasons=("CWE-302", "CWE-639", "NIST SP 800-63B-4 4.1.2", "ASVS 5.0 6.6.2"),
        why="Otherwise someone proves that they own one phone and is taken for the owner of another.",
        remedy="Lead every way from the phone question through Send OTP before the code is asked for.",
    ),
    Rule(
        code="AU09",
        title="Nothing left over from an earlier chat verifies anyone.",
        severity="critical",
        decided=("exploration",),
        fix="F/B",
        reasons=("CWE-384", "CWE-665", "CWE-613"),
        why="Attributes belong to the contact and outlive a chat: an old code or an old yes may still be there.",
        remedy=(
            "Read an attribute only behind the component that sets it in this chat. Where that is not enough, it "
            "takes an own backend: no documented component clears an attribute."
        ),
    ),
    Rule(
        code="AU10",
        title="A code verifies once.",
        severity="high",
        decided=("exploration",),
        fix="B",
        reasons=("CWE-294", "NIST SP 800-63B-4 3.1.3.2", "NIST SP 800-63B-4 3.2.7", "ASVS 5.0 6.5.1", "RFC 6238 5.2"),
        why="Who has seen a code once, on a screen or over a shoulder, could use it again.",
        remedy=(
            "The documented verify call keeps no memory of used codes; only an own verify backend can refuse the "
            "second use."
        ),
    ),
    Rule(
        code="AU11",
        title="After a resend, the earlier code no longer counts.",
        severity="high",
        decided=("exploration",),
        fix="F",
        reasons=("OWASP Multifactor Authentication Cheat Sheet", "ASVS 5.0 6.6.2"),
        why="Every code that stays good doubles the chance of a guess.",
        remedy="Save the answer of the resend into the same attribute that Verify OTP sends.",
    ),
    Rule(
        code="AU12",
        title="A code is refused after ten minutes.",
        severity="high",
        decided=("run", "exploration"),
        fix="B",
        reasons=("CWE-613", "CWE-672", "NIST SP 800-63B-4 3.1.3.2", "ASVS 5.0 6.5.5", "CVE-2024-7318"),
        why="The longer a code is good, the longer it can be guessed or read by others.",
        remedy=(
            "The documented verify call knows no time, and no documented component compares times; only an own "
            "verify backend can let codes expire."
        ),
    ),
    Rule(
        code="AU13",
        title="The order can work: phone asked, code sent, code asked, code checked.",
        severity="high",
        decided=("static",),
        fix="F",
        reasons=("CWE-696",),
        why="A call that runs before its attribute is asked for sends nothing useful, and nobody can log in.",
        remedy="Put the question or call that sets an attribute before every component that reads it.",
    ),
    Rule(
        code="AU14",
        title="Only Verify OTP can set what marks a user as verified.",
        severity="critical",
        decided=("static",),
        fix="F/B",
        reasons=("CWE-642", "CWE-807"),
        why=(
            "If a question or another call saves into the same attribute, its content opens the protected components."
        ),
        remedy=(
            "Save Verify OTP's answer into an attribute of its own. That nobody sets it from outside the flow "
            "(imports, agents) takes an own backend."
        ),
    ),
    Rule(
        code="AU15",
        title="The questions for phone and code cannot be passed over.",
        severity="critical",
        decided=("static", "exploration"),
        fix="C",
        reasons=("CWE-304", "CWE-288"),
        why="A question that is skipped leaves an old or empty answer behind, and the flow goes on with it.",
        remedy="Turn off Allow Visitor to Skip and Skip Question If Already Answered in both questions.",
    ),
    Rule(
        code="AU16",
        title="An error of Verify OTP never verifies.",
        severity="critical",
        decided=("exploration",),
        fix="F",
        reasons=("CWE-636", "CWE-755", "ASVS 5.0 16.5.3", "OWASP API10:2023"),
        why=(
            "Timeouts, error codes and unreadable answers say nothing about the code; a flow that goes on with "
            "them lets everyone in during an outage."
        ),
        remedy="Lead others, no_response and every error code to a component that ends or hands over.",
    ),
    Rule(
        code="AU17",
        title="Changing the number takes the verified mark away.",
        severity="high",
        decided=("exploration",),
        fix="F/B",
        reasons=("CWE-613", "ASVS 5.0 7.5.1"),
        why="The mark was earned with the old phone and says nothing about the new one.",
        remedy="Lead every way from a changed number through Send OTP and Verify OTP again.",
    ),
    Rule(
        code="AU18",
        title="No other flow leads to a protected component without a verified code.",
        severity="critical",
        decided=("static", "exploration"),
        fix="F",
        reasons=("CWE-288", "ASVS 5.0 6.3.4", "WSTG-ATHN-10"),
        why="A redirect, a menu or a second flow is a side door if it enters behind the login.",
        remedy="Let the other flow begin with the login, or redirect to the flow that has it.",
    ),
    Rule(
        code="AU19",
        title="A code of the wrong type never verifies.",
        severity="high",
        decided=("static",),
        fix="F",
        reasons=("CWE-1024", "CWE-843", "ASVS 5.0 15.3.5", "CVE-2026-7458"),
        why="Comparisons that convert types take true, 0 or an empty list for a right code.",
        remedy="Quote both codes in the body, so that they are always texts.",
    ),
    Rule(
        code="AU20",
        title="Double clicks and late answers do not mix up codes or tries.",
        severity="medium",
        decided=("exploration",),
        fix="F/B",
        reasons=("CWE-362", "CWE-367", "RFC 4226 7.3"),
        why=(
            "A second click may be taken as the next answer, and an answer that arrives late may put an older code in "
            "the place of the newest."
        ),
        remedy=(
            "Put a Button (single choice) between two tries, which takes no typed text; ask before sending again, so "
            "that two sends are never under way at once."
        ),
        undecided=(
            "Decided is what a user types twice or too early. A chat waits for a call's answer or for its timeout, "
            "so two calls are never under way at once, and an answer after the timeout reaches nothing here: what "
            "BotPenguin does with one is not documented. That such a send has left an SMS is tried (an answer is lost)."
        ),
    ),
    Rule(
        code="AU21",
        title="Two contacts never share a code or a verified mark.",
        severity="critical",
        decided=("static",),
        fix="F/B",
        reasons=("CWE-639",),
        why="Otherwise one user logs in with the other's code.",
        remedy=(
            "Send the code to the number that this contact gave, and save codes and marks to attributes, which each "
            "contact has of its own."
        ),
    ),
    Rule(
        code="AU22",
        title="At a protected component, the verification is not too old.",
        severity="medium",
        decided=("static",),
        fix="B",
        reasons=("RFC 9470", "ASVS 5.0 7.5.3"),
        why="A chat that was verified yesterday may be in other hands today.",
        remedy="No documented component compares times; an own backend can ask for a new code.",
    ),
)
