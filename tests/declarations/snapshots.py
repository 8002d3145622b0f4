"""Frozen snapshots with invented people, made by hand: what the papers are tested with, without a database."""

from accounts.canonical import b64u, canonical_bytes, sha256_hex
from declarations.evidence import canonical_text, text_sha256
from declarations.papers import template_of
from declarations.sample_strokes import sample_signature
from documents.papers import DocumentFacts

CERME = {
    "title": "Deklarasi Netralitas ASN, TNI, Polri, Kades/Perangkat Desa di wilayah Kecamatan Cerme",
    "points": [
        "Menjaga dan menegakkan Netralitas ASN di Instansi masing-masing dalam melaksanakan fungsi pelayanan publik"
        " baik sebelum maupun sesudah pelaksanaan pemilihan gubernur dan wakil gubernur jawa timur serta bupati dan"
        " wakil bupati gresik tahun 2024.",
        "Menghindari konflik kepentingan dan penyalagunaan wewenang dalam melaksanakan tugas di Instansi"
        " masing-masing.",
        "Mendorong masyarakat kabupaten gresik untuk ikut serta mengawasi netralitas ASN, TNI, POLRI, KADES /"
        " PERANGKAT DESA.",
        "Berperan secara aktif membangun tegaknya netralitas ASN selama pelaksanaan pemilihan gubernur dan wakil"
        " gubernur jawa timur serta bupati dan wakil bupati gresik tahun 2024.",
    ],
    "consent": "Saya telah membaca atau mendengar naskah ini dan menyetujuinya.",
}
MEMORANDUM = {
    "title": "Memorandum of Understanding (MoU) Panwaslu Kecamatan Purwodadi dengan Pemerintah Kecamatan Purwodadi",
    "opening": "PARA PIHAK menerangkan bahwa:\na. pengawasan Pemilihan memerlukan peran serta masyarakat;\n"
    "b. aparatur sipil negara wajib bebas dari pengaruh dan intervensi semua golongan dan partai politik;",
    "points": [
        "Maksud dan Tujuan\nNota Kesepahaman ini menjadi pedoman bagi PARA PIHAK dalam melakukan kerja sama yang saling"
        " mendukung dalam penguatan tugas dan fungsi sesuai kewenangan masing-masing.",
        "Ruang Lingkup\nRuang lingkup Nota Kesepahaman ini meliputi:\n1. sosialisasi pengawasan partisipatif;\n"
        "2. pencegahan pelanggaran netralitas; dan\n3. pertukaran data dan informasi.",
        "Pelaksanaan\nPARA PIHAK melaksanakan Nota Kesepahaman ini sesuai tugas, fungsi, dan kewenangan masing-masing.",
        "Jangka Waktu\nNota Kesepahaman ini berlaku sejak ditandatangani sampai dengan berakhirnya tahapan Pemilihan"
        " Serentak Tahun 2024.",
        "Pembiayaan\nBiaya pelaksanaan dibebankan kepada anggaran masing-masing pihak sesuai ketentuan peraturan"
        " perundang-undangan.",
        "Penutup\nNota Kesepahaman ini dibuat dalam rangkap 2 (dua), masing-masing mempunyai kekuatan hukum yang sama.",
    ],
    "consent": "Saya telah membaca atau mendengar naskah ini dan menyetujuinya.",
}
PACT = {
    "title": "Pakta Integritas\nNetralitas Aparatur Sipil Negara pada Pemilihan Serentak Tahun 2024",
    "opening": "dengan ini menyatakan:",
    "points": [
        "Tidak memihak kepada bakal calon, calon, atau pasangan calon mana pun.",
        "Tidak menggunakan fasilitas negara untuk kepentingan kampanye.",
        "Menghindari konflik kepentingan, tidak melakukan praktik intimidasi dan ancaman kepada pegawai ASN dan seluruh"
        " elemen masyarakat.",
        "Menolak politik uang dan segala jenis pemberian dalam bentuk apa pun.",
    ],
    "closing": "Apabila saya melanggar pernyataan ini, saya bersedia menerima sanksi sesuai dengan ketentuan peraturan"
    " perundang-undangan.",
    "consent": "Saya telah membaca atau mendengar naskah ini dan menyetujuinya.",
}
GROUPS = [
    {"key": "asn", "label": "ASN"},
    {"key": "tni", "label": "TNI"},
    {"key": "polri", "label": "Polri"},
    {"key": "kepala_desa", "label": "Kepala Desa"},
]
POSTS = {
    "asn": ("PNS", "Kepala Seksi Pemerintahan", "Kecamatan Cerme"),
    "tni": ("TNI", "Bintara Pembina Desa", "Koramil 0817/10 Cerme"),
    "polri": ("Polri", "Bhayangkara Pembina Keamanan dan Ketertiban Masyarakat", "Polsek Cerme"),
    "kepala_desa": ("Kepala Desa", "Kepala Desa", ""),
}
NAMES = [
    "Drs. H. Ahmad Fauzi, M.Si.",
    "Nyoman Sudiarta",
    "Ita Rahmawati, S.Sos.",
    "Suwarno",
    "L. Agustina, S.STP., M.M.",
]


