"""Lists of this room that people sort: signatories, texts, coverage by region."""

import django_tables2 as tables

from .models import LegalBasis, PledgeText, Signatory

ON_SCREEN = {
    "td": {"class": "d-print-none"},
    "th": {"class": "d-print-none"},
}  # what nobody can press on paper
NUMBER = {"td": {"class": "num"}, "th": {"class": "num"}, "tf": {"class": "num"}}


class SignatoryTable(tables.Table):
    name = tables.TemplateColumn(
        template_name="declarations/_signatory.html",
        verbose_name="Nama dan jabatan",
        order_by=("name", "position", "pk"),
    )
    category = tables.Column(
        verbose_name="Unsur", accessor="group_label", order_by=("category", "order", "pk")
    )
    outcome = tables.TemplateColumn(
        '{% include "_status.html" with tone=record.state_tone label=record.get_outcome_display %}',
        verbose_name="Keterangan",
        order_by=("outcome", "order", "pk"),
    )
    marks = tables.TemplateColumn(
        template_name="declarations/_signatory_marks.html",
        verbose_name="Tandai",
        orderable=False,
        attrs=ON_SCREEN,
    )

    class Meta:
        model = Signatory
        fields: tuple[str, ...] = ()
        sequence = ("name", "category", "outcome", "marks")
        attrs = {"class": "table align-middle"}

    def __init__(self, *args, may_mark: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_mark:
            self.columns.hide("marks")


class TextTable(tables.Table):
    title = tables.Column(
        verbose_name="Naskah", linkify=lambda record: record.get_absolute_url(), order_by=("title", "pk")
    )
    kind = tables.Column(verbose_name="Jenis", accessor="get_kind_display", order_by=("kind", "title"))
    office = tables.TemplateColumn(
        "{% if record.is_reference %}Rujukan{% else %}{{ record.office }}{% endif %}",
        verbose_name="Milik",
        order_by=("office__name", "title"),
    )
    number = tables.TemplateColumn(
        '{{ record.by_number.0.number|default:"–" }}', verbose_name="Versi", orderable=False, attrs=NUMBER
    )
    state = tables.TemplateColumn(
        "{% with newest=record.by_number.0 %}{% if newest %}"
        '{% include "_status.html" with tone=newest.state_tone label=newest.get_state_display %}'
        "{% endif %}{% endwith %}",
        verbose_name="Status",
        orderable=False,
    )

    class Meta:
        model = PledgeText
        fields: tuple[str, ...] = ()
        sequence = ("title", "kind", "office", "number", "state")
        attrs = {"class": "table align-middle"}


class LegalBasisTable(tables.Table):
    """Legal bases with what holds on one day; each row carries ``in_force`` (bool) for it."""

    short = tables.TemplateColumn(
        "<strong>{{ record.short }}</strong><div class='task-meta'>{{ record.citation }}</div>",
        verbose_name="Dasar hukum",
        order_by=("short", "pk"),
    )
    articles = tables.Column(verbose_name="Pasal", default="–", order_by=("articles", "pk"))
    valid_from = tables.TemplateColumn(
        "{% load indonesian %}{{ record.valid_from|long_date_no_day }} "
        "{% if record.valid_to %}sampai sebelum {{ record.valid_to|long_date_no_day }}"
        "{% else %}sampai sekarang{% endif %}",
        verbose_name="Berlaku",
        order_by=("valid_from", "pk"),
    )
    state = tables.TemplateColumn(
        template_name="declarations/texts/_basis_state.html",
        verbose_name="Status",
        accessor="in_force",
        order_by=("in_force", "confirmed", "pk"),
    )

    class Meta:
        model = LegalBasis
        fields: tuple[str, ...] = ()
        sequence = ("short", "articles", "valid_from", "state")
        attrs = {"class": "table align-middle"}


def _sum(name: str):
    """What stands below a column of the coverage: all lines together, filtered or not."""
    return lambda table: getattr(table.total, name)


def _counts(name: str, label: str) -> tables.Column:
    return tables.TemplateColumn(
        f"{{% load indonesian %}}{{{{ record.{name}|number }}}}",
        verbose_name=label,
        accessor=name,
        attrs=NUMBER,
        footer=_sum(name),
    )


class RecapTable(tables.Table):
    """Lines of ``recap.Line``; the line of totals stands below where there is more than one."""

    region = tables.TemplateColumn(
        template_name="declarations/_recap_region.html",
        verbose_name="Wilayah",
        accessor="region__name",
        footer="Jumlah",
    )
    villages = tables.TemplateColumn(
        template_name="declarations/_recap_coverage.html",
        verbose_name="Desa/kelurahan",
        accessor="share",
        footer=lambda table: f"{table.total.coverage} desa" if table.total.villages else "–",
    )
    planned = _counts("planned", "Rencana")
    running = _counts("running", "Berjalan")
    finished = _counts("finished", "Selesai")
    sealed = _counts("sealed", "Tersegel")
    signatures = _counts("signatures", "Tanda tangan")

    class Meta:
        attrs = {"class": "table table-sm align-middle"}

    def __init__(self, recap, lines, **kwargs):
        self.recap, self.total = recap, recap.total
        super().__init__(lines, **kwargs)

    def has_footer(self):
        return len(self.recap.lines) > 1
