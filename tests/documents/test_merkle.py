"""Known answers of PDF.md §5.4, and proofs for every entry of every small tree."""

import pytest

from accounts.canonical import canonical_bytes
from documents import merkle

ENTRIES = [canonical_bytes({"order": order}) for order in (1, 2, 3)]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "65942e3eb66153303ff2611b8187e001e1252357cc082f310b029db21776cb71",
    2: "f289be1d74cdb931121137a185a41e01554c4447045680ef02c51354a174db13",
    3: "55ce9efc5d3997401a9deebf5b1473bd1eac44f340766856a1914886e6a07419",
}


def leaves(count: int) -> list[bytes]:
    return [merkle.leaf_hash(canonical_bytes({"order": order})) for order in range(count)]


@pytest.mark.parametrize("count", ROOTS)
def test_known_roots(count):
    assert merkle.root(ENTRIES[:count]).hex() == ROOTS[count]


def test_path_of_the_third_is_the_root_of_the_first_two():
    hashed = [merkle.leaf_hash(entry) for entry in ENTRIES]
    assert [step.hex() for step in merkle.audit_path(hashed, 2)] == [ROOTS[2]]


@pytest.mark.parametrize("count", [*range(1, 18), 500])
def test_every_proof_leads_to_the_root(count):
    tree = leaves(count)
    expected = merkle.root_of_leaves(tree)
    for index in range(0, count, max(1, count // 20)):
        path = merkle.audit_path(tree, index)
        assert len(path) <= 9
        assert merkle.root_of_path(tree[index], index, count, path) == expected


def test_a_proof_of_another_place_or_entry_leads_elsewhere():
    tree = leaves(5)
    path = merkle.audit_path(tree, 1)
    assert merkle.root_of_path(tree[2], 1, 5, path) != merkle.root_of_leaves(tree)
    assert merkle.root_of_path(tree[1], 3, 5, path) != merkle.root_of_leaves(tree)


@pytest.mark.parametrize(("index", "size", "steps"), [(5, 5, 3), (-1, 5, 3), (0, 5, 2), (0, 5, 4), (0, 1, 1)])
def test_a_path_that_does_not_fit_is_refused(index, size, steps):
    with pytest.raises(ValueError, match=r"index outside|path too"):
        merkle.root_of_path(b"0" * 32, index, size, [b"1" * 32] * steps)


def test_a_path_of_an_entry_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="index outside"):
        merkle.audit_path(leaves(3), 3)
