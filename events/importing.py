"""DEEDS: attendees from files (EVENTS §6). Numbers and telephones never reach the audit log, names stay encrypted."""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone

from accounts import audit
from accounts.encryption import decrypt, encrypt
from accounts.many_rows import insert_rows, update_rows
from accounts.refusals import Refusal
from accounts.writing import writing
from documents import storage

from . import attendees
from .identity import mask
from .import_plan import Plan, dry_run, index_number
from .imports.headers import (
    FIELDS,
    LONG_NUMBER,
    by_header,
    fingerprint,
    header_row,
    headers_of,
    mapping_of,
    remembered,
)
from .imports.matching import CHANGED, FAULTY, NEW
from .imports.reading import read
from .imports.rows import Row
from .imports.tables import Book, Unusable, letter, refuse_large
from .locking import fresh, lock_for_edit
from .models import Attendee, Event, EventSite, ImportBatch, ImportMapping, ImportUpload
from .people import tidy
from .posts import default_precedence

FILE_CONTEXT = "events.importupload.file"
KEPT = timedelta(hours=24)
MOST_ERRORS_KEPT = 500
CHUNK = 500
# Field of a file's row → columns of an attendee that change with it.
NUMBER_COLUMNS = ("identity_kind", "identity_number", "identity_index", "identity_masked", "identity_opening")
SECRET_FIELDS = ("identity_number", "phone")
NO_FILE = "Berkas ini sudah diimpor atau dihapus. Unggah lagi."


class Undone(NamedTuple):
    removed: int
    restored: int
    kept: int = 0  # new rows that stay: somebody who was on the list before was put together with them


def keep_upload(*, event: Event, data: bytes, name: str, by) -> ImportUpload:
    """Keep a file until it is imported: encrypted below DATA_DIR, with the columns that its headers name.

    Effects: file, row. Columns are those the office chose for the same headers before. Refusal for a file that
    cannot be read, is locked or too large.
    """
    book = readable(data)
    with writing():
        lock_for_edit(event)
        upload = ImportUpload(
            event=event, name=tidy(name)[:120] or "tempelan", uploaded_by=audit.user_or_none(by)
        )
        upload.sha256 = hashlib.sha256(data).hexdigest()
        _choose(upload, book, _likely(book), None)
        storage.store(upload.file, encrypt(data, FILE_CONTEXT))
        upload.save(force_insert=True)
    return upload


def choose_table(*, upload: ImportUpload, sheet: str, header: int | None, by) -> ImportUpload:
    """Another sheet or header row; the columns are guessed anew. None lets the header be looked for."""
    book = book_of(upload)
    with writing():
        lock_for_edit(upload.event)
        fresh(upload)
        _choose(upload, book, sheet, header)
        upload.save(update_fields=["sheet", "header_row", "mapping", "is_checked"])
    return upload


def choose_columns(*, upload: ImportUpload, mapping: Mapping[int, str], by) -> ImportUpload:
    """Column → field as a person says; remembered for the office and these headers. Refusal without names."""
    _refuse_bad_mapping(mapping)
    headers = headers_of(book_of(upload).sheet(upload.sheet).rows, upload.header_row)
    with writing():
        lock_for_edit(upload.event)
        fresh(upload)
        upload.mapping = {str(column): name for column, name in mapping.items() if name}
        upload.is_checked = True
        upload.save(update_fields=["mapping", "is_checked"])
        if any(headers) and not any(map(LONG_NUMBER.search, headers)):
            ImportMapping.objects.update_or_create(
                office=upload.event.office,
                fingerprint=fingerprint(headers),
                defaults={"mapping": by_header(upload.columns, headers)},
            )
    return upload


def apply_upload(*, upload: ImportUpload, by) -> ImportBatch | None:
    """Import the right rows of a file, all or none; None when nothing of it is new.

    Effects: rows as ``apply_plan``; the upload and its file are gone. Refusal when another did it meanwhile.
    """
    data = data_of(upload)
    with writing():
        event = lock_for_edit(upload.event)
        fresh(upload)
        sheet = readable(data).sheet(upload.sheet)
        plan = dry_run(event=event, rows=sheet.rows, header=upload.header_row, mapping=upload.columns)
        batch = apply_plan(event=event, plan=plan, name=upload.name, sha256=upload.sha256, by=by)
        discard_upload(upload=upload)
    return batch


def apply_plan(*, event: Event, plan: Plan, name: str, sha256: str, by) -> ImportBatch | None:
    """Write what a dry run found: new people, changed people, one ImportBatch, audit ``attendee.imported``.

    The caller holds the event and has made the plan since. None when there is nothing to write.
    """
    added = [_new(event, row) for row in plan.rows if row.status == NEW]
    changed = _changed(event, [row for row in plan.rows if row.status == CHANGED])
    if not added and not changed:
        return None
    insert_rows(added)
    details = {
        "added": [str(person.pk) for person in added],
        "changed": changed,
        "errors": _errors(plan)[:MOST_ERRORS_KEPT],
    }
    batch = ImportBatch(event=event, name=name[:120], sha256=sha256, applied_by=audit.user_or_none(by))
    batch.mapping = {_title(plan, column): field for column, field in plan.mapping.items()}
    batch.counts = plan.counts
    batch.details = json.dumps(details, ensure_ascii=False)
    batch.save(force_insert=True)
    audit.record(by, "attendee.imported", batch, file=sha256, added=len(added), changed=len(changed))
    return batch


