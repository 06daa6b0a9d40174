"""The contracts hold for their examples, both engines read them alike, and what is wrong is told without secrets."""

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import FrozenInstanceError
from urllib.parse import urljoin

import jsonschema_rs
import pytest
from contract_examples import EXAMPLES, ROOT, VALID, changed, contract_of, leaves, shown
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing.jsonschema import DRAFT202012, EMPTY_REGISTRY

from pytest_botpenguin_otp import contracts
from pytest_botpenguin_otp.contracts import Fault, check
from pytest_botpenguin_otp.errors import ContractError

FILES = {path.relative_to(ROOT).as_posix(): path for path in sorted(ROOT.rglob("*.schema.json"))}
SCHEMAS = {name: json.loads(path.read_text(encoding="utf-8")) for name, path in FILES.items()}
INVALID = {path: json.loads(path.read_text(encoding="utf-8")) for path in sorted(EXAMPLES.rglob("invalid/*.json"))}
RESERVED = re.compile(r"\+?0?(1[2-9][0-9]{2}55501[0-9]{2}|447700900[0-9]{3}|15005550006).*")
TOLD_BY_DESCRIPTION = {
    *("pattern", "not", "anyOf", "minimum", "maximum", "exclusiveMinimum", "minLength", "maxLength"),
    *("minItems", "maxItems", "minProperties", "maxProperties"),
}
SENT = {
    "accountSID": "AC" + "fa4e" * 8,
    "authToken": "fa4e" * 8,
    "fromNumber": "+15005550006",
    "toNumber": "+14155550123",
}


def subschemas(schema) -> Iterator[dict]:
    """Yield every mapping in `schema` that is a schema itself."""
    if not isinstance(schema, dict):
        return
    yield schema
    for key in ("properties", "$defs"):
        for inner in schema.get(key, {}).values():
            yield from subschemas(inner)
    for key in ("allOf", "anyOf"):
        for inner in schema.get(key, []):
            yield from subschemas(inner)
    for key in ("items", "additionalProperties", "propertyNames", "if", "then", "else"):
        yield from subschemas(schema.get(key))


def strings(value) -> Iterator[str]:
    """Yield every text in `value`."""
    for path in leaves(value):
        at = value
        for part in path:
            at = at[part]
        if isinstance(at, str):
            yield at


def both_engines(name):
    """Return the two verdicts on `name`, each by an engine that this test builds on its own."""
    pairs = [(schema["$id"], schema) for schema in SCHEMAS.values()]
    schema = SCHEMAS[f"{name}.schema.json"]
    fast = jsonschema_rs.validator_for(schema, registry=jsonschema_rs.Registry(pairs), offline=True)
    registry = EMPTY_REGISTRY.with_resources((uri, DRAFT202012.create_resource(one)) for uri, one in pairs)
    slow = Draft202012Validator(schema, registry=registry)
    return fast.is_valid, slow.is_valid


ENGINES = {name: both_engines(name) for name in contracts.names()}


@pytest.mark.parametrize("path", VALID, ids=shown)
def test_valid_example(path):
    """A valid example keeps its contract, whichever engine reads it."""
    name = contract_of(path)
    fast, slow = ENGINES[name]

    assert check(name, VALID[path]) == ()
    assert fast(VALID[path])
    assert slow(VALID[path])


@pytest.mark.parametrize("path", INVALID, ids=shown)
def test_invalid_example(path):
    """An invalid example breaks exactly one thing, whichever engine reads it, and is told in one good sentence."""
    name = contract_of(path)
    fast, slow = ENGINES[name]

    faults = check(name, INVALID[path])

    assert len(faults) == 1, [str(fault) for fault in faults]
    assert not fast(INVALID[path])
    assert not slow(INVALID[path])
    assert re.fullmatch(r"[A-Z'\-0-9\"].*\.", faults[0].message), faults[0].message
    assert str(faults[0]) == f"{faults[0].pointer}: {faults[0].message}"
    assert len(set(faults[0].known)) == len(faults[0].known)


