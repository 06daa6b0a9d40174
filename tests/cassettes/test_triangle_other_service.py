"""From a recording to a proof: a service with answers of its own is recorded, learned, verified, and logged in to."""

import pytest
from other_service import SECRETS, bot_for_it, login, record, serving
from recordings import DAY, PHONE

from pytest_botpenguin_otp import profile
from pytest_botpenguin_otp.cassettes import learn, samples, shelf, triangle
from pytest_botpenguin_otp.report import triangle as report
from pytest_botpenguin_otp.runner import FlowRunner
from pytest_botpenguin_otp.world import World


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """Record the other service once; give the file, the bot and the pins."""
    folder = tmp_path_factory.mktemp("other")
    path = folder / "cassettes" / "other.yaml"
    path.parent.mkdir()
    phone_login = bot_for_it(folder)
    with serving() as other:
        record(path, other, lambda service: login(service, other, phone_login))
        return path, phone_login, tuple(other.pins)


def learned_from(path):
    """Return the profile that the recording teaches."""
    found = samples.samples(shelf.load(path))
    return learn.learn(found, base=profile.PROFILES[profile.DEFAULT]).profile


def test_nothing_secret_is_recorded(recorded):
    """The recording holds neither credentials nor numbers nor pins."""
    path, _, pins = recorded
    text = path.read_text(encoding="utf-8")

    assert len(pins) == 2
    assert not any(secret in text for secret in (*SECRETS.values(), *pins, PHONE, "27182"))


@pytest.mark.parametrize("name", profile.PROFILES)
def test_no_shipped_profile_fits(recorded, name):
    """Its answers are none that a shipped profile gives, and the triangle says so of each kind of them."""
    found = triangle.verify(shelf.load(recorded[0]), profile.PROFILES[name], today=DAY)

    assert found.verdict == "drift"
    assert {held.alone for held in found.held if held.verdict == "drift"} <= {"recording", None}
    assert [held.verdict for held in found.held] == ["drift"] * 6


def test_learned_profile_fits(recorded):
    """Under the learned profile the fakes answer every recorded request as the service did."""
    known = learned_from(recorded[0])
    found = triangle.verify(shelf.load(recorded[0]), known, today=DAY)

    assert (known.code_path, known.code_length, known.flag_path, known.flag_ok) == ("result.pin", 5, "ok", "1")
    assert (known.verify_mismatch.status, known.unauthorized.status, known.bad_request.status) == (422, 401, 400)
    assert (found.verdict, found.checked, found.failed) == ("same", 6, False)


def test_it_is_not_counted_as_the_real_thing(recorded):
    """What answered from loopback is a fake for all that anybody knows, so it proves nothing of the real service."""
    cassette = shelf.load(recorded[0])
    found = triangle.verify(cassette, learned_from(recorded[0]), today=DAY)

    assert cassette.provenance.target == "fake"
    assert not found.real
    assert "proves nothing of the real service" in found.evidence
    assert "nothing of it is proved" in report.summary([found])


def test_a_closed_connection(tmp_path):
    """Where a service hangs up after each answer, it is known all the same where the connection led."""
    path = tmp_path / "closed.yaml"
    phone_login = bot_for_it(tmp_path)
    with serving(closes=True) as other:
        record(path, other, lambda service: login(service, other, phone_login))
    cassette = shelf.load(path)

    assert cassette.provenance.target == "fake"
    assert len(cassette.exchanges) == 6
    assert "recorded from a fake" in triangle.verify(cassette, learned_from(path), today=DAY).evidence


@pytest.mark.parametrize(
    ("right", "said", "verified"),
    [(True, "Welcome!", True), (False, "That code is not right.", False)],
)
def test_the_flow_passes_under_the_learned_profile(recorded, right, said, verified):
    """A bot whose save paths fit logs in on fakes that answer as the service did, with the right code only."""
    path, phone_login, _ = recorded
    world = World(learned_from(path))
    chat = FlowRunner(world).start(phone_login)
    chat.user(PHONE)
    chat.user(world.handset().code() if right else "27182")

    assert len(world.handset().code()) == 5
    assert chat.said[-1] == said
    assert chat.verified is verified