def undo_import(*, batch: ImportBatch, by) -> Undone:
    """Take an import back: who was new goes, who was changed gets back what the import wrote over.

    What somebody changed by hand since then stays, and so does a new row that an older one was put together with:
    it is that person now. People with a paper or a link stay as withdrawn rows. Effects in
    order: rows, batch marked and its details emptied, audit ``attendee.import_undone``. Refusal once anybody of the
    batch was present or signed.
    """
    with writing():
        lock_for_edit(batch.event)
        fresh(batch)
        if batch.is_undone:
            raise Refusal("Impor ini sudah dibatalkan.")
        details = json.loads(batch.details)
        people = _people(batch.event, [*details["added"], *details["changed"]])
        if held := sum(1 for person in people.values() if _is_held(person, by)):
            raise Refusal(f"Impor tidak dapat dibatalkan: {held} peserta sudah hadir atau menandatangani.")
        added = {UUID(pk) for pk in details["added"]} & set(people)
        kept = _needed_by_others(batch.event, added)
        removed = _remove([people[pk] for pk in added - kept])
        restored = _restore(people, details["changed"])
        batch.undone_at, batch.undone_by, batch.details = timezone.now(), audit.user_or_none(by), ""
        batch.save(update_fields=["undone_at", "undone_by", "details"])
        audit.record(by, "attendee.import_undone", batch, removed=removed, restored=restored, kept=len(kept))
    return Undone(removed, restored, len(kept))


def discard_upload(*, upload: ImportUpload) -> None:
    """Forget a file: row and file. The file goes first; a row without it says so."""
    storage.remove(upload.file)
    upload.delete()


def sweep_uploads() -> int:
    """Forget files that nobody imported within a day. Returns how many."""
    old = list(ImportUpload.objects.filter(uploaded_at__lt=timezone.now() - KEPT))
    for upload in old:
        with writing():
            discard_upload(upload=upload)
    return len(old)


def kept_errors(batch: ImportBatch) -> list[dict[str, Any]]:
    """Rows that were not imported: {"row", "column", "value", "message"}, numbers masked; none once it was undone."""
    return json.loads(batch.details)["errors"] if batch.details else []


def data_of(upload: ImportUpload) -> bytes:
    """The file as it was uploaded; Refusal when it is gone."""
    try:
        return decrypt(storage.read(upload.file), FILE_CONTEXT)
    except FileNotFoundError:
        raise Refusal(NO_FILE) from None


def book_of(upload: ImportUpload) -> Book:
    return readable(data_of(upload))


def readable(data: bytes) -> Book:
    """The tables of a file; what is wrong with it becomes a Refusal."""
    try:
        return read(data)
    except Unusable as problem:
        raise Refusal(str(problem)) from None


def first_mapping(event: Event, headers: list[str]) -> dict[int, str]:
    """What this office chose for the same headers, else what the headers say."""
    kept = ImportMapping.objects.filter(office_id=event.office_id, fingerprint=fingerprint(headers)).first()
    return (remembered(kept.mapping, headers) if kept else {}) or mapping_of(headers)


def _choose(upload: ImportUpload, book: Book, sheet: str, header: int | None) -> None:
    rows = book.sheet(sheet).rows
    try:
        refuse_large(rows)
    except Unusable as problem:
        raise Refusal(str(problem)) from None
    upload.sheet = book.sheet(sheet).name
    upload.header_row = header_row(rows) if header is None else min(header, len(rows))
    mapping = first_mapping(upload.event, headers_of(rows, upload.header_row))
    upload.mapping = {str(column): name for column, name in mapping.items()}
    several = sum(1 for one in book.sheets if not one.is_hidden and header_row(one.rows)) > 1
    known = upload.header_row > 0 and "full_name" in mapping.values()
    upload.is_checked = known and not (several and header is None)


def _likely(book: Book) -> str:
    """The first sheet with a header that is shown, else the first one."""
    headed = (sheet.name for sheet in book.sheets if not sheet.is_hidden and header_row(sheet.rows))
    return next(headed, book.sheets[0].name)


def _refuse_bad_mapping(mapping: Mapping[int, str]) -> None:
    chosen = [name for name in mapping.values() if name]
    if unknown := set(chosen) - set(FIELDS):
        raise ValueError(f"no such fields: {sorted(unknown)}")
    if "full_name" not in chosen:
        raise Refusal("Kolom nama belum dipilih.")
    if twice := next((name for name in chosen if chosen.count(name) > 1), None):
        raise Refusal(f"{FIELDS[twice][0]} dipilih untuk dua kolom. Pilih satu saja.")


def _new(event: Event, row: Row) -> Attendee:
    person = Attendee(event=event, source=Attendee.Source.IMPORT)
    _set(person, row.values)
    person.precedence = default_precedence(person.category, person.position)
    return person


