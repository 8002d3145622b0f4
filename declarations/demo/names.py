"""Invented people. PURE: the same seed gives the same names; every one carries "(contoh)"."""

from random import Random

MARK = "(contoh)"
FIRST = [
    "Slamet",
    "Suparno",
    "Sutrisno",
    "Wahyudi",
    "Bambang",
    "Hariyanto",
    "Mulyono",
    "Sugeng",
    "Agus",
    "Budi",
    "Eko",
    "Teguh",
    "Joko",
    "Supriyadi",
    "Kusnan",
    "Rohmat",
    "Abdul",
    "Mukhlis",
    "Zainul",
    "Fathur",
    "Imron",
    "Yusuf",
    "Siti",
    "Sri",
    "Endang",
    "Wiwik",
    "Lilik",
    "Nur",
    "Dewi",
    "Ratna",
    "Umi",
    "Khusnul",
    "Sulastri",
    "Yuliati",
]
LAST = [
    "Santoso",
    "Wibowo",
    "Prasetyo",
    "Hidayat",
    "Rahmadi",
    "Utomo",
    "Setiawan",
    "Purnomo",
    "Widodo",
    "Kurniawan",
    "Hartono",
    "Susanto",
    "Firmansyah",
    "Arifin",
    "Maulana",
    "Nugroho",
    "Saputra",
    "Wijaya",
    "Lestari",
    "Rahayu",
    "Handayani",
    "Astuti",
    "Wahyuni",
    "Hasanah",
    "Fauziah",
    "Mahmudah",
    "Anggraini",
]


def invented_names(seed: int, count: int) -> list[str]:
    """``count`` different names while the lists last; afterwards a third word keeps them apart."""
    random = Random(seed)  # noqa: S311 - names for a demo, no secret
    pairs = [f"{first} {last}" for first in FIRST for last in LAST]
    random.shuffle(pairs)
    extra = [f"{pair} {random.choice(LAST)}" for pair in pairs]
    return [f"{name} {MARK}" for name in (pairs + extra)[:count]]
