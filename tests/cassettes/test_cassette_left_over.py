"""What becomes of the recording of a test that failed, once the test passes."""

from recordings import DAY

from pytest_botpenguin_otp.cassettes.record import Keeper


def save(path, told, *, good):
    """Write a recording of no exchange, of a test that passed or not."""
    keeper = Keeper(made=DAY, target=lambda: "fake", tell=told.append)
    keeper.good = good
    keeper.save_cassette(str(path), {"requests": [], "responses": []}, None)


def test_an_earlier_failure_is_told(tmp_path):
    """It may be of use still, and has cost an SMS: it is not deleted, and a line tells that it is an earlier run's."""
    path, beside, told = tmp_path / "it.yaml", tmp_path / "it.yaml.failed", []
    (tmp_path / "other.yaml.failed").touch()
    save(path, told, good=True)
    assert told == []

    save(path, told, good=False)
    kept = beside.read_bytes()
    save(path, told, good=True)

    assert told[1:] == [
        f"botpenguin-otp: {beside} is left of an earlier run that did not pass; delete it when you like"
    ]
    assert beside.read_bytes() == kept
