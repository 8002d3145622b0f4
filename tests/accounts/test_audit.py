import json
import uuid
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from accounts import audit
from accounts.audit import Actor, diff, record, register_verbs, verify_all, verify_stream
from accounts.models import AuditEntry, AuditStream
from accounts.roles import Role

from .factories import organizer_of, panwaslu_cerme, panwaslu_purwodadi
from .flushing import drop_triggers

pytestmark = pytest.mark.django_db


class Tablet:
    audit_actor = Actor("device", "7", "Meja 1")


@pytest.fixture
def office():
    return panwaslu_cerme()


@pytest.fixture
def chain(office):
    """Four entries in the stream of Cerme."""
    user = organizer_of(office)
    return [record(user, "office.updated", office, n=n) for n in range(4)]


def sql(statement, *params):
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def test_entry_says_who_did_what_to_which_object(office):
    user = organizer_of(office)
    token = audit.client_ip.set("10.0.0.7")
    entry = record(user, "office.updated", office, changes={"address": ["lama", "baru"]})
    audit.client_ip.reset(token)
    entry.refresh_from_db()
    assert (entry.stream_id, entry.seq, entry.prev_hash) == (f"office:{office.pk}", 1, "0" * 64)
    assert (entry.actor_kind, entry.actor_id, entry.actor_label) == ("user", str(user.pk), user.full_name)
    assert (entry.verb, entry.object_type, entry.object_id) == (
        "office.updated",
        "accounts.office",
        str(office.pk),
    )
    assert (entry.object_label, entry.ip) == ("Panwaslu Kecamatan Cerme", "10.0.0.7")
    assert entry.facts == {"changes": {"address": ["lama", "baru"]}}
    assert entry.hash == audit.hash_of(entry)


def test_entries_of_a_stream_are_chained(chain, office):
    assert [entry.seq for entry in chain] == [1, 2, 3, 4]
    assert [entry.prev_hash for entry in chain[1:]] == [entry.hash for entry in chain[:3]]
    head = AuditStream.objects.get(pk=office.audit_stream)
    assert (head.head_seq, head.head_hash) == (4, chain[3].hash)


def test_streams_are_counted_apart(chain, office):
    other = record(audit.SYSTEM, "office.created", panwaslu_purwodadi())
    assert (other.seq, other.prev_hash, other.actor_label) == (1, "0" * 64, "Sistem")


def test_device_can_be_the_actor(office):
    entry = record(Tablet(), "device.paired", office)
    assert (entry.actor_kind, entry.actor_id, entry.actor_label) == ("device", "7", "Meja 1")


class Impostor:
    audit_actor = Actor("ghost", "1", "Hantu")


@pytest.mark.parametrize("actor", [None, AnonymousUser(), "budi", Impostor()])
def test_nobody_is_no_actor(office, actor):
    with pytest.raises(ValueError, match=r"actor|ghost"):
        record(actor, "office.updated", office)


def test_facts_become_plain(office):
    moment = datetime(2024, 10, 2, 2, 14, 7, 123456, tzinfo=UTC)
    key = uuid.UUID(int=1)
    entry = record(
        audit.SYSTEM,
        "office.updated",
        office,
        day=date(2024, 10, 2),
        at=moment,
        hour=time(8, 30),
        id=key,
        price=Decimal("1.50"),
        role=Role.ORGANIZER,
        rows=[1, ("a", None)],
        villages={"b", "a"},
        text="baris\r\nsatu\tdua",
        nothing=None,
    )
    entry.refresh_from_db()
    assert entry.facts == {
        "day": "2024-10-02",
        "at": "2024-10-02T02:14:07.123Z",
        "hour": "08:30:00",
        "id": str(key),
        "price": "1.50",
        "role": "organizer",
        "rows": [1, ["a", ""]],
        "villages": ["a", "b"],
        "text": "baris\nsatu dua",
    }
    assert verify_stream(office.audit_stream).is_whole


@pytest.mark.parametrize("fact", [1.5, object(), b"x", 2**53, {"Kunci": 1}, {1: 2}, [float("nan")]])
def test_fact_without_plain_form_is_refused(office, fact):
    with pytest.raises(ValueError, match=r".+"):
        record(audit.SYSTEM, "office.updated", office, fact=fact)
    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize(
    "name",
    [
        "nip",
        "nrp",
        "nik",
        "phone",
        "password",
        "token",
        "identity_number",
        "old_phone",
        "nip_lama",
        "api_token",
    ],
)
def test_secret_is_refused_at_any_depth(office, name):
    for facts in ({name: "1"}, {"changes": {name: ["1", "2"]}}, {"rows": [{"x": {name: "1"}}]}):
        with pytest.raises(ValueError, match=name):
            record(audit.SYSTEM, "office.updated", office, **facts)
    assert AuditEntry.objects.count() == 0