def _changed(event: Event, rows: list[Row]) -> dict[str, dict[str, list]]:
    """Write the changes; return what each person was before and is now, by field."""
    people = _people(event, [row.match.pk for row in rows])
    done, columns = {}, set()
    for row in rows:
        person = people[row.match.pk]
        names = sorted({column for field in row.changes for column in _columns(field)})
        before = _state(person, names)
        _set(person, row.changes)
        done[str(person.pk)] = {name: [before[name], now] for name, now in _state(person, names).items()}
        columns |= set(names)
    for part in _parts([people[row.match.pk] for row in rows]):
        update_rows(part, sorted(columns))
    return done


def _set(person: Attendee, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if name != "number":
            setattr(person, name, value)
            continue
        person.identity_kind, person.identity_number = value.kind, value.number
        person.identity_index, person.identity_masked = index_number(value.number), value.masked
        person.identity_opening = attendees.new_opening()


def _title(plan: Plan, column: int) -> str:
    """What the column is called; its letter where a row of people was taken for the titles."""
    title = plan.label(column)
    return letter(column) if LONG_NUMBER.search(title) else title


def _columns(field: str) -> tuple[str, ...]:
    return NUMBER_COLUMNS if field == "number" else (field,)


def _state(person: Attendee, names) -> dict[str, Any]:
    return {name: getattr(person, name) for name in names}


def _people(event: Event, keys) -> dict[UUID, Attendee]:
    return {
        person.pk: person
        for part in _parts(list(keys))
        for person in Attendee.objects.filter(event=event, pk__in=part).select_related("event")
    }


def _is_held(person: Attendee, by) -> bool:
    if person.first_seen_at or person.attendance_records.exists():
        return True
    try:
        attendees.before_withdraw.call(attendee=person, by=by)
    except Refusal:
        return True
    return False


def _needed_by_others(event: Event, added: set[UUID]) -> set[UUID]:
    """Of the new rows those that stand for somebody who was on the list before, over however many mergings."""
    merged = event.attendees.exclude(merged_into=None).values_list("pk", "merged_into_id")
    into = dict(merged)
    needed: set[UUID] = set()
    for row in into.keys() - added:
        while (row := into.get(row)) is not None and row not in needed:
            needed.add(row)
    return needed & added


def _remove(people: list[Attendee]) -> int:
    """Rows nobody points at are deleted; the others leave the list and stay as withdrawn."""
    needed = set()
    keys = [person.pk for person in people]
    for relation in Attendee._meta.related_objects:
        for part in _parts(keys):
            rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": part})
            needed |= set(rows.values_list(relation.field.attname, flat=True))
    for part in _parts([key for key in keys if key not in needed]):
        Attendee.objects.filter(pk__in=part).delete()
    for part in _parts([person.pk for person in people if person.pk in needed]):
        Attendee.objects.filter(pk__in=part, withdrawn_at=None).update(withdrawn_at=timezone.now())
    return len(people)


def _forget_lost_sites(changed: dict[str, dict[str, list]]) -> None:
    """A site that is gone meanwhile is not put back."""
    before = {fields["site_id"][0] for fields in changed.values() if "site_id" in fields}
    lost = before - {None, *EventSite.objects.filter(pk__in=before - {None}).values_list("pk", flat=True)}
    for fields in changed.values():
        if fields.get("site_id", [None])[0] in lost - {None}:
            del fields["site_id"]


def _restore(people: dict[UUID, Attendee], changed: dict[str, dict[str, list]]) -> int:
    restored, columns = [], set()
    _forget_lost_sites(changed)
    for pk, fields in changed.items():
        person = people.get(UUID(pk))
        back = {
            name: before
            for name, (before, after) in fields.items()
            if person and getattr(person, name) == after
        }
        if not set(NUMBER_COLUMNS) & set(fields) <= set(back):  # a number is put back whole or not at all
            back = {name: before for name, before in back.items() if name not in NUMBER_COLUMNS}
        for name, before in back.items():
            setattr(person, name, before)
        if back:
            restored.append(person)
            columns |= set(back)
    for part in _parts(restored):
        update_rows(part, sorted(columns))
    return len(restored)


def _errors(plan: Plan) -> list[dict[str, Any]]:
    secret = {column for column, name in plan.mapping.items() if name in SECRET_FIELDS}
    return [
        {
            "row": row.number,
            "column": _title(plan, issue.column),
            "value": mask(issue.value) if issue.column in secret else _veiled(issue.value),
            "message": _veiled(issue.message, issue.value),
        }
        for row in plan.rows
        if row.status == FAULTY
        for issue in row.issues
    ]


def _veiled(text: str, value: str | None = None) -> str:
    """A number of a person may stand in any column, and the message repeats it; its examples stay as they are."""
    return LONG_NUMBER.sub(
        lambda found: mask(found[0]) if value is None or found[0] in value else found[0], text
    )


def _parts(items: list) -> list[list]:
    return [items[start : start + CHUNK] for start in range(0, len(items), CHUNK)]
