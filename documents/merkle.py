"""PURE: the Merkle tree of RFC 6962 over a paper's signatories, so that one entry can be shown without the others.

Leaf ``SHA-256(0x00 ‖ entry)``, node ``SHA-256(0x01 ‖ left ‖ right)``, split at the largest power of two below n, empty
tree ``SHA-256("")``. Entries are canonical bytes (accounts/canonical.py); hashes are 32 bytes (PDF.md §5.4).
"""

import hashlib
from collections.abc import Sequence


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of_leaves(leaves: Sequence[bytes]) -> bytes:
    """The root from leaf hashes: of all entries, or of those that a redacted edition leaves out."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    middle = _split(len(leaves))
    return node_hash(root_of_leaves(leaves[:middle]), root_of_leaves(leaves[middle:]))


def root(entries: Sequence[bytes]) -> bytes:
    return root_of_leaves([leaf_hash(entry) for entry in entries])


def audit_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Hashes beside the way from a leaf to the root, lowest first; at most 11 for 1,500 entries."""
    if not 0 <= index < len(leaves):
        raise ValueError("index outside the tree")
    if len(leaves) == 1:
        return []
    middle = _split(len(leaves))
    if index < middle:
        return [*audit_path(leaves[:middle], index), root_of_leaves(leaves[middle:])]
    return [*audit_path(leaves[middle:], index - middle), root_of_leaves(leaves[:middle])]


def root_of_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that a proof leads to (RFC 9162 §2.1.3.2); ValueError when the path does not fit index and size."""
    if not 0 <= index < size:
        raise ValueError("index outside the tree")
    node, last, found = index, size - 1, leaf
    for beside in path:
        if last == 0:
            raise ValueError("path too long")
        if node % 2 or node == last:
            found = node_hash(beside, found)
            while node % 2 == 0 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, beside)
        node, last = node >> 1, last >> 1
    if last:
        raise ValueError("path too short")
    return found


def _split(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1
