import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html

from accounts.spreadsheets import Column

from . import papers
from .models import Document


class ArchiveTable(tables.Table):
    title = tables.Column(verbose_name="Dokumen", attrs={"th": {"class": "w-50"}})
    number = tables.Column(verbose_name="Nomor", default="–")
    office = tables.Column(verbose_name="Kantor", order_by=("office__name",))
    sealed_at = tables.DateColumn(verbose_name="Disegel", format="j M Y", default="–")
    state = tables.Column(verbose_name="Status")

    class Meta:
        model = Document
        fields = ("title", "number", "office", "sealed_at", "state")
        order_by = ("-sealed_at",)
        attrs = {"class": "table align-middle"}
        empty_text = "Tidak ada dokumen yang cocok."

    def render_title(self, value, record):
        below = papers.label(record.kind)
        if record.revision > 1:
            below = f"{below} · revisi {record.revision}"
        link = format_html("<a href='{}'>{}</a>", record.get_absolute_url(), value)
        return format_html("{}<br><span class='text-muted'>{}</span>", link, below)

    def render_state(self, record):
        status = {"tone": record.state_tone, "label": record.get_state_display()}
        if record.in_trouble:
            status = {"tone": "danger", "label": "Gagal"}
        shown = render_to_string("_status.html", status)
        if not record.awaits_timestamp:
            return shown
        waiting = {"tone": "waiting", "label": "Menunggu stempel waktu"}
        return format_html("{}<br>{}", shown, render_to_string("_status.html", waiting))


# The list of the archive as a file.
ARCHIVE_COLUMNS = [
    Column("title", "Dokumen", lambda paper: paper.title),
    Column("kind", "Jenis", lambda paper: papers.label(paper.kind)),
    Column("number", "Nomor", lambda paper: paper.number),
    Column("event", "Kode kegiatan", lambda paper: paper.event_code),
    Column("office", "Kantor", lambda paper: paper.office.name),
    Column("revision", "Revisi", lambda paper: paper.revision),
    Column("sealed_at", "Disegel", lambda paper: paper.sealed_at and timezone.localdate(paper.sealed_at)),
    Column("state", "Status", lambda paper: paper.get_state_display()),
    Column("sha256", "Sidik digital (SHA-256)", lambda paper: paper.sha256),
]
