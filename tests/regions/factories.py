"""A few real regions, so that tests need no full data: names and codes are those of the decree."""

from regions import EDITION
from regions.codes import ancestor_codes, level_of
from regions.models import Region

NAMES = {
    "11": "Aceh",
    "18": "Lampung",
    "18.04": "Kabupaten Lampung Barat",
    "33": "Jawa Tengah",
    "33.06": "Kabupaten Purworejo",
    "33.06.03": "Purwodadi",
    "33.15": "Kabupaten Grobogan",
    "33.15.13": "Purwodadi",
    "34": "Daerah Istimewa Yogyakarta",
    "34.04": "Kabupaten Sleman",
    "34.71": "Kota Yogyakarta",
    "35": "Jawa Timur",
    "35.11": "Kabupaten Bondowoso",
    "35.11.15": "Cermee",
    "35.14": "Kabupaten Pasuruan",
    "35.14.01": "Purwodadi",
    "35.22": "Kabupaten Bojonegoro",
    "35.22.15": "Bojonegoro",
    "35.25": "Kabupaten Gresik",
    "35.25.11": "Cerme",
    "35.25.11.2001": "Dadapkuning",
    "35.25.11.2002": "Lengkong",
    "35.25.11.2003": "Kandangan",
    "35.25.11.2017": "Iker-iker Geger",
    "35.75": "Kota Pasuruan",
    "35.75.01": "Gadingrejo",
    "51": "Bali",
    "73": "Sulawesi Selatan",
    "73.72": "Kota Parepare",
    "73.72.01": "Bacukiki",
    "91": "Papua",
}


def make_region(code: str, name: str = "", **fields) -> Region:
    """Return the region, made with its ancestors if missing; names not listed above are visibly invented."""
    for upper in ancestor_codes(code):
        _get_or_make(upper)
    return _get_or_make(code, name, **fields)


def _get_or_make(code: str, name: str = "", **fields) -> Region:
    values = {**Region.facts(code, name or NAMES.get(code) or _invented(code)), "edition": EDITION, **fields}
    return Region.objects.get_or_create(code=code, defaults=values)[0]


def _invented(code: str) -> str:
    if level_of(code) != "regency":
        return f"Contoh {code}"
    return f"{Region.facts(code, 'x')['kind'].title()} Contoh {code}"


def gresik() -> Region:
    return make_region("35.25")


def cerme() -> Region:
    return make_region("35.25.11")


def cerme_villages() -> list[Region]:
    """Four of the 25 villages of Cerme."""
    return [make_region(f"35.25.11.{last}") for last in (2001, 2002, 2003, 2017)]


def purwodadi() -> Region:
    """Kecamatan Purwodadi, Kabupaten Pasuruan: one of four districts of that name."""
    return make_region("35.14.01")


def pasuruan() -> Region:
    return make_region("35.75")


def bojonegoro() -> Region:
    return make_region("35.22")


def parepare() -> Region:
    """A city in the WITA zone."""
    return make_region("73.72")
