"""What waits under *Perlu ditinjau*, for one paper or a whole event, as the page shows it. A fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models.functions import Length

from accounts.canonical import unb64u
from events.models import Attendee, Device, Event
from regions.wording import clock_with_zone, long_date_no_day

from . import review_words as words
from .classification import MESSAGES
from .evidence import Record
from .models import Declaration, InboxItem, KioskItem, Signature, TextVersion
from .review import record_of
from .review_items import moment_of_item, record_of_item
from .strokes import bounding_box, decode, outline_path
from .walk_ins import identities_of, identity

LINES = 50  # items and bodies on one page; the rest follows when these are decided


@dataclass
class Shown:
    """One record in words and as path data for inline SVG (attributes only)."""

    record: Record
    name: str
    post: str
    on_behalf_of: str
    choice: str
    method: str
    when: str
    is_sure: bool
    where: str
    desk: str
    typed_name: str
    drawings: list[dict]
    paper: str


@dataclass
class Question:
    """One thing that waits: a signature, an item of a tablet or a body of a page, with what may be decided."""

    key: str
    title: str
    why: str
    advice: words.Advice
    paper: Declaration | None = None
    signature: Signature | None = None
    item: KioskItem | None = None
    body: InboxItem | None = None
    now: Shown | None = None
    first: Shown | None = None
    text: TextVersion | None = None  # what was signed, when it is not the text of the paper
    people: list[Attendee] = field(default_factory=list)
    papers: list[Declaration] = field(default_factory=list)

    @property
    def choices(self) -> Iterable[words.Choice]:
        """Without a person to point at, only the page of the one record offers the whole list."""
        return [choice for choice in self.advice.choices if self.people or not choice.needs_person]

    @property
    def asks_for_person(self) -> bool:
        return any(choice.needs_person for choice in self.advice.choices)


@dataclass
class Sources:
    """What many questions look up, read once."""

    event: Event
    devices: dict
    texts: dict
    people: list[Attendee]


# -- signatures --------------------------------------------------------------------------------------------------


def waiting_signatures(event: Event, paper: Declaration | None = None):
    """Undecided records in the order of the papers, then as they came."""
    papers = {"declaration": paper} if paper else {"declaration__event": event}
    waiting = Signature.objects.to_review().filter(**papers)
    return waiting.select_related(
        "signatory__attendee", "operator", "declaration__text_version__pledge_text"
    ).order_by("declaration__order", "received_at", "pk")


def questions_about(event: Event, signatures: Iterable[Signature]) -> list[Question]:
    signatures = list(signatures)
    first = _first_ones(signatures)
    records = {signature.pk: record_of(signature) for signature in signatures}
    strangers = any(signature.signatory_id is None for signature in signatures)
    sources = _sources(event, signatures, list(records.values()), with_people=strangers)
    return [_about(signature, records[signature.pk], first, sources) for signature in signatures]


def question_about(signature: Signature, event: Event) -> Question:
    """One record on its own page, whatever became of it: there every choice is offered."""
    [question] = questions_about(event, [signature])
    _offer_everybody(question, event)
    if signature.status == Signature.Status.VALID:
        question.advice = words.Advice("", (words.REVOKE,))
    elif signature.status == Signature.Status.REVOKED:
        question.advice = words.Advice("", (words.USE,))
    return question


def _offer_everybody(question: Question, event: Event) -> None:
    """People of the same name first."""
    if question.asks_for_person:
        others = [person for person in _everybody(event) if person not in question.people]
        question.people = [*question.people, *others]


def _about(signature: Signature, record: Record, first: dict, sources: Sources) -> Question:
    counting = first.get(signature.signatory_id)
    known = signature.signatory or _person(record, sources)
    status = signature.status if counting or signature.status != "conflict" else "held"
    advice = words.on_signature(status, signature.code)
    if known and advice.choices[0].needs_person:  # decided meanwhile on another record of the same person
        advice = words.HELD["not_assigned"]
    if counting and status == "held":
        advice = words.replacing(advice)
    shown = show(signature, record, sources)
    return Question(
        key=f"catatan-{signature.pk}",
        title=(str(signature.signatory) if signature.signatory else "") or shown.name,
        why=MESSAGES.get(signature.code, ""),
        advice=advice,
        paper=signature.declaration,
        signature=signature,
        now=shown,
        first=show(counting, record_of(counting), sources) if counting else None,
        text=_other_text(signature, sources),
        people=_same_name(record, sources) if not known and advice.choices[0].needs_person else [],
    )


def _first_ones(signatures: list[Signature]) -> dict:
    """The signature that counts, for each person, in one query."""
    people = {signature.signatory_id for signature in signatures if signature.status != "valid"}
    valid = Signature.objects.valid().filter(signatory__in=people - {None})
    papers = valid.select_related("signatory", "operator", "declaration__text_version")
    return {signature.signatory_id: signature for signature in papers}


def _other_text(signature: Signature, sources: Sources) -> TextVersion | None:
    if signature.text_sha256 == signature.declaration.text_version.sha256:
        return None
    return sources.texts.get(signature.text_sha256)


# -- what stands in the inbox only -------------------------------------------------------------------------------


def questions_of_tablets(event: Event, items: Iterable[KioskItem]) -> list[Question]:
    items = list(items)
    records = {item.pk: record_of_item(item) for item in items}
    read = [record for record in records.values() if record]
    meant = _meant_by_voids(event, items)
    sources = _sources(event, list(meant.values()), read, with_people=bool(read))
    papers = list(event.declarations.select_related("text_version").exclude(state=Declaration.State.VOID))
    questions = [_about_item(item, records[item.pk], papers, sources) for item in items]
    for question in questions:
        if target := meant.get(question.item.target):
            question.now, question.title = (
                show(target, record_of(target), sources),
                str(target.signatory or ""),
            )
            question.title = question.title or question.now.name
    return questions


def _meant_by_voids(event: Event, items: list[KioskItem]) -> dict:
    """Signatures that waiting voids would take back, by number."""
    targets = {item.target for item in items if item.kind == "void"}
    found = Signature.objects.filter(pk__in=targets, declaration__event=event)
    return found.select_related("signatory", "operator", "declaration__text_version").in_bulk()


def question_of_tablet(item: KioskItem, event: Event) -> Question:
    [question] = questions_of_tablets(event, [item])
    _offer_everybody(question, event)
    return question


def waiting_items(event: Event):
    waiting = KioskItem.objects.open_questions(event).select_related("device", "operator").order_by("n")
    return waiting.annotate(size=Length("sealed")).defer("sealed")


def waiting_bodies(event: Event, paper: Declaration | None = None):
    papers = {"declaration": paper} if paper else {"declaration__event": event}
    bodies = InboxItem.objects.filter(resolved_at=None, **papers)
    bodies = bodies.annotate(size=Length("body")).defer("body").order_by("received_at", "pk")
    return bodies.select_related("operator", "declaration__text_version")


def question_of_body(body: InboxItem) -> Question:
    return Question(
        key=f"kiriman-{body.pk}",
        title="Kiriman yang tidak dapat dibaca",
        why=body.message,
        advice=words.Advice(
            "Kiriman dari halaman tanda tangan atau tautan pribadi ini bukan catatan yang sah.",
            (words.SETTLE,),
        ),
        paper=body.declaration,
        body=body,
    )


KINDS = {
    "signature": "Tanda tangan",
    "attendance": "Kehadiran",
    "void": "Pembatalan di meja",
    "probe": "Uji tablet",
}


def _about_item(item: KioskItem, record: Record | None, papers: list, sources: Sources) -> Question:
    advice = words.on_item(item.status, item.kind, item.code)
    named = record is not None and "signatory" in record.data
    known = _person(record, sources) if named else None
    if known and advice.choices[0].needs_person:
        advice = words.ARRIVAL
    fitting = []
    if item.kind == "signature" and record is not None:
        fitting = [paper for paper in papers if paper.text_version.sha256 == record.data["text_sha256"]]
        if not fitting:
            advice = advice._replace(choices=(words.SETTLE,))
        elif known is None:
            advice = words.PLACELESS_STRANGER
    return Question(
        key=f"tablet-{item.pk}",
        title=record.data["signatory"]["name"]
        if named
        else KINDS.get(item.kind, "Kiriman yang tidak dapat dibaca"),
        why=MESSAGES.get(item.code, ""),
        advice=advice,
        item=item,
        now=show_item(item, record, sources) if named else None,
        text=sources.texts.get(record.data["text_sha256"]) if item.kind == "signature" and record else None,
        people=_same_name(record, sources) if named and not known and advice.choices[0].needs_person else [],
        papers=fitting,
    )


# -- in words ----------------------------------------------------------------------------------------------------


def show(signature: Signature, record: Record, sources: Sources) -> Shown:
    device = sources.devices.get(signature.device)
    own = signature.declaration.text_version
    version = own if signature.text_sha256 == own.sha256 else sources.texts.get(signature.text_sha256)
    return Shown(
        **_person_in_words(record),
        choice=signature.get_outcome_display(),
        method=_method(record),
        when=_moment(signature.signed_at, sources.event),
        is_sure="clock_uncertain" not in signature.flags,
        where=device.label if device else signature.get_channel_display(),
        desk=record.data.get("operator", "") or (str(signature.operator) if signature.operator else ""),
        drawings=_drawings(record, signature.strokes),
        paper=_paper(version, own),
    )


def show_item(item: KioskItem, record: Record, sources: Sources) -> Shown:
    version = sources.texts.get(record.data.get("text_sha256"))
    outcome = {"signed": "Menandatangani", "refused": "Tidak menandatangani", "": "Hadir"}
    return Shown(
        **_person_in_words(record),
        choice=outcome[record.data.get("outcome", "")],
        method=_method(record),
        when=_moment(moment_of_item(item, record).signed_at, sources.event),
        is_sure=True,
        where=item.device.label,
        desk=record.data.get("operator", ""),
        drawings=_drawings(record, record.strokes),
        paper=str(version) if version else "",
    )


def _method(record: Record) -> str:
    """Empty for a refusal and for an arrival."""
    return Signature.Method(record.data["method"]).label if "method" in record.data else ""


def _paper(version: TextVersion | None, own: TextVersion) -> str:
    """Which text; of the paper's own only the number, its title stands above."""
    if version is None:
        return "Tidak dikenal di peladen ini"
    return f"Versi {version.number}" if version.pk == own.pk else str(version)