@pytest.mark.parametrize("name", contracts.names())
def test_every_contract_has_examples(name):
    """No contract stands without an example of each kind."""
    assert list((EXAMPLES / name / "valid").glob("*.json"))
    assert list((EXAMPLES / name / "invalid").glob("*.json"))


def test_every_example_has_a_contract():
    """No example lies where no contract would read it."""
    assert {contract_of(path) for path in (*VALID, *INVALID)} == set(contracts.names())
    assert set(EXAMPLES.rglob("*.json")) == {*VALID, *INVALID}


@pytest.mark.parametrize("path", [*VALID, *INVALID], ids=shown)
def test_examples_hold_reserved_numbers_only(path):
    """No example holds a phone number or a Twilio id that could be somebody's."""
    text = "\n".join(strings({**VALID, **INVALID}[path]))
    phones = [found.replace(" ", "") for found in re.findall(r"\+[0-9][0-9 ]{6,}", text)]

    assert [phone for phone in phones if not RESERVED.fullmatch(phone)] == []
    assert set(re.findall(r"[0-9a-f]{32}", text)) <= {"fa4e" * 8, "AC"}


@pytest.mark.parametrize("name", FILES)
def test_schema_file(name):
    """Each schema is sound, is named after its path, says what it is and where that comes from, and when."""
    schema = SCHEMAS[name]
    Draft202012Validator.check_schema(schema)

    assert schema["$id"] == contracts.BASE + name
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"]
    assert schema["$comment"]
    assert not name.startswith(contracts.WIRE) or re.match("Documented|Observed|Recorded|Assumed", schema["$comment"])
    assert name == "common.schema.json" or re.search(r"20[0-9]{2}", schema["$comment"])


@pytest.mark.parametrize("name", FILES)
def test_every_ref_resolves(name):
    """Each `$ref` leads to a schema, by `$id` and by file alike."""
    for schema in subschemas(SCHEMAS[name]):
        if "$ref" not in schema:
            continue
        file, _, fragment = schema["$ref"].partition("#")
        target = (FILES[name].parent / file).resolve() if file else FILES[name]
        found = SCHEMAS[target.relative_to(ROOT.resolve()).as_posix() if file else name]

        assert urljoin(SCHEMAS[name]["$id"], file) == found["$id"]
        for part in fragment.split("/")[1:]:
            found = found[part]
        assert isinstance(found, dict)


@pytest.mark.parametrize("name", FILES)
def test_schema_style(name):
    """Each pattern is safe in every engine, each mapping is closed or open on purpose, each limit has words."""
    for schema in subschemas(SCHEMAS[name]):
        pattern = schema.get("pattern", "")

        assert "oneOf" not in schema
        assert "\\d" not in pattern
        assert not pattern.endswith("$") or "\\\\n" in json.dumps([pattern, schema.get("not")]), schema
        assert "description" in schema or not TOLD_BY_DESCRIPTION & schema.keys() or set(schema) <= {"type", "pattern"}
        if "object" in schema.get("type", ()) and "properties" in schema:
            assert "additionalProperties" in schema or "allOf" in schema, schema
        if "enum" in schema:
            assert len({json.dumps(choice) for choice in schema["enum"]}) == len(schema["enum"])


SCRAPS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 700),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        ["", " ", "\n", "0", "5", "5\n", "true", "True", "200", "others", "data.otp", "+14155550123\n", "\u0665"]
    ),
    st.text(max_size=8),
    st.builds(list),
    st.builds(dict),
)


@st.composite
def mutated(draw):
    """Return an example with a part replaced, taken away, added or doubled."""
    path = draw(st.sampled_from([*VALID, *INVALID]))
    value = copy.deepcopy({**VALID, **INVALID}[path])
    for _ in range(draw(st.integers(1, 2))):
        place = draw(st.sampled_from(list(leaves(value))))
        value = changed(value, place, draw(SCRAPS))
        if isinstance(value, dict):
            key = draw(st.sampled_from([*value, "extra", "type", "code"]))
            if draw(st.booleans()):
                value[key] = draw(SCRAPS)
            else:
                value.pop(key, None)
    return contract_of(path), value


