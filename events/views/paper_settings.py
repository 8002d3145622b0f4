"""Pages: how an office wants its papers, with its own wording shown as it will be printed."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import get_visible, require
from accounts.models import Office
from accounts.roles import Permission

from .. import paper_kinds
from ..forms.base import posted, saved
from ..forms.paper_settings import LONGEST, PaperSettingsForm
from ..letter_parts import token_values
from ..models import Event
from ..paper_snapshot import PrintSettings
from ..wording_tokens import TOKENS, fill, problems_of

SAMPLE = {
    "judul_kegiatan": "Sosialisasi dan Deklarasi Netralitas",
    "tanggal_panjang": "Rabu, 2 Oktober 2024",
    "terbilang_tanggal": "Rabu, tanggal Dua, bulan Oktober, tahun Dua Ribu Dua Puluh Empat",
    "pukul": "08.00 WIB s.d. selesai",
    "tempat": "Pendopo Kecamatan",
    "alamat_tempat": "Jalan Raya Nomor 1",
    "nama_pemilihan": "Pemilihan Serentak Tahun 2024",
    "nomor": "045/PM.03.02/K/10/2024",
    "tanggal_surat": "25 September 2024",
}


@require_http_methods(["GET", "POST"])
def paper_settings(request, pk):
    office = managed_office(request, pk)
    form = PaperSettingsForm(posted(request), office=office)
    if request.method == "POST" and saved(form, by=request.user):
        messages.success(request, "Pengaturan surat disimpan. Berkas yang sudah terbit tidak berubah.")
        return redirect("events:office_papers", office.pk)
    values = values_of(office)
    rows = [
        {
            "field": field,
            "kind": kind,
            "block": block,
            **shown(field.value() or default_of(kind, block), values),
        }
        for field, kind, block in form.rows()
    ]
    context = {"office": office, "form": form, "rows": rows, "tokens": TOKENS.items()}
    return render(request, "events/paper_settings.html", context)


@require_POST
def wording_preview(request, pk, kind, block):
    """The wording as it would be printed now; nothing is stored."""
    office = managed_office(request, pk)
    default = default_of(kind, block)
    text = request.POST.get(f"{kind}-{block}", "")[:LONGEST] or default
    return render(request, "events/_wording_preview.html", shown(text, values_of(office)))


def managed_office(request, pk) -> Office:
    office = get_visible(Office.objects.select_related("region"), request.user, pk=pk)
    require(request.user, Permission.OFFICE_MANAGE, office)
    return office


def default_of(kind: str, block: str) -> str:
    """Our words of a block, or 404 for one that is unknown."""
    paper = paper_kinds.get(kind)
    found = next((each for each in paper.blocks if each.name == block), None) if paper else None
    if found is None:
        raise Http404("Tidak ditemukan.")
    return found.default


def values_of(office: Office) -> dict[str, str]:
    """The data of the office's newest event with a date, or examples."""
    event = Event.objects.filter(office=office, is_template=False).exclude(starts_at=None).first()
    if event:
        return token_values(event, PrintSettings()) | {
            name: SAMPLE[name] for name in ("nomor", "tanggal_surat")
        }
    region = office.region.full_name if office.region else "Indonesia"
    return {**SAMPLE, "nama_kantor": office.name, "wilayah": region}


def shown(text: str, values: dict[str, str]) -> dict:
    problems = problems_of(text)
    return {"problems": problems, "paragraphs": [] if problems else fill(text, values)}
