"""Relational storage: one SQLAlchemy code base for SQLite and PostgreSQL."""
