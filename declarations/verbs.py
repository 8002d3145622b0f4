"""What the log page says about the deeds on texts and papers."""

from events.models import Category
from events.models.attendees import CATEGORY_GROUPS

VERBS = {
    "text.created": "menyusun naskah",
    "text.copied": "menyalin naskah",
    "text.filled": "melengkapi isian naskah",
    "text.changed": "mengubah draf naskah",
    "text.basis_replaced": "mengganti dasar hukum naskah",
    "text.published": "menerbitkan naskah",
    "text.approved": "menyetujui naskah",
    "declaration.added": "menambahkan naskah kegiatan",
    "declaration.changed": "mengubah naskah kegiatan",
    "declaration.removed": "menghapus naskah kegiatan",
    "declaration.numbered": "mengambil nomor untuk naskah",
    "declaration.parties_set": "mengisi para pihak",
    "declaration.absences_marked": "menandai yang belum menandatangani sebagai tidak hadir",
    "declaration.witness_added": "menambahkan saksi",
    "declaration.witness_removed": "menghapus saksi",
    "declaration.witness_restored": "mengembalikan saksi",
    "attendee.examples_named": "memberi nama contoh kepada peserta kegiatan",
}

FACTS = {
    "signing_mode": "cara penandatanganan",
    "witness": "saksi",
    "note": "catatan",
    "cited": "dasar hukum",
    "parties": "para pihak",
    "number": "nomor",
}


def group_label(value: str) -> str | None:
    """ "forkopimcam" or a category, as the list of Peserta calls it."""
    labels = {**dict(Category.choices), "lurah": "Lurah (PNS)", "semua": "Semua unsur"}
    return CATEGORY_GROUPS[value][0] if value in CATEGORY_GROUPS else labels.get(value)


# What values stored in lists are called.
WORDS = {"categories": group_label, "blocs": group_label, "applies_to": group_label}

# Kinds of deeds that the history of an event is filtered by.
GROUPS = {
    "naskah": (
        "Naskah",
        ("text.", "declaration."),
    ),
    "penandatanganan": (
        "Penandatanganan",
        (
            *("declaration.enrolled", "declaration.opened", "declaration.closed", "declaration.read"),
            *("declaration.absences_marked", "signatory.", "signature."),
        ),
    ),
    "tablet": ("Tablet", ("kiosk.", "inbox.")),
    "peserta": ("Peserta", ("attendee.examples_named",)),
}
