"""Diwan on AWS Lambda: the Chalice app, its queue and its schedule. The embedded home serves the same app."""

from typing import Any

from chalice import Chalice

from chalicelib.bootstrap import build
from chalicelib.jobs.worker import ask_each_minute, work_until_idle
from chalicelib.settings import read_settings
from chalicelib.web.application import register

# Chalice would silence the logger of its app's name, which is ours, and write its lines a second time.
app = Chalice(app_name="diwan", configure_logs=False)
diwan = build(read_settings())
register(app, diwan)


@app.on_sqs_message(queue="diwan-jobs", batch_size=1, name="jobs")
def jobs(event: Any) -> None:
    """A message only wakes us: what is due stands in the database, where it is claimed."""
    work_until_idle(diwan)


@app.schedule("rate(1 minute)", name="minute")
def minute(event: Any) -> None:
    """Retries whose time has come, payments to be asked after, leases that ran out."""
    ask_each_minute(diwan, diwan.clock.now())
    work_until_idle(diwan)
