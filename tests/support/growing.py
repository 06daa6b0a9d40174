"""Bots that grow by chance: any component leads anywhere, and any attribute is read and compared anywhere."""

import copy
from contextlib import suppress
from dataclasses import replace
from itertools import count
from random import Random

from editing import TREE, built

from pytest_botpenguin_otp.errors import OtpError
from pytest_botpenguin_otp.explorer import Bounds
from pytest_botpenguin_otp.machine import Machine
from pytest_botpenguin_otp.profile import PROFILES

__all__ = ["grown"]

ATTRIBUTES = ("phone", "system_otp", "user_otp", "verified", "note", "tier")
LOGIN = ("phone", "send", "code", "verify", "branch")
KINDS = (*LOGIN, "text", "number", "message", "crm", "branch", "choice")
CHOICES = {
    "missing_path": ("unset", "empty", "keep"),
    "saves_when": ("always", "success"),
    "phone_rendering": ("e164", "digits"),
    "restart_attributes": ("kept", "cleared"),
    "early_answer": ("dropped", "kept"),
    "references": ("once", "recursive"),
    "unset_rendering": ("", "{}"),
    "code_type": ("text", "number"),
    "comparison": ("nonempty-text", "any-text"),
    "default_error": ("Please.", "Please, {{note}}."),
    "timeout_s": (5, 95),
}


class Growing:
    """One bot, as chance has it."""

    def __init__(self, seed):
        self._chance = Random(seed)
        self._ids = [f"c{number}" for number in range(self._chance.randint(4, 9))]
        self._known = [*self._ids, "inside", "bye"]

    def pick(self, *those):
        """Return one of those."""
        return self._chance.choice(those)

    def often(self, share):
        """Say whether this is one of the times, of which `share` of all are."""
        return self._chance.random() < share

    def tree(self):
        """Return the tree of a bot file."""
        parts = dict(zip(self._ids, map(self._component, range(len(self._ids))), strict=True))
        parts["inside"] = {"type": "message", "message": "in", "next": self.pick("bye", *self._ids)}
        parts["bye"] = {"type": self.pick("end_chat", "live_chat")}
        return {
            **copy.deepcopy(TREE),
            "apis": self._apis(),
            "flows": {"main": {"start": "c0", "components": parts}},
            "protected": ["inside"],
            "ignore": [],
        }

    def _apis(self):
        apis = {name: copy.deepcopy(api) for name, api in TREE["apis"].items()}
        send, verify = apis["Send OTP"], apis["Verify OTP"]
        if self.often(0.2):
            self.pick(send, verify)["save"]["note"] = self.pick("message", "success")
        if self.often(0.2):
            verify["body"][self.pick("systemOtp", "userOtp")] = self.pick("{{note}}", "{{user_otp}}", "x{{system_otp}}")
        apis["CRM"] = {
            "method": "POST",
            "url": f"https://crm.example.com/{self._words()}",
            "headers": {"X-Note": self._words()},
            "params": {"a": self._words()},
            "body": {"b": self._words()},
            "save": {self.pick("tier", "note", "user_otp", "system_otp"): "data.tier"},
        }
        return apis

    def _words(self):
        return self.pick("x", "y", f"{{{{{self.pick(*ATTRIBUTES)}}}}}")

    def _next(self, at):
        return self._known[at + 1] if self.often(0.6) else self.pick(*self._known)

    def _component(self, at):
        kind = LOGIN[at] if at < len(LOGIN) and self.often(0.7) else self.pick(*KINDS)
        part = getattr(self, f"_{kind}", lambda at: self._question(at, kind))(at)
        return part | ({"delay": self.pick("2", "35", "95", "400", "700")} if self.often(0.25) else {})

    def _question(self, at, kind):
        asked = {
            "phone": ("phone_number", "phone"),
            "code": ("text_question", "user_otp"),
            "text": ("text_question", self.pick("note", "user_otp", "phone")),
            "number": ("numeric_input", self.pick("note", "user_otp")),
        }[kind]
        part = {"type": asked[0], "save": asked[1], "message": self._words(), "next": self._next(at)}
        settings = [name for name in ("allow_skip", "allow_back", "skip_if_answered") if self.often(0.15)]
        part |= dict.fromkeys(settings, "true")
        part |= {"max_length": self.pick("3", "6", "12")} if self.often(0.15) else {}
        return part | ({"error_message": self._words()} if self.often(0.3) else {})

    def _message(self, at):
        return {"type": "message", "message": self._words(), "next": self._next(at)}

    def _call(self, at, api):
        codes = [code for code in ("400", "429", "others", "no_response") if self.often(0.6)]
        mapped = {code: self.pick(*self._known) for code in codes}
        return {"type": "api", "api": api, "responses": {"200": self._next(at), **mapped}}

    def _send(self, at):
        return self._call(at, "Send OTP")

    def _verify(self, at):
        return self._call(at, "Verify OTP")

    def _crm(self, at):
        return self._call(at, "CRM")

    def _branch(self, at):
        branches = [{"when": self._when(), "next": self.pick(*self._known)} for _ in range(self.pick(1, 2))]
        return {"type": "if_else", "branches": branches, "otherwise": self._next(at)}

    def _when(self):
        operator = self.pick("equals", "equals", "not_equals", "any_of", "greater", "less", "all")
        if operator == "all":
            return {"all": [self._when(), self._when()]}
        compared = self.pick("", "true", "again", "a{{note}}", f"{{{{{self.pick(*ATTRIBUTES)}}}}}")
        value = self.pick("5", "-3", "{{note}}") if operator in ("greater", "less") else compared
        return {"attribute": self.pick(*ATTRIBUTES), operator: ["hello", value] if operator == "any_of" else value}

    def _choice(self, at):
        options = [{"text": "again", "next": self._next(at)}, {"text": "true", "next": self.pick(*self._known)}]
        return {"type": "single_choice", "message": self._words(), "options": options, "save": "note"}

    def profile(self):
        """Return a profile with a few choices of its own."""
        chosen = {name: self.pick(*those) for name, those in CHOICES.items() if self.often(0.15)}
        return replace(self.pick(*PROFILES.values()), **chosen)

    def bounds(self):
        """Return bounds within which counters come to their limits in a few turns."""
        faults = self.pick(0, 0, 1, 1, 2)
        return Bounds(
            faults=faults,
            turns=3 if faults else self.pick(3, 4),
            restarts=self.pick(0, 1),
            backs=self.pick(0, 1),
            sends=self.pick(0, 1, 5),
            fails=self.pick(0, 1, 5),
            max_age_s=self.pick(600, 600, 60, 200),
            states=4000,
        )


def grown(seed):
    """Return a bot under a profile, and bounds; a tree that is no bot grows again."""
    found = None
    for number in count():
        growing = Growing(f"{seed}-{number}")
        with suppress(OtpError):
            found = built(growing.tree(), f"grown-{seed}.bot.yaml")
            break
    return Machine(bot=found, profile=growing.profile()), growing.bounds()
