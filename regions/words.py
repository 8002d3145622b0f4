"""PURE: reading what a person typed into a region search: names, and words that only say the kind."""

from .names import fold

DISTRICT, VILLAGE = ("kecamatan",), ("desa", "desa_adat")
ALL_KINDS = ("provinsi", "kabupaten", "kota", "kecamatan", "kelurahan", "desa", "desa_adat")
KINDS = {
    **dict.fromkeys(["provinsi", "prov"], ("provinsi",)),
    **dict.fromkeys(["kabupaten", "kab"], ("kabupaten",)),
    **dict.fromkeys(["kota"], ("kota",)),
    **dict.fromkeys(["kecamatan", "kec", "kapanewon", "kemantren", "distrik"], DISTRICT),
    **dict.fromkeys(["kelurahan", "kel"], ("kelurahan",)),
    **dict.fromkeys(["desa", "ds", "kalurahan", "kampung", "gampong", "nagari", "pekon", "adat"], VILLAGE),
}


class Typed:
    """The words of a search: "Kecamatan Cerme, Kab. Gresik" → names [cerme, gresik], kinds [kecamatan]."""

    def __init__(self, text: str):
        self.words = fold(text[:200]).split()[:10]
        names = [word for word in self.words if word not in KINDS]
        # "Kota" or "Desa" alone is a name being typed, not a kind.
        self.names = names or self.words

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds the first word asks for; all when it is a name."""
        return KINDS.get(self.words[0], ALL_KINDS) if self.words else ALL_KINDS

    @property
    def possible_names(self) -> list[str]:
        """Whole names the text may begin with: after "kota baru kediri" also "kota baru", "baru"."""
        starts = {" ".join(self.words[:end]) for end in range(1, len(self.words) + 1)}
        starts |= {" ".join(self.names[:end]) for end in range(1, len(self.names) + 1)}
        return sorted(starts | {f"{kind} {name}" for kind in ("kabupaten", "kota") for name in starts})
