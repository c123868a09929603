"""Fields that are rows of another view."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import strawberry
from sqlalchemy import ColumnElement

from hemvist_graphql.landlord.context import Info
from hemvist_graphql.landlord.declaring import Related
from hemvist_graphql.landlord.loading import rows_of
from hemvist_graphql.reading import READING


def to_one(
    target: str,
    by: Mapping[str, str],
    *,
    elsewhere: bool = False,
    description: str | None = None,
) -> Any:
    """A field that is the row of ``target`` whose columns equal these of this row, or null.

    ``by`` is {column there: column here}. Both are of one tenant unless it says otherwise, or
    ``elsewhere``: what is of the landlords' own tenant belongs to no kommun.
    Let the field be nullable: a view may show a row whose neighbour it does not.
    """
    return related(
        Related(target, _of_one_kommun(by, elsewhere), _unordered, single=True, limit=1),
        description=description,
    )


def to_many(
    target: str,
    by: Mapping[str, str],
    *,
    order: Callable[[Any], Sequence[ColumnElement[Any]]],
    limit: int,
    about: int | None = None,
    where: Callable[[Any], Sequence[ColumnElement[bool]]] | None = None,
    description: str | None = None,
) -> Any:
    """A field that is the rows of ``target`` whose columns equal these of this row.

    ``order`` and ``where`` are given the target view's columns: ``lambda c: (c.made_on.desc(), c.id)``.
    At most ``limit`` of a row, and usually ``about`` as many, which counts for the cost limit.
    """
    return related(
        Related(target, _of_one_kommun(by), order, False, limit, where, about),
        description=description,
    )


def related(how: Related, *, description: str | None = None) -> Any:
    """The field that ``how`` declares."""

    def resolve(root: Any, info: Info) -> Any:
        return rows_of(info, root, how)

    return strawberry.field(resolver=resolve, metadata={READING: how}, description=description)


def _of_one_kommun(by: Mapping[str, str], elsewhere: bool = False) -> dict[str, str]:
    return dict(by) if elsewhere or "tenant_id" in by else {"tenant_id": "tenant_id", **by}


def _unordered(_: Any) -> tuple[()]:
    return ()
