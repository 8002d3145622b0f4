"""Reports of the five events of the articles: sealed, judged by the validators, with the facts that are in print."""

from datetime import timedelta

import pytest

from accounts import audit
from documents import jobs, pdf, storage, verification
from documents.models import Document
from events import paper_kinds
from events.issuing import issue_event_paper, save_details
from events.models import Event
from tests.declarations.test_demo import (  # noqa: F401
    bojonegoro,
    cerme,
    kota_pasuruan,
    parepare,
    purwodadi,
    reference_data,
    run,
)
from tests.events.papers import text_of

pytestmark = pytest.mark.django_db

TYPED = {
    "berita_acara": {"second_name": "Umar Hasyim (contoh)", "second_post": "Camat"},
    "notula": {
        "writer": "Hendra (contoh)",
        "discussion": "Sambutan.",
        "conclusion": "Sepakat.",
        "follow_up": "Tidak ada.",
    },
    "laporan_kegiatan": {
        "basis": "Undang-Undang Nomor 7 Tahun 2017.",
        "purpose": "Menjaga netralitas.",
        "material": "Netralitas.",
        "problems": "Tidak ada.",
        "advice": "Tidak ada.",
    },
    "rekap": {},
    "ba_serah_terima_arsip": {
        "receiver": "Budi (contoh)",
        "receiver_post": "Kepala Sekretariat",
        "receiver_office": "Bawaslu (contoh)",
        "witness_1": "Rina (contoh)",
    },
}
# scenario → words of the day on the berita acara, and what its recap says of villages
DAYS = {
    "cerme-2024": (
        "Rabu, tanggal Dua, bulan Oktober, tahun Dua Ribu Dua Puluh Empat (02-10-2024)",
        "25 dari 25 (100%)",
    ),
    "purwodadi-2024": (
        "Selasa, tanggal Dua Puluh Lima, bulan Juni, tahun Dua Ribu Dua Puluh Empat (25-06-2024)",
        "",
    ),
    "kota-pasuruan-2024": (
        "Senin, tanggal Dua Puluh Tiga, bulan September, tahun Dua Ribu Dua Puluh Empat",
        "",
    ),
    "parepare-2024": ("Kamis, tanggal Tiga, bulan Oktober, tahun Dua Ribu Dua Puluh Empat (03-10-2024)", ""),
    "bojonegoro-2023": (
        "Rabu, tanggal Tiga Belas, bulan Desember, tahun Dua Ribu Dua Puluh Tiga (13-12-2023)",
        "3 dari 3 (100%)",
    ),
}


def issued(event: Event, kind: str) -> str:
    """The text of the sealed paper; fails unless both validators and every check of ours are content."""
    paper = paper_kinds.get(kind)
    save_details(
        event=event,
        kind=kind,
        by=audit.SYSTEM,
        date=event.date + timedelta(days=1) if paper.numbered else None,
        classification=paper.classification if paper.numbered else "",
        details=TYPED[kind],
    )
    document = issue_event_paper(event=event, kind=kind, by=audit.SYSTEM)
    jobs.run_pending()
    document.refresh_from_db()
    assert document.state == Document.State.SEALED, kind
    data = storage.read(document.file)
    assert pdf.validate(data) == []
    assert verification.verify_file(data).valid
    return text_of(data)


@pytest.mark.parametrize("scenario", sorted(DAYS))
def test_every_report_of_an_article_is_sealed_and_valid(
    scenario,
    cerme,  # noqa: F811
    purwodadi,  # noqa: F811
    kota_pasuruan,  # noqa: F811
    parepare,  # noqa: F811
    bojonegoro,  # noqa: F811
):
    [made] = run(scenario=scenario, complete=True)
    jobs.run_pending()
    event = Event.objects.get(code=made["code"])
    said = {kind: issued(event, kind) for kind in TYPED}
    day, villages = DAYS[scenario]
    assert f"Pada hari ini {day}" in said["berita_acara"]
    assert villages in said["rekap"]
    assert ("Cakupan" in said["rekap"]) == bool(villages)
    naskah = Document.objects.sealed().filter(source__startswith="declaration:")
    for kind in ("berita_acara", "laporan_kegiatan", "rekap", "ba_serah_terima_arsip"):
        assert all(each.sha256 in said[kind].replace(" ", "") for each in naskah), kind
    assert "CONTOH" in said["laporan_kegiatan"]
