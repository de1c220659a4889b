"""Diwan on AWS Lambda: the Chalice app, its queues and its schedule. The embedded home serves the same app."""

from typing import Any

from chalice import Chalice

from chalicelib.bootstrap import build
from chalicelib.database.migrate import migrate as migrate_database
from chalicelib.jobs.arrivals import file_arrivals
from chalicelib.jobs.lanes import ISSUING, PROMPT, READING, queues_of
from chalicelib.jobs.worker import ask_each_minute, work_until_idle
from chalicelib.settings import read_settings
from chalicelib.web.application import register

# Chalice would silence the logger of its app's name, which is ours, and write its lines a second time.
app = Chalice(app_name="diwan", configure_logs=False)
diwan = build(read_settings())
register(app, diwan)


# A message only wakes us: what is due stands in the database, where it is claimed.
@app.on_sqs_message(queue="diwan-prompt", batch_size=10, name="prompt")
def prompt(event: Any) -> None:
    """Everything quick: index, notify, settle, audit."""
    work_until_idle(diwan, queues_of(PROMPT))


@app.on_sqs_message(queue="diwan-reading", batch_size=1, name="reading")
def reading(event: Any) -> None:
    """Documents to be read, page after page."""
    work_until_idle(diwan, queues_of(READING))


@app.on_sqs_message(queue="diwan-issuing", batch_size=1, name="issuing")
def issuing(event: Any) -> None:
    """Licences to be laid out and signed; this function alone holds the typesetter."""
    work_until_idle(diwan, queues_of(ISSUING))


@app.on_sqs_message(queue="diwan-arrivals", batch_size=10, name="arrivals")
def arrivals(event: Any) -> Any:
    """Bytes that came into the blob store."""
    return file_arrivals(diwan, event.to_dict())


@app.schedule("rate(1 minute)", name="minute")
def minute(event: Any) -> None:
    """Retries whose time has come, payments to be asked after, leases that ran out."""
    ask_each_minute(diwan, diwan.clock.now())
    work_until_idle(diwan, queues_of(PROMPT))


@app.lambda_function(name="migrate")
def migrate(event: Any, context: Any) -> None:
    """Called once by each deployment, before it takes requests."""
    migrate_database(diwan.database)
