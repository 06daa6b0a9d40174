"""The catalogue, family SE: credentials and transport."""

from __future__ import annotations

from pytest_botpenguin_otp.rules.rule import Rule

__all__ = ["RULES"]

RULES = (
    Rule(
        code="SE01",
        title="No secret stands in the file.",
        severity="critical",
        decided=("static",),
        fix="F",
        reasons=("CWE-798", "CWE-540", "ASVS 5.0 13.3.1"),
        why="Files are copied, committed and mailed; a token in them is everybody's.",
        remedy="Write ${NAME} in its place, and change the secret, since it has been seen.",
    ),
    Rule(
        code="SE02",
        title="No secret stands in a URL or parameter.",
        severity="critical",
        decided=("static", "run"),
        fix="C",
        reasons=("CWE-598", "ASVS 5.0 14.2.1"),
        why="URLs end up in logs of every machine on the way.",
        remedy="Move the secret to Headers or Body.",
    ),
    Rule(
        code="SE03",
        title="Every API is called by https at the host that is meant.",
        severity="critical",
        decided=("static",),
        fix="C",
        reasons=("CWE-319", "CWE-918", "ASVS 5.0 12.2.1"),
        why="Plain http shows token and code to everyone on the way; a look-alike host collects them.",
        remedy="Begin the URL with https:// and check the host letter by letter.",
    ),
    Rule(
        code="SE04",
        title="No redirect is followed with credentials.",
        severity="high",
        decided=("tool",),
        fix="",
        reasons=("CWE-918", "ASVS 5.0 15.3.2", "ASVS 5.0 4.1.2", "OWASP API10:2023"),
        why="The new place would get them.",
        remedy="This tool follows no redirect; nothing is to be done in the bot.",
    ),
    Rule(
        code="SE05",
        title="Credentials go to the service they belong to, and nowhere else.",
        severity="critical",
        decided=("static", "run"),
        fix="C",
        reasons=("CWE-522", "CWE-201", "ASVS 5.0 14.2.3"),
        why="Twilio's token rules the whole account; nobody else needs it.",
        remedy="Take the secret out of this text or API; give each service a secret of its own.",
    ),
    Rule(
        code="SE06",
        title="Send OTP and Verify OTP carry a real Authorization.",
        severity="medium",
        decided=("static", "run"),
        fix="C",
        reasons=("CWE-306",),
        why="A placeholder left from the guide makes every call fail.",
        remedy="Write ${BOTPENGUIN_TOKEN}, or the name of your own secret, as the Authorization header.",
    ),
    Rule(
        code="SE07",
        title="An offline run uses no credential that looks real.",
        severity="critical",
        decided=("tool",),
        fix="",
        reasons=("CWE-798",),
        why="It might be printed or sent by mistake.",
        remedy="This tool refuses such credentials unless live mode is on; nothing is to be done in the bot.",
    ),
    Rule(
        code="SE08",
        title="The Twilio account behind the bot can do little else.",
        severity="info",
        decided=("tool",),
        fix="C",
        reasons=("ASVS 5.0 13.3.2", "ASVS 5.0 13.3.4"),
        why="BotPenguin gets its full token and keeps it in API logs.",
        remedy="Use a subaccount of its own, geo permissions, a spending alert, and change the token now and then.",
    ),
    Rule(
        code="SE09",
        title="Certificates are always checked.",
        severity="high",
        decided=("tool",),
        fix="C",
        reasons=("CWE-295", "ASVS 5.0 12.3.2"),
        why="Without that, https protects from nobody.",
        remedy="A bot file has no switch for it, and this tool never turns it off.",
        undecided=(
            "Nothing is decided on a bot: BotPenguin documents no setting for certificates, and not whether its "
            "servers check them when they call an API."
        ),
    ),
    Rule(
        code="SE10",
        title="Send OTP and Verify OTP are called with POST.",
        severity="high",
        decided=("static",),
        fix="C",
        reasons=("CWE-598",),
        why="With GET the body is ignored, or ends up in logs.",
        remedy="Choose POST as the API's method.",
    ),
)
