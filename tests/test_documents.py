"""A YAML file is read as plain text values, or refused with every reason and its place; nothing else can happen."""

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_botpenguin_otp import documents
from pytest_botpenguin_otp.documents import as_list, as_map, as_text
from pytest_botpenguin_otp.errors import FileError

FORMAT = "botpenguin-otp/bot@1"
BITS = ["{", "}", "[", "]", ": ", ",", "- ", "\n", "\r\n", "  ", "\t", "&a", "*a", "<<", "!!str ", "!", "|", ">", "%"]
BITS += ["---\n", "...\n", "#", "'", '"', "? ", "a", "012", "\x00", "\x85", "\ufeff", "\ud800", "{{code}}", "~"]
TEXTS = st.one_of(st.text(st.characters()), st.lists(st.sampled_from(BITS)).map("".join))
TREES = st.recursive(
    st.text(st.characters(min_codepoint=32, max_codepoint=126)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc019_", min_size=1), inner, max_size=4),
    max_leaves=20,
)


def refused(text):
    """Return every line of the refusal of `text`."""
    with pytest.raises(FileError) as caught:
        documents.parse(text, "a.yaml")
    assert str(caught.value).splitlines() == list(caught.value.faults)
    return list(caught.value.faults)


@pytest.mark.parametrize(
    "text",
    [
        "012345",
        "+14155550123",
        "true",
        "null",
        "~",
        "1:30",
        "0x1F",
        "1e5",
        "0.10",
        "2026-01-15",
        "yes",
        "1_000",
        "=",
    ],
)
def test_scalars(text):
    """Every scalar stays the text that stands in the file, bare or quoted, as a value, an item and a key."""
    assert documents.parse(f"a: {text}", "a.yaml").tree == {"a": text}
    assert documents.parse(f"a: '{text}'", "a.yaml").tree == {"a": text}
    assert documents.parse(f"- {text}", "a.yaml").tree == [text]
    assert documents.parse(f"{text}: b", "a.yaml").tree == {text: "b"}


def test_bare_and_quoted_key():
    """`200` and "200" are the same key, so both together are one too many."""
    assert documents.parse("200: a", "a.yaml").tree == documents.parse("'200': a", "a.yaml").tree
    assert refused("200: a\n'200': b") == [
        "a.yaml:2:1: The key '200' stands here for the second time (first in line 1)."
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "a: 1\r\nb: {c: 1,\r\n  c: 2}\r\n",
            ["a.yaml:3:3: The key 'c' stands here for the second time (first in line 2)."],
        ),
        ("a: {x: 1}\na: {x: 2}", ["a.yaml:2:1: The key 'a' stands here for the second time (first in line 1)."]),
        ("a: [{x: 1}]\na: [{x: 2}]", ["a.yaml:2:1: The key 'a' stands here for the second time (first in line 1)."]),
        ("\u00fc: {a: 1, a: 2}", ["a.yaml:1:11: The key 'a' stands here for the second time (first in line 1)."]),
        ("a: &x 1", ["a.yaml:1:4: An anchor (&x) is not read here; take it away."]),
        ("a: &x [1]", ["a.yaml:1:4: An anchor (&x) is not read here; take it away."]),
        ("a: *x", ["a.yaml:1:4: An alias (*x) is not read here; write the value out."]),
        ("a: !x 1", ["a.yaml:1:4: A tag (!x) is not read here; every scalar is text anyway."]),
        ("<<: {a: 1}", ["a.yaml:1:1: A merge key (<<) is not read here; write the keys out."]),
        ("a: 1\n---\nb: 1", ["a.yaml:2:1: A second document begins here; a file holds one."]),
        (
            "? [a]\n: b",
            ["a.yaml:1:3: A list or mapping cannot be a key; a text that begins with {{ needs quotes."],
        ),
        (
            "- user: {{code}}",
            ["a.yaml:1:10: A list or mapping cannot be a key; a text that begins with {{ needs quotes."],
        ),
        ("", ["a.yaml:1:1: The file is empty."]),
        ("# nothing\n", ["a.yaml:1:1: The file is empty."]),
        ("\ud800", ["a.yaml: holds half a character (at 0); save it as UTF-8."]),
    ],
)
def test_refusals(text, told):
    """What is not read here is refused at its place, once, with the way out."""
    assert refused(text) == told


