"""What the log page says after the name of who did it."""

VERBS = {
    "event.created": "membuat kegiatan",
    "event.changed": "mengubah kegiatan",
    "event.scheduled": "menjadwalkan kegiatan",
    "event.started": "memulai kegiatan",
    "event.closed": "menutup kegiatan",
    "event.reopened": "membuka kembali kegiatan",
    "event.archived": "mengarsipkan kegiatan",
    "event.cancelled": "membatalkan kegiatan",
    "event.operators_assigned": "menugaskan operator hari-H pada kegiatan",
    "election.added": "menambahkan Pemilu atau Pemilihan",
    "election.changed": "mengubah Pemilu atau Pemilihan",
    "site.added": "menambahkan lokasi",
    "site.changed": "mengubah lokasi",
    "site.removed": "menghapus lokasi",
    "person.added": "menambahkan petugas",
    "person.changed": "mengubah petugas",
    "person.removed": "menghapus petugas",
    "agenda.added": "menambahkan mata acara",
    "agenda.changed": "mengubah mata acara",
    "agenda.moved": "memindahkan mata acara",
    "agenda.removed": "menghapus mata acara",
    "attendee.added": "menambahkan peserta",
    "attendee.added_many": "menambahkan banyak peserta pada kegiatan",
    "attendee.changed": "mengubah peserta",
    "attendee.withdrawn": "mengeluarkan peserta",
    "attendee.restored": "memulihkan peserta",
    "attendee.generated": "mengisi peserta dari data wilayah pada kegiatan",
    "number.unmasked": "membuka nomor identitas",
    "attendee.checked_in": "mencatat kehadiran",
    "attendee.checked_in_many": "mencatat kehadiran beberapa peserta pada kegiatan",
}

# Facts shown behind the sentence.
FACTS = {
    "accepted_warnings": "peringatan yang diterima",
    "source": "asal data",
    "category": "unsur",
    "place": "urutan",
}
