"""A profile learned from recordings: what BotPenguin leaves open, as it was seen to answer."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pytest_botpenguin_otp.cassettes.errors import CassetteError, LeakError
from pytest_botpenguin_otp.cassettes.samples import AMBIGUOUS, GUESS, NOT_REFUSED
from pytest_botpenguin_otp.cassettes.templates import (
    MESSAGE_KEYS,
    NOT_JSON,
    dotted,
    is_scrubbed,
    leaves,
    likely,
    shape,
    template,
    text_of,
)
from pytest_botpenguin_otp.profile import FIELDS, PROFILES, Answer, Profile, from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pytest_botpenguin_otp.cassettes.samples import Sample
    from pytest_botpenguin_otp.cassettes.templates import Path
    from pytest_botpenguin_otp.profile import Provenance

__all__ = ["NAME", "Learned", "learn"]

NAME = "learned"
ANSWERS = ("send_ok", "send_refused", "verify_ok", "verify_mismatch", "bad_request", "unauthorized")
SHORTEST, LONGEST = 4, 10
NOTHING = "no recording tells it"
NO_CODE = "no answer of Send OTP has just one value of 4 to 10 digits, or one used later"
ALIKE = (
    "verify_ok and verify_mismatch are alike: no status, and no value that is left after scrubbing, tells a right code "
    "from a wrong one; headers are not kept. Was the right code accepted?"
)
GUESSED = "that {} is the code is a guess, by its form: a recording of Send OTP with the Verify OTP after it tells."
LETTERS = "a code has more in it than digits; the fakes send digits alone, which cassettes verify tells as drift."


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """A profile, the names of its fields that were learned, and why each other was not, by name.

    `contradictions` tells what recordings disagree in, with both places; such a field is not learned. `warnings` tells
    what was learned, and yet makes no profile that answers as the service does.
    """

    profile: Profile
    learned: tuple[str, ...]
    missing: Mapping[str, str]
    contradictions: tuple[str, ...]
    warnings: tuple[str, ...] = ()


def learn(samples: Iterable[Sample], *, base: Profile, name: str = NAME) -> Learned:
    """Return `base` with all that samples tell in place of its own; fields keep the provenance of what they hold.

    Raises `CassetteError` where there is no sample of the two OTP endpoints, or no such name for a profile.
    """
    known = _trusted(tuple(samples))
    if not known:
        raise CassetteError("Nothing to learn from: there is no answer of Send OTP or Verify OTP.")
    if name in PROFILES:
        raise CassetteError(f"{name!r} is the name of a shipped profile; choose another by --name.")
    learner = _Learner(known)
    learner.learn()
    found = learner.found
    told = {field: base.how_known(field) for field in FIELDS} | {field: by for field, (_, by) in found.items()}
    profile = replace(
        base,
        name=name,
        summary=_summary(known),
        provenance=tuple(told.items()),
        **{field: value for field, (value, _) in found.items()},  # type: ignore[arg-type]  # each by its own rule
    )
    profile = replace(profile, honest=base.honest and profile.code_type == "text" and _tells(profile))
    _refuse_codes(profile, known)
    missing = {field: learner.reasons.get(field, NOTHING) for field in FIELDS if field not in found}
    return Learned(
        profile=from_json(to_json(profile)),
        learned=tuple(field for field in FIELDS if field in found),
        missing=missing,
        contradictions=tuple(learner.contradictions),
        warnings=tuple(_warnings(profile, found, known)),
    )


def _trusted(samples: tuple[Sample, ...]) -> tuple[Sample, ...]:
    """Return the samples, a no without an error status as one where it was seen what a yes is."""
    if not any(sample.answer == "verify_ok" and not sample.doubt for sample in samples):
        return samples
    return tuple(replace(one, doubt="") if one.doubt == NOT_REFUSED else one for one in samples)


def _warnings(
    profile: Profile, found: Mapping[str, tuple[object, Provenance]], samples: Sequence[Sample]
) -> Iterator[str]:
    if {"verify_ok", "verify_mismatch"} <= {*found} and not _tells(profile):
        yield ALIKE
    guess = found.get("code_path")
    if guess is not None and guess[1].source.endswith(GUESS):
        yield GUESSED.format(guess[0])
    if any(isinstance(_code(sample), str) and not text_of(_code(sample)).isdecimal() for sample in samples):
        yield LETTERS


def _summary(samples: Sequence[Sample]) -> str:
    sources = sorted({sample.known.source for sample in samples})
    shown = "; ".join(sources[:3]) + (f" and {len(sources) - 3} more" if len(sources) > 3 else "")  # noqa: PLR2004  # a few
    return f"learned from {shown}"


def _tells(profile: Profile) -> bool:
    """Say whether an answer tells a match from a mismatch."""
    return profile.verify_ok.status != profile.verify_mismatch.status or shape(profile.verify_ok) != shape(
        profile.verify_mismatch
    )


def _refuse_codes(profile: Profile, samples: Sequence[Sample]) -> None:
    """Raise `LeakError` where a code is left in an answer, such as inside a key."""
    codes = {text_of(sample.code[1]) for sample in samples if sample.code is not None}
    for field in ANSWERS:
        if any(code in getattr(profile, field).body for code in codes):
            raise LeakError(f"{field}: the answer holds the code where no place can be put for it; nothing was made.")


class _Learner:
    """Collects what is learned, and why the rest is not."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        self._samples = samples
        self.found: dict[str, tuple[object, Provenance]] = {}
        self.reasons: dict[str, str] = {}
        self.contradictions: list[str] = []

    def learn(self) -> None:
        """Learn every field that can be."""
        for name in ANSWERS:
            self._answer(name)
        coded = [sample for sample in self._samples if sample.code is not None]
        self._agreed("code_path", coded, _code_path)
        self._agreed("code_type", coded, lambda sample: "text" if isinstance(_code(sample), str) else "number")
        self._length(coded)
        sends = [sample for sample in self._samples if sample.answer == "send_ok"]
        if sends and not coded:
            odd = next((f"{one.place}: {one.doubt}" for one in sends if one.doubt not in ("", AMBIGUOUS)), NO_CODE)
            self.reasons |= dict.fromkeys(("code_path", "code_type", "code_length"), odd)
        self._flags()
        self._authorization()

    def _answer(self, name: str) -> None:
        having = [sample for sample in self._samples if sample.answer == name]
        told = [sample for sample in having if sample.tree is not NOT_JSON and not sample.doubt]
        if having and not told:
            why = "the answer is no JSON" if having[0].tree is NOT_JSON else having[0].doubt
            self.reasons[name] = f"{having[0].place}: {why}"
        self._agreed(name, told, _answer_of, key=lambda value: shape(value) if isinstance(value, Answer) else value)

    def _agreed(
        self,
        name: str,
        samples: Sequence[Sample],
        tell: Callable[[Sample], object],
        key: Callable[[object], object] = lambda value: value,
    ) -> None:
        """Learn what all samples tell alike, by the best known of them; note where they do not."""
        if not samples:
            return
        best = min(samples, key=lambda sample: sample.known.kind != "recorded")
        value = tell(best)
        other = next((sample for sample in samples if key(tell(sample)) != key(value)), None)
        if other is None:
            self.found[name] = (value, best.known)
            return
        self.reasons[name] = "recordings contradict each other"
        self.contradictions.append(f"{name}: {best.place} and {other.place} tell different things.")

    def _length(self, coded: Sequence[Sample]) -> None:
        """Learn how long codes are; a number has lost its leading zeros, so the longest counts."""
        kept = [sample for sample in coded if not text_of(_code(sample)).startswith("word-")]
        sound = [sample for sample in kept if SHORTEST <= len(text_of(_code(sample))) <= LONGEST]
        if sound and all(not isinstance(_code(sample), str) for sample in sound):
            sound = [max(sound, key=lambda sample: len(text_of(_code(sample))))]
        self._agreed("code_length", sound, lambda sample: len(text_of(_code(sample))))

    def _flags(self) -> None:
        """Learn where success is told, from a yes and a no that differ there."""
        names = ("verify_ok", "verify_mismatch")
        if not all(name in self.found for name in names):
            for name in ("flag_path", "flag_ok", "flag_mismatch"):
                self.reasons[name] = "it takes an answer to the right code and one to a wrong code"
            return
        yes, no = (_values(self.found[name][0]) for name in names)
        differing = [path for path in yes if path in no and yes[path] != no[path] and path[-1] not in MESSAGE_KEYS]
        plain = [path for path in differing if not {yes[path], no[path]} & {"{{status}}", "{{code}}"}]
        sure = [path for path in plain if not is_scrubbed(yes[path]) and not is_scrubbed(no[path])]
        if not sure:
            reason = "its text was scrubbed" if plain else "of what both answers of Verify OTP have, only texts differ"
            for name in ("flag_path", "flag_ok", "flag_mismatch"):
                self.reasons[name] = f"no flag is seen: {reason}"
            return
        path = min(sure, key=likely)
        known = self.found[names[1]][1]
        self.found["flag_path"] = (dotted(path), known)
        self.found["flag_ok"] = (yes[path], self.found[names[0]][1])
        self.found["flag_mismatch"] = (no[path], known)

    def _authorization(self) -> None:
        """Learn which forms are taken, where that was tried."""
        taken = {one.authorization: one for one in self._samples if one.accepted and one.authorization}
        refused = {one.authorization for one in self._samples if not one.accepted}
        both = "bare" in taken and "Bearer" in taken
        for form, value, enough in (
            ("bare", "any-scheme", both),
            ("bare", "bare", "Bearer" in refused),
            ("Bearer", "bearer", "bare" in refused),
        ):
            if form in taken and enough:
                self.found["authorization"] = (value, taken[form].known)
                return
        seen = ", ".join(sorted(form for form in taken if form))
        self.reasons["authorization"] = f"only seen: {seen} is taken" if seen else NOTHING


def _code(sample: Sample) -> object:
    return None if sample.code is None else sample.code[1]


def _code_path(sample: Sample) -> object:
    return None if sample.code is None else dotted(sample.code[0])


def _answer_of(sample: Sample) -> Answer:
    code = None if sample.code is None else text_of(sample.code[1])
    return template(sample.status, sample.tree, code)


def _values(answer: object) -> dict[Path, str]:
    """Return the texts of an answer by path, as far as a profile can name them."""
    tree = json.loads(answer.body) if isinstance(answer, Answer) else None
    return {path: text_of(value) for path, value in leaves(tree) if dotted(path) is not None}
