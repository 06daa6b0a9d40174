"""The contracts' README tells the two file formats as their schemas have them."""

import json
import re
from pathlib import Path

CONTRACTS = Path(__file__).parents[1] / "contracts"
README = (CONTRACTS / "README.md").read_text(encoding="utf-8")
BOT = json.loads((CONTRACTS / "bot.schema.json").read_text(encoding="utf-8"))
CHAT = json.loads((CONTRACTS / "chat.schema.json").read_text(encoding="utf-8"))
TABLES = re.findall(r"^\|---\|---\|\n((?:\|.*\n?)+)", README, re.MULTILINE)


def names(cells):
    """Return what stands in code, without what follows a colon."""
    return {name.partition(":")[0].strip("{}.") for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def properties(tree):
    """Return every key that a schema names, at any depth."""
    found = set(tree.get("properties", {})) if isinstance(tree, dict) else set()
    parts = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    return found.union(*map(properties, parts))


def test_every_component_is_there():
    """The first column of the first table is the list of component types."""
    rows = TABLES[0].splitlines()

    assert names(row.split("|")[1] for row in rows) == set(BOT["$defs"]["component"]["properties"]["type"]["enum"])


def test_every_key_of_a_bot_is_there():
    """Every key that a bot file may have is named."""
    missing = [key for key in properties(BOT) if not re.search(rf"\b{key}\b", README)]

    assert missing == []


def test_every_step_is_there():
    """The first column of the second table is the list of steps, and every key of theirs is named."""
    rows = TABLES[1].splitlines()
    steps = names(row.split("|")[1] for row in rows) - {"back", "restart"}

    assert steps == set(CHAT["$defs"]["step"]["properties"])
    assert [key for key in properties(CHAT) if not re.search(rf"\b{key}\b", README)] == []
