"""Cassettes that no test names: by a marker's text, or by the name that a test's own cassette has."""

import pytest

from pytest_botpenguin_otp.cassettes import orphans
from pytest_botpenguin_otp.cassettes.fixture import cassette_path


def test_orphans(tmp_path):
    """A cassette is named by a test's name, by a parametrised one, by a conversation, or by any text of a test."""
    folder = tmp_path / "cassettes"
    files = [
        folder / name
        for name in (
            "test_a/test_one.yaml",
            "test_a/test_two-x-12345678.yaml",
            "test_a/test_three.yaml",
            "login/by_marker.yaml",
            "login/with_suffix.yaml",
            "top.yaml",
            "test_c.chat/one-two-12345678.yaml",
            "lonely.yaml",
        )
    ]
    chat = "conversations:\n  one two:\n    - user: x\n"
    (tmp_path / "test_a.py").write_text(
        "def test_one(): pass\nasync def test_two(): pass\n"
        "MARKS = ['login/by_marker', 'login/with_suffix.yaml', 'top', 7]\n",
        encoding="utf-8",
    )
    (tmp_path / "test_b.py").write_text("def broken(:", encoding="utf-8")
    (tmp_path / "test_c.chat.yaml").write_text(chat, encoding="utf-8")
    (tmp_path / "test_d.chat.yaml").write_text("&", encoding="utf-8")
    named = orphans.names_in(tmp_path)
    files[-2] = cassette_path(tmp_path, "test_c.chat", "one two")

    assert [finding.file for finding in orphans.orphans(files, named)] == [str(files[2]), str(files[-1])]
    assert orphans.orphans([tmp_path / "elsewhere" / "top.yaml"], named) == ()


NAMED = """
class TestA:
    def test_it(self): pass
    class TestDeep:
        async def test_it(self): pass
class TestB(TestA): pass
if True:
    def test_größe(): pass
def test_LONG(): pass
""".replace("LONG", "long_" * 30)


@pytest.mark.parametrize("parameters", ["", "[x]", "[447700900123]", "[é-/]", f"[{'long' * 40}]"])
@pytest.mark.parametrize(
    "test", ["TestA.test_it", "TestA.TestDeep.test_it", "TestB.test_it", "test_größe", "test_long"]
)
def test_orphans_are_named_as_the_fixture_names_them(tmp_path, test, parameters):
    """The name of a test's own cassette is no orphan's, whatever the test is called; another test's is."""
    test = test.replace("test_long", f"test_{'long_' * 30}")
    (tmp_path / "test_größe.py").write_text(NAMED, encoding="utf-8")
    named = orphans.names_in(tmp_path)
    own = cassette_path(tmp_path, "test_größe", test + parameters)
    others = [
        cassette_path(tmp_path, "test_größe", f"{test[:60]}_other{parameters}"),
        cassette_path(tmp_path, "test_other", test + parameters),
    ]

    assert [finding.file for finding in orphans.orphans([own, *others], named)] == [*map(str, others)]


def test_orphans_of_chats(tmp_path):
    """A chat file names cassettes by `cassette:`, and by its conversations under each profile."""
    (tmp_path / "test_c.chat.yaml").write_text(
        "conversations:\n  one:\n    - user: x\n  two é:\n    cassette: sub/login\n    steps: []\n", encoding="utf-8"
    )
    named = orphans.names_in(tmp_path)
    tests = ("one", "one[mismatch-200]", "two é", "two é[mismatch-400]")
    files = [tmp_path / "cassettes/sub/login.yaml", *(cassette_path(tmp_path, "test_c.chat", one) for one in tests)]

    assert orphans.orphans(files, named) == ()
    assert len(orphans.orphans([cassette_path(tmp_path, "test_c.chat", "three")], named)) == 1