@settings(max_examples=300, deadline=None)
@given(mutated())
def test_engines_agree(example):
    """Whatever is done to an example, both engines give the same verdict, and a refusal is always explained."""
    name, value = example
    fast, slow = ENGINES[name]

    assert fast(value) == slow(value)
    assert bool(check(name, value)) != fast(value)


PHONES = [
    ("+14155550123\n", False),
    ("+14155550123", True),
    ("+447700900123", True),
    ("+\u0661\u0664\u0661\u0665\u0665\u0665\u0665\u0660\u0661\u0662\u0663", False),
    ("+1415555\u0660123", False),
    ("\n+14155550123", False),
    ("+14155550123\u2028", False),
]


@pytest.mark.parametrize(("phone", "good"), PHONES)
def test_phone_is_strict_e164(phone, good):
    """A phone number is ASCII digits from end to end, in either engine."""
    body = {**SENT, "toNumber": phone}

    assert [engine(body) for engine in ENGINES["botpenguin/send-request"]] == [good, good]
    assert (not check("botpenguin/send-request", body)) == good


ODD = [
    ("botpenguin/verify-request", {"systemOtp": "\ud800", "userOtp": ""}, []),
    ("botpenguin/verify-request", {"systemOtp": "", "userOtp": "", 5: ""}, ["additionalProperties"]),
    ("botpenguin/verify-request", {"systemOtp": "", "userOtp": b""}, ["type"]),
    ("botpenguin/headers", {"authorization": "fake", 5: "x"}, ["propertyNames"]),
    ("botpenguin/send-request", None, ["type"]),
]


@pytest.mark.parametrize(("name", "instance", "keywords"), ODD)
def test_what_json_cannot_say(name, instance, keywords):
    """A value that the fast engine cannot read is judged by the other one, and never raises."""
    assert [fault.keyword for fault in check(name, instance)] == keywords


def test_timing_is_the_documented_one():
    """The delays are those of the help page, kept in a file with a contract of its own."""
    timing = contracts.timing()
    data = json.loads((ROOT / "timing.json").read_text(encoding="utf-8"))

    assert (timing.send_to_verify_s, timing.reverify_s) == (5, 2)
    assert timing.source == data["source"]
    assert check("timing", data) == ()


def test_schema_is_the_file():
    """`schema` returns what stands in the file of that name."""
    assert {f"{name}.schema.json": contracts.schema(name) for name in contracts.names()} == {
        name: schema for name, schema in SCHEMAS.items() if name != "common.schema.json"
    }


@pytest.mark.parametrize("call", [contracts.schema, contracts.validator, lambda name: check(name, {})])
def test_unknown_contract(call):
    """An unknown name is refused with the nearest one and all that there are."""
    with pytest.raises(
        ContractError, match=r"no contract 'botpenguin/send'\. Did you mean 'bot.*Known: bot, botp.*chat"
    ):
        call("botpenguin/send")


def test_missing_installation(tmp_path):
    """An installation without its contracts says so, and how to mend it."""
    with pytest.raises(ContractError, match=re.escape(str(tmp_path)) + r".*pip install --force-reinstall"):
        contracts.directory([tmp_path, tmp_path / "contracts"])


def test_package_comes_before_what_lies_beside_it(tmp_path):
    """The contracts of the wheel win over a folder that happens to lie beside the package."""
    for name in ("package", "beside"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "common.schema.json").write_text("{}", encoding="utf-8")

    assert contracts.directory([tmp_path / "package", tmp_path / "beside"]) == tmp_path / "package"
    assert contracts.directory([tmp_path / "gone", tmp_path / "beside"]) == tmp_path / "beside"


def test_fault_is_a_value():
    """A fault is frozen and compares by what it says."""
    fault = Fault(message="Wrong.", keyword="type")

    assert fault == Fault(message="Wrong.", keyword="type")
    with pytest.raises(FrozenInstanceError):
        fault.message = "Right."
