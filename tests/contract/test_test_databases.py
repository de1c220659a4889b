"""The databases that tests are given: each test its own, with every table, on both makes."""

from sqlalchemy import inspect, text

from chalicelib.database.base import Base
from chalicelib.database.engine import Database


def test_every_table_is_there(database: Database) -> None:
    assert set(inspect(database.engine).get_table_names()) >= set(Base.metadata.tables)
    assert Base.metadata.tables


def test_an_empty_one_is_empty(database_url: str) -> None:
    database = Database(database_url)
    with database.reading() as tx:
        assert tx.scalar(text("select 1")) == 1
    assert inspect(database.engine).get_table_names() == []
    database.close()