def test_words_that_only_resemble_a_secret_are_kept(office):
    facts = {"unik": "ya", "tokens_left": 1, "manipulated": False}
    assert record(audit.SYSTEM, "office.updated", office, **facts).facts == facts


def test_number_typed_into_a_text_is_masked(office):
    entry = record(
        audit.SYSTEM, "office.updated", office, reason="NIP 198609262015051001, NIK 3515144508680002."
    )
    assert entry.facts == {"reason": "NIP 1986************01, NIK 3515**********02."}


def test_difference_names_private_fields_without_their_values():
    before = {"name": "A", "phone": "031", "day": date(2024, 1, 1), "same": 1}
    after = {"name": "B", "phone": "032", "day": date(2024, 1, 2), "same": 1}
    assert diff(before, after) == {
        "changes": {"name": ["A", "B"], "day": [date(2024, 1, 1), date(2024, 1, 2)]},
        "changed_private": ["phone"],
    }
    assert diff(after, after) == {}


@pytest.mark.parametrize("verb", ["", "closed", "Event.closed", "event closed", "event.", "event.closed\n"])
def test_verb_has_a_shape(office, verb):
    with pytest.raises(ValueError, match="verb"):
        record(audit.SYSTEM, verb, office)


@pytest.mark.django_db(transaction=True)
def test_entry_needs_the_transaction_of_its_deed(office):
    with pytest.raises(RuntimeError, match="transaction"):
        record(audit.SYSTEM, "office.updated", office)


def failing_deed(lock, office):
    with lock():
        record(audit.SYSTEM, "office.updated", office)
        raise KeyError


def test_entry_vanishes_with_its_deed(office):
    with pytest.raises(KeyError):
        failing_deed(transaction.atomic, office)
    assert record(audit.SYSTEM, "office.updated", office).seq == 1


def test_verb_has_one_wording(monkeypatch):
    monkeypatch.setattr(audit, "VERBS", {})
    register_verbs({"event.closed": "menutup kegiatan"})
    register_verbs({"event.closed": "menutup kegiatan"})
    assert audit.VERBS == {"event.closed": "menutup kegiatan"}
    with pytest.raises(ValueError, match="twice"):
        register_verbs({"event.closed": "membuka kegiatan"})
    with pytest.raises(ValueError, match="Not a verb"):
        register_verbs({"closed": "menutup"})


# --- what the database forbids ---


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_auditentry SET verb = 'x.y' WHERE seq = 2",
        "UPDATE accounts_auditentry SET facts = '{}'",
        "DELETE FROM accounts_auditentry WHERE seq = 4",
        "DELETE FROM accounts_auditentry",
        "DELETE FROM accounts_auditstream",
        "UPDATE accounts_auditstream SET head_seq = 0",
        "UPDATE accounts_auditstream SET head_seq = head_seq - 1",
        "UPDATE accounts_auditstream SET head_hash = 'x'",
        "UPDATE accounts_auditstream SET name = 'lain', head_seq = head_seq + 1",
    ],
)
def test_log_only_grows(chain, statement):
    with pytest.raises(IntegrityError, match=r"append-only|only moves on|stream stays"), transaction.atomic():
        sql(statement)
    assert [report.problem for report in verify_all()] == [""]


COLUMNS = (
    "stream_id, seq, at, actor_kind, actor_id, actor_label, verb, object_type, object_id, object_label, facts, ip, "
    "prev_hash, hash"
)


@pytest.mark.parametrize("seq", [4, 6])
def test_entry_out_of_its_chain_is_refused(chain, seq):
    copied = COLUMNS.replace("seq", str(seq), 1)
    with pytest.raises(IntegrityError, match="continue its chain"), transaction.atomic():
        sql(
            f"INSERT INTO accounts_auditentry ({COLUMNS}) SELECT {copied} FROM accounts_auditentry WHERE seq = 4"
        )


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite knows INSERT OR REPLACE")
@pytest.mark.parametrize("columns", [COLUMNS, f"id, {COLUMNS}"])
def test_replacing_an_entry_is_refused(chain, columns):
    forged = columns.replace("verb", "'x.y'")
    with pytest.raises(IntegrityError, match="continue its chain"), transaction.atomic():
        sql(
            f"INSERT OR REPLACE INTO accounts_auditentry ({columns}) "
            f"SELECT {forged} FROM accounts_auditentry WHERE seq = 4"
        )


# --- what the walk finds when somebody with the database's password went around the triggers ---


