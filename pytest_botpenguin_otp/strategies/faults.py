"""What the two services may do instead of answering well."""

from __future__ import annotations

from hypothesis import strategies as st

from pytest_botpenguin_otp.errors import did_you_mean
from pytest_botpenguin_otp.faults import OPERATIONS, Fault
from pytest_botpenguin_otp.strategies.broken import StrategyError
from pytest_botpenguin_otp.twilio.errors import DELIVERY_ERRORS, ERRORS, LATER

__all__ = ["faults"]

STATUSES = (500, 400, 401, 403, 404, 408, 422, 429, 502, 503, 301, 307, 599)
FLAGS = ("timeout", "reset", "lost", "malformed", "empty", "wrong_type", "slow", "huge")
BODIES = ("", "null", "[]", "{}", "not JSON", "<html>Bad gateway</html>", '{"error": "down"}', '"otp"')
CODES = (*ERRORS, *(code for code in DELIVERY_ERRORS if code in LATER))
MET = {"botpenguin": ("send", "verify"), "twilio": ("create",)}

_EFFECTS: st.SearchStrategy[dict[str, object]] = st.one_of(
    st.sampled_from(STATUSES).map(lambda status: {"status": status}),
    st.sampled_from(FLAGS).map(lambda flag: {flag: True}),
    st.integers(1, 60).map(lambda delay: {"delay": delay}),
    st.sampled_from(BODIES).map(lambda body: {"body": body}),
    st.builds(lambda status, delay: {"status": status, "delay": delay}, st.sampled_from(STATUSES), st.integers(1, 20)),
)
_WHEN = st.fixed_dictionaries({}, optional={"nth": st.integers(1, 3), "times": st.integers(1, 3)})


def faults(service: str | None = None) -> st.SearchStrategy[Fault]:
    """Give faults of the calls that a login makes, of `twilio`, `botpenguin` or (None) either.

    None of them claims a success: there is no status 2xx, no body that says yes. Raises `StrategyError` for a service
    that there is none of.
    """
    if service is None:
        return faults("botpenguin") | faults("twilio")
    if service not in MET:
        raise StrategyError(f"There is no service {service!r}. {did_you_mean(str(service), OPERATIONS)}")
    refusals = st.sampled_from(CODES).map(lambda code: {"code": code})
    effects = _EFFECTS | refusals if service == "twilio" else _EFFECTS
    return st.builds(
        lambda operation, effect, when: Fault.of(service, operation, effect | when),
        st.sampled_from(MET[service]),
        effects,
        _WHEN,
    )
