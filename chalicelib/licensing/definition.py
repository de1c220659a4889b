"""The shape of a service in the catalogue: form, documents, fees and workflow, all as data."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

StateType = Literal["INITIAL", "INTERMEDIATE", "DECISION", "TERMINAL_SUCCESS", "TERMINAL_FAILURE"]
Source = Literal["P", "D"]  # published by an authority, or a default of ours
Guard = Literal["confirmed", "no-inspection-needed", "nothing-changed", "recently-valid", "demand-paid"]
Effect = Literal["raise-demand", "cancel-demand", "queue-issue", "tell-submitted", "tell-stopped"]
# What moves money or grants the right; no person may hold it.
_SYSTEM_ONLY = frozenset({"pay", "issue"})


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(_Data):
    """The same thing in Arabic and in English."""

    ar: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Days(_Data):
    """A number of days, and whose number it is."""

    value: int = Field(ge=1)
    source: Source


class RequiredDocument(_Data):
    """A document the service asks for."""

    code: str
    name: Text
    source: Source


class FeeRule(_Data):
    """One line of the fee. `minor` is the whole of a fixed line, or the rate of one day late, at most `cap_minor`."""

    rule: str
    version: int = Field(ge=1)
    kind: Literal["fee", "penalty"]
    formula: Literal["fixed", "per-day-late"]
    minor: int = Field(ge=1)
    cap_minor: int | None = Field(default=None, ge=1)
    label: Text
    why: Text
    source: Source

    @model_validator(mode="after")
    def _capped(self) -> Self:
        if (self.formula == "per-day-late") != (self.cap_minor is not None):
            raise ValueError(f"{self.rule}: a line by days has a cap, a fixed one has none")
        return self


class Action(_Data):
    """An edge of the workflow: who may take it, on what condition, and what follows from it."""

    code: str
    next_state: str
    roles: tuple[str, ...] = Field(min_length=1)
    guards: tuple[Guard, ...] = ()
    effects: tuple[Effect, ...] = ()


class State(_Data):
    """A state of an application, and the ways out of it."""

    code: str
    type: StateType
    name: Text
    actions: tuple[Action, ...] = ()

    @property
    def terminal(self) -> bool:
        """Whether an application ends here."""
        return self.type.startswith("TERMINAL")


class Workflow(_Data):
    """The states of an application, as DIGIT 3.0 describes them, with guards and effects."""

    code: str
    version: int = Field(ge=1)
    sla_minutes: int = Field(ge=1)
    near_sla_percent: int = Field(ge=1, le=100)
    states: tuple[State, ...]

    def state(self, code: str) -> State:
        """The state of that name; KeyError when there is none."""
        for state in self.states:
            if state.code == code:
                return state
        raise KeyError(code)

    @property
    def initial(self) -> State:
        """Where an application begins."""
        return next(state for state in self.states if state.type == "INITIAL")

    @property
    def ends(self) -> frozenset[str]:
        """The states in which nothing more happens."""
        return frozenset(state.code for state in self.states if state.terminal)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        codes = [state.code for state in self.states]
        if len(codes) != len(set(codes)):
            raise ValueError("a state is named twice")
        if [state.type for state in self.states].count("INITIAL") != 1:
            raise ValueError("a workflow has one beginning")
        for state in self.states:
            if state.terminal == bool(state.actions):
                raise ValueError(f"{state.code}: an end has no actions, any other state has some")
            for action in state.actions:
                if action.next_state not in codes:
                    raise ValueError(f"{state.code}.{action.code} leads nowhere")
                if action.code in _SYSTEM_ONLY and action.roles != ("system",):
                    raise ValueError(f"{action.code} belongs to the system alone")
        self._connected()
        return self

    def _connected(self) -> None:
        reached, waiting = {self.initial.code}, [self.initial]
        while waiting:
            for action in waiting.pop().actions:
                if action.next_state not in reached:
                    reached.add(action.next_state)
                    waiting.append(self.state(action.next_state))
        if lost := {state.code for state in self.states} - reached:
            raise ValueError(f"never reached: {sorted(lost)}")


class ServiceDefinition(_Data):
    """One service at one version. `opens_days_before` counts from the last day of the current term."""

    code: str
    version: int = Field(ge=1)
    licence_service: str
    layout: str
    application_prefix: str = Field(pattern=r"^[A-Z]{2}$")
    name: Text
    applicants: tuple[Literal["holder"], ...]
    currency: str
    sla_days: Days
    term_days: Days
    opens_days_before: Days
    reinspected_after_days: Days
    documents: tuple[RequiredDocument, ...]
    fees: tuple[FeeRule, ...] = Field(min_length=1)
    workflow: Workflow
