"""DEEDS: write, fill, publish and approve the texts that people sign (DOMAIN §3.1). Published words never change."""

import re
import unicodedata

from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify

from accounts import audit
from accounts.models import User
from accounts.refusals import Refusal
from accounts.writing import writing
from documents.fonts import missing_characters

from .comparison import PartDiff, compare
from .evidence import DEFAULT_CONSENT, text_sha256
from .models import PledgeText, TextVersion
from .placeholders import LONGEST, fill, label_of, names_in, only_filled

FROZEN = "Versi ini sudah diterbitkan dan tidak dapat diubah. Salin menjadi versi baru, lalu ubah salinannya."
CHANGEABLE = ("title", "opening", "points", "closing", "consent", "applies_to", "source_note")
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
MOST_POINTS = 40


def create_text(
    *,
    office,
    kind,
    by,
    title,
    points,
    opening="",
    closing="",
    consent=DEFAULT_CONSENT,
    applies_to=(),
    legal_bases=(),
    origin=TextVersion.Origin.LOCAL,
    source_note="",
    reference=None,
    key="",
) -> TextVersion:
    """A new text of the office (None: a national reference text) with its first version as a draft.

    Effects in order: text, version 1 with its legal bases, audit entry.
    """
    fields = {"title": title, "opening": opening, "points": points, "closing": closing, "consent": consent}
    fields |= {"applies_to": applies_to, "origin": origin, "source_note": source_note, "reference": reference}
    with writing():
        fields = _tidy(fields)
        text = PledgeText.objects.create(
            key=key or _free_key(fields["title"]), title=fields["title"][:300], kind=kind, office=office
        )
        return _add_version(text, fields, legal_bases, by=by, verb="text.created")


def copy_version(*, version: TextVersion, office, by) -> TextVersion:
    """A draft of the office with the same words, to be edited and compared with its reference.

    Effects: of a foreign text a text of the office (the one already made from it, if any), a new version in it,
    audit entry. A draft that already waits there is returned instead: pressing twice makes no second one.
    """
    with writing():
        text = _text_for_copy(version, office)
        waiting = text.versions.filter(state=TextVersion.State.DRAFT).first()
        return waiting or _derive(version, text, {}, version.legal_bases.all(), by=by, verb="text.copied")


def add_reference_version(*, version: TextVersion, origin: str, legal_bases, by, **content) -> TextVersion:
    """The national text says something new: a further draft in it. Effects: new version, audit entry."""
    text = version.pledge_text
    if not text.is_reference:
        raise ValueError("only a reference text grows this way; an office copies and changes")
    with writing():
        fields = {name: getattr(version, name) for name in CHANGEABLE} | content | {"origin": origin}
        return _add_version(text, _tidy(fields), legal_bases, by=by, verb="text.created")


def change_version(*, version: TextVersion, by, legal_bases=None, **fields) -> TextVersion:
    """Change a draft. Effects: the given fields and bases, audit entry with before and after; refused once published."""
    if unknown := set(fields) - set(CHANGEABLE):
        raise ValueError(f"not a field of a text version: {sorted(unknown)}")
    with writing():
        version = _locked(version)
        if not version.is_draft:
            raise Refusal(FROZEN)
        before = {name: getattr(version, name) for name in fields}
        before["legal_bases"] = _names(version.legal_bases.all())
        for name, value in _tidy(fields).items():
            setattr(version, name, value)
        if fields:
            version.save(update_fields=list(fields))
        if legal_bases is not None:
            version.legal_bases.set(legal_bases)
        after = {name: getattr(version, name) for name in fields}
        after["legal_bases"] = _names(version.legal_bases.all())
        audit.record(by, "text.changed", version, **audit.diff(before, after))
    return version


def publish_version(*, version: TextVersion, by) -> TextVersion:
    """Freeze the words.

    Effects in order: hash, state published, title of the text; approved at once when an approved text says the same
    and only placeholders were filled; audit entries. Refused with everything that is missing. A second call changes
    nothing.
    """
    with writing():
        version = _locked(version)
        if not version.is_draft:
            return version
        if issues := unpublishable(version):
            raise Refusal("Naskah belum dapat diterbitkan.", issues)
        version.sha256 = text_sha256(version.content)
        version.state = TextVersion.State.PUBLISHED
        version.published_at, version.published_by = timezone.now(), _user(by)
        version.save(update_fields=["sha256", "state", "published_at", "published_by"])
        PledgeText.objects.filter(pk=version.pledge_text_id).update(title=version.title[:300])
        audit.record(by, "text.published", version, sha256=version.sha256)
        if note := _approved_by_its_source(version):
            _approve(version, by=audit.SYSTEM, note=note)
    return version


