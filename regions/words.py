"""PURE: reading what a person typed into a region search: names, and words that only say the kind."""

from collections.abc import Iterable

from .names import fold

LONGEST, MOST_WORDS = 200, 12
REGENCY_KINDS = ("kabupaten", "kota")
DISTRICT, VILLAGE = ("kecamatan",), ("desa", "desa_adat")
KINDS = {
    **dict.fromkeys(["provinsi", "prov"], ("provinsi",)),
    **dict.fromkeys(["kabupaten", "kab"], ("kabupaten",)),
    **dict.fromkeys(["kota"], ("kota",)),
    **dict.fromkeys(["kecamatan", "kec", "kapanewon", "kemantren", "distrik"], DISTRICT),
    **dict.fromkeys(["kelurahan", "kel"], ("kelurahan",)),
    **dict.fromkeys(["desa", "ds", "kalurahan", "kampung", "gampong", "nagari", "pekon", "adat"], VILLAGE),
}


class Typed:
    """The words of a search: "Kecamatan Cerme, Kab. Gresik" → kinds (kecamatan), names [cerme, gresik]."""

    def __init__(self, text: str):
        text = text[:LONGEST]
        self.words = fold(text).split()[:MOST_WORDS]
        # "Kota" or "Desa" alone is a name being typed, not a kind.
        self.names = [word for word in self.words if word not in KINDS] or self.words
        self.kinds = KINDS.get(self.words[0], ()) if self.words else ()
        own = fold(text.partition(",")[0]).split()[:MOST_WORDS] or self.words
        # Before a comma stands the whole name; without one it may end after any word.
        self._ends = [len(own)] if "," in text else range(1, len(own) + 1)

    @property
    def whole_names(self) -> list[str]:
        """Names the text may begin with; without a kind before them also those of regencies: "gresik"."""
        return self._names_from(0, kinds=() if self.kinds else REGENCY_KINDS)

    @property
    def names_after_kind(self) -> list[str]:
        """Names that may follow the kind the text begins with; a regency's name includes its kind."""
        if not self.kinds:
            return []
        return self._names_from(1, kinds=[kind for kind in self.kinds if kind in REGENCY_KINDS])

    def _names_from(self, start: int, kinds: Iterable[str]) -> list[str]:
        names = [" ".join(self.words[start:end]) for end in self._ends if end > start]
        return names + [f"{kind} {name}" for kind in kinds for name in names]