def _person_in_words(record: Record) -> dict[str, Any]:
    person, behalf = record.data["signatory"], record.data.get("on_behalf_of", {})
    letter = f"surat tugas {behalf['letter_no']}" if behalf.get("letter_no") else ""
    return {
        "record": record,
        "name": person["name"],
        "post": ", ".join(person[key] for key in ("position", "agency") if person.get(key)),
        "on_behalf_of": ", ".join(
            part for part in (behalf.get("name", ""), behalf.get("position", ""), letter) if part
        ),
        "typed_name": record.data.get("typed_name", ""),
    }


def _drawings(record: Record, strokes: bytes | None) -> list[dict]:
    """The signer's own, or those of the witnesses who drew for them."""
    if strokes:
        return [_drawing(bytes(strokes), record.data["signatory"]["name"])]
    witnesses = [each for each in record.data.get("witnesses", []) if each.get("strokes")]
    return [_drawing(unb64u(each["strokes"]), f"saksi {each['name']}") for each in witnesses]


def _drawing(strokes: bytes, name: str) -> dict:
    lines = decode(strokes).strokes
    box = " ".join(str(number) for number in bounding_box(lines))
    return {"box": box, "path": outline_path(lines), "name": name}


def _moment(moment, event: Event) -> str:
    return f"{long_date_no_day(moment, event.time_zone)} pukul {clock_with_zone(moment, event.time_zone)}"


# -- looked up once ----------------------------------------------------------------------------------------------


def _sources(
    event: Event, signatures: list[Signature], records: list[Record], *, with_people: bool
) -> Sources:
    texts = {signature.text_sha256 for signature in signatures}
    texts |= {record.data["text_sha256"] for record in records if "text_sha256" in record.data}
    versions = TextVersion.objects.published().filter(sha256__in=texts).select_related("pledge_text")
    return Sources(
        event=event,
        devices=Device.objects.filter(event=event).in_bulk(),
        texts={version.sha256: version for version in versions.order_by("published_at")},
        people=list(_everybody(event)) if with_people else [],
    )


def _everybody(event: Event):
    return event.attendees.defer("identity_number", "identity_opening", "phone", "email").in_order()


def _person(record: Record, sources: Sources) -> Attendee | None:
    return next((person for person in sources.people if person.pk == record.attendee), None)


def _same_name(record: Record, sources: Sources) -> list[Attendee]:
    person = record.data["signatory"]
    wanted = identity(person["name"], person.get("agency", ""))
    return [each for each in sources.people if wanted in identities_of(each)]
