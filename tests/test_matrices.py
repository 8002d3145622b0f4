"""Every row of the matrices of tampering, killed workers and validators (PDF.md §7) has its tests, by name.

A row whose test is renamed or removed fails here; a test says what it proves, this list says that nothing is forgotten.
"""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent
ATTACKS, BOMBS = "documents/test_attacks.py", "documents/test_bombs.py"
BYTES, STAMPS, STAMPING = (
    "documents/test_tampering.py",
    "documents/test_stamps.py",
    "documents/test_stamping.py",
)
CERTIFICATES = "documents/test_seal_certificates.py"
FORGED, EVIDENCE = "declarations/test_evidence_forged.py", "documents/test_verify_evidence.py"
CHANGED = "documents/test_verify_changed.py"
KUTIPAN, SEALING = "declarations/test_excerpts.py", "documents/test_sealing.py"
KILLED, LISTS = "documents/test_killed.py", "documents/test_outside_lists.py"
EVERY, VALIDATOR = "declarations/test_every_paper.py", "documents/test_validator.py"

TAMPERING = {
    "one bit in page content, font, evidence stream, XMP": [(BYTES, "test_one_bit_in_what_is_signed")],
    "one bit in the contents of the seal": [
        (BYTES, "test_one_bit_in_the_contents_of_the_seal"),
        ("documents/test_pades.py", "test_no_bit_of_the_signature_container_is_free"),
    ],
    "one bit in the contents of the timestamp": [
        (BYTES, "test_one_bit_in_the_contents_of_the_timestamp"),
        (STAMPS, "test_one_digit_in_the_padding_of_the_archive_stamp_is_noticed"),
    ],
    "increment with content, annotation, page, form value, XMP, attachment": [
        (BYTES, "test_an_increment_that_changes_the_paper"),
        (ATTACKS, "test_what_comes_in_after_the_seal_is_found"),
        (ATTACKS, "test_a_change_and_its_undoing_are_still_a_change"),
        (ATTACKS, "test_another_title_in_the_old_place_is_counted"),
        (ATTACKS, "test_a_revision_that_is_none_is_found"),
    ],
    "comment behind the end, also with a copied trailer": [
        (BYTES, "test_a_comment_behind_the_end"),
        (STAMPS, "test_bytes_behind_the_archive_stamp_are_counted"),
        (STAMPS, "test_bytes_behind_the_revision_of_certificates_are_counted"),
        (ATTACKS, "test_bytes_before_the_paper_are_found"),
    ],
    "whole last revision cut off": [
        (BYTES, "test_a_whole_last_revision_cut_off_leaves_a_lower_level"),
        (BYTES, "test_a_stage_that_was_never_published_is_not_known"),
        (STAMPING, "test_the_earlier_file_still_belongs_to_the_paper"),
    ],
    "cut inside a revision": [(BYTES, "test_a_file_cut_inside_a_revision")],
    "second ordinary signature": [
        (BYTES, "test_a_second_ordinary_signature_is_refused_when_made"),
        (BYTES, "test_a_second_ordinary_signature_that_was_forced"),
    ],
    "seal removed, wrapped, emptied or moved": [
        (ATTACKS, "test_a_seal_that_covers_nothing_is_none"),
        (ATTACKS, "test_a_seal_wrapped_around_other_content_is_found"),
        (ATTACKS, "test_the_seal_of_one_paper_on_another_is_found"),
    ],
    "sealed again with another root": [
        (BYTES, "test_the_seal_removed_and_the_paper_sealed_again_with_another_root")
    ],
    "sealed again by another known office": [
        (BYTES, "test_sealed_again_by_another_known_office_it_is_that_office_s_and_not_in_the_register")
    ],
    "expired or not yet valid certificate": [
        (CERTIFICATES, "test_a_certificate_out_of_its_time"),
        ("documents/test_signers.py", "test_expired_and_future_certificates_are_refused"),
    ],
    "revoked certificate": [
        (CERTIFICATES, "test_a_certificate_that_was_revoked_before_the_seal"),
        (CERTIFICATES, "test_sealing_refuses_a_revoked_certificate"),
        (CERTIFICATES, "test_a_certificate_revoked_after_the_timestamp_leaves_old_papers_valid"),
        (LISTS, "test_a_certificate_its_issuer_revoked_seals_nothing"),
    ],
    "insider: name, strokes, order, outcome, point, device key, dropped or added record": [
        (FORGED, "test_evidence_changed_by_an_insider_is_named"),
        (FORGED, "test_forger_who_makes_root_and_totals_right_is_named_by_the_record"),
        (FORGED, "test_row_that_says_other_than_its_record_is_named"),
        (FORGED, "test_one_record_printed_for_two_people_is_named"),
        (FORGED, "test_words_on_the_page_that_nobody_signed_are_named"),
        (FORGED, "test_points_printed_in_another_order_are_named"),
    ],
    "insider: swapped ink of two rows": [(FORGED, "test_ink_of_two_rows_exchanged_on_the_page_is_named")],
    "evidence not canonical, duplicate key, huge numbers, two attachments": [
        (EVIDENCE, "test_evidence_changed_and_sealed_again_is_a_mismatch")
    ],
    "nesting bomb": [(BOMBS, "test_evidence_nested_a_hundred_thousand_deep_is_a_mismatch")],
    "stream of a gigabyte": [
        (BOMBS, "test_a_gigabyte_of_evidence_is_no_evidence"),
        (BOMBS, "test_a_gigabyte_of_xmp_is_no_xmp"),
        (BOMBS, "test_a_gigabyte_on_the_page_is_not_unpacked"),
        (BOMBS, "test_a_gigabyte_where_the_file_is_opened_ends_in_a_sentence"),
    ],
    "countless and endless structures": [
        (BOMBS, "test_endless_and_countless_structures_end_in_sentences"),
        (CHANGED, "test_mutations_are_never_valid_and_never_crash"),
    ],
    "locked file": [(ATTACKS, "test_a_locked_paper_is_named_whether_it_opens_or_not")],
    "kutipan of another paper, altered path, index too large": [
        (KUTIPAN, "test_kutipan_changed_by_an_insider_is_named"),
        (KUTIPAN, "test_kutipan_with_the_ink_of_somebody_else_is_named"),
    ],
}
KILLS = {
    "freeze, render, repack, validation": [
        (KILLED, "test_a_worker_killed_at_any_step_leaves_one_sealed_revision_one_hook_and_a_whole_log"),
        (SEALING, "test_killed_worker_leaves_work_that_sweep_finishes_once"),
        (SEALING, "test_issue_killed_before_its_commit_leaves_nothing_and_the_next_click_makes_one_paper"),
    ],
    "after the unsigned file, before the seal": [
        (SEALING, "test_render_killed_after_the_file_gives_the_same_bytes_again"),
        (SEALING, "test_damaged_unsigned_file_is_rendered_again"),
        ("documents/test_worker.py", "test_worker_killed_between_render_and_seal_leaves_one_sealed_revision"),
    ],
    "after rename, before commit": [
        (SEALING, "test_sealed_file_without_row_is_taken_over"),
        (SEALING, "test_foreign_file_in_the_place_of_the_sealed_one_is_not_taken_over"),
        (STAMPING, "test_a_worker_killed_between_file_and_row_is_taken_over"),
    ],
    "after commit, before a hook": [
        (SEALING, "test_worker_killed_after_the_seal_is_registered_leaves_a_hook_that_runs_once"),
        (SEALING, "test_failing_follow_up_is_a_job_of_its_own"),
    ],
    "two workers on one job": [
        (SEALING, "test_two_workers_seal_once"),
        (SEALING, "test_worker_that_slept_through_its_lease_cannot_write_over_the_sealed_file"),
        ("documents/test_jobs.py", "test_loser_of_a_lease_changes_nothing"),
    ],
    "timestamp authority down": [
        (STAMPING, "test_when_no_authority_answers_the_paper_is_sealed_and_waits_visibly"),
        (STAMPING, "test_once_an_authority_answers_the_same_file_grows_to_b_lta"),
        (LISTS, "test_a_paper_whose_issuer_is_silent_waits_with_the_reason_and_is_lifted_later"),
    ],
    "disk full": [(SEALING, "test_full_disk_is_tried_again")],
    "passphrase wrong": [(SEALING, "test_wrong_passphrase_lets_the_paper_wait")],
}
VALIDATORS = {
    "each kind, A4 and F4": [
        (EVERY, "test_every_kind_of_declaration"),
        (EVERY, "test_every_kind_of_event_paper"),
        (EVERY, "test_kutipan_and_addendum"),
        (EVERY, "test_papers_of_each_demo_event"),
        (EVERY, "test_no_kind_is_forgotten"),
    ],
    "1, 50 and 500 rows": [(EVERY, "test_every_length_of_the_list")],
    "B-B, B-T, B-LT, B-LTA, renewed": [
        (BYTES, "test_each_level_is_clean_for_the_validator_and_found_by_the_checker"),
        (STAMPS, "test_poppler_and_qpdf_accept_the_archive_level"),
        ("documents/test_pades.py", "test_poppler_and_qpdf_accept_the_seal"),
    ],
    "two parties": [
        ("documents/test_pdf.py", "test_a_second_party_gets_a_field_of_its_own_and_a_draft_none"),
        ("documents/test_two_seals.py", "test_a_paper_with_room_for_a_second_seal_is_clean_and_valid"),
        ("documents/test_two_seals.py", "test_the_second_seal_leaves_the_first_whole_and_both_are_found"),
        ("documents/test_two_seals.py", "test_the_room_of_the_second_allows_no_other_change"),
    ],
    "negative: text stamp, no alt, missing glyph, same-name fonts, CMYK, undescribed XMP": [
        (VALIDATOR, "test_validator_finds"),
        (VALIDATOR, "test_validator_finds_the_visible_stamp_of_the_library"),
        (BYTES, "test_a_signature_that_does_not_reach_the_end_fails_the_validator"),
    ],
    "page image of known papers": [
        ("documents/test_page_images.py", "test_sample_paper_looks_as_it_did"),
        ("documents/test_page_images.py", "test_a_line_that_is_gone_is_seen"),
    ],
}
ROWS = [
    pytest.param(found, id=f"{part}: {row}")
    for part, matrix in (("7.1", TAMPERING), ("7.2", KILLS), ("7.3", VALIDATORS))
    for row, found in matrix.items()
]


@cache
def names_in(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text())
    return {item.name for item in tree.body if isinstance(item, ast.FunctionDef)}


@pytest.mark.parametrize("named", ROWS)
def test_each_row_has_its_tests(named):
    assert named
    assert [(file, name) for file, name in named if name not in names_in(file)] == []
