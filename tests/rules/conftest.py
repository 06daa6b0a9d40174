"""What is found in the bots of the tests is kept for all workers of a run."""

import pytest
from checking import keep_in


@pytest.fixture(scope="session", autouse=True)
def kept(tmp_path_factory, request):
    """Keep it in a folder that the workers of this run share."""
    own = tmp_path_factory.getbasetemp()
    keep_in((own.parent if hasattr(request.config, "workerinput") else own) / "checked")