def approve_version(*, version: TextVersion, by, note: str = "") -> TextVersion:
    """The supervising office says yes. Effects: state approved, who, when and why, audit entry. Twice changes nothing."""
    with writing():
        version = _locked(version)
        if version.is_draft:
            raise Refusal("Naskah ini masih draf. Mintalah penyusunnya menerbitkan lebih dahulu.")
        if not version.is_approved:
            _approve(version, by=by, note=_line(note)[:300])
    return version


def fill_placeholders(*, version: TextVersion, values: dict[str, str], office, by) -> TextVersion:
    """The office's own published version of a text with every placeholder filled ({tahun}, {nama_pemilihan} …).

    Effects: new version (of the office's copy of the text), published; approved when the source is approved. The same
    values again return the version made before.
    """
    open_names = names_in(version.content)
    values = {name: _line(values.get(name, "")) for name in open_names}
    _check_values(values)
    with writing():
        if version.is_draft:
            raise Refusal("Naskah ini masih draf. Terbitkan lebih dahulu, lalu lengkapi isiannya.")
        if not open_names:
            return version
        filled = fill(version.content, values)
        if same := _made_before(version, filled, office):
            return same
        text = _text_for_copy(version, office)
        made = _derive(version, text, filled, version.legal_bases.all(), by=by, verb="text.filled")
        return publish_version(version=made, by=by)


def replace_basis(*, version: TextVersion, old, new, office, by) -> TextVersion:
    """Cite ``new`` instead of ``old``: in a draft on the spot, otherwise in a new published version.

    Effects: as ``change_version``, or a new version of the office with the same words, published, and approved when
    the words were and the new basis is confirmed. A version already signed stays as it is.
    """
    bases = [new if basis == old else basis for basis in version.legal_bases.all()]
    if new not in bases:
        raise Refusal(f"Naskah ini tidak memakai dasar hukum {old}.")
    if version.is_draft:
        return change_version(version=version, by=by, legal_bases=bases)
    with writing():
        text = _text_for_copy(version, office)
        made = _derive(version, text, {}, bases, by=by, verb="text.basis_replaced")
        return publish_version(version=made, by=by)


def unpublishable(version: TextVersion) -> list[str]:
    """What still stands between a draft and its publication, as Indonesian sentences. Reads only."""
    issues = []
    if not version.points:
        issues.append("Butir naskah belum diisi.")
    if not version.applies_to:
        issues.append("Unsur yang dicakup naskah belum dipilih.")
    if version.pledge_text.office_id and (names := version.open_placeholders):
        issues.append(f"Isian belum diganti: {', '.join('{' + name + '}' for name in names)}.")
    if strange := missing_characters(" ".join(_texts(version.content)).replace("\n", " ")):
        issues.append(f"Huruf berikut tidak dapat dicetak: {' '.join(sorted(strange))}")
    return issues


def base_of(version: TextVersion) -> TextVersion | None:
    """The version to compare with: the reference, or else the one published before in the same text."""
    if version.reference_id:
        return version.reference
    earlier = version.pledge_text.versions.published().filter(number__lt=version.number)
    return earlier.order_by("-number").first()


def differences(version: TextVersion) -> list[PartDiff]:
    """Word by word against ``base_of``; empty without one."""
    base = base_of(version)
    return compare(base.content, version.content) if base else []


# -- steps of the deeds ------------------------------------------------------------------------------------------


def _add_version(text: PledgeText, fields: dict, legal_bases, *, by, verb: str) -> TextVersion:
    PledgeText.objects.select_for_update().get(pk=text.pk)  # two copies at once must not take the same number
    last = text.versions.aggregate(last=Max("number"))["last"] or 0
    version = TextVersion.objects.create(pledge_text=text, number=last + 1, **fields)
    version.legal_bases.set(legal_bases)
    source = fields.get("reference")
    facts = {"source": str(source.pk)} if source else {}
    bases = version.legal_bases.all()
    audit.record(by, verb, version, legal_bases=_keys(bases), cited=_names(bases), **facts)
    return version


