"""The Merkle tree against RFC 6962's own recursive definition, and against tampering."""

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.audit import rules

LEAVES = st.lists(st.text(max_size=8), min_size=1, max_size=70).map(
    lambda texts: [rules.leaf_hash(text) for text in texts]
)


def by_the_rfc(leaves: list[bytes]) -> bytes:
    """RFC 6962 2.1, word for word: split at the largest power of two below n."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + by_the_rfc(leaves[:split]) + by_the_rfc(leaves[split:])).digest()


def test_an_empty_tree_has_the_hash_of_nothing() -> None:
    assert rules.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_agrees_with_published_vectors() -> None:
    # The first leaves of the certificate-transparency reference tests (merkle_tree_test.cc).
    inputs = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243")]
    leaves = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in inputs]
    assert rules.root(leaves[:1]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert rules.root(leaves[:2]).hex() == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    assert rules.root(leaves[:3]).hex() == "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"
    assert rules.root(leaves[:6]).hex() == "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"


@given(LEAVES)
def test_the_root_is_the_rfcs(leaves: list[bytes]) -> None:
    assert rules.root(leaves) == by_the_rfc(leaves)


@given(LEAVES, st.data())
def test_every_leaf_is_proved_and_no_other_is(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof, root, size = rules.inclusion_proof(leaves, index), rules.root(leaves), len(leaves)
    assert rules.proves(leaves[index], index, size, proof, root)
    assert not rules.proves(rules.leaf_hash("something else entirely"), index, size, proof, root)
    assert not rules.proves(leaves[index], size, size, proof, root)
    assert not rules.proves(leaves[index], index, size, [*proof, root], root)
    if proof:
        assert not rules.proves(leaves[index], index, size, proof[:-1], root)
        assert not rules.proves(leaves[index], index, size, [bytes(32), *proof[1:]], root)
    assert len(proof) <= (size - 1).bit_length()


def test_there_is_no_proof_of_what_is_not_there() -> None:
    with pytest.raises(IndexError):
        rules.inclusion_proof([bytes(32)], 1)
    with pytest.raises(IndexError):
        rules.inclusion_proof([bytes(32)], -1)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(max_size=5), JSON, max_size=4))
def test_the_order_of_keys_does_not_matter(value: dict[str, object]) -> None:
    assert rules.canonical(dict(reversed(value.items()))) == rules.canonical(value)


def test_arabic_stays_arabic_and_fractions_are_refused() -> None:
    assert rules.canonical({"b": "رخصة", "a": [1]}) == '{"a":[1],"b":"رخصة"}'
    with pytest.raises(ValueError, match="fraction"):
        rules.canonical({"a": [{"b": 0.1}]})


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=2, max_size=10, unique=True))
def test_the_chain_depends_on_all_before(leaves: list[bytes]) -> None:
    def end(chain: list[bytes]) -> bytes:
        last = rules.GENESIS
        for leaf in chain:
            last = rules.chain_hash(last, leaf)
        return last

    for swapped in range(len(leaves) - 1):
        other = list(leaves)
        other[swapped], other[swapped + 1] = other[swapped + 1], other[swapped]
        assert end(other) != end(leaves)
    assert all(end(leaves[:n]) != end(leaves[:m]) for n, m in pairwise(range(len(leaves) + 1)))
