"""Magic codes: each backdoor is named, and the fakes have none."""

import json

import planted
import pytest

from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.stateful import MachineError, magic_codes
from pytest_botpenguin_otp.stateful.guesses import MAGIC
from pytest_botpenguin_otp.stateful.magic import BLANKS, LAST_CODE, OTHERS_CODE
from pytest_botpenguin_otp.world import World


class Opened(planted.Sound):
    """Sound, but for one text that gets in."""

    def __init__(self, text):
        super().__init__()
        self.text = text

    def verify(self, reference, typed):
        """Say whether the text gets in."""
        return typed == self.text or super().verify(reference, typed)


@pytest.mark.parametrize("profile", sorted(name for name, one in PROFILES.items() if one.honest))
def test_fake_has_no_magic_code(profile):
    """The fake service lets nothing in but the code, under every honest profile."""
    assert magic_codes(World(PROFILES[profile]), profile=profile) == ()


@pytest.mark.parametrize("service", planted.SOUND)
def test_sound_service_has_no_magic_code(service):
    """Nor does a service that keeps its promises, though it locks after five tries."""
    made = service()

    assert magic_codes(made, code=made.inbox_of) == ()


@pytest.mark.parametrize(("what", "text"), [*((code, code) for code in MAGIC), *BLANKS.items()])
def test_backdoor_is_named(what, text):
    """A service with one backdoor is told by just that one."""
    service = Opened(text)

    assert magic_codes(service, code=service.inbox_of) == (what,)


@pytest.mark.parametrize(("service", "what"), [(planted.OldCodeLives, LAST_CODE), (planted.AnybodysCode, OTHERS_CODE)])
def test_code_of_another_send_is_named(service, what):
    """A code that was sent, but before, or to somebody else, is told in words."""
    made = service()

    assert what in magic_codes(made, code=made.inbox_of)


def test_nothing_sent_is_no_success():
    """Where no code is sent nothing is proved, and that is told."""
    service = planted.Sound()
    service.send = lambda _: None
    with pytest.raises(MachineError, match="sent no code"):
        magic_codes(service, code=service.inbox_of)


def test_own_phones():
    """With phones of one's own only these are used."""
    service, phones = planted.Strict(), []
    service.send = lambda phone, send=service.send: phones.append(phone) or send(phone)
    with pytest.raises(MachineError):  # which sends five times at most to each
        magic_codes(service, code=service.inbox_of, phones=["+14155550123", "+14155550145"])

    assert set(phones) == {"+14155550123"}


def test_code_at_no_path():
    """Where nobody knows the code, the ways out are named."""
    with pytest.raises(MachineError, match="code=, which is called with the phone"):
        magic_codes(lambda _: planted.Response(status=200, body=json.dumps({"success": True}).encode()))
