from . import cases


def test_cases_read_by_the_browser_tests_are_what_the_server_computes():
    """Red after a change on purpose? `.venv/bin/python -m tests.declarations.cases`, then run the node tests."""
    assert cases.FILE.read_text() == cases.as_text()
