"""PURE: ranks and posts offered while typing; suggestions, never a closed list (DOMAIN §9.4)."""

import json
from functools import cache
from pathlib import Path

RANKS_FILE = Path(__file__).parent / "data" / "ranks.json"
POSITIONS = (
    "Camat",
    "Sekretaris Kecamatan",
    "Lurah",
    "Kepala Desa",
    "Sekretaris Desa",
    "Ketua BPD",
    "Kapolsek",
    "Wakapolsek",
    "Danramil",
    "Babinsa",
    "Bhabinkamtibmas",
    "Kepala KUA",
    "Kepala UPT",
    "Kepala Puskesmas",
    "Sekretaris Daerah",
    "Asisten",
    "Staf Ahli",
    "Kepala Dinas",
    "Kepala Badan",
    "Ketua Panitia Pemilihan Kecamatan",
    "Ketua AKD",
    "Ketua PPDI",
    "Ketua APDESI",
    "Ketua DMI",
    "Ketua PGRI",
)


@cache
def ranks() -> tuple[str, ...]:
    """ "Penata Muda (III/a)", "Lettu", "Iptu" …: junior to senior, PNS first."""
    data = json.loads(RANKS_FILE.read_text())
    civil = [f"{name} ({grade})" for grade, name in data["pns"]]
    contract = [f"PPPK golongan {grade}" for grade in data["pppk"]]
    short = [row[0] for key in ("tni_ad", "tni_al_differs", "tni_au_differs", "polri") for row in data[key]]
    return tuple(dict.fromkeys([*civil, *contract, *short]))
