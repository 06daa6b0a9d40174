"""Let coverage rest where nothing new is to be seen: to count the lines of a walk takes three times the walk."""

import re
from contextlib import contextmanager

from coverage import Coverage

__all__ = ["resting", "walks"]

WALKS = (
    r"test_explorer_contacts|test_every_way_is_played_alike\[(?!readme-pessimist|guide-mismatch-400)",
    r"test_(a_token_leads_the_same_way|a_canonical_state_is_its_own_canonical_form|the_same_futures)\[(?!readme)",
    r"test_examples_are_explored_whole\[(?!readme)|test_a_big_bot|test_explorer_search.py::test_the_same_every",
    r"test_compare_(bots|edits|wording)|test_verdicts\[(?!a shorter delay|no header|it may be|one att)",
    r"test_compare_verdicts.py::test_(profiles_are_told|a_difference_beyond)|test_compare_command.py::test_different",
    r"test_explorer_(complete|classes)|test_rules_trying|test_every_saved_chat_fails",
    r"test_profiles_have_what_it_takes|test_dynamic_rules.py::test_the_same_every_time",
    r"test_one_profile_is_enough\[(AB0[16]|AU0[48]|AU1[135])",
    r"test_mutant_generating|test_generated_chats_notice_all|test_a_name_that_pytest_leaves_alone",
    r"test_mutant_commands.py::test_survivors|test_plugin_mutants.py::test_above_the_floor",
    r"test_recordings_are_not_played|test_a_weak_chat|test_a_survivors_chat|test_each_is_another_bot_once\[(?!phone)",
    r"test_plugin_bot_files.py::test_(strict|a_profile_is_chosen)|test_plugin_baseline.py::test_merely_different",
    r"test_its_chat_shows_it|test_a_bug_is_found_by_chance_too|test_a_derandomised_run_finds_the_same",
    r"test_a_sound_bot_keeps_them_all\[(?!email-before|options-menu)|test_a_sound_bot_passes",
    r"test_sound_bot_keeps_every_promise\[(?!email-before|options-menu)",
    r"test_flawed_bot_fails_with_a_chat_file\[(unmapped|short|silence)|test_mended_bot_passes_the_chat_file",
    r"test_planted_bug_is_found\[\w+-[1-9]|test_sound_service_keeps_every_promise\[\w+-[1-9]",
)
"""Tests that walk once more, and far, where others walk too."""


def walks(nodeid):
    """Say whether a test is such a walk."""
    return any(re.search(walk, nodeid) for walk in WALKS)


@contextmanager
def resting():
    """Count no lines for a while."""
    counting = Coverage.current()
    if counting is not None:
        counting.stop()
    try:
        yield
    finally:
        if counting is not None:
            counting.start()
