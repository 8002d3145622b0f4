"""Evidence in a sealed file: judged by the checker of its schema; missing, spoilt or changed it is a mismatch."""

import io

import pikepdf
import pytest

from documents import pades, pdf, verification
from documents.verification import Check, Judgement, Status, verify_file

from . import sample
from .verified import EVIDENCE, SCHEMA


@pytest.fixture(scope="module")
def roots():
    return [sample.seal_key().chain[-1]]


@pytest.fixture
def checker(monkeypatch):
    """Registers a checker for SCHEMA; gives the list of what it was called with."""
    calls = []

    def judge(evidence, paper):
        calls.append((evidence, paper))
        return Judgement(
            {"evidence": Check(Status.OK, "Bukti 2 penanda tangan cocok dengan halaman.")},
            {"signatures": 2, "kind": "declaration"},
        )

    monkeypatch.setattr(verification, "CHECKERS", {SCHEMA: judge})
    return calls


def test_a_paper_whose_evidence_was_left_out_before_sealing_is_named(roots):
    html, inks = sample.memorandum()
    bare = pdf.render(html, inks=inks, attachment=None, meta=sample.meta()).pdf

    report = verify_file(pades.seal(bare, signer=sample.seal_key()), roots=roots)

    assert (report.valid, report.failed) == (False, ["evidence"])
    assert report.checks["evidence"].message == "Bukti tidak cocok: berkas bukti tidak ada lagi."


@pytest.mark.parametrize(
    "contents", [5, pikepdf.Name.X, pikepdf.Dictionary(A=1), pikepdf.Array([5])], ids=repr
)
def test_a_page_without_readable_contents_becomes_a_sentence(monkeypatch, contents):
    monkeypatch.setattr(
        verification,
        "CHECKERS",
        {
            SCHEMA: lambda evidence, paper: Judgement(
                {"evidence": Check(Status.OK, str(paper.page_contents()))}
            )
        },
    )
    with pikepdf.open(io.BytesIO(sample.rendered("memorandum", EVIDENCE).pdf)) as opened:
        opened.pages[0].obj.Contents = contents
        changed = io.BytesIO()
        opened.save(changed)

    report = verify_file(changed.getvalue(), roots=[])

    assert report.checks["evidence"].message == "Bukti tidak cocok: tidak terbaca (ValueError)."


@pytest.fixture(scope="module")
def evidenced() -> bytes:
    return sample.sealed(EVIDENCE)


def test_evidence_is_handed_to_the_checker_of_its_schema(evidenced, roots, checker):
    report = verify_file(evidenced, roots=roots)
    assert report.valid
    assert report.checks["evidence"].message == "Bukti 2 penanda tangan cocok dengan halaman."
    ((evidence, paper),) = checker
    assert evidence == {"schema": SCHEMA, "signatories": 2}
    assert paper.xmp["textSha256"] == sample.TEXT_SHA


def test_a_checker_sees_ink_and_figures_of_the_page(evidenced, roots, monkeypatch):
    _, inks = sample.memorandum()
    seen = {}

    def judge(evidence, paper):
        contents = b"".join(paper.page_contents())
        seen["ink"] = [contents.count(ink.operators) for ink in inks.values()]
        seen["labels"] = sorted(paper.signature_labels())
        return Judgement({})

    monkeypatch.setattr(verification, "CHECKERS", {SCHEMA: judge})
    verify_file(evidenced, roots=roots)
    assert seen == {
        "ink": [1, 1],
        "labels": ["Tanda tangan M. Nizar (contoh)", "Tanda tangan Sugiarto (contoh)"],
    }


def test_evidence_that_nobody_can_judge_is_a_failure(evidenced, roots, monkeypatch):
    monkeypatch.setattr(verification, "CHECKERS", {})
    report = verify_file(evidenced, roots=roots)
    assert report.failed == ["evidence"]
    assert report.checks["evidence"].message == "Bukti tidak cocok: skema uji/1 tidak dikenal oleh versi ini."


@pytest.mark.parametrize("problem", [ValueError("x"), KeyError("x"), TypeError("x"), RecursionError("x")])
def test_a_checker_that_stumbles_is_a_failure_not_a_crash(evidenced, roots, monkeypatch, problem):
    def judge(evidence, paper):
        raise problem

    monkeypatch.setattr(verification, "CHECKERS", {SCHEMA: judge})
    report = verify_file(evidenced, roots=roots)
    assert report.failed == ["evidence"]
    assert (
        report.checks["evidence"].message == f"Bukti tidak cocok: tidak terbaca ({type(problem).__name__})."
    )


def resealed(change) -> bytes:
    """The paper with evidence, changed by an insider and sealed again by us."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sample.rendered("memorandum", EVIDENCE).pdf)) as opened:
        change(opened)
        opened.save(out, fix_metadata_version=False)
    return pades.seal(out.getvalue(), signer=sample.seal_key())


def _write(content: bytes):
    return lambda opened: opened.Root.AF[0].EF.F.write(content)


def _two_attachments(opened) -> None:
    opened.attachments["lain.json"] = b"{}"


def _renamed(opened) -> None:
    opened.Root.AF[0].UF = pikepdf.String("lain.json")


def _missing_file(opened) -> None:
    del opened.Root.AF[0].EF


def _other_coding(opened) -> None:
    opened.Root.AF[0].EF.F.write(b"414243>", filter=pikepdf.Name.ASCIIHexDecode)


BOMB = b"[" * 100_000


@pytest.mark.parametrize(
    "change",
    [
        _write(b'{"schema": "uji/1"}'),
        _write(b'{"schema":"uji/1","schema":"uji/1"}'),
        _write(b'{"n":1.5,"schema":"uji/1"}'),
        _write(b'{"n":' + b"9" * 5000 + b',"schema":"uji/1"}'),
        _write(b"[]"),
        _write(b""),
        _write(b"\xff\xfe"),
        _write(BOMB),
        _two_attachments,
        _renamed,
        _missing_file,
        _other_coding,
    ],
)
def test_evidence_changed_and_sealed_again_is_a_mismatch(change, roots, checker):
    report = verify_file(resealed(change), roots=roots)
    assert report.failed == ["evidence"]
    assert report.checks["evidence"].message.startswith("Bukti tidak cocok: ")
    assert checker == []


def test_evidence_larger_than_any_paper_is_a_mismatch(roots, monkeypatch, checker):
    monkeypatch.setattr("documents.opened.MAX_EVIDENCE", 20)
    report = verify_file(sample.sealed(EVIDENCE), roots=roots)
    assert report.failed == ["evidence"]


def test_a_schema_has_one_checker():
    def first(evidence, paper):
        return Judgement({})

    verification.register_checker("uji-ganda/1", first)
    verification.register_checker("uji-ganda/1", first)
    with pytest.raises(ValueError, match="registered twice"):
        verification.register_checker("uji-ganda/1", lambda evidence, paper: Judgement({}))
    del verification.CHECKERS["uji-ganda/1"]
