"""The catalogue, family IN: input and data shape."""

from __future__ import annotations

from pytest_botpenguin_otp.rules.rule import Rule

__all__ = ["RULES"]

RULES = (
    Rule(
        code="IN01",
        title="The number is sent with plus and country code.",
        severity="high",
        decided=("run", "exploration"),
        fix="C/F",
        reasons=("CWE-1286", "Twilio error 21211"),
        why="Twilio refuses other forms, and the user waits for an SMS that never comes.",
        remedy="Ask with the Phone Number component, and look in API Logs how your account renders its attribute.",
    ),
    Rule(
        code="IN02",
        title="The sender (fromNumber) is a number in E.164, and not the user's.",
        severity="medium",
        decided=("static",),
        fix="C",
        reasons=("Twilio error 21606",),
        why="Twilio refuses anything else as a sender.",
        remedy='Write your Twilio number with plus and country code, such as "+15005550006".',
    ),
    Rule(
        code="IN03",
        title="Zeros in front of a code survive.",
        severity="high",
        decided=("run", "exploration"),
        fix="C",
        reasons=("CWE-704", "CWE-681", "CWE-1024"),
        why="One code in ten begins with 0; as a number it loses it, and the right code is refused.",
        remedy="Keep codes as text all the way: a Text Question, and quotes around both codes in the body.",
    ),
    Rule(
        code="IN04",
        title="The code comes as text, not as a number.",
        severity="high",
        decided=("exploration",),
        fix="C/B",
        reasons=("CWE-1287",),
        why="A JSON number has no zeros in front.",
        remedy=(
            "Look at a real answer of your Send OTP. If the code stands there without quotes, only another "
            "service can send it as text."
        ),
    ),
    Rule(
        code="IN05",
        title="A right code typed by a human is taken.",
        severity="medium",
        decided=("exploration",),
        fix="F",
        reasons=("CWE-180", "CWE-1289"),
        why="People type blanks, hyphens and other keyboards' digits.",
        remedy=(
            "No documented component cleans an answer; say in the question how to type the code, and ask again "
            "in friendly words."
        ),
    ),
    Rule(
        code="IN06",
        title="An answer that cannot be a code is asked again without calling Verify OTP.",
        severity="medium",
        decided=("exploration",),
        fix="F",
        reasons=("ASVS 5.0 2.2.1",),
        why="Otherwise a slip costs the user one of a few tries.",
        remedy="Let an If/Else catch what it can, such as an empty answer, and lead back to the question.",
    ),
    Rule(
        code="IN07",
        title="No answer can change the shape of a request.",
        severity="critical",
        decided=("run", "exploration"),
        fix="C/B",
        reasons=("CWE-915", "CWE-1336", "CWE-116"),
        why="Quotes in an answer could end the text early and put a code of the user's own beside the sent one.",
        remedy=(
            "Whether BotPenguin escapes answers is not documented. Try an answer with a quote in it against your "
            "account; if it comes through, only an own backend can refuse a key given twice."
        ),
    ),
    Rule(
        code="IN08",
        title="A typed reference to an attribute stays what was typed.",
        severity="critical",
        decided=("exploration",),
        fix="B",
        reasons=("CWE-1336",),
        why="If it were filled in, typing the code attribute's name would be as good as knowing the code.",
        remedy="Try it against your account; if it is filled in, tell BotPenguin. A flow cannot prevent it.",
    ),
    Rule(
        code="IN09",
        title="No placeholder is sent unfilled.",
        severity="high",
        decided=("static", "run"),
        fix="C",
        reasons=("CWE-665",),
        why="The service gets the braces in the place of the value.",
        remedy=(
            'Insert the attribute with the dashboard\'s "/", or correct its name: lower-case letters, digits and '
            "underscores."
        ),
    ),
    Rule(
        code="IN10",
        title="Answers have a length limit.",
        severity="low",
        decided=("static",),
        fix="C",
        reasons=("CWE-400", "CWE-117"),
        why="Nobody types a code of a thousand characters by mistake.",
        remedy="Set Max Characters Allowed in the code question, where your plan offers it.",
    ),
    Rule(
        code="IN11",
        title="Codes have six digits, and no pattern.",
        severity="medium",
        decided=("static", "exploration"),
        fix="B",
        reasons=("CWE-334", "CWE-338", "CWE-340", "NIST SP 800-63B-4 3.1.3.2", "ASVS 4.0.3 2.3.1"),
        why="Shorter or regular codes are guessed.",
        remedy="BotPenguin's service makes the code; only an own backend can make a better one.",
        undecided=(
            "Decided is the length alone: what the code question takes, and what the profile says. Whether a service's "
            "codes are constant, in sequence or sent twice is not: in a check the fakes make them, and a few real ones "
            "prove nothing. Look at some in API Logs. A fixed code in Verify OTP is told by AU06."
        ),
    ),
    Rule(
        code="IN12",
        title="The code is asked for as text.",
        severity="medium",
        decided=("static",),
        fix="C",
        reasons=("CWE-704", "CWE-681"),
        why="A Numeric Input may drop zeros in front: one code in ten.",
        remedy="Use a Text Question for the code.",
    ),
    Rule(
        code="IN13",
        title="The number is brought into one form once, before it is sent to or compared.",
        severity="medium",
        decided=("static",),
        fix="F",
        reasons=("CWE-180",),
        why="Two spellings of one number are otherwise two users.",
        remedy="Ask with the Phone Number component and use its attribute everywhere.",
    ),
)
