"""Single edits of a bot, and what two bots do in chats that are really played."""

import copy
import json
from pathlib import Path

from pytest_botpenguin_otp import bot as bots
from pytest_botpenguin_otp import documents
from pytest_botpenguin_otp.compare.heard import parts
from pytest_botpenguin_otp.errors import ChatError
from pytest_botpenguin_otp.journal import BotSaid, Calling, Ended
from pytest_botpenguin_otp.runner import FlowRunner
from pytest_botpenguin_otp.world import World

__all__ = ["EDITS", "SOUND", "TREE", "built", "chatted", "edited", "noticed", "renamed", "shown"]

EXAMPLES = Path(__file__).parents[1] / "examples"
SOUND = EXAMPLES / "sound" / "phone-login.bot.yaml"
TREE = documents.read(SOUND).tree
ATTRIBUTES = ("phone", "system_otp", "user_otp", "verified")


def built(tree, name="edited.bot.yaml"):
    """Make a bot of a tree: JSON is YAML."""
    return bots.parse(json.dumps(tree, indent=1), name)


def _components(tree):
    return tree["flows"]["main"]["components"]


def _of(tree, *types):
    return [name for name, part in _components(tree).items() if part["type"] in types]


def _one(tree, pick, *types):
    return _components(tree)[pick(_of(tree, *types))]


def delay(tree, pick):
    """Set, change or drop a delay."""
    part = _components(tree)[pick(list(_components(tree)))]
    wanted = pick(["0", "1", "2", "4", "5", "6", "30", "40"])
    part["delay"] = wanted


def swap(tree, pick):
    """Swap two response mappings."""
    responses = _one(tree, pick, "api")["responses"]
    one, other = pick(list(responses)), pick(list(responses))
    responses[one], responses[other] = responses[other], responses[one]


def remap(tree, pick):
    """Lead one response somewhere else."""
    responses = _one(tree, pick, "api")["responses"]
    responses[pick(list(responses))] = pick(list(_components(tree)))


def unmap(tree, pick):
    """Drop one response mapping."""
    responses = _one(tree, pick, "api")["responses"]
    del responses[pick(list(responses))]


def save(tree, pick):
    """Save nothing of an API's answer, or something else."""
    api = tree["apis"][pick(list(tree["apis"]))]
    name = next(iter(api["save"]))
    api["save"] = pick([{name: "message"}, {name: "code"}, {"other": "success"}])


def text(tree, pick):
    """Say something else."""
    _one(tree, pick, "message", "text_question", "phone_number")["message"] = "Something else."


def reorder(tree, pick):
    """Turn the order of mappings, headers and keys round, which changes nothing."""
    part = _one(tree, pick, "api")
    part["responses"] = dict(reversed(part["responses"].items()))
    api = tree["apis"][part["api"]]
    api["body"] = dict(reversed(api["body"].items()))


def longest(tree, pick):
    """Set how long an answer may be."""
    _one(tree, pick, "text_question", "phone_number")["max_length"] = pick(["4", "6", "9", "12", "40"])


def header(tree, pick):
    """Drop the headers of an API, or send one more."""
    api = tree["apis"][pick(list(tree["apis"]))]
    api["headers"] = pick([{}, api["headers"] | {"X-Test": "1"}, api["headers"] | {"Content-Type": "text/plain"}])


def body(tree, pick):
    """Send something else."""
    api = tree["apis"][pick(list(tree["apis"]))]
    api["body"][pick(list(api["body"]))] = pick(["{{phone}}", "{{user_otp}}", "", "1234"])


def condition(tree, pick):
    """Compare with something else, or the other way round."""
    branch = _one(tree, pick, "if_else")["branches"][0]
    attribute = branch["when"]["attribute"]
    operator = pick(["equals", "not_equals"])
    branch["when"] = {"attribute": attribute, operator: pick(["", "true", "again", "stop"])}


def onward(tree, pick):
    """Go on somewhere else."""
    _one(tree, pick, "message", "text_question")["next"] = pick(list(_components(tree)))


def error(tree, pick):
    """Say something else to an answer that is not taken."""
    _one(tree, pick, "text_question", "phone_number")["error_message"] = "Once more, please."


def kind(tree, pick):
    """Ask another kind of question, or end otherwise."""
    part = _one(tree, pick, "text_question", "end_chat", "live_chat")
    if part["type"] == "text_question":
        part["type"] = pick(["numeric_input", "name", "email", "question"])
    else:
        part["type"] = "live_chat" if part["type"] == "end_chat" else "end_chat"


def settings(tree, pick):
    """Switch a setting of a question on."""
    part = _one(tree, pick, "text_question", "phone_number")
    part[pick(["allow_skip", "allow_back", "skip_if_answered"])] = "true"


def countries(tree, _pick):
    """Take numbers of one country only."""
    _components(tree)["ask_phone"]["countries"] = ["GB"]


def protected(tree, pick):
    """Protect something else."""
    tree["protected"] = [pick(list(_components(tree)))]


def method(tree, pick):
    """Call by another method."""
    tree["apis"][pick(list(tree["apis"]))]["method"] = "PUT"


def renamed(tree, pick):
    """Give a component, an attribute or an API another name everywhere."""
    what = pick(["component", "attribute", "api"])
    known = {"component": list(_components(tree)), "attribute": list(ATTRIBUTES), "api": list(tree["apis"])}[what]
    old = pick(known)
    new = f"{old}_x"
    if what == "attribute":
        tree |= json.loads(json.dumps(tree).replace(f'"{old}"', f'"{new}"').replace(f"{{{{{old}}}}}", f"{{{{{new}}}}}"))
    else:
        tree |= _with_name(tree, old, new)


def _with_name(part, old, new):
    if isinstance(part, dict):
        return {new if name == old else name: _with_name(inside, old, new) for name, inside in part.items()}
    if isinstance(part, list):
        return [_with_name(inside, old, new) for inside in part]
    return new if part == old else part


EDITS = (
    body, condition, countries, delay, error, header, kind, longest, method, onward, protected, remap, renamed,
    reorder, save, settings, swap, text, unmap,
)  # fmt: skip


def edited(edit, pick):
    """Return the sound bot with one edit."""
    tree = copy.deepcopy(TREE)
    edit(tree, pick)
    return built(tree)


def noticed(world, verified):
    """Return what was noticed of a chat in a world: texts, requests and the end, with their times, and who is in."""
    found = []
    for event in world.journal.events:
        if isinstance(event, BotSaid):
            found.append((event.now_ms, "asks" if event.question else "says", event.text))
        elif isinstance(event, Calling):
            found.append((event.now_ms, "calls", parts(event.request)))
        elif isinstance(event, Ended):
            found.append((event.now_ms, "ends", event.how))
    return found, verified


def shown(witness):
    """Play the chat of a witness against the fakes, and return what was noticed, and who was let in on the way."""
    return noticed(witness.play(), [one.after.state.verified for one in witness.taken])


def chatted(bot, profile, texts, seed=0):
    """Say `texts` to a bot in a world of its own, and return what was noticed; `{{code}}` is the newest code."""
    world = World(profile, seed)
    chat = FlowRunner(world).start(bot)
    try:
        for typed in texts:
            if chat.ended != "waiting":
                break
            code = world.handset().code() if typed == "{{code}}" and world.handset().messages else typed
            chat.user(code)
    except ChatError as error:
        return noticed(world, str(type(error)))
    return noticed(world, chat.verified)
