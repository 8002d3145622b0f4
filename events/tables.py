import django_tables2 as tables
from django.template.loader import render_to_string
from django.urls import reverse

from .models import Attendee, Event, EventPerson, EventSite, EventSubmission, OutgoingMail

ATTRS = {"class": "table"}
ON_SCREEN = {
    "td": {"class": "d-print-none"},
    "th": {"class": "d-print-none"},
}  # what nobody can press on paper


class EventTable(tables.Table):
    title = tables.Column(verbose_name="Kegiatan", linkify=lambda record: record.get_absolute_url())
    starts_at = tables.TemplateColumn(
        "{% load indonesian %}{% if record.starts_at %}{{ record.date|long_date }}<br>"
        "<span class='text-secondary'>{{ record.starts_at|clock_with_zone:record.time_zone }}</span>"
        "{% else %}<span class='text-secondary'>Belum diisi</span>{% endif %}",
        verbose_name="Waktu",
    )
    region = tables.TemplateColumn(
        "{{ record.venue|default:'–' }}<br><span class='text-secondary'>{{ record.region.titled }}</span>",
        verbose_name="Tempat",
        order_by=("region_id",),
    )
    office = tables.Column(verbose_name="Penyelenggara", order_by=("office__name",))
    attendee_count = tables.Column(
        verbose_name="Peserta", attrs={"td": {"class": "num"}, "th": {"class": "num"}}
    )
    state = tables.TemplateColumn(
        '{% include "_status.html" with tone=record.state_tone label=record.get_state_display %}',
        verbose_name="Status",
    )

    class Meta:
        model = Event
        fields: tuple[str, ...] = ()
        sequence = ("title", "starts_at", "region", "office", "attendee_count", "state")
        attrs = ATTRS
        empty_text = "Tidak ada kegiatan yang cocok dengan saringan."