@pytest.mark.parametrize(
    ("text", "place", "problem", "hint"),
    [
        ("a: [1\n", "2:1", "did not find expected ',' or ']' while", "A bracket is not closed, or"),
        ("a: [1\n", "2:1", "did not find", " What is meant begins in line 1."),
        ("a: {b: Note: c}", "1:12", "did not find expected ',' or '}' while", "a text that holds a comma, a colon"),
        ("a: b: c", "1:5", "mapping values are not allowed in this context.", "Look at the blanks in front of this l"),
        ("a:\n  b: 1\n   c: 1", "3:5", "mapping values are not allowed", "Look at the blanks in front of this line"),
        ("a:\n  b: 1\n c: 2", "3:2", "did not find expected key while", "What belongs together begins under each"),
        ("a:\n  - b\n  c: 1", "3:3", "did not find expected '-' indicator", "What belongs together begins under each"),
        ("a: - b", "1:4", "block sequence entries are not allowed", "or begins with '- ', needs quotes."),
        ("a:\n\tb: 1", "2:1", "found character that cannot start any token", "Indent with blanks, not with a tab;"),
        ("a: 'it's'", "1:8", "did not find expected key while", "A text with a quote or a bracket in it needs quotes"),
        ('a: "x\nb: 1\n', "3:1", "found unexpected end of stream", "never closed. What is meant begins in line 1."),
        ('a: "\\d"', "1:5", "found unknown escape character", "Put a text that holds a backslash in single quotes."),
        ("a: &", "1:5", "did not find expected alphabetic or numeric character while scanning an anchor.", ""),
    ],
)  # fmt: skip
def test_not_yaml(text, place, problem, hint):
    """What the parser says is followed by what it mostly means, and where that begins."""
    (told,) = refused(text)

    assert told.startswith(f"a.yaml:{place}: Not valid YAML: {problem}")
    assert hint in told
    assert hint or told.endswith("an anchor.")


def test_python_tag():
    """Nothing in a file is executed: a tag that asks for it is refused like any other."""
    (told,) = refused("a: !!python/object/apply:os.system [exit 1]")

    assert told.startswith("a.yaml:1:4: A tag (tag:yaml.org,2002:python/object/apply:os.system) is not read here")


def test_binary():
    """A file with control characters is no text file."""
    (told,) = refused("a: \x00")

    assert told.startswith("a.yaml: Not a text file in YAML: unacceptable character #x0000")


def test_quoted_merge_key():
    """Only a bare << merges; in quotes it is a key like any other."""
    assert documents.parse('"<<": 1', "a.yaml").tree == {"<<": "1"}


def test_all_at_once():
    """Every fault of a file is told in one go, in the file's order."""
    told = refused("a: &x 1\na: !t 2\n<<: 3\n<<: 4\nb: *x\nc: [")

    assert [line.split(": ")[0] for line in told] == [
        *("a.yaml:1:4", "a.yaml:2:1", "a.yaml:2:4", "a.yaml:3:1", "a.yaml:4:1", "a.yaml:5:4"),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[" * 100_000, "a.yaml:1:25: Nested more than 24 deep"),
        ("{a: " * 100_000, "a.yaml:1:97: Nested more than 24 deep"),
        ("[" + "a," * 60_000 + "]", "a.yaml:1:100000: More than 50000 values"),
        ("a" * (documents.MAX_BYTES + 1), "a.yaml: larger than 1000 kB"),
        ("\u00fc" * (documents.MAX_BYTES // 2 + 1), "a.yaml: larger than 1000 kB"),
    ],
)
def test_caps(text, told):
    """A file that is deeper, fuller or larger than any bot is refused before it costs anything."""
    (line,) = refused(text)

    assert line.startswith(told)


@pytest.mark.parametrize("depth", [1, documents.MAX_DEPTH])
def test_deepest(depth):
    """The cap on depth lets through what it says."""
    assert documents.parse("[" * depth + "]" * depth, "a.yaml").tree == json.loads("[" * depth + "]" * depth)


@given(TEXTS)
def test_any_text(text):
    """Whatever a file holds, it is read, or refused with a `FileError` whose every line begins with the file."""
    try:
        documents.parse(text, "a.yaml")
    except FileError as error:
        faults = error.faults
    else:
        return

    assert faults
    assert all(line.startswith("a.yaml:") for line in faults)


@given(TREES)
def test_same_tree(tree):
    """A tree of texts written as JSON is read back the same, since JSON is YAML."""
    assert documents.parse(json.dumps(tree), "a.yaml").tree == tree


def write(tmp_path, content):
    """Write bytes and return their path."""
    path = tmp_path / "a.yaml"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("content", [b"\xef\xbb\xbfa: 1\n", b"a: 1\r\n", "a: '1' # \u00fc".encode()])
def test_read(tmp_path, content):
    """A byte-order mark, Windows line ends and non-ASCII text do no harm."""
    assert documents.read(write(tmp_path, content)).tree == {"a": "1"}


def test_not_utf8(tmp_path):
    """A file in another encoding is told as such, with the first byte that shows it."""
    path = write(tmp_path, b"a: \xfc")

    with pytest.raises(FileError) as caught:
        documents.read(path)
    assert caught.value.faults == (f"{path}: not UTF-8 text (byte 3); save it as UTF-8.",)


def test_huge_file(tmp_path):
    """A huge file is refused by its size; reading this one would take all memory there is."""
    path = write(tmp_path, b"a: 1")
    os.truncate(path, 1 << 38)

    with pytest.raises(FileError, match="larger than 1000 kB"):
        documents.read(path)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("none.yaml", "there is no such file"),
        (".", "this is a folder; name a file in it."),
        ("x" * 5000, "cannot be read: "),
    ],
)
def test_no_file(tmp_path, name, told):
    """What is no file is told in one line."""
    with pytest.raises(FileError) as caught:
        documents.read(tmp_path / name)
    assert caught.value.faults[0].startswith(f"{tmp_path / name}: {told}".replace("/.:", ":"))


