"""What the chats of a bot would miss: single edits of it, which of them a chat notices, and chats that notice all."""

from pytest_botpenguin_otp.mutants.finding import Chats, find
from pytest_botpenguin_otp.mutants.generating import Generated, generate
from pytest_botpenguin_otp.mutants.grading import Grade, GradingError, Killed, Survivor, grade
from pytest_botpenguin_otp.mutants.making import EDITS, Mutant, Mutants, made
from pytest_botpenguin_otp.mutants.proving import Proof, prove
from pytest_botpenguin_otp.mutants.writing import as_text

__all__ = [
    "EDITS",
    "Chats",
    "Generated",
    "Grade",
    "GradingError",
    "Killed",
    "Mutant",
    "Mutants",
    "Proof",
    "Survivor",
    "as_text",
    "find",
    "generate",
    "grade",
    "made",
    "prove",
]