class AttendeeTable(tables.Table):
    full_name = tables.TemplateColumn(
        template_name="events/_attendee_name.html", verbose_name="Nama", order_by=("full_name",)
    )
    category = tables.Column(verbose_name="Unsur", accessor="get_category_display", order_by=("category",))
    position = tables.TemplateColumn(
        "{{ record.position|default:'–' }}"
        # "Desa Iker-iker Geger" is not said twice; the next column has it.
        "{% if record.agency and not record.village or record.agency and record.village.name not in record.agency %}<br>"
        "<span class='text-secondary'>{{ record.agency }}</span>{% endif %}",
        verbose_name="Jabatan dan instansi",
    )
    village = tables.Column(
        verbose_name="Desa/kelurahan", accessor="village__name", order_by=("village_id",), default="–"
    )
    first_seen_at = tables.TemplateColumn(
        '{% if record.is_present %}{% include "_status.html" with tone="done" label="Hadir" %}'
        '{% else %}{% include "_status.html" with tone="muted" label="Belum" %}{% endif %}',
        verbose_name="Kehadiran",
    )
    actions = tables.Column(empty_values=(), verbose_name="Tindakan", orderable=False, attrs=ON_SCREEN)

    class Meta:
        model = Attendee
        fields: tuple[str, ...] = ()
        sequence = ("full_name", "category", "position", "village", "first_seen_at", "actions")
        attrs = ATTRS
        empty_text = "Tidak ada peserta yang cocok dengan saringan."

    def __init__(self, *args, event: Event, may_edit: bool, may_unmask: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.event = event
        self.may_unmask = may_unmask
        if not may_edit:
            self.columns.hide("actions")

    def render_actions(self, record):
        urls = {
            name: reverse(f"events:{name}", args=[self.event.code, record.pk])
            for name in ("attendee_edit", "attendee_withdraw", "attendee_restore")
        }
        return render_to_string("events/_attendee_actions.html", {"attendee": record, "urls": urls})


class SubmissionTable(tables.Table):
    title = tables.TemplateColumn(
        "{% load indonesian %}<a href='{{ record.get_absolute_url }}'>{{ record.event.title }}</a><br>"
        "<span class='text-secondary'>{{ record.event.date|long_date }}</span>",
        verbose_name="Kegiatan",
        order_by=("event__title", "pk"),
    )
    office = tables.Column(
        verbose_name="Pengirim", accessor="event__office__name", order_by=("event__office__name", "at", "pk")
    )
    at = tables.TemplateColumn(
        "{% load indonesian %}{{ record.at|long_date_no_day:record.event.time_zone }}<br>"
        "<span class='text-secondary'>{{ record.at|clock_with_zone:record.event.time_zone }}</span>",
        verbose_name="Dikirim",
        order_by=("at", "pk"),
    )
    papers = tables.TemplateColumn(
        "{% load indonesian %}{{ record.papers|length|number }}",
        verbose_name="Berkas",
        orderable=False,  # counted in a list of the row, which the two databases count differently
        attrs={"td": {"class": "num"}, "th": {"class": "num"}},
    )
    state = tables.TemplateColumn(
        '{% include "_status.html" with tone=record.state_tone label=record.get_state_display %}',
        verbose_name="Status",
        order_by=("state", "at", "pk"),
    )

    class Meta:
        model = EventSubmission
        fields: tuple[str, ...] = ()
        sequence = ("title", "office", "at", "papers", "state")
        order_by = ("-at",)
        attrs = ATTRS
        empty_text = "Tidak ada laporan yang cocok dengan saringan."


class CrewTable(tables.Table):
    """Petugas: ``actions`` only for who may change them."""

    role = tables.Column(
        verbose_name="Peran", accessor="get_role_display", order_by=("role", "full_name", "pk")
    )
    name = tables.Column(verbose_name="Nama", accessor="printed_name", order_by=("full_name", "pk"))
    position = tables.TemplateColumn(
        "{{ record.position|default:'–' }}"
        "{% if record.agency %}<br><span class='text-secondary'>{{ record.agency }}</span>{% endif %}",
        verbose_name="Jabatan dan instansi",
        order_by=("position", "agency", "pk"),
    )
    actions = tables.TemplateColumn(
        template_name="events/_person_actions.html",
        verbose_name="Tindakan",
        orderable=False,
        attrs=ON_SCREEN,
    )

    class Meta:
        model = EventPerson
        fields: tuple[str, ...] = ()
        sequence = ("role", "name", "position", "actions")
        attrs = ATTRS

    def __init__(self, *args, may_edit: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_edit:
            self.columns.hide("actions")


class SiteTable(tables.Table):
    """Lokasi: ``actions`` only for who may change them."""

    name = tables.TemplateColumn(
        "{{ record.name }}"
        "{% if record.region %}<br><span class='text-secondary'>{{ record.region.titled }}</span>{% endif %}",
        verbose_name="Lokasi",
        order_by=("name", "pk"),
    )
    venue = tables.TemplateColumn(
        "{{ record.venue|default:'–' }}{% if record.meeting_link %}<br>"
        "<a href='{{ record.meeting_link }}' rel='noopener noreferrer'>Tautan pertemuan</a>{% endif %}",
        verbose_name="Tempat",
        order_by=("venue", "pk"),
    )
    mode = tables.Column(verbose_name="Bentuk", accessor="get_mode_display", order_by=("mode", "name", "pk"))
    officer_name = tables.Column(
        verbose_name="Petugas",
        default="Belum ditentukan",
        empty_values=(None, ""),
        order_by=("officer_name", "name", "pk"),
    )
    actions = tables.TemplateColumn(
        template_name="events/_site_actions.html",
        verbose_name="Tindakan",
        orderable=False,
        attrs=ON_SCREEN,
    )

    class Meta:
        model = EventSite
        fields: tuple[str, ...] = ()
        sequence = ("name", "venue", "mode", "officer_name", "actions")
        attrs = ATTRS

    def __init__(self, *args, may_edit: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_edit:
            self.columns.hide("actions")


class MailTable(tables.Table):
    """Rows are letters of one event, with their attendee."""

    attendee = tables.TemplateColumn(
        "<strong>{{ record.attendee.label }}</strong>",
        verbose_name="Penerima",
        order_by=("attendee__full_name", "attendee__position", "pk"),
    )
    kind = tables.Column(verbose_name="Jenis", accessor="get_kind_display", order_by=("kind", "pk"))
    state = tables.TemplateColumn(
        template_name="events/_mail_state.html", verbose_name="Keadaan", order_by=("state", "pk")
    )
    sent_at = tables.TemplateColumn(
        "{% load indonesian %}{% if record.sent_at %}{{ record.sent_at|long_date_no_day:record.event.time_zone }}, "
        "{{ record.sent_at|clock_with_zone:record.event.time_zone }}{% else %}–{% endif %}",
        verbose_name="Terkirim",
        order_by=("sent_at", "pk"),
    )
    actions = tables.TemplateColumn(
        template_name="events/_mail_actions.html",
        verbose_name="Tindakan",
        orderable=False,
        attrs=ON_SCREEN,
    )

    class Meta:
        model = OutgoingMail
        fields: tuple[str, ...] = ()
        sequence = ("attendee", "kind", "state", "sent_at", "actions")
        attrs = {"class": "table align-middle"}


class PartTable(tables.Table):
    """Lines of ``paper_board.Line``: a person and the paper that is made for that person."""

    label = tables.Column(verbose_name="Nama")
    state = tables.TemplateColumn(
        '{% include "_status.html" with tone=record.tone label=record.state %}'
        "{% if record.revision > 1 %} revisi {{ record.revision }}{% endif %}",
        verbose_name="Keadaan",
    )
    number = tables.Column(verbose_name="Nomor", default="–")
    actions = tables.TemplateColumn(
        template_name="events/_part_actions.html",
        verbose_name="Tindakan",
        orderable=False,
        empty_values=(),
        attrs=ON_SCREEN,
    )

    class Meta:
        sequence = ("label", "number", "state", "actions")
        attrs = ATTRS