def _derive(
    source: TextVersion, text: PledgeText, content: dict, legal_bases, *, by, verb: str
) -> TextVersion:
    """A new draft in ``text`` with the words of ``source``, some of them replaced."""
    own = source.pledge_text_id == text.pk
    fields = {name: getattr(source, name) for name in CHANGEABLE} | content
    fields["reference"] = source.reference if own else source
    fields["origin"] = source.origin if own else TextVersion.Origin.LOCAL
    fields["source_note"] = source.source_note if own else ""
    return _add_version(text, _tidy(fields), legal_bases, by=by, verb=verb)


def _text_for_copy(version: TextVersion, office) -> PledgeText:
    """The office's text that belongs to this one: itself, the copy made earlier, or a new one."""
    source = version.pledge_text
    if source.office_id == office.pk:
        return source
    copied = PledgeText.objects.filter(office=office, versions__reference__pledge_text=source).first()
    return copied or PledgeText.objects.create(
        key=_free_key(source.key), title=source.title, kind=source.kind, office=office
    )


def _made_before(version: TextVersion, content: dict, office) -> TextVersion | None:
    own = TextVersion.objects.published().filter(pledge_text__office=office, reference=version)
    return own.filter(sha256=text_sha256(content)).order_by("-number").first()


def _approve(version: TextVersion, *, by, note: str) -> None:
    version.state = TextVersion.State.APPROVED
    version.approved_at, version.approved_by, version.approval_note = timezone.now(), _user(by), note
    version.save(update_fields=["state", "approved_at", "approved_by", "approval_note"])
    audit.record(by, "text.approved", version, note=note)


def _approved_by_its_source(version: TextVersion) -> str:
    """Why no person needs to approve: an approved text says exactly this. Empty when none does."""
    bases = list(version.legal_bases.all())
    if not all(basis.confirmed for basis in bases):
        return ""
    earlier = list(version.pledge_text.versions.approved().exclude(pk=version.pk))
    for source in [version.reference, *earlier]:
        if source is None or not source.is_approved or set(version.applies_to) - set(source.applies_to):
            continue
        values = only_filled(source.content, version.content)
        if values is not None:
            return (
                "Hanya isian naskah rujukan yang dilengkapi."
                if values
                else "Bunyi sama dengan naskah yang disetujui."
            )
    return ""


def _check_values(values: dict[str, str]) -> None:
    empty = [label_of(name) for name, value in values.items() if not value]
    if empty:
        raise Refusal(f"Isian naskah belum lengkap: {', '.join(empty)}.")
    for name, value in values.items():
        if len(value) > LONGEST or "{" in value or "}" in value:
            raise Refusal(f"Isian {label_of(name)} paling banyak {LONGEST} huruf dan tanpa kurung kurawal.")


def _tidy(fields: dict) -> dict:
    """The fields as they are kept: NFC, no control characters, single lines where one line is meant."""
    tidy = dict(fields)
    for name in ("title", "consent"):
        if name in tidy:
            tidy[name] = _line(tidy[name])
    for name in ("opening", "closing", "source_note"):
        if name in tidy:
            tidy[name] = _block(tidy[name])
    if "points" in tidy:
        tidy["points"] = [point for point in map(_block, tidy["points"]) if point]
        if len(tidy["points"]) > MOST_POINTS:
            raise Refusal(f"Naskah paling banyak memuat {MOST_POINTS} butir.")
    if "applies_to" in tidy:
        tidy["applies_to"] = list(dict.fromkeys(tidy["applies_to"]))
    if not tidy.get("title", "x") or not tidy.get("consent", "x"):
        raise Refusal("Judul dan kalimat persetujuan wajib diisi.")
    return tidy


def _line(text: str) -> str:
    return " ".join(_block(text).split())


def _block(text: str) -> str:
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = (line.rstrip() for line in CONTROL.sub(" ", text).split("\n"))
    return "\n".join(lines).strip()


def _texts(content: dict) -> list[str]:
    points = content.get("points", [])
    return [*(part for name, part in content.items() if name != "points"), *points]


def _names(bases) -> list[str]:
    """The bases as people read them, in the order of their keys."""
    return [str(basis) for basis in sorted(bases, key=lambda basis: basis.key)]


def _keys(bases) -> list[str]:
    return sorted(basis.key for basis in bases)


def _locked(version: TextVersion) -> TextVersion:
    return TextVersion.objects.select_for_update().get(pk=version.pk)


def _free_key(wish: str) -> str:
    base = slugify(wish)[:64].strip("-") or "naskah"
    key, n = base, 1
    while PledgeText.objects.filter(key=key).exists():
        n += 1
        key = f"{base}-{n}"
    return key


def _user(actor):
    """The user for a foreign key; the house itself has none."""
    return actor if isinstance(actor, User) else None
