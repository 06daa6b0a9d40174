"""Messages are found again, whatever is removed in between."""

from hypothesis import given
from hypothesis import strategies as st

from pytest_botpenguin_otp.twilio.messages import Message
from pytest_botpenguin_otp.twilio.store import Store

NUMBERS = ("+14155550101", "+14155550102")


def message(position, to=NUMBERS[0]):
    """Make a message."""
    return Message(
        sid=f"SM{position}",
        account_sid="AC1",
        to=to,
        from_="+15005550006",
        body="",
        created_ms=0,
        updated_ms=0,
        position=position,
    )


@given(st.lists(st.tuples(st.sampled_from(NUMBERS), st.booleans())))
def test_index(sent):
    """What was put and not removed is found by sid, by account and by number, in order."""
    store = Store()
    made = [message(position, to) for position, (to, _) in enumerate(sent)]
    for each in made:
        store.put(each)
    for each, (_, removed) in zip(made, sent, strict=True):
        if removed:
            store.remove(each)
    kept = [each for each, (_, removed) in zip(made, sent, strict=True) if not removed]

    assert list(store) == list(store.to(NUMBERS)) == kept
    assert len(store) == len(kept)
    assert list(store.sids("AC1")) == [each.sid for each in kept]
    assert list(store.to(NUMBERS[:1])) == [each for each in kept if each.to == NUMBERS[0]]
    assert all(store.get(each.sid) is each for each in kept)


def test_replaced():
    """Putting a message again replaces it."""
    store = Store()
    store.put(message(1))
    store.put(message(1).redact(5))

    assert [each.updated_ms for each in store] == [5]
    assert len(store.sids("AC1")) == 1


@given(st.lists(st.sampled_from(NUMBERS)))
def test_arrivals(numbers):
    """What arrived is told newest first, for one number, several or all, and is not undone by removing."""
    store = Store()
    arrived = [message(position, to) for position, to in enumerate(numbers)]
    for each in arrived:
        store.put(each)
        store.arrive(each)
        store.remove(each)

    assert list(store.arrivals(None)) == list(store.arrivals(NUMBERS)) == arrived[::-1]
    assert [each.to for each in store.arrivals(NUMBERS[1:])] == [to for to in numbers if to == NUMBERS[1]]
    assert set(store.arrived_at()) == set(numbers)
