"""PURE: what an issuer outside says of its certificates (CRL, OCSP, its own certificate), for ``documents.proofs``.

pyHanko decides what it needs and believes none of it without the issuer's signature. This module brings it within a
bounded number of questions, time and size; who was silent is left alone for a minute, and what was brought is kept for
ten: two hundred papers in a row ask once.
"""

import time
from collections.abc import AsyncGenerator, Callable, Iterable
from typing import Any

from asn1crypto import crl, ocsp, pem, x509
from pyhanko_certvalidator import errors
from pyhanko_certvalidator.authority import Authority
from pyhanko_certvalidator.fetchers import api
from pyhanko_certvalidator.fetchers.common_utils import (
    enumerate_delivery_point_urls,
    format_ocsp_request,
    gather_aia_issuer_urls,
    process_ocsp_response_data,
    unpack_cert_content,
)
from pyhanko_certvalidator.util import get_ocsp_urls, get_relevant_crl_dps

from .outside import Answer, NoAnswer, ask

SECONDS = 10  # for one question
TOGETHER = 30  # seconds for all that one paper needs
QUESTIONS = 12
LARGEST = 5 * 1024 * 1024  # what is brought goes into each paper
PAUSE = 60
KEPT = 600
PLACES = 32

_silent_until: dict[str, float] = {}
_brought: dict[tuple[str, bytes | None], tuple[float, Any]] = {}


def names_lists(certificate: x509.Certificate) -> bool:
    """Does the certificate say where one can ask whether it was revoked?"""
    points = get_relevant_crl_dps(certificate, use_deltas=False)
    return bool(get_ocsp_urls(certificate) or any(list(enumerate_delivery_point_urls(it)) for it in points))


def forget() -> None:
    """Ask everybody again at once."""
    _silent_until.clear()
    _brought.clear()


class Messenger(api.FetcherBackend):
    """For one paper; its limits count for everything that is asked through it."""

    def __init__(self) -> None:
        self._asked, self._until = 0, time.monotonic() + TOGETHER

    def get_fetchers(self) -> api.Fetchers:
        return api.Fetchers(_Answers(self), _Lists(self), _Issuers(self))

    def bring(self, url: str, read: Callable[[Answer], Any], *, body: bytes | None = None, kind="") -> Any:
        """What ``read`` makes of the answer. Raises NoAnswer, also when ``read`` raises ValueError."""
        now = time.monotonic()
        until, known = _brought.get((url, body), (0.0, None))
        if until > now:
            return known
        if _silent_until.get(url, 0) > now or self._asked >= QUESTIONS or now >= self._until:
            raise NoAnswer("not asked")
        self._asked += 1
        try:
            seconds = min(SECONDS, self._until - now)
            found = read(ask(url, seconds=seconds, largest=LARGEST, body=body, kind=kind))
        except (NoAnswer, ValueError) as problem:
            _silent_until[url] = time.monotonic() + PAUSE
            raise NoAnswer(type(problem).__name__) from problem
        if len(_brought) >= PLACES:
            _brought.clear()
        _brought[url, body] = (time.monotonic() + KEPT, found)
        return found


class _Lists(api.CRLFetcher):
    def __init__(self, messenger: Messenger) -> None:
        self._messenger = messenger
        self._of: dict[bytes, list[crl.CertificateList]] = {}

    async def fetch(self, cert, *, use_deltas=None) -> list[crl.CertificateList]:
        points = get_relevant_crl_dps(cert, use_deltas=False)
        urls = [url for point in points for url in enumerate_delivery_point_urls(point)]
        found = []
        for url in urls:
            try:
                found.append(self._messenger.bring(url, _list))
            except NoAnswer:
                continue
        if urls and not found:
            raise errors.CRLFetchError("no list from outside")
        self._of[cert.issuer_serial] = found
        return found

    def fetched_crls(self) -> Iterable[crl.CertificateList]:
        return {item.dump(): item for found in self._of.values() for item in found}.values()

    def fetched_crls_for_cert(self, cert) -> Iterable[crl.CertificateList]:
        return self._of[cert.issuer_serial]


class _Answers(api.OCSPFetcher):
    def __init__(self, messenger: Messenger) -> None:
        self._messenger = messenger
        self._of: dict[bytes, ocsp.OCSPResponse] = {}

    async def fetch(self, cert, authority: Authority) -> ocsp.OCSPResponse:
        asked = format_ocsp_request(cert, authority, certid_hash_algo="sha1", request_nonces=False)
        for url in get_ocsp_urls(cert):

            def read(answer: Answer, url=url) -> ocsp.OCSPResponse:
                try:
                    return process_ocsp_response_data(answer.content, ocsp_request=asked, ocsp_url=url)
                except (errors.OCSPFetchError, errors.OCSPValidationError) as problem:
                    raise ValueError("no answer") from problem

            try:
                said = self._messenger.bring(url, read, body=asked.dump(), kind="application/ocsp-request")
            except NoAnswer:
                continue
            self._of[cert.issuer_serial] = said
            return said
        raise errors.OCSPFetchError("no answer from outside")

    def fetched_responses(self) -> Iterable[ocsp.OCSPResponse]:
        return self._of.values()

    def fetched_responses_for_cert(self, cert) -> Iterable[ocsp.OCSPResponse]:
        return [self._of[cert.issuer_serial]] if cert.issuer_serial in self._of else []


class _Issuers(api.CertificateFetcher):
    def __init__(self, messenger: Messenger) -> None:
        self._messenger = messenger
        self._found: list[x509.Certificate] = []

    async def fetch_cert_issuers(self, cert) -> AsyncGenerator[x509.Certificate, None]:
        for url in gather_aia_issuer_urls(cert):

            def read(answer: Answer, url=url) -> list[x509.Certificate]:
                return list(unpack_cert_content(answer.content, answer.kind, url, permit_pem=True))

            try:
                found = self._messenger.bring(url, read)
            except NoAnswer:
                continue
            self._found += found
            for item in found:
                yield item

    async def fetch_crl_issuers(self, certificate_list) -> AsyncGenerator[x509.Certificate, None]:
        """None: a list is signed by the issuer of the certificate, whom we know already."""
        for item in ():
            yield item

    def fetched_certs(self) -> Iterable[x509.Certificate]:
        return self._found


def _list(answer: Answer) -> crl.CertificateList:
    content = pem.unarmor(answer.content)[2] if pem.detect(answer.content) else answer.content
    found = crl.CertificateList.load(content, strict=True)
    found["tbs_cert_list"]["this_update"].native  # noqa: B018 - ValueError unless it is one
    return found
