"""Offices and people for the tests of every room."""

from datetime import timedelta

import factory
from django.utils import timezone

from accounts.models import Membership, Office, User
from accounts.roles import Role
from regions.codes import kind_of, level_of, parent_code
from regions.models import Region
from regions.zones import zone_of

PASSWORD = "sandi-uji-yang-panjang"

NAMES = {
    "35": "Jawa Timur",
    "35.14": "Kabupaten Pasuruan",
    "35.14.01": "Purwodadi",
    "35.22": "Kabupaten Bojonegoro",
    "35.25": "Kabupaten Gresik",
    "35.25.10": "Benjeng",
    "35.25.11": "Cerme",
    "35.25.11.2003": "Iker-iker Geger",
    "35.75": "Kota Pasuruan",
    "73": "Sulawesi Selatan",
    "73.72": "Kota Parepare",
}


def region(code: str) -> Region:
    """The region with this code, made with everything above it when it is not there yet."""
    found = Region.objects.filter(code=code).first()
    if found is None:
        parent = parent_code(code)
        found = Region.objects.create(
            code=code,
            name=NAMES.get(code, f"Wilayah {code}"),
            level=level_of(code),
            kind=kind_of(code),
            parent=region(parent) if parent else None,
            time_zone=zone_of(code),
            edition="uji",
        )
    return found


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"pengguna{n}@contoh.id")
    full_name = factory.Sequence(lambda n: f"Pengguna {n}")
    password = factory.django.Password(PASSWORD)


class OfficeFactory(factory.django.DjangoModelFactory):
    """A Panwaslu Kecamatan with a complete letterhead; the same name in the same region is the same office."""

    class Meta:
        model = Office
        django_get_or_create = ("region", "kind", "name")

    kind = Office.Kind.PANWASLU
    level = factory.LazyAttribute(lambda office: office.region.level)
    region = factory.LazyFunction(lambda: region("35.25.11"))
    name = factory.LazyAttribute(lambda office: f"Panwaslu {office.region.titled}")
    term_ends = factory.LazyAttribute(
        lambda office: (
            timezone.localdate() + timedelta(days=180) if office.kind == Office.Kind.PANWASLU else None
        )
    )
    letter_code = "JI-12.05"
    letterhead_lines = "PANITIA PENGAWAS PEMILIHAN UMUM\nKECAMATAN CERME\nKABUPATEN GRESIK"
    address = "Jalan Raya Cerme Lor 1 (contoh)"
    chair_name = "Ketua Contoh"
    secretariat_head_name = "Kepala Sekretariat Contoh"


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    office = factory.SubFactory(OfficeFactory)
    role = Role.ORGANIZER
    starts = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=30))


def panwaslu(code: str, **fields) -> Office:
    return OfficeFactory(region=region(code), **fields)


def panwaslu_cerme(**fields) -> Office:
    return panwaslu("35.25.11", **fields)


def panwaslu_benjeng(**fields) -> Office:
    """A sibling of Cerme in the same regency."""
    return panwaslu("35.25.10", **fields)


def panwaslu_purwodadi(**fields) -> Office:
    return panwaslu("35.14.01", **fields)


def bawaslu(code: str, **fields) -> Office:
    place = region(code)
    name = f"Bawaslu {place.titled}"
    return OfficeFactory(
        region=place, kind=Office.Kind.BAWASLU, **{"name": name, "letter_code": "JI-12", **fields}
    )


def bawaslu_gresik(**fields) -> Office:
    return bawaslu("35.25", **fields)


def bawaslu_east_java(**fields) -> Office:
    return bawaslu("35", **fields)


def bawaslu_parepare(**fields) -> Office:
    return bawaslu("73.72", **fields)


def bakesbangpol_bojonegoro(**fields) -> Office:
    place = region("35.22")
    return OfficeFactory(region=place, kind=Office.Kind.GOVERNMENT, name="Bakesbangpol Bojonegoro", **fields)


def member(office: Office, role: Role | str = Role.ORGANIZER, **fields) -> User:
    """A new user with this role at the office."""
    return MembershipFactory(office=office, role=role, **fields).user


def organizer_of(office: Office) -> User:
    return member(office, Role.ORGANIZER)
