"""PURE: a stranger's PDF opened with pikepdf: attachment, XMP, page contents, figures; every size is bounded."""

import hashlib
import io
import zlib
from collections.abc import Iterator

import pikepdf

from . import xmp
from .pdf import EVIDENCE_NAME

MAX_EVIDENCE = 32 * 1024 * 1024
MAX_ENCLOSED = 128 * 1024 * 1024
MAX_CONTENTS = 256 * 1024 * 1024
SIGNATURE_LABEL = "Tanda tangan "


class Unreadable(Exception):
    """No PDF that could be checked; ``message`` is one Indonesian line."""

    def __init__(self, message: str = "Berkas bukan PDF yang utuh."):
        super().__init__(message)
        self.message = message


class OpenedPaper:
    """Context manager. ``damaged``: what cannot be read is empty instead of Unreadable, since the seal says enough."""

    def __init__(self, data: bytes, *, damaged: bool = False):
        self._damaged, self._data = damaged, data
        self._pdf = self._open(data)

    def _open(self, data: bytes) -> pikepdf.Pdf | None:
        try:
            pdf = pikepdf.open(io.BytesIO(data), suppress_warnings=True, attempt_recovery=self._damaged)
        except pikepdf.PasswordError:
            raise Unreadable("Berkas terkunci dengan kata sandi.") from None
        except (pikepdf.PdfError, ValueError, RuntimeError, OverflowError) as problem:
            if self._damaged:
                return None
            raise Unreadable from problem
        if pdf.is_encrypted:
            raise Unreadable("Berkas terkunci dengan kata sandi.")
        return pdf

    def __enter__(self) -> "OpenedPaper":
        return self

    def __exit__(self, *_) -> None:
        if self._pdf is not None:
            self._pdf.close()

    def evidence(self) -> bytes | None:
        """The bytes of the one attachment ``evidence.json``; None without attachments.

        ValueError when it is missing among others, there more than once, or too large.
        """
        found = [spec for name, spec in self._listed() if name == EVIDENCE_NAME]
        if not found:
            if self._listed():
                raise ValueError("an attachment of another name")
            return None
        (spec,) = found
        try:
            return _bounded(spec.EF.F, MAX_EVIDENCE)
        except (pikepdf.PdfError, RuntimeError) as problem:
            raise ValueError("attachment does not read") from problem

    def enclosed(self) -> list[tuple[str, str]]:
        """(name, SHA-256) of every other attachment. ValueError when one does not read or all are too large."""
        found, left = [], MAX_ENCLOSED
        try:
            for name, spec in self._listed():
                if name != EVIDENCE_NAME:
                    content = _bounded(spec.EF.F, left)
                    left -= len(content)
                    found.append((name, hashlib.sha256(content).hexdigest()))
        except (pikepdf.PdfError, RuntimeError) as problem:
            raise ValueError("attachment does not read") from problem
        return found

    def _listed(self) -> list[tuple[str, pikepdf.Object]]:
        """Each attachment once, by its name. ValueError when its two names differ."""
        if self._pdf is None:
            return []
        try:
            specs = {str(spec.objgen): spec for spec in _attachments(self._pdf)}
            listed = []
            for spec in specs.values():
                (name,) = {str(spec[key]) for key in ("/F", "/UF") if key in spec}
                listed.append((name, spec))
            return listed
        except (pikepdf.PdfError, RuntimeError) as problem:
            raise ValueError("attachment does not read") from problem

    def xmp(self) -> dict[str, str]:
        try:
            return xmp.read(_bounded(self._pdf.Root.Metadata, xmp.MAX_BYTES)) if self._pdf else {}
        except (pikepdf.PdfError, ValueError, AttributeError, KeyError, TypeError, RuntimeError):
            return {}

    def page_contents(self) -> list[bytes]:
        """ValueError when they do not read, or are larger than any paper of ours."""
        found, left = [], MAX_CONTENTS
        try:
            for page in self._pdf.pages if self._pdf else ():
                contents = page.obj.get("/Contents")
                streams = contents if isinstance(contents, pikepdf.Array) else [contents]
                parts = [_bounded(stream, left) for stream in streams if stream is not None]
                found.append(b"\n".join(parts))
                left -= len(found[-1])
        except (pikepdf.PdfError, AttributeError, TypeError, RuntimeError) as problem:
            raise ValueError("page contents do not read") from problem
        return found

    def page_texts(self) -> Iterator[str]:
        """Readable text of each page, in its order on the page; taken when asked for, since a page costs 15 ms."""
        from pypdf import PdfReader  # slow import
        from pypdf.errors import PyPdfError

        try:
            for page in PdfReader(io.BytesIO(self._data)).pages:
                yield page.extract_text()
        except (PyPdfError, LookupError, TypeError, AttributeError, RecursionError, OSError) as problem:
            raise ValueError("page text does not read") from problem

    def signature_labels(self) -> list[str]:
        """Alternative texts of figures that are signatures ("Tanda tangan {nama}")."""
        try:
            return [
                str(item.Alt)
                for item in (self._pdf.objects if self._pdf else ())
                if isinstance(item, pikepdf.Dictionary)
                and item.get("/S") == pikepdf.Name.Figure
                and str(item.get("/Alt", "")).startswith(SIGNATURE_LABEL)
            ]
        except (pikepdf.PdfError, ValueError, TypeError, RuntimeError):
            return []


def _attachments(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """File specifications, wherever the catalogue lists them."""
    if "/Names" in pdf.Root and "/EmbeddedFiles" in pdf.Root.Names:
        yield from (spec for _, spec in pikepdf.NameTree(pdf.Root.Names.EmbeddedFiles).items())
    if "/AF" in pdf.Root:
        yield from pdf.Root.AF


def _bounded(stream: pikepdf.Object, limit: int) -> bytes:
    """Decoded content of a stream that is plain or deflated; ValueError when larger, or coded in another way."""
    raw = stream.read_raw_bytes()
    coding = stream.get("/Filter")
    if isinstance(coding, pikepdf.Array) and len(coding) == 1:
        coding = coding[0]
    if coding is None:
        content = raw
    elif coding == pikepdf.Name.FlateDecode and "/DecodeParms" not in stream:
        try:
            content = zlib.decompressobj().decompress(raw, limit + 1)
        except zlib.error as problem:
            raise ValueError("stream does not decompress") from problem
    else:
        raise ValueError("stream coded in an unexpected way")
    if len(content) > limit:
        raise ValueError("stream too large")
    return content
