"""One generated conversation in a world of its own: who answers, and what is told of it."""

import pytest
from planting import PROFILE, edited

from pytest_botpenguin_otp.bot import parse
from pytest_botpenguin_otp.chat import User
from pytest_botpenguin_otp.errors import UnmatchedRequestError
from pytest_botpenguin_otp.properties import PROPERTIES, Subject, hunt
from pytest_botpenguin_otp.properties.cases import CODE, PLACE
from pytest_botpenguin_otp.properties.session import Session, played
from pytest_botpenguin_otp.properties.sights import Sight, difference

LOGIN = (User(place=PLACE, text="+14155550123"), User(place=PLACE, text=CODE))
CRM = {"method": "POST", "url": "https://crm.example/contacts"}
ASIDE = {"type": "api", "api": "CRM", "responses": {"200": "bye", "others": "colleague"}}
ROUND = {"type": "message", "message": "Hm.", "next": "hm"}


def test_other_services_answer():
    """A call that is neither send nor verify is answered with 200, so that the chat goes on."""
    bot = edited(("apis", "CRM", CRM), ("tell", ASIDE), ("welcome", "next", "tell"))
    session = played(Session(Subject(bot=bot, profile=PROFILE), 0), LOGIN)

    assert session.chat.calls("CRM")[0].status == 200
    assert session.chat.ended == "end_chat"


def test_a_send_that_nothing_answers_is_an_error():
    """A role at a URL with a hole in its host is no service here, which is told instead of a bug in the bot."""
    url = "https://${HOST}/integrations/custom-feature/send-otp-sms"
    subject = Subject(bot=edited(("apis", "Send OTP", "url", url)), profile=PROFILE)

    with pytest.raises(UnmatchedRequestError, match="Nothing here answers POST"):
        hunt(PROPERTIES["success"], subject)


def test_a_round_without_a_question_stops_it():
    """A chat that goes round stops where it does, and says so."""
    session = played(Session(Subject(bot=edited(("hm", ROUND), ("wrong_code", ROUND)), profile=PROFILE), 0), LOGIN[:1])
    session = played(session, [User(place=PLACE, text="000000")])

    assert "goes round without asking" in session.stopped
    assert not session.chat.verified


def test_a_round_without_a_question_lets_nobody_in():
    """Where a further attempt goes round, the login before it is still found."""
    subject = Subject(bot=edited(("hm", ROUND), ("wrong_code", ROUND)), profile=PROFILE)

    assert PROPERTIES["success"].first(subject) is None


def test_a_body_that_is_no_json_is_of_an_own_backend():
    """A send whose body is no JSON, at a URL of one's own, is not held against the contract of the documented one."""
    text = "format: botpenguin-otp/bot@1\nname: Form\napis:\n"
    text += '  Send: {role: send, method: POST, url: "https://own.example/a", body: "to={{phone}}"}\n'
    text += '  Verify: {role: verify, method: POST, url: "https://own.example/b", body: {code: "{{code}}"}}\n'
    text += "flows: {main: {start: a, components: {a: {type: end_chat}}}}\n"
    subject = Subject(bot=parse(text, "form.bot.yaml"), profile=PROFILE)

    assert PROPERTIES["bodies"].applies(subject).startswith("Send, Verify: an own backend")


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        (Sight("said", "main/ask"), Sight("said", "main/bye"), "the bot comes to ask, and then the bot comes to bye"),
        (Sight("said", "main/a", "Hi"), Sight("ended", "main/a", "end_chat"), "says 'Hi', and then the chat is over"),
        (Sight("call", "Send"), Sight("answer", "Send", "200"), "Send is called, and then Send answers 200"),
        (Sight("call", "A", "{}"), Sight("verdict", "", "let in"), "A is called with {}, and then the user is let in"),
        (Sight("call", "A", "", 1000), Sight("call", "A", "", 2000), "A is called after 1 s, and then after 2 s"),
    ],
)
def test_a_difference_in_words(one, other, told):
    """What differs first is told as what happened here and there."""
    assert told in difference((one,), (other,))
    assert difference((one,), (one,)) is None
    assert difference((one,), (one, other)) == "one of the two goes on where the other stops"