def signer(order: int, group: str = "asn", **changes) -> dict:
    """Somebody who drew; the record is as much of a real one as the paper reads."""
    unsur, position, agency = POSTS[group]
    person = {
        "order": order,
        "bloc": group,
        "name": f"{NAMES[order % len(NAMES)]} {order} (contoh)",
        "category": group,
        "unsur": unsur,
        "position": position,
        "capacity": "self",
        "outcome": "signed",
        "channel": "web",
        "method": "drawn",
        "signed_at": f"2024-10-02T02:{order % 60:02}:10.000Z",
        "record": {"strokes": b64u(sample_signature(order))},
        "record_sha256": f"{order:064x}",
    }
    person |= {"agency": agency} if agency else {"village": f"Desa Contoh {order}"}
    return {key: value for key, value in {**person, **changes}.items() if value is not None}


def without_signature(order: int, outcome: str, group: str = "kepala_desa", **changes) -> dict:
    missing = dict.fromkeys(("record", "record_sha256", "method", "signed_at", "channel"))
    return signer(order, group, outcome=outcome, **{**missing, **changes})


def snapshot(kind: str, mode: str, people: list[dict], *, text: dict = CERME, **changes) -> dict:
    text = canonical_text(text)
    frozen = {
        "schema": "netralitas-snapshot/1",
        "template": f"{template_of(kind, mode)}@1",
        "as_of": "2024-10-02T04:12:09.000Z",
        "office": {
            "name": "Panwaslu Kecamatan Cerme",
            "letterhead": ["PANITIA PENGAWAS PEMILIHAN UMUM", "KECAMATAN CERME", "KABUPATEN GRESIK"],
            "address": "Jalan Raya Cerme Lor 1 (contoh), Gresik 61171",
            "paper_size": "A4",
        },
        "event": {
            "id": "018f0000-0000-7000-8000-000000000001",
            "code": "7KQ2M9XDAB",
            "title": "Sosialisasi dan Deklarasi Netralitas pada Pemilihan Serentak 2024",
            "office": "Panwaslu Kecamatan Cerme",
            "venue": "Pendopo Kecamatan Cerme",
            "time_zone": "Asia/Jakarta",
            "elections": [
                {"kind": "pemilihan", "name": "Pemilihan Serentak Tahun 2024", "voting_date": "2024-11-27"}
            ],
        },
        "declaration": {
            "id": "018f0000-0000-7000-8000-000000000002",
            "kind": kind,
            "signing_mode": mode,
            "place": "Cerme",
            "date": "2024-10-02",
            "numbers": ["012/PM.05/K.JI-12.05/10/2024"],
        },
        "text": text,
        "text_sha256": text_sha256(text),
        "text_version": {"key": "uji", "number": 1},
        "parties": [],
        "witnesses": [],
        "groups": GROUPS,
        "village_word": "desa",
        "signatories": people,
        "totals": totals(people),
        "review": {"conflict": 0, "held": 0, "revoked": 0, "quarantined": 0},
        "public": {},
    }
    for name, value in changes.items():
        frozen[name] = {**frozen[name], **value} if isinstance(value, dict) and name in frozen else value
    return frozen


def totals(people: list[dict]) -> dict:
    def count(rows):
        return {
            "listed": len(rows),
            **{
                name: sum(row["outcome"] == name for row in rows)
                for name in ("signed", "refused", "absent", "excused")
            },
        }

    by_group = []
    for group in GROUPS:
        rows = [row for row in people if row["bloc"] == group["key"]]
        if rows:
            villages = {"villages_listed": len(rows), "villages_signed": count(rows)["signed"]}
            by_group.append({**group, **count(rows), **(villages if group["key"] == "kepala_desa" else {})})
    return {**count(people), "by_group": by_group}


def facts(frozen: dict, **changes) -> DocumentFacts:
    values = {
        "id": "018f0000-0000-7000-8000-000000000003",
        "kind": frozen["declaration"]["kind"],
        "kind_label": "Deklarasi",
        "title": frozen["text"]["title"],
        "number": "; ".join(frozen["declaration"]["numbers"]),
        "classification": "PM.05",
        "office": frozen["office"]["name"],
        "event_code": frozen["event"]["code"],
        "revision": 1,
        "input_sha256": sha256_hex(canonical_bytes(frozen)),
        "token": "a" * 26,
        "verify_url": "https://netralitas.example/verifikasi/abcdefghijklmnopqrstuvwxyz/",
    }
    return DocumentFacts(**{**values, **changes})


def collective(signers: int = 30, **changes) -> dict:
    groups = [group["key"] for group in GROUPS]
    people = [signer(n, groups[min(3, (n - 1) * 4 // signers)]) for n in range(1, signers + 1)]
    return snapshot("declaration", "collective", [{**person, "bloc": ""} for person in people], **changes)
