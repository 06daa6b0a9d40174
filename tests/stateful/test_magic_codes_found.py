"""Magic codes: each backdoor is named, and the fakes have none."""

import json
from socket import socket

import otp_services
import planted
import pytest

from pytest_botpenguin_otp.errors import NoResponseError
from pytest_botpenguin_otp.profile import PROFILES
from pytest_botpenguin_otp.stateful import MachineError, UnansweredError, magic_codes
from pytest_botpenguin_otp.stateful.guesses import MAGIC
from pytest_botpenguin_otp.stateful.magic import BLANKS, LAST_CODE, OTHERS_CODE
from pytest_botpenguin_otp.wire import Response
from pytest_botpenguin_otp.world import World


class Opened(otp_services.Sound):
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


@pytest.mark.parametrize("service", otp_services.SOUND)
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
    service = otp_services.Sound()
    service.send = lambda _: None
    with pytest.raises(MachineError, match="sent no code"):
        magic_codes(service, code=service.inbox_of)


def test_own_phones():
    """With phones of one's own only these are used."""
    service, phones = otp_services.Strict(), []
    service.send = lambda phone, send=service.send: phones.append(phone) or send(phone)
    with pytest.raises(MachineError):  # which sends five times at most to each
        magic_codes(service, code=service.inbox_of, phones=["+14155550123", "+14155550145"])

    assert set(phones) == {"+14155550123"}


def test_code_at_no_path():
    """Where nobody knows the code, the ways out are named."""
    with pytest.raises(MachineError, match="code=, which is called with the phone"):
        magic_codes(lambda _: Response(status=200, body=json.dumps({"success": True}).encode()))


def test_nobody_listens():
    """Where no answer comes, the URL, the code and the way out are told, and that is an error of ours."""
    with socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(UnansweredError, match=rf"Send OTP at {url}/.* gave no answer when '{MAGIC[0]}'.*Start"):
            magic_codes(url=url)


def test_connection_dropped_over_a_code():
    """A service that hangs up over one text is told by that text, since nothing is known of it."""
    service = otp_services.Sound()

    def hangs_up(request):
        if b'"userOtp": " "' in request.body:
            raise NoResponseError("reset")
        return service(request)

    with pytest.raises(UnansweredError, match=r"Verify OTP at .* gave no answer when 'a blank' was to be tried"):
        magic_codes(hangs_up, code=service.inbox_of)
