"""Every undocumented choice is a named field with a provenance, and a profile survives its JSON form."""

import json
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_botpenguin_otp.errors import ProfileError
from pytest_botpenguin_otp.profile import (
    DEFAULT,
    FIELDS,
    PROFILES,
    Answer,
    Profile,
    Provenance,
    find,
    from_json,
    to_json,
)

ALL = pytest.mark.parametrize("profile", PROFILES.values(), ids=list(PROFILES))
NOTES = {"name", "summary", "honest", "provenance"}


def test_fields():
    """Each choice of a profile says what it means and how it is known."""
    assert {field.name for field in fields(Profile)} - NOTES == set(FIELDS)
    for meaning, known in FIELDS.values():
        assert meaning
        assert known.source
        assert known.kind in {"documented", "observed", "recorded", "assumed"}


@ALL
def test_round_trip(profile):
    """A profile written as JSON and read again chooses the same, and says as much about how each choice is known."""
    again = from_json(json.loads(json.dumps(to_json(profile))))

    assert replace(again, provenance=profile.provenance) == profile
    assert [again.how_known(name) for name in FIELDS] == [profile.how_known(name) for name in FIELDS]
    assert to_json(again) == to_json(profile)


@ALL
def test_find(profile):
    """A shipped profile is found by its name."""
    assert find(profile.name) is profile


def test_default():
    """The default is one of the shipped profiles, and an honest one."""
    assert PROFILES[DEFAULT].honest


def test_find_file(tmp_path):
    """A profile of one's own is found by the path of its file."""
    path = tmp_path / "mine.json"
    mine = to_json(replace(PROFILES[DEFAULT], name="mine", code_length=8))
    path.write_text(json.dumps(mine), encoding="utf-8")

    assert to_json(find(str(path))) == mine


def test_unknown():
    """An unknown name is told with the nearest fit and every profile there is."""
    with pytest.raises(ProfileError) as caught:
        find("mismatch-401")
    assert str(caught.value).startswith("There is no profile 'mismatch-401'. Did you mean 'mismatch-400'? Known: ")


@pytest.mark.parametrize("content", [b"{", b"\xff", b""])
def test_broken_file(tmp_path, content):
    """A file that is no JSON is told by its name."""
    path = tmp_path / "mine.json"
    path.write_bytes(content)

    with pytest.raises(ProfileError, match=r"mine\.json: this is no profile in JSON"):
        find(str(path))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[" * 100_000, r"mine\.json: nested too deep; a profile never is\.$"),
        ('{"a":' * 50_000 + "1" + "}" * 50_000, r"mine\.json: nested too deep; a profile never is\.$"),
        (" " * 1_000_001, r"mine\.json: larger than 1000 kB; a profile is never that large\.$"),
    ],
    ids=["lists", "objects", "large"],
)
def test_endless_file(tmp_path, content, told):
    """A file too deep or too large to be a profile is told as such, by its name."""
    path = tmp_path / "mine.json"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(ProfileError, match=told):
        find(str(path))


def test_largest_file(tmp_path):
    """A profile of 1 MB is still read."""
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(to_json(PROFILES[DEFAULT])).ljust(1_000_000), encoding="utf-8")

    assert find(str(path)).name == DEFAULT


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda told: told.pop("name"), ["$: The key 'name' is missing."]),
        (lambda told: told.update(naem="x"), ["$: There is no key 'naem' here. Did you mean 'name'?"]),
        (
            lambda told: told["fields"]["comparison"].update(value="maybe", source=5),
            ["$.fields.comparison.source", "$.fields.comparison.value: 'maybe' is none of the choices here."],
        ),
    ],
)
def test_broken_contract(change, told):
    """Every fault of a profile's JSON form is told in one go, with the nearest fit and the choices."""
    data = to_json(PROFILES[DEFAULT])
    change(data)

    with pytest.raises(ProfileError) as caught:
        from_json(data)
    lines = str(caught.value).splitlines()
    assert len(lines) == len(told)
    assert all(line.startswith(start) for line, start in zip(lines, told, strict=True))


@pytest.mark.parametrize("data", [None, [], "x", {}])
def test_no_profile(data):
    """What is no profile at all is refused, never anything else."""
    with pytest.raises(ProfileError, match=r"\$"):
        from_json(data)


@pytest.mark.parametrize(
    ("body", "settings", "told"),
    [
        ('{"otp": "{{code}}"}', {"code": "012345"}, {"otp": "012345"}),
        ('{"otp": "{{code}}"}', {"code": "012345", "number": True}, {"otp": 12345}),
        ('{"otp": "{{code}}"}', {"number": True}, {"otp": ""}),
        ('{"m": "no {{code}}"}', {"code": "012345"}, {"m": "no 012345"}),
        ('{"m": "{{message}}"}', {"message": 'a "b"\n'}, {"m": 'a "b"\n'}),
        ('{"s": "{{status}}"}', {}, {"s": 418}),
    ],
)
def test_render(body, settings, told):
    """An answer's places are filled with the code as text or number, the message and the status."""
    assert json.loads(Answer(418, body).render(**settings)) == told


@ALL
@given(message=st.text())
def test_always_json(profile, message):
    """Whatever the message is, every answer of every profile is JSON."""
    answers = [getattr(profile, name) for name in FIELDS if isinstance(getattr(profile, name), Answer)]
    assert len(answers) == 7

    for answer in answers:
        assert json.loads(answer.render(code="012345", message=message))


def test_how_known():
    """A profile's own provenance counts before the shared one."""
    mine = Provenance(kind="recorded", source="cassettes/mine.yaml", date="2026-01-15")
    profile = replace(PROFILES[DEFAULT], provenance=(("code_path", mine),))

    assert profile.how_known("code_path") is mine
    assert profile.how_known("code_type") is FIELDS["code_type"][1]
