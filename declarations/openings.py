"""DEED: make once what hides people in evidence: a salt for each row, an opening beside each identity number."""

from events.attendees import new_opening
from events.models import Attendee

from .models import Declaration
from .models.signatures import new_salt


def make_openings(*, declaration: Declaration) -> None:
    """Fill what rows from before these columns lack; what is there stays for ever, so freezing again gives the same.

    People of an archived event are frozen: who has no opening gets none, and an addendum no commitment for them.
    Effects: salts and openings are written. Part of the transaction of the seal, whose audit entry stands for it.
    """
    rows = list(declaration.signatories.filter(salt=None).only("pk"))
    for row in rows:
        row.salt = new_salt()
    declaration.signatories.model.objects.bulk_update(rows, ["salt"], batch_size=500)
    if declaration.event.is_archived:
        return
    for person in _without_opening(declaration).only("pk", "identity_number").distinct():
        Attendee.objects.filter(pk=person.pk).update(identity_opening=new_opening())


def lacks_openings(declaration: Declaration) -> bool:
    """Would ``make_openings`` write anything?"""
    if declaration.signatories.filter(salt=None).exists():
        return True
    return not declaration.event.is_archived and _without_opening(declaration).exists()


def _without_opening(declaration: Declaration):
    people = Attendee.objects.filter(signatories__declaration=declaration, identity_opening__isnull=True)
    return people.exclude(identity_number="")
