"""Which posts a region expects at an event: Forkopimcam, Camat, Lurah, Kepala Desa, PKD, in the words of the place.

Reads regions only; ``attendees.generate_from_region`` makes the rows.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from regions.models import Region

from .models import Category

DISTRICT_ROLES = ("camat", "kapolsek", "danramil")
VILLAGE_ROLES = ("lurah", "kades", "pkd")
# "camat_se" is the wish of a kabupaten or kota: every Camat, without Kapolsek and Danramil.
ROLES = {
    "camat": "Camat",
    "kapolsek": "Kapolsek",
    "danramil": "Danramil",
    "camat_se": "Camat tiap kecamatan",
    "lurah": "Lurah tiap kelurahan",
    "kades": "Kepala Desa tiap desa",
    "pkd": "Panwaslu Kelurahan/Desa (PKD) tiap desa dan kelurahan",
}
# Order of signing: Forkopimcam first, people typed by hand (1000 and up), then Lurah and Kades in turn.
PRECEDENCE = {"camat": 100, "kapolsek": 200, "danramil": 300, "lurah": 2000, "kades": 3000, "pkd": 4100}
CATEGORY_PRECEDENCE = {
    Category.REGIONAL_OFFICIAL: 50,
    Category.PNS: 1000,
    Category.PPPK: 1000,
    Category.ASN: 1000,
    Category.TNI: 1100,
    Category.POLRI: 1200,
    Category.NON_ASN: 1300,
    Category.VILLAGE_HEAD: 3000,
    Category.VILLAGE_STAFF: 3500,
    Category.VILLAGE_COUNCIL: 3600,
    Category.ELECTION_ORGANIZER: 4000,
    Category.ELECTION_SUPERVISOR: 4100,
    Category.ORGANIZATION: 5000,
}
LAST_PRECEDENCE = 9000


class Post(NamedTuple):
    """One expected row without a name; ``key`` says what it is, "kades:35.25.11.2003"."""

    key: str
    category: str
    position: str
    agency: str
    village: Region | None
    precedence: int


def expected_posts(region: Region, roles: Iterable[str]) -> list[Post]:
    """All posts of the roles in the region, precedence first. ValueError for an unknown role; two queries."""
    roles = {"camat" if role == "camat_se" else role for role in roles}
    if unknown := roles - set(PRECEDENCE):
        raise ValueError(f"unknown roles: {sorted(unknown)}")
    current = Region.objects.current().under(region)
    posts: list[Post] = []
    if roles & set(DISTRICT_ROLES):
        districts = current.districts().order_by("code")
        posts += [
            post for number, district in enumerate(districts) for post in _of_district(district, number)
        ]
    if roles & set(VILLAGE_ROLES):
        villages = current.villages().select_related("parent").order_by("code")
        posts += [post for village in villages for post in _of_village(village)]
    wanted = [post for post in posts if post.key.partition(":")[0] in roles]
    return sorted(wanted, key=lambda post: (post.precedence, post.village.pk if post.village else ""))


def default_roles(region: Region) -> tuple[str, ...]:
    """What is ticked at first: Forkopimcam and Kades for a kecamatan, Camat, Lurah and Kades above it."""
    if region.level in ("district", "village"):
        return (*DISTRICT_ROLES, "lurah", "kades")
    return ("camat_se", "lurah", "kades")


def roles_of_keys(keys: Iterable[str]) -> list[str]:
    """The rules behind generated rows, "kades:35.25.11.2003" → "kades", in the order of signing; unknown ones are left out."""
    found = {"camat" if key == "camat_se" else key.partition(":")[0] for key in keys}
    return [role for role in PRECEDENCE if role in found]


def default_precedence(category: str, position: str) -> int:
    """Where a person typed by hand stands among the others."""
    first = position.casefold().split(" ", 1)[0]
    if first in DISTRICT_ROLES:
        return PRECEDENCE[first]
    if first == "lurah" and category in ("pns", "asn"):
        return PRECEDENCE["lurah"]
    return CATEGORY_PRECEDENCE.get(category, LAST_PRECEDENCE)


def _of_district(district: Region, number: int) -> Iterator[Post]:
    name = district.name
    rows = (
        ("camat", Category.ASN, f"{district.local_name('camat')} {name}", district.titled),
        ("kapolsek", Category.POLRI, f"Kapolsek {name}", f"Polsek {name}"),
        ("danramil", Category.TNI, f"Danramil {name}", f"Koramil {name}"),
    )
    for role, category, position, agency in rows:
        yield Post(f"{role}:{district.code}", category, position, agency, None, PRECEDENCE[role] + number)


def _of_village(village: Region) -> Iterator[Post]:
    is_kelurahan = village.kind == Region.Kind.KELURAHAN
    role, category = ("lurah", Category.PNS) if is_kelurahan else ("kades", Category.VILLAGE_HEAD)
    title = f"{village.head_title} {village.name}"
    yield Post(f"{role}:{village.code}", category, title, village.titled, village, PRECEDENCE[role])
    yield Post(
        f"pkd:{village.code}",
        Category.ELECTION_SUPERVISOR,
        f"Panwaslu Kelurahan/Desa {village.name}",
        f"Panwaslu {village.parent.titled}",
        village,
        PRECEDENCE["pkd"],
    )
