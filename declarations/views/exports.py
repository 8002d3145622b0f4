"""Downloads of lists: who signs a paper, who has not signed, the coverage by region, texts, legal bases."""

from django.views.decorators.http import require_GET

from accounts.handing_out import chosen_in_words, hand_out_table, own_log
from accounts.roles import Permission
from accounts.spreadsheets import Column
from regions.wording import long_date_no_day

from ..access import get_declaration, recap_region, recap_roots
from ..forms import SignatoryFilter
from ..recap import recap_of, villages_of
from ..tables import SignatoryTable
from .recap import sorted_lines
from .signatory_list import in_chosen_order
from .texts import listed_bases, listed_texts

SIGNATORIES = [
    Column("name", "Nama", lambda row: row.name),
    Column("category", "Unsur", lambda row: row.group_label),
    Column("rank", "Pangkat/golongan", lambda row: row.rank),
    Column("position", "Jabatan", lambda row: row.position),
    Column("agency", "Instansi", lambda row: row.agency),
    Column("village", "Desa/kelurahan", lambda row: row.village),
    Column("outcome", "Keterangan", lambda row: row.get_outcome_display()),
    Column("behalf", "Mewakili", lambda row: row.on_behalf_of_name or row.on_behalf_of_position),
]
RECAP = [
    Column("code", "Kode wilayah", lambda line: line.region.code),
    Column("region", "Wilayah", lambda line: line.label),
    Column("signed", "Desa menandatangani", lambda line: line.villages_signed),
    Column("villages", "Desa/kelurahan", lambda line: line.villages),
    Column("planned", "Rencana", lambda line: line.planned),
    Column("running", "Berjalan", lambda line: line.running),
    Column("finished", "Selesai", lambda line: line.finished),
    Column("sealed", "Tersegel", lambda line: line.sealed),
    Column("signatures", "Tanda tangan", lambda line: line.signatures),
    Column("state", "Keadaan", lambda line: line.standing_label),
]
VILLAGES = [
    Column("code", "Kode wilayah", lambda pair: pair[0].code),
    Column("district", "Kecamatan", lambda pair: pair[0].parent.name),
    Column("village", "Desa/kelurahan", lambda pair: pair[0].titled),
    Column("signed", "Keterangan", lambda pair: "Menandatangani" if pair[1] else "Belum menandatangani"),
]

TEXTS = [
    Column("title", "Naskah", lambda text: text.title),
    Column("kind", "Jenis", lambda text: text.get_kind_display()),
    Column("office", "Milik", lambda text: "Rujukan" if text.is_reference else str(text.office)),
    Column("number", "Versi", lambda text: text.by_number[0].number if text.by_number else None),
    Column("state", "Status", lambda text: text.by_number[0].get_state_display() if text.by_number else ""),
    Column("key", "Kunci", lambda text: text.key),
]
BASES = [
    Column("short", "Dasar hukum", lambda basis: basis.short),
    Column("citation", "Kutipan lengkap", lambda basis: basis.citation),
    Column("articles", "Pasal", lambda basis: basis.articles),
    Column("gist", "Pokok", lambda basis: basis.gist),
    Column("valid_from", "Berlaku sejak", lambda basis: basis.valid_from),
    Column("valid_to", "Tidak berlaku sejak", lambda basis: basis.valid_to),
    Column("state", "Status", lambda basis: "Berlaku" if basis.in_force else "Tidak berlaku"),
    Column("successor", "Diganti", lambda basis: str(basis.superseded_by or "")),
    Column("confirmed", "Dikonfirmasi", lambda basis: "Ya" if basis.confirmed else "Belum"),
]


@require_GET
def signatories_export(request, pk, ending):
    found = get_declaration(request, pk, Permission.ATTENDEE_EXPORT)
    form = SignatoryFilter(request.GET)
    table = in_chosen_order(request, SignatoryTable(form.filter(found.signatories.current()).in_order()))
    return _people(request, found, table, "Penanda tangan", ending, chosen_in_words(form))


@require_GET
def unsigned_export(request, pk, ending):
    """Everybody whose signature is not there, by name, whatever the reason."""
    found = get_declaration(request, pk, Permission.ATTENDEE_EXPORT)
    missing = found.signatories.current().exclude(outcome="signed").in_order()
    return _people(request, found, list(missing), "Belum menandatangani", ending, [])


def _people(request, found, rows, title, ending, about):
    event = found.event
    return hand_out_table(
        title=f"{title} {found.title}",
        columns=SIGNATORIES,
        rows=rows,
        ending=ending,
        by=request.user,
        target=event,
        about=[("Kegiatan", f"{event.title} ({event.code})"), *about],
        zone=event.time_zone,
    )


@require_GET
def recap_export(request, ending):
    region = recap_region(request.GET.get("wilayah", ""), recap_roots(request.user))
    form, table = sorted_lines(request, recap_of(request.user, region), paginate=False)
    return _coverage(
        request,
        region,
        "Rekapitulasi",
        RECAP,
        [row.record for row in table.rows],
        ending,
        chosen_in_words(form),
    )


@require_GET
def villages_export(request, ending):
    """Every village below the region with signed or not, those still missing first."""
    region = recap_region(request.GET.get("wilayah", ""), recap_roots(request.user))
    rows = sorted(villages_of(request.user, region), key=lambda pair: pair[1])
    return _coverage(request, region, "Cakupan desa", VILLAGES, rows, ending, [])


def _coverage(request, region, title, columns, rows, ending, about):
    place = region.titled if region else "Indonesia"
    return hand_out_table(
        title=f"{title} {place}",
        columns=columns,
        rows=rows,
        ending=ending,
        by=request.user,
        target=own_log(request.user),
        about=[("Wilayah", place), *about],
    )


@require_GET
def texts_export(request, ending):
    form, table = listed_texts(request, paginate=False)
    return _own_list(request, "Naskah", TEXTS, table, ending, chosen_in_words(form))


@require_GET
def legal_bases_export(request, ending):
    """The status in the file is that of the day in the address."""
    form, table, day = listed_bases(request)
    about = [("Keadaan pada", long_date_no_day(day)), *chosen_in_words(form)]
    return _own_list(request, "Dasar hukum", BASES, table, ending, about)


def _own_list(request, title, columns, table, ending, about):
    return hand_out_table(
        title=title,
        columns=columns,
        rows=[row.record for row in table.rows],
        ending=ending,
        by=request.user,
        target=own_log(request.user),
        about=about,
    )
