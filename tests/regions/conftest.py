import pytest

from regions.models import label_book


@pytest.fixture(autouse=True)
def _no_remembered_labels():
    """Each test starts with no local names in memory; those it stores are read afresh."""
    label_book.remember()
    yield
    label_book.remember()
