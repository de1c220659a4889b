"""The pure decisions of payments."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.money import Money, total
from chalicelib.payments.rules import (
    EDGES,
    OPEN,
    AttemptState,
    Charge,
    Entry,
    balanced,
    booking,
    outcome,
    owed,
    reversal,
    step,
)
from chalicelib.ports.gateway import GatewayAnswer, GatewayState

STATES: tuple[AttemptState, ...] = get_args(AttemptState)
ANSWERS: tuple[GatewayState, ...] = get_args(GatewayState)


def charge(kind: str, minor: int) -> Charge:
    return Charge(kind, Money(minor, "KWD"), "rule", 1, {}, "ا", "a", "ا", "a")  # type: ignore[arg-type]


positive = st.builds(charge, st.sampled_from(["fee", "penalty", "deposit"]), st.integers(1, 10**9))
demands = st.lists(positive, min_size=1, max_size=8).flatmap(
    lambda charges: st.integers(0, owed(charges).minor - 1).map(
        lambda rebate: [*charges, charge("rebate", -rebate)] if rebate else charges
    )
)


@given(demands)
def test_every_booking_and_its_reversal_sum_to_zero_in_whole_units(charges: list[Charge]) -> None:
    entries = booking(charges)
    for side in (entries, reversal(entries)):
        assert sum(entry.amount.minor for entry in side) == 0
        assert all(type(entry.amount.minor) is int for entry in side)
    assert entries[0].amount == owed(charges)
    assert (
        total([a.amount + b.amount for a, b in zip(entries, reversal(entries), strict=True)], "KWD").minor
        == 0
    )


@pytest.mark.parametrize(
    "entries",
    [
        [],
        [Entry("fees", Money(0, "KWD"))],
        [Entry("fees", Money(1, "KWD")), Entry("gateway", Money(1, "KWD"))],
        [Entry("fees", Money(1, "KWD")), Entry("gateway", Money(-1, "SAR"))],
        [Entry("fees", Money(1, "KWD")), Entry("pocket", Money(-1, "KWD"))],
    ],
)
def test_refuses_a_booking_that_does_not_balance(entries: list[Entry]) -> None:
    with pytest.raises(ValueError, match=r"booking|do not add"):
        balanced(entries)


@pytest.mark.parametrize("charges", [[], [charge("fee", 5), charge("rebate", -5)]])
def test_nothing_is_no_demand(charges: list[Charge]) -> None:
    with pytest.raises(ValueError, match="a demand"):
        owed(charges)


@pytest.mark.parametrize(("kind", "minor"), [("fee", -1), ("fee", 0), ("penalty", -1), ("rebate", 1)])
def test_a_line_has_the_sign_of_its_kind(kind: str, minor: int) -> None:
    with pytest.raises(ValueError, match=f"a {kind} of"):
        charge(kind, minor)


@given(st.lists(st.sampled_from(STATES), max_size=12))
def test_no_path_leaves_an_end_or_reaches_success_unasked(path: list[AttemptState]) -> None:
    state: AttemptState = "created"
    seen = [state]
    for to in path:
        try:
            state = step(state, to)
        except ValueError:
            continue
        seen.append(state)
    assert len([each for each in seen if each not in OPEN]) <= 1
    if "success" in seen:
        assert seen[seen.index("success") - 1] == "submitted"


def test_every_state_can_be_reached_and_every_open_one_can_end() -> None:
    def reached(start: AttemptState) -> set[AttemptState]:
        found, todo = {start}, [start]
        while todo:
            for to in EDGES[todo.pop()] - found:
                found.add(to)
                todo.append(to)
        return found

    assert reached("created") == set(STATES)
    assert all("success" in reached(state) for state in OPEN)


@given(
    st.sampled_from(ANSWERS),
    st.sampled_from(["ours", "theirs"]),
    st.one_of(st.none(), st.builds(Money, st.integers(0, 20), st.sampled_from(["KWD", "SAR"]))),
)
def test_only_a_capture_of_our_reference_and_amount_succeeds(
    answered: GatewayState, reference: str, amount: Money | None
) -> None:
    asked = Money(10, "KWD")
    state, _ = outcome(asked, "ours", GatewayAnswer(reference, answered, amount, "p"))
    assert (state == "success") == (answered == "captured" and reference == "ours" and amount == asked)
    assert state == "submitted" or reference == "ours"
    assert answered not in ("unknown", "pending") or state == "submitted"
