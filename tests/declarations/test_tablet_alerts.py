"""Every red and amber condition of the board: on, and just not (KIOSK §12)."""

from datetime import UTC, datetime, timedelta

import pytest

from declarations.tablet_alerts import Facts, alerts_of, duration, spans

NOW = datetime(2024, 10, 2, 5, 0, tzinfo=UTC)  # 12.00 WIB
ZONE = "Asia/Jakarta"


def ago(**length) -> datetime:
    return NOW - timedelta(**length)


def found(**facts):
    return [(alert.key, alert.tone) for alert in alerts_of(Facts(now=NOW, zone=ZONE, **facts))]


def text(**facts) -> str:
    [alert] = alerts_of(Facts(now=NOW, zone=ZONE, **facts))
    return alert.text


QUEUE = {"waiting": 3, "pending": 3, "missing": [4, 5, 6]}
SILENT = {**QUEUE, "contact": ago(minutes=30), "closed_at": ago(hours=2)}
STUCK = {**QUEUE, "contact": ago(seconds=40), "oldest_pending_at": ago(minutes=16)}
RED = [
    ("silent_with_queue", SILENT, {**SILENT, "contact": ago(minutes=29)}),
    ("silent_with_queue", {**SILENT, "closed_at": ago(minutes=30)}, {**SILENT, "closed_at": ago(minutes=29)}),
    ("silent_with_queue", SILENT, {**SILENT, "closed_at": None}),
    ("silent_with_queue", SILENT, {**SILENT, "waiting": 0}),
    ("missing_numbers", {"missing": [7]}, {"missing": []}),
    ("missing_numbers", {"missing": [7]}, {"missing": [7], "pending": 1, "waiting": 1}),
    ("chain_broken", {"chain_broken_at": 0}, {"chain_broken_at": None}),
    ("bad_device_signature", {"bad_signatures": 1}, {"bad_signatures": 0}),
    ("lost_storage", {"lost": 2}, {"lost": 0}),
    ("lost_storage", {"lost": 2, "missing": [3, 4]}, {}),
    ("unknown_key", {"unknown_key": 1}, {"unknown_key": 0}),
]
AMBER = [
    ("wrong_clock", {"offset_ms": 120_001}, {"offset_ms": 120_000}),
    ("wrong_clock", {"offset_ms": -120_001}, {"offset_ms": -120_000}),
    ("not_persisted", {"persisted": False}, {"persisted": True}),
    ("not_persisted", {"persisted": False}, {"persisted": None}),
    ("little_space", {"free_mb": 499}, {"free_mb": 500}),
    ("little_space", {"free_mb": 0}, {"free_mb": None}),
    ("old_app", {"is_old_app": True}, {"is_old_app": False}),
    ("stuck_queue", STUCK, {**STUCK, "oldest_pending_at": ago(minutes=15)}),
    ("stuck_queue", STUCK, {**STUCK, "contact": ago(minutes=3)}),
    ("stuck_queue", STUCK, {**STUCK, "waiting": 0}),
]


@pytest.mark.parametrize(("key", "on", "off"), RED)
def test_red_alert_stands_only_while_its_condition_holds(key, on, off):
    assert found(**on) == [(key, "danger")]
    assert found(**off) == []


@pytest.mark.parametrize(("key", "on", "off"), AMBER)
def test_amber_alert_stands_only_while_its_condition_holds(key, on, off):
    assert found(**on) == [(key, "waiting")]
    assert found(**off) == []


def test_being_offline_all_day_is_no_alert():
    assert found(contact=ago(hours=3)) == []
    assert found(contact=ago(hours=3), **QUEUE) == []


def test_a_tablet_that_left_has_only_red_alerts():
    facts = {"persisted": False, "free_mb": 1, "lost": 2}
    assert found(**facts, may_hand_in=False) == [("lost_storage", "danger")]


def test_red_stands_before_amber():
    assert found(free_mb=1, chain_broken_at=4) == [("chain_broken", "danger"), ("little_space", "waiting")]


@pytest.mark.parametrize("facts", [on for _, on, _ in RED + AMBER])
def test_every_alert_says_what_to_do(facts):
    sentences = text(**facts)
    assert sentences.endswith(".")
    assert len(sentences.split(". ")) >= 2


def test_alerts_name_numbers_hours_and_direction():
    assert text(missing=[3, 4, 5, 9]).startswith("Catatan nomor 3–5, 9 belum diterima")
    assert "sejak 11.30." in text(**SILENT)
    assert text(offset_ms=185_000).startswith("Jam tablet terlambat 3 menit.")
    assert text(offset_ms=-7_500_000).startswith("Jam tablet terlalu cepat 2 jam 5 menit.")


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([], ""),
        ([4], "4"),
        ([4, 5], "4–5"),
        ([1, 3, 5, 7, 9, 11, 13, 14], "1, 3, 5, 7, 9, 11, dan 2 lainnya"),
    ],
)
def test_numbers_are_told_as_spans(numbers, words):
    assert spans(numbers) == words


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=59), "0 menit"),
        (timedelta(minutes=60), "1 jam"),
        (timedelta(hours=47, minutes=1), "47 jam 1 menit"),
        (timedelta(days=19_000), "19.000 hari"),
    ],
)
def test_duration_in_whole_units(length, words):
    assert duration(length) == words
