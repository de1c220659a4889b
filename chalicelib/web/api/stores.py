"""Probes of the stores, for `./diwan doctor`: only who has the installation's secret can ask for one."""

from pydantic import BaseModel, ConfigDict, Field

from chalicelib.identity.permissions import Permission
from chalicelib.web.request import Request
from chalicelib.web.routing import ApiRoutes

routes = ApiRoutes("stores")


class ProbeRequest(BaseModel):
    """The ticket of a probe, made with the installation's secret."""

    model_config = ConfigDict(extra="forbid")

    ticket: str = Field(max_length=400)


class Compared(BaseModel):
    """By lane of workers and store: `same`, `other`, `waiting`, or the code of what stood in the way."""

    lanes: dict[str, dict[str, str]]


@routes.post(
    "/api/v1/probes",
    Permission.PUBLIC,
    body=ProbeRequest,
    returns=Compared,
    makes=False,
    status=200,
    summary="Begin a probe, or see how far it is: whether the workers see the stores that this process sees",
)
def probe(request: Request, wanted: ProbeRequest) -> Compared:
    """Asked again and again with the same ticket, it is one probe."""
    request.diwan.stores.begin(wanted.ticket)
    return Compared(lanes=request.diwan.stores.compare(wanted.ticket))
