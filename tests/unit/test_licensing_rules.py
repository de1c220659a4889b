"""The pure decisions of licensing, and the health-licence renewal as the catalogue has it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from chalicelib.kernel.errors import Refusal
from chalicelib.kernel.money import Money
from chalicelib.licensing import rules
from chalicelib.licensing.definition import Guard, ServiceDefinition, Workflow
from chalicelib.licensing.errors import ActionNotAllowed
from chalicelib.licensing.rules import Standing, Term, UnpaidViolation
from chalicelib.licensing.services import Catalogue

RENEWAL = Catalogue().renewal_of("health-licence")
WORKFLOW = RENEWAL.workflow
TODAY = date(2026, 11, 22)
GUARDS: tuple[Guard, ...] = (
    "confirmed",
    "no-inspection-needed",
    "nothing-changed",
    "recently-valid",
    "demand-paid",
)
ROLES = ("citizen", "reviewer", "inspector", "clerk", "cashier", "manager", "admin", "system", "public")
FINE = UnpaidViolation("V-1", Money(50_000, "KWD"))


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def refusal(
    state: str = "active", expires_in: int = 30, unpaid: tuple[UnpaidViolation, ...] = ()
) -> Refusal | None:
    return rules.why_not_renewable(RENEWAL, Standing(state, day(expires_in), unpaid, "سبب", "reason"), TODAY)


@pytest.mark.parametrize("expires_in", [90, 30, 0, -1, -400])
def test_renewal_is_open_from_ninety_days_before_expiry_and_after_it(expires_in: int) -> None:
    assert refusal(expires_in=expires_in) is None


def test_too_early_names_the_first_day() -> None:
    refused = refusal(expires_in=91)
    assert refused is not None
    assert (refused.code, refused.data["opens_on"]) == ("renewal-not-open", day(1))


@pytest.mark.parametrize(
    ("state", "unpaid", "code"),
    [
        ("suspended", (), "licence-suspended"),
        ("suspended", (FINE,), "licence-suspended"),
        ("cancelled", (FINE,), "licence-cancelled"),
        ("revoked", (), "licence-cancelled"),
        ("active", (FINE, FINE), "violation-unpaid"),
    ],
)
def test_each_obstacle_has_its_own_refusal(
    state: str, unpaid: tuple[UnpaidViolation, ...], code: str
) -> None:
    refused = refusal(state, 200, unpaid)
    assert refused is not None
    assert refused.code == code


def test_unpaid_fines_are_counted_and_summed() -> None:
    refused = refusal(unpaid=(FINE, FINE))
    assert refused is not None
    assert (refused.data["count"], refused.data["amount"]) == (2, Money(100_000, "KWD"))


@pytest.mark.parametrize(("expires_in", "shown"), [(1, "active"), (0, "active"), (-1, "expired")])
def test_a_licence_is_valid_to_the_end_of_its_last_day(expires_in: int, shown: str) -> None:
    assert rules.status("active", day(expires_in), TODAY) == shown
    assert rules.status("suspended", day(expires_in), TODAY) == "suspended"


@pytest.mark.parametrize(
    ("expires_in", "lines"),
    [
        (30, [10_000]),
        (0, [10_000]),
        (-1, [10_000, 100]),
        (-20, [10_000, 2_000]),
        (-200, [10_000, 20_000]),
        (-400, [10_000, 20_000]),
    ],
)
def test_the_fee_is_ten_dinars_and_a_capped_penalty_by_days_late(expires_in: int, lines: list[int]) -> None:
    assert [charge.amount.minor for charge in rules.fees(RENEWAL, day(expires_in), TODAY)] == lines


@given(st.integers(-40_000, 40_000))
def test_fees_are_whole_never_negative_and_explain_themselves(expires_in: int) -> None:
    charges = rules.fees(RENEWAL, day(expires_in), TODAY)
    for charge in charges:
        assert type(charge.amount.minor) is int
        assert charge.amount.minor > 0
        assert (charge.rule, charge.version) in {(rule.rule, rule.version) for rule in RENEWAL.fees}
        assert charge.why_ar
        assert "$" not in charge.why_ar + charge.why_en
        if charge.kind == "penalty":
            worked_out = min(charge.inputs["minor"] * charge.inputs["days"], charge.inputs["cap"])
            assert charge.amount.minor == worked_out


@given(st.integers(0, 500), st.integers(0, 500))
def test_waiting_longer_never_costs_less(days: int, more: int) -> None:
    def owed(late: int) -> int:
        return sum(charge.amount.minor for charge in rules.fees(RENEWAL, day(-late), TODAY))

    assert owed(days) <= owed(days + more)


@given(st.lists(st.integers(0, 900), min_size=1, max_size=8))
def test_terms_never_overlap_whenever_renewals_come(gaps: list[int]) -> None:
    terms, now = [Term(1, TODAY, day(364))], TODAY
    for gap in gaps:
        now += timedelta(days=gap)
        terms.append(rules.next_term(terms, now, 365))
    assert not rules.overlapping(terms)
    assert [term.number for term in terms] == list(range(1, len(terms) + 1))
    assert all((term.ends_on - term.starts_on).days == 364 for term in terms)


def test_a_renewal_in_time_follows_without_a_gap_and_a_late_one_starts_the_same_day() -> None:
    assert rules.next_term([Term(3, day(-334), day(30))], TODAY, 365) == Term(4, day(31), day(395))
    assert rules.next_term([Term(3, day(-384), day(-20))], TODAY, 365) == Term(4, TODAY, day(364))


def test_terms_that_share_a_day_are_found() -> None:
    assert rules.overlapping([Term(2, day(10), day(20)), Term(1, day(0), day(10))])
    assert not rules.overlapping([Term(2, day(11), day(20)), Term(1, day(0), day(10))])


# The workflow


def every_path(workflow: Workflow, limit: int = 12) -> list[list[tuple[str, str]]]:
    """All ways from the beginning to an end, as (state, action) pairs."""
    paths: list[list[tuple[str, str]]] = []

    def walk(state: str, taken: list[tuple[str, str]]) -> None:
        here = workflow.state(state)
        if here.terminal:
            paths.append(taken)
        elif len(taken) < limit:
            for edge in here.actions:
                walk(edge.next_state, [*taken, (state, edge.code)])

    walk(workflow.initial.code, [])
    return paths


def test_every_path_ends_and_none_issues_unpaid_or_unapproved() -> None:
    paths = every_path(WORKFLOW)
    assert len(paths) > 5
    for path in paths:
        actions = [action for _, action in path]
        last_state, last_action = path[-1]
        end = next(edge for edge in WORKFLOW.state(last_state).actions if edge.code == last_action).next_state
        assert end in WORKFLOW.ends
        if end == "issued":
            assert actions[-2:] == ["pay", "issue"]
            assert {"approve", "approve-unchanged"} & set(actions)
            assert "submit" in actions
            assert any("raise-demand" in edge_effects(state, action) for state, action in path)


def edge_effects(state: str, action: str) -> tuple[str, ...]:
    return next(edge.effects for edge in WORKFLOW.state(state).actions if edge.code == action)


@pytest.mark.parametrize("action", ["pay", "issue", "approve-unchanged"])
def test_nobody_but_the_system_pays_issues_or_approves_by_itself(action: str) -> None:
    for state in WORKFLOW.states:
        for role in ROLES:
            if role != "system":
                with pytest.raises(ActionNotAllowed):
                    rules.take(WORKFLOW, state.code, action, {role}, GUARDS)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted({edge.code for state in WORKFLOW.states for edge in state.actions})),
            st.sets(st.sampled_from(ROLES), max_size=3),
            st.sets(st.sampled_from(GUARDS)),
        ),
        max_size=30,
    )
)
def test_whatever_is_tried_only_edges_of_the_workflow_are_taken(
    tries: list[tuple[str, set[str], set[Guard]]],
) -> None:
    state, paid = WORKFLOW.initial.code, False
    for action, roles, held in tries:
        try:
            edge = rules.take(WORKFLOW, state, action, roles, held)
        except ActionNotAllowed:
            continue
        assert edge in WORKFLOW.state(state).actions
        assert set(edge.guards) <= held
        assert set(edge.roles) & roles
        paid = paid or edge.code == "pay"
        state = edge.next_state
        assert state != "issued" or paid


@given(st.sets(st.sampled_from(GUARDS)))
def test_a_renewal_is_instant_only_when_nothing_needs_a_look(held: set[Guard]) -> None:
    edge, reasons = rules.decide(WORKFLOW, "submitted", held)
    instant = {"no-inspection-needed", "nothing-changed", "recently-valid"} <= held
    assert edge.next_state == ("approved_awaiting_payment" if instant else "under_review")
    assert bool(reasons) != instant


def test_the_reasons_for_a_review_are_named() -> None:
    _, reasons = rules.decide(WORKFLOW, "submitted", {"recently-valid"})
    assert reasons == ["activity-needs-inspection", "details-changed"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"next_state":"paid"', '"next_state":"nowhere"'),
        (
            '"code":"pay","next_state":"paid","roles":["system"]',
            '"code":"pay","next_state":"paid","roles":["citizen"]',
        ),
        ('"type":"INITIAL"', '"type":"INTERMEDIATE"'),
        ('"code":"withdrawn"', '"code":"rejected"'),
        ('"minor":10000', '"minor":-1'),
        ('"minor":10000', '"minor":10000.5'),
        ('"formula":"fixed"', '"formula":"per-day-late"'),
        ('"demand-paid"', '"no-such-guard"'),
        ('"queue-issue"', '"no-such-effect"'),
    ],
)
def test_a_damaged_definition_is_refused(old: str, new: str) -> None:
    written = RENEWAL.model_dump_json()
    assert ServiceDefinition.model_validate_json(written) == RENEWAL
    assert old in written
    with pytest.raises(ValidationError):
        ServiceDefinition.model_validate_json(written.replace(old, new, 1))


# Numbers


@given(st.integers(0, 2**40 - 1))
def test_an_application_number_is_read_back_however_it_is_copied(number: int) -> None:
    written = rules.application_number("HR", number)
    arabic = written.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    for copied in (
        written,
        written.lower(),
        f" {written.replace('-', ' ')} ",
        arabic,
        written.replace("0", "O"),
    ):
        assert rules.read_application_number(copied) == written


@pytest.mark.parametrize(
    "typed", ["HL-2024-00417", "hl 2024 00417", "HL/٢٠٢٤/٠٠٤١٧", "HL202400417", " ‏HL-2024-00417"]
)
def test_a_licence_number_is_read_however_it_is_typed(typed: str) -> None:
    assert rules.read_licence_number(typed) == "HL-2024-00417"
