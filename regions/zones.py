"""PURE: the three time zones of Indonesia (Keppres 41/1987); there is no summer time."""

WIB, WITA, WIT = "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"
ZONES = {WIB: "WIB", WITA: "WITA", WIT: "WIT"}
ZONE_CHOICES = [
    (WIB, "WIB (Waktu Indonesia Barat)"),
    (WITA, "WITA (Waktu Indonesia Tengah)"),
    (WIT, "WIT (Waktu Indonesia Timur)"),
]
PROVINCES = {
    WIB: "11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 61 62",
    WITA: "51 52 53 63 64 65 71 72 73 74 75 76",
    WIT: "81 82 91 92 93 94 95 96",
}
ZONE_OF_PROVINCE = {province: zone for zone, provinces in PROVINCES.items() for province in provinces.split()}


def zone_of(code: str) -> str:
    """Return the tz name for a region code of any level; ValueError for a province we do not know."""
    try:
        return ZONE_OF_PROVINCE[code[:2]]
    except KeyError:
        raise ValueError(f"no time zone known for region code {code!r}") from None


def zone_label(tz_name: str) -> str:
    """Return WIB, WITA or WIT; ValueError for a zone outside Indonesia."""
    try:
        return ZONES[str(tz_name)]
    except KeyError:
        raise ValueError(f"not an Indonesian time zone: {tz_name!r}") from None
