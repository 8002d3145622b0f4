import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils.html import format_html

from . import papers
from .models import Document


class ArchiveTable(tables.Table):
    title = tables.Column(verbose_name="Dokumen", linkify=True)
    number = tables.Column(verbose_name="Nomor", default="–")
    kind = tables.Column(verbose_name="Jenis")
    office = tables.Column(verbose_name="Kantor", order_by=("office__name",))
    sealed_at = tables.DateColumn(verbose_name="Disegel", format="j M Y", default="–")
    state = tables.Column(verbose_name="Keadaan")

    class Meta:
        model = Document
        fields = ("title", "number", "kind", "office", "sealed_at", "state")
        order_by = ("-sealed_at",)
        attrs = {"class": "table align-middle"}
        empty_text = "Tidak ada dokumen yang cocok."

    def render_kind(self, value):
        return papers.label(value)

    def render_title(self, value, record):
        if record.revision > 1:
            return format_html("{} <span class='text-muted'>· revisi {}</span>", value, record.revision)
        return value

    def render_state(self, record):
        return render_to_string(
            "_status.html", {"tone": record.state_tone, "label": record.get_state_display()}
        )
