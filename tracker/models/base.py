"""The declarative base, its column types and the session."""

from __future__ import annotations

import enum
from datetime import UTC, datetime
from typing import Annotated, Any

import sqlalchemy as sa
from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import orm
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

from tracker.settings import Settings

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant on both databases: SQLite keeps no offset, so it is added back on the way out."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuse a naive instant; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored instant must be aware")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        """Return aware UTC."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


Key = Annotated[int, mapped_column(primary_key=True)]
Name = Annotated[str, mapped_column(sa.String(200))]
Code = Annotated[str, mapped_column(sa.String(40))]
# The region's code is compared by prefix, byte by byte, on both databases.
RegionCode = Annotated[str, mapped_column(sa.String(12).with_variant(sa.String(12, collation="C"), "postgresql"))]


def kept_as_text(kind: type[enum.StrEnum], name: str | None = None) -> sa.Enum:
    """An enumeration kept as text under a CHECK; a table with two columns of one kind names the CHECK of each."""
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
        **({"name": name} if name else {}),
    )


TYPES: dict[Any, Any] = {
    datetime: Instant(),
    str: sa.Text(),
    enum.StrEnum: kept_as_text(enum.StrEnum),
    dict[str, Any]: sa.JSON(),
    list[str]: sa.JSON(),
    list[int]: sa.JSON(),
    dict[str, int]: sa.JSON(),
    dict[str, str]: sa.JSON(),
}


class Base(DeclarativeBase):
    """The base of every table."""

    registry = orm.registry(metadata=sa.MetaData(naming_convention=NAMING), type_annotation_map=TYPES)


db = SQLAlchemy(model_class=Base)


def settings() -> Settings:
    """The settings of the application whose session this is."""
    return current_app.extensions["settings"]  # type: ignore[no-any-return]
