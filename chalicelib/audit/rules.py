"""Hashing for the audit log: the chain of entries, and the Merkle tree of RFC 6962 over them."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

GENESIS = bytes(32)
EMPTY_ROOT = hashlib.sha256(b"").digest()


def canonical(value: Mapping[str, Any]) -> str:
    """The one JSON text of a value: keys sorted, no spaces, letters as themselves. No fractions: ValueError."""
    _refuse_fractions(value)
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def leaf_hash(leaf: str) -> bytes:
    """RFC 6962 2.1: a leaf is hashed with 0x00 before it, so that it can never pass for a node."""
    return hashlib.sha256(b"\x00" + leaf.encode()).digest()


def chain_hash(previous: bytes, leaf: bytes) -> bytes:
    """An entry's hash: over the entry before it and its own leaf's hash."""
    return hashlib.sha256(previous + leaf).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The Merkle tree hash of leaf hashes (RFC 6962 2.1)."""
    if not leaves:
        return EMPTY_ROOT
    level = list(leaves)
    while len(level) > 1:
        # Pairing level by level and carrying an odd last one up makes the same tree as the RFC's split.
        paired = [_node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
    return level[0]


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes that lead from leaf `index` to the root (RFC 6962 2.1.1), the leaf's neighbour first."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    proof, level = [], list(leaves)
    while len(level) > 1:
        if (index ^ 1) < len(level):
            proof.append(level[index ^ 1])
        paired = [_node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
        index //= 2
    return proof


def proves(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected_root: bytes) -> bool:
    """Whether the proof shows that the tree of `size` leaves has this leaf at `index` (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    position, last, current = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if position % 2 or position == last:
            current = _node(sibling, current)
            while not position % 2 and position:
                position, last = position >> 1, last >> 1
        else:
            current = _node(current, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and current == expected_root


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _refuse_fractions(value: Any) -> None:
    # Two programs may print one fraction in two ways, and then hash two leaves.
    if isinstance(value, float):
        raise ValueError("a fraction has no one text")
    for part in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        _refuse_fractions(part)
