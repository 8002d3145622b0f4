from django.db import models
from django.db.models import Case, Count, IntegerField, Lookup, Q, Value, When
from django.db.models.functions import Length

from . import words
from .codes import code_in

RESULTS = 20
PATHS = ("", "parent__", "parent__parent__", "parent__parent__parent__")


class Within(Lookup):
    """``code__within="35.25"``: this region or anything below it, served by the index on both databases.

    LIKE would scan the whole table on SQLite and a range would be wrong under PostgreSQL's language
    collations, so SQLite gets the range and PostgreSQL the LIKE of its pattern index (STACK §6).
    """

    lookup_name = "within"

    def get_prep_lookup(self):
        code = getattr(self.rhs, "code", self.rhs)
        if not isinstance(code, str):
            raise ValueError("within takes a Region or a region code")
        return code

    def as_sql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        below = connection.ops.prep_for_like_query(self.rhs + ".") + "%"
        return f"({column} = %s OR {column} LIKE %s)", [*params, self.rhs, *params, below]

    def as_sqlite(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        sql = f"({column} = %s OR ({column} >= %s AND {column} < %s))"
        return sql, [*params, self.rhs, *params, self.rhs + ".", *params, self.rhs + "/"]


class RegionQuerySet(models.QuerySet):
    def at_level(self, *levels):
        return self.filter(level__in=levels)

    def provinces(self):
        return self.at_level("province")

    def regencies(self):
        return self.at_level("regency")

    def districts(self):
        return self.at_level("district")

    def villages(self):
        return self.at_level("village")

    def current(self):
        """Leave out codes that newer editions no longer have."""
        return self.filter(is_current=True)

    def under(self, region):
        """The region itself and everything below; a Region or its code."""
        return self.filter(code__within=region)

    def below(self, region):
        """Everything below the region, without the region."""
        return self.under(region).exclude(code=getattr(region, "code", region))

    def with_parents(self):
        """Bring the parents along, so that ``full_name`` asks nothing more."""
        return self.select_related("parent__parent__parent")

    def count_by_kind(self) -> dict[str, int]:
        """{"desa": 419, "kelurahan": 11} in one query."""
        rows = self.order_by().values("kind").annotate(total=Count("code"))
        return {row["kind"]: row["total"] for row in rows}

    def named(self, text):
        """Regions whose own name was typed in full, case and punctuation aside, and that fit what follows it.

        "Purwodadi" → every Purwodadi; "Purwodadi, Kabupaten Pasuruan" → one; a code → that region.
        """
        if code := code_in(text):
            return self.filter(code=code)
        typed = words.Typed(text)
        return self.filter(_is_named(typed), _every_word_fits(typed)) if typed.words else self.none()

    def search(self, text, level=None, limit=RESULTS):
        """At most ``limit`` current regions for what was typed so far, best first, with their parents.

        Every word must be found in the name or in that of an ancestor, at least one in the name itself.
        Exact names come first, then beginnings, then words inside; higher levels before lower ones.
        A sliced queryset: narrow it (``under``, ``at_level``) before.
        """
        rows = self.current().with_parents()
        if level:
            rows = rows.at_level(*([level] if isinstance(level, str) else level))
        if code := code_in(text):
            return rows.under(code).order_by("code")[:limit]
        typed = words.Typed(text)
        if not typed.words:
            return rows.none()
        rows = rows.filter(_has_a_name(typed), _every_word_fits(typed)).annotate(
            rank=_rank(typed), depth=Length("code")
        )
        return rows.order_by("rank", "depth", "folded", "code")[:limit]


def _has_a_name(typed) -> Q:
    """One of the names stands in the region's own name: one cheap scan, before the parents are joined."""
    named = _is_named(typed)
    for word in typed.names:
        named |= Q(folded__contains=word)
    return named


def _every_word_fits(typed) -> Q:
    """Every word stands somewhere on the path, as part of a name or as a kind."""
    fits = Q()
    for word in typed.words:
        place = Q()
        for path in PATHS:
            place |= Q(**{f"{path}folded__contains": word}) | Q(
                **{f"{path}kind__in": words.KINDS.get(word, ())}
            )
        fits &= place
    return fits


def _is_named(typed) -> Q:
    """The whole name was typed, with or without its kind before it: "Cerme", "Kecamatan Cerme", "Kota Baru"."""
    return Q(folded__in=typed.whole_names) | Q(folded__in=typed.names_after_kind, kind__in=typed.kinds)


def _rank(typed) -> Case:
    return Case(
        When(_is_named(typed), then=Value(0)),
        When(folded__startswith=" ".join(typed.names), then=Value(1)),
        When(folded__startswith=typed.names[0], then=Value(2)),
        When(folded__contains=f" {typed.names[0]}", then=Value(3)),
        default=Value(4),
        output_field=IntegerField(),
    )
