import django_tables2 as tables

from .models import Office
from .spreadsheets import Column


class OfficeTable(tables.Table):
    name = tables.Column(
        verbose_name="Kantor",
        linkify=("accounts:office_detail", {"pk": tables.A("pk")}),
        order_by=("name", "pk"),
    )
    region = tables.TemplateColumn(
        "{{ record.region.titled|default:'Nasional' }}",
        verbose_name="Wilayah",
        order_by=("region_id", "name"),
    )
    term_ends = tables.TemplateColumn(
        "{% load indonesian %}{% if record.term_ends %}{% if record.is_dissolved %}"
        '{% include "_status.html" with tone="muted" label="Berakhir" %} '
        "{% endif %}{{ record.term_ends|long_date_no_day }}{% else %}–{% endif %}",
        verbose_name="Masa jabatan berakhir",
    )
    staff_count = tables.Column(
        verbose_name="Bertugas", attrs={"td": {"class": "num"}, "th": {"class": "num"}}
    )

    class Meta:
        model = Office
        fields: tuple[str, ...] = ()
        sequence = ("name", "region", "term_ends", "staff_count")
        attrs = {"class": "table"}
        empty_text = "Tidak ada kantor yang cocok dengan saringan."


# The list of offices as a file.
OFFICE_COLUMNS = [
    Column("name", "Kantor", lambda office: office.name),
    Column("kind", "Jenis", lambda office: office.get_kind_display()),
    Column("region", "Wilayah", lambda office: office.region.titled if office.region else "Nasional"),
    Column("code", "Kode wilayah", lambda office: office.region_id or ""),
    Column("term_ends", "Masa jabatan berakhir", lambda office: office.term_ends),
    Column("staff_count", "Bertugas", lambda office: office.staff_count),
]

# Who works or worked in an office as a file.
STAFF_COLUMNS = [
    Column("name", "Nama", lambda membership: membership.user.full_name),
    Column("email", "Surel", lambda membership: membership.user.email),
    Column("role", "Peran", lambda membership: membership.get_role_display()),
    Column("starts", "Sejak", lambda membership: membership.starts),
    Column("ends", "Sampai", lambda membership: membership.last_day),
    Column("state", "Status", lambda membership: membership.state_label),
]
