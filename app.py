"""Diwan on AWS Lambda: the Chalice app, its queues and its schedule. The embedded home serves the same app."""

from typing import Any

from chalice import Chalice

from chalicelib.bootstrap import build
from chalicelib.database.migrate import migrate as migrate_database
from chalicelib.jobs.arrivals import file_arrivals
from chalicelib.jobs.wake_ups import answer_wake_ups
from chalicelib.jobs.worker import ask_each_minute
from chalicelib.settings import read_settings
from chalicelib.telemetry.startup import observe
from chalicelib.web.application import register

# Chalice would silence the logger of its app's name, which is ours, and write its lines a second time.
app = Chalice(app_name="diwan", configure_logs=False)
settings = read_settings()
observe(settings, "web")
diwan = build(settings)
register(app, diwan)


# A message only wakes us for a job: the job stands in the database, where it is taken.
@app.on_sqs_message(queue="diwan-prompt", batch_size=10, name="prompt")
def prompt(event: Any) -> Any:
    """Everything quick: index, notify, settle, audit."""
    return answer_wake_ups(diwan, event.to_dict(), event.context.get_remaining_time_in_millis)


@app.on_sqs_message(queue="diwan-reading", batch_size=1, name="reading")
def reading(event: Any) -> Any:
    """Documents to be read, page after page."""
    return answer_wake_ups(diwan, event.to_dict(), event.context.get_remaining_time_in_millis)


@app.on_sqs_message(queue="diwan-issuing", batch_size=1, name="issuing")
def issuing(event: Any) -> Any:
    """Licences to be laid out and signed; this function alone holds the typesetter."""
    return answer_wake_ups(diwan, event.to_dict(), event.context.get_remaining_time_in_millis)


@app.on_sqs_message(queue="diwan-arrivals", batch_size=10, name="arrivals")
def arrivals(event: Any) -> Any:
    """Bytes that came into the blob store, and what carriers tell of messages."""
    return file_arrivals(diwan, event.to_dict())


@app.schedule("rate(1 minute)", name="minute")
def minute(event: Any) -> None:
    """Payments to be asked after, and messages for what is overdue: their first were lost, or their worker died."""
    ask_each_minute(diwan, diwan.clock.now())


@app.lambda_function(name="migrate")
def migrate(event: Any, context: Any) -> None:
    """Called once by each deployment, before it takes requests; it alone may sign as the root."""
    migrate_database(diwan.database)
    diwan.signing.certify()
