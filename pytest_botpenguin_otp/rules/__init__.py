"""What is promised of a bot: each rule finds where a bot breaks its promise."""

from pytest_botpenguin_otp.rules.catalogue import CATALOGUE, FAMILIES, UnknownRuleError, find
from pytest_botpenguin_otp.rules.checking import DECIDABLE, Checked, check, checked
from pytest_botpenguin_otp.rules.dynamic import DYNAMIC
from pytest_botpenguin_otp.rules.finding import Finding
from pytest_botpenguin_otp.rules.order import order
from pytest_botpenguin_otp.rules.possible import relied_on
from pytest_botpenguin_otp.rules.rule import DECIDED, FIXES, SEVERITIES, Rule
from pytest_botpenguin_otp.rules.secret_names import Note, notes
from pytest_botpenguin_otp.rules.static import STATIC, check_file, found, settle
from pytest_botpenguin_otp.rules.verdict import HEADINGS, NEEDS, exit_code, grouped, judge

__all__ = [
    "CATALOGUE",
    "DECIDABLE",
    "DECIDED",
    "DYNAMIC",
    "FAMILIES",
    "FIXES",
    "HEADINGS",
    "NEEDS",
    "SEVERITIES",
    "STATIC",
    "Checked",
    "Finding",
    "Note",
    "Rule",
    "UnknownRuleError",
    "check",
    "check_file",
    "checked",
    "exit_code",
    "find",
    "found",
    "grouped",
    "judge",
    "notes",
    "order",
    "relied_on",
    "settle",
]
