"""What asked for a piece of work: kept with the job, so that one request id finds everything that came of it."""

from collections.abc import Mapping

from chalicelib.telemetry.logs import what_about
from chalicelib.telemetry.traces import traceparent

REQUEST, TRACE = "request_id", "traceparent"


def present_cause() -> Mapping[str, str]:
    """`request_id` of the request that this is done for, and the W3C `traceparent` of now; each where there is one."""
    told = {REQUEST: what_about().get(REQUEST), TRACE: traceparent()}
    return {name: value for name, value in told.items() if value is not None}
