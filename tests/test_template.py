"""Texts with holes are taken apart without loss; a hole knows the field it stands in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_botpenguin_otp.template import Ref, SecretRef, parse, references, secrets
from pytest_botpenguin_otp.values import Value

HOLES = st.sampled_from(["{{a}}", "{{ a_1 }}", "${TOKEN}", "{{", "}}", "${", '"key": "', '"', ",", "\n", "{{A}}"])


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ()),
        ("plain", (Value("plain"),)),
        ("{{a}}", (Ref("a", "f"),)),
        ("x{{ a_1 }}y", (Value("x"), Ref("a_1", "f"), Value("y"))),
        ("Bearer ${BOT_token1}", (Value("Bearer "), SecretRef("BOT_token1", "f"))),
        ("{{a}}{{b}}", (Ref("a", "f"), Ref("b", "f"))),
        ("{{A}} {{1a}} {{}} {{a-b}} $a ${1} {a}", (Value("{{A}} {{1a}} {{}} {{a-b}} $a ${1} {a}"),)),
        ('{"k": "{{a}}"}', (Value('{"k": "'), Ref("a", "k"), Value('"}'))),
        ('{"k": {{a}}}', (Value('{"k": '), Ref("a", "k"), Value("}"))),
        ('{"k" : "x ${S} {{a}}"}', (Value('{"k" : "x '), SecretRef("S", "k"), Value(" "), Ref("a", "k"), Value('"}'))),
        ('{"k": "1", "l": "{{a}}"}', (Value('{"k": "1", "l": "'), Ref("a", "l"), Value('"}'))),
        ('{"k": ["1", "{{a}}"]}', (Value('{"k": ["1", "'), Ref("a", "f"), Value('"]}'))),
    ],
)
def test_parse(text, parts):
    """A hole stands for an attribute or a secret; in JSON text, the key before it is its field."""
    assert parse(text, field="f") == parts


def test_names():
    """The attributes and the secrets of a text are listed in order, as often as they stand there."""
    parts = parse("{{b}} ${X} {{a}} {{b}} ${A}")

    assert (references(parts), secrets(parts)) == (("b", "a", "b"), ("X", "A"))


@given(st.lists(HOLES | st.text(max_size=5)).map("".join))
def test_no_loss(text):
    """Put together again, the parts are the text, but for blanks inside of holes."""

    def shown(part):
        match part:
            case Ref(attribute=name):
                return "{{" + name + "}}"
            case SecretRef(name=name):
                return "${" + name + "}"
        return part.text

    parts = parse(text)
    again = "".join(map(shown, parts))

    assert parse(again) == parts
    assert again.replace(" ", "") == text.replace(" ", "")
