"""What payments says no to."""

from chalicelib.kernel.errors import Refusal


class DemandPaid(Refusal):
    """What is owed has been paid already; `data["receipt"]` is the receipt's number."""

    code = "demand-paid"
    kind = "conflict"


class DemandCancelled(Refusal):
    """This is no longer owed."""

    code = "demand-cancelled"
    kind = "conflict"


class DemandFrozen(Refusal):
    """The gateway took an amount that differs from what is owed: a person looks into it before anything else."""

    code = "demand-frozen"
    kind = "conflict"


class PaymentUnderWay(Refusal):
    """Somebody is paying right now, so what is owed cannot be changed."""

    code = "payment-under-way"
    kind = "conflict"
