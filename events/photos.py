"""DEEDS: photos of an event: add, describe, move, remove, put back. Till the event is archived, also after it is closed."""

from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.db import transaction
from django.db.models import Max, Q

from accounts import audit
from accounts.refusals import Refusal
from accounts.writing import writing
from documents import storage
from documents.models import Document

from . import paper_kinds
from .issuing import refuse_unless_issuable
from .locking import fresh, lock
from .models import Event, EventPhoto
from .photo_files import CleanPhoto
from .rows import check, fill, save_changes, state_of

MOST_PHOTOS = 200  # of one event
PHOTO_FIELDS = ("caption", "taken_at", "is_printed")
BEING_SEALED = "Berkas yang memuat foto sedang dibuat dan disegel. Tunggu sampai selesai, lalu hapus fotonya."
IS_BACK = "Foto ini sudah kembali ke daftar."
FILES_GONE = "Berkas foto ini sudah dihapus dari peladen. Unggah lagi fotonya bila masih diperlukan."


def add_photo(*, event: Event, upload: bytes, photo: CleanPhoto, caption: str = "", by) -> EventPhoto | None:
    """Keep a photo at the end of the list; None when the event already has this very file.

    ``photo`` is ``photo_files.clean_photo(upload)``. Effects in order: both files stored; row; audit entry. Refused for
    an event that is archived, cancelled or a template, and when it has MOST_PHOTOS.
    """
    digest = sha256(upload).hexdigest()
    with writing():
        refuse_unless_issuable(lock(event))
        if event.photos.filter(upload_sha256=digest).exists():
            return None
        _refuse_one_more(event)
        row = EventPhoto(event=event, upload_sha256=digest, width=photo.width, height=photo.height)
        row.sha256 = sha256(photo.jpeg).hexdigest()
        row.print_sha256 = sha256(photo.printed).hexdigest()
        fill(row, {"caption": caption, "taken_at": _in_zone(photo.taken, event)}, PHOTO_FIELDS)
        row.order = (event.photos.aggregate(last=Max("order"))["last"] or 0) + 1
        row.added_by = audit.user_or_none(by)
        check(row)
        storage.store(row.file, photo.jpeg)
        storage.store(row.print_file, photo.printed)
        row.save(force_insert=True)
        audit.record(by, "photo.added", row)
    return row


def change_photo(*, photo: EventPhoto, by, **fields) -> EventPhoto:
    """Caption, time, and whether it is printed (PHOTO_FIELDS); audit ``photo.changed`` with before and after."""
    with writing():
        refuse_unless_issuable(lock(photo.event))
        fresh(photo)
        before = state_of(photo, fields)
        fill(photo, fields, PHOTO_FIELDS)
        check(photo)
        if facts := save_changes(photo, before):
            _touch(photo)
            audit.record(by, "photo.changed", photo, **facts)
    return photo


def move_photo(*, photo: EventPhoto, by, up: bool) -> EventPhoto:
    """Change places with the neighbour; at the end of the list nothing happens. Audit ``photo.moved``."""
    with writing():
        refuse_unless_issuable(lock(photo.event))
        fresh(photo)
        photos = list(EventPhoto.objects.filter(event=photo.event))
        here = photos.index(photo)
        there = here - 1 if up else here + 1
        if not 0 <= there < len(photos):
            return photo
        photos[here], photos[there] = photos[there], photos[here]
        for number, row in enumerate(photos, start=1):
            if row.order != number:
                row.order = number
                row.save(update_fields=["order", "changed_at"])
        photo.refresh_from_db(fields=["order"])
        audit.record(by, "photo.moved", photo, place=there + 1)
    return photo


def remove_photo(*, photo: EventPhoto, by) -> dict[str, str]:
    """Take a photo out; the picture of its row, for ``restore_photo``. Papers that were sealed with it keep it.

    Effects in order: audit entry; row; after commit the day begins that both files are kept (``sweep_photos``). Refused
    while a paper that prints photos waits for its seal: it needs the file.
    """
    with writing():
        event = lock(photo.event)
        refuse_unless_issuable(event)
        fresh(photo)
        printing = [paper.kind for paper in paper_kinds.in_order() if paper.pictures]
        waiting = Document.objects.filter(office=event.office, event_code=event.code, kind__in=printing)
        if waiting.unsealed().exists():
            raise Refusal(BEING_SEALED)
        names, picture = (photo.file, photo.print_file), _picture(photo)
        audit.record(by, "photo.removed", photo)
        photo.delete()
        transaction.on_commit(lambda: [storage.touch(name) for name in names], robust=True)
    return picture


def restore_photo(*, event: Event, picture: dict[str, str], by) -> EventPhoto:
    """Put back what ``remove_photo`` took out: the row as it was, at its old place and under its old key.

    Effects in order: the files begin a day anew; row; audit ``photo.restored``. Refused for an event that takes no
    photos any more, when the photo is back or was added anew, when there are MOST_PHOTOS, and when the files are gone.
    """
    row = EventPhoto(event=event)
    for name, value in picture.items():
        field = EventPhoto._meta.get_field(name)
        setattr(row, field.attname, field.to_python(value))
    with writing():
        refuse_unless_issuable(lock(event))
        if event.photos.filter(Q(pk=row.pk) | Q(upload_sha256=row.upload_sha256)).exists():
            raise Refusal(IS_BACK)
        _refuse_one_more(event)
        if not all(storage.touch(name) for name in (row.file, row.print_file)):
            raise Refusal(FILES_GONE)
        check(row)
        row.save(force_insert=True)
        audit.record(by, "photo.restored", row)
    return row


def sweep_photos(*, older_than: float = storage.DAY) -> int:
    """Remove files of photos that were taken out longer ago than this (seconds); how many."""
    names = storage.old_names("foto", older_than=older_than)
    kept = {str(pk) for pk in EventPhoto.objects.values_list("pk", flat=True)} if names else set()
    needless = [name for name in names if Path(name).stem.removesuffix("-cetak") not in kept]
    for name in needless:
        storage.remove(name)
    return len(needless)


def _refuse_one_more(event: Event) -> None:
    if event.photos.count() >= MOST_PHOTOS:
        raise Refusal(f"Kegiatan ini sudah memiliki {MOST_PHOTOS} foto. Hapus yang tidak diperlukan.")


def _picture(photo: EventPhoto) -> dict[str, str]:
    """Every column as text, for the session; the event is that of the page."""
    fields = [field for field in photo._meta.concrete_fields if field.name != "event"]
    return {
        field.name: field.value_to_string(photo)
        for field in fields
        if field.value_from_object(photo) is not None
    }


def _in_zone(taken: datetime | None, event: Event) -> datetime | None:
    """Cameras write the wall clock of the place."""
    return taken.replace(tzinfo=event.zone) if taken else None


def _touch(photo: EventPhoto) -> None:
    """``save_changes`` writes only the named fields."""
    photo.save(update_fields=["changed_at"])