DOCUMENT = documents.parse("a: 1\nb:\n  - c: x\n  - d\n", "a.yaml")


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        ((), "1:1", "1:1"),
        (("a",), "1:1", "1:4"),
        (("b",), "2:1", "3:3"),
        (("b", 0), "3:5", "3:5"),
        (("b", 0, "c"), "3:5", "3:8"),
        (("b", 1), "4:5", "4:5"),
        (("b", 1, "none", "deeper"), "4:5", "4:5"),
        (("none",), "1:1", "1:1"),
    ],
)
def test_where(path, key, value):
    """A place is that of a key or of its value; where it is not there, that of the nearest part around it."""
    assert DOCUMENT.where(*path) == f"a.yaml:{key}"
    assert DOCUMENT.where(*path, value=True) == f"a.yaml:{value}"


@pytest.mark.parametrize(
    ("path", "part"),
    [((), DOCUMENT.tree), (("b", 0, "c"), "x"), (("b", 9), None), (("b", "c"), None), (("a", 0), None), (("z",), None)],
)
def test_at(path, part):
    """A part of the tree is found by its path, and None stands for what is not there."""
    assert DOCUMENT.at(path) == part


def test_line():
    """A line is that of the key; line 1 where there is none."""
    assert [DOCUMENT.line("b", 1), DOCUMENT.line("z")] == [4, 1]


def test_unknown():
    """A name that exists nowhere is told with the nearest fit and all valid choices."""
    assert DOCUMENT.unknown("flow", "mian", ["main", "other"], "a") == (
        "a.yaml:1:4",
        "There is no flow 'mian'. Did you mean 'main'? Known: main, other.",
    )
    assert DOCUMENT.unknown("flow", "main", [])[1] == "There is no flow 'main'. None is defined."


def test_breaches():
    """What breaks a contract is told at the key, at the value, or where a key is missing."""
    document = documents.parse("format: botpenguin-otp/bot@2\nnaem: x\nflows: {main: {start: 1}}", "a.yaml")

    assert sorted(document.breaches("bot")) == [
        ("a.yaml:1:1", "The key 'name' is missing."),
        (
            "a.yaml:1:9",
            f"'botpenguin-otp/bot@2' is none of the choices here. Did you mean '{FORMAT}'? Known: {FORMAT}.",
        ),
        (
            "a.yaml:2:1",
            "There is no key 'naem' here. Did you mean 'name'? Known: apis, flows, format, ignore, name, protected.",
        ),
        ("a.yaml:3:9", "The key 'components' is missing."),
    ]


@pytest.mark.parametrize("tree", ["a", ["a"], {"a": "b"}])
def test_shapes(tree):
    """A part of another shape than wanted counts as empty; that it is wrong is told elsewhere."""
    assert as_text(tree) == (tree if isinstance(tree, str) else "")
    assert as_list(tree) == (tree if isinstance(tree, list) else [])
    assert as_map(tree) == (tree if isinstance(tree, dict) else {})