def test_whole_chain_is_reported_whole(chain, office):
    report = verify_stream(office.audit_stream)
    assert (report.entries, report.first_broken, report.problem, report.is_whole) == (4, None, "", True)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("verb", "office.deleted"),
        ("facts", '{"n": 7}'),
        ("facts", '{"n": 1.5}'),
        ("facts", "[]"),
        ("at", "2024-01-01 00:00:00+00:00"),
        ("actor_id", "999"),
        ("actor_label", "Orang lain"),
        ("object_id", "999"),
        ("object_label", "Kantor lain"),
        ("ip", "1.2.3.4"),
        ("hash", "f" * 64),
        ("prev_hash", "f" * 64),
    ],
)
def test_changed_column_is_found(chain, office, column, value):
    drop_triggers("accounts_auditentry")
    sql(f"UPDATE accounts_auditentry SET {column} = %s WHERE seq = 2", value)
    assert verify_stream(office.audit_stream).first_broken == 2


def test_changed_entry_with_a_fitting_hash_breaks_the_next_one(chain, office):
    drop_triggers("accounts_auditentry")
    forged = AuditEntry.objects.get(seq=2)
    forged.facts = {"n": 99}
    sql(
        "UPDATE accounts_auditentry SET facts = '{\"n\": 99}', hash = %s WHERE seq = 2", audit.hash_of(forged)
    )
    report = verify_stream(office.audit_stream)
    assert (report.first_broken, report.problem) == (3, "sidik sebelumnya tidak cocok")


@pytest.mark.parametrize(
    ("seqs", "broken", "problem"),
    [
        ("1", 1, "catatan nomor 1 hilang"),
        ("2, 3", 2, "catatan nomor 2 hilang"),
        ("4", 4, "1 catatan terakhir hilang"),
        ("1, 2, 3, 4", 1, "4 catatan terakhir hilang"),
    ],
)
def test_deleted_entry_is_found(chain, office, seqs, broken, problem):
    drop_triggers("accounts_auditentry")
    sql(f"DELETE FROM accounts_auditentry WHERE seq IN ({seqs})")
    report = verify_stream(office.audit_stream)
    assert (report.first_broken, report.problem) == (broken, problem)


def test_rewritten_last_entry_does_not_fit_the_head(chain, office):
    drop_triggers("accounts_auditentry")
    forged = AuditEntry.objects.get(seq=4)
    forged.facts = {"n": 99}
    sql(
        "UPDATE accounts_auditentry SET facts = '{\"n\": 99}', hash = %s WHERE seq = 4", audit.hash_of(forged)
    )
    report = verify_stream(office.audit_stream)
    assert (report.first_broken, report.problem) == (
        4,
        "kepala rangkaian tidak cocok dengan catatan terakhir",
    )


def test_head_that_was_set_back_is_found(chain, office):
    drop_triggers("accounts_auditstream")
    sql("UPDATE accounts_auditstream SET head_seq = 3")
    assert verify_stream(office.audit_stream).first_broken == 4


def test_walk_reads_a_long_chain_in_three_queries(chain, office, django_assert_num_queries):
    with django_assert_num_queries(3):
        verify_stream(office.audit_stream)


def test_entry_appended_during_the_walk_is_no_break(chain, office, monkeypatch):
    walk = audit._problem_of
    late = []

    def append_once(*arguments):
        if not late:
            late.append(record(audit.SYSTEM, "office.updated", office))
        return walk(*arguments)

    monkeypatch.setattr(audit, "_problem_of", append_once)
    assert verify_stream(office.audit_stream).is_whole
    assert late[0].seq == 5


# --- the command ---


def run(capsys, *arguments):
    """Exit code, stdout and stderr of verify_audit."""
    code = 0
    try:
        call_command("verify_audit", *arguments)
    except SystemExit as stop:
        code = stop.code
    out, err = capsys.readouterr()
    return code, out, err


def test_command_says_that_the_log_is_whole(chain, capsys):
    record(audit.SYSTEM, "office.created", panwaslu_purwodadi())
    assert run(capsys) == (0, "2 rangkaian, 5 catatan diperiksa: utuh.\n", "")
    assert json.loads(run(capsys, "--json")[1]) == {"streams": 2, "entries": 5, "first_broken": None}


def test_command_on_an_empty_log(capsys):
    assert run(capsys, "--json") == (0, '{"streams": 0, "entries": 0, "first_broken": null}\n', "")


def test_command_names_the_changed_row(chain, office, capsys):
    drop_triggers("accounts_auditentry")
    sql("UPDATE accounts_auditentry SET facts = '{}' WHERE seq = 3")
    stream = office.audit_stream
    code, out, _ = run(capsys, "--stream", stream)
    assert (code, out.splitlines()[0]) == (
        1,
        f"RUSAK  {stream} nomor 3 (office.updated): isi catatan berubah",
    )
    code, out, _ = run(capsys, "--json")
    assert (code, json.loads(out)["first_broken"]) == (
        1,
        {"stream": stream, "seq": 3, "verb": "office.updated", "problem": "isi catatan berubah"},
    )


@pytest.mark.parametrize("stream", ["office:999", "", "event:x"])
def test_command_refuses_an_unknown_stream(chain, capsys, stream):
    assert run(capsys, "--stream", stream) == (2, "", f"Rangkaian tidak ditemukan: {stream}\n")
