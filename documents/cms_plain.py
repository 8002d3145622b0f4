"""PURE: is a CMS object spelled in the one way that its signed parts allow? For ``sealer`` and ``stamp_checks``.

Only the signed attributes are covered by a signature; everything around them – certificates, versions, padding – must
be the one spelling of what they say, or bytes could hide there (tests flip every bit).
"""

import re
from collections.abc import Sequence

from asn1crypto import cms, core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization

_HEX = re.compile(rb"<(?:[0-9a-f]+|[0-9A-F]+)>")
_OID_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_ENCAPSULATES_NOTHING = bytes.fromhex("300b06092a864886f70d010701")  # detached: type data, no content
_VERSION_1, _VERSION_3 = b"\x02\x01\x01", b"\x02\x01\x03"


def asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def pyca(certificate: asn1_x509.Certificate) -> x509.Certificate:
    return x509.load_der_x509_certificate(certificate.dump())


def embedded_chain(signer, others) -> list[x509.Certificate] | None:
    """From the signer's certificate upwards; None when a certificate beside it does not belong to the chain.

    The set of certificates is not covered by the signature itself: each must prove its place, byte for byte.
    """
    chain = [pyca(signer)]
    left = [pyca(certificate) for certificate in others]
    while left:
        above = next((item for item in left if is_issued_by(chain[-1], item)), None)
        if above is None:
            return None
        left.remove(above)
        chain.append(above)
    return chain if all(map(_is_canonical, chain)) else None


def is_anchored(top: x509.Certificate, roots: Sequence[x509.Certificate]) -> bool:
    return top in roots or any(is_issued_by(top, root) for root in roots)


def is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _is_canonical(certificate: x509.Certificate) -> bool:
    """Nothing outside the signed part may differ from what its own algorithm and signature spell in DER."""
    der = certificate.public_bytes(serialization.Encoding.DER)
    inner = asn1_x509.TbsCertificate.load(certificate.tbs_certificate_bytes)["signature"].dump()
    signature = _tlv(0x03, b"\0" + certificate.signature)
    return der == _tlv(0x30, certificate.tbs_certificate_bytes + inner + signature)


def _tlv(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 128 + len(length)]) + length + content


def is_plain(data: bytes, seal) -> bool:
    """Nothing hides in the hole that the ByteRange leaves: one detached CMS object in DER, then zeros."""
    content = hole_of(data, seal)
    if content is None:
        return False
    info = cms.ContentInfo.load(content)
    signed = info["content"]
    return (
        _is_spelled(content, signed, seal.signer_cert)
        and signed["encap_content_info"].dump() == _ENCAPSULATES_NOTHING
        and signed["version"].dump() == _VERSION_1
    )


def is_plain_token(content: bytes, signer_cert: asn1_x509.Certificate) -> bool:
    """The same for a timestamp: its content is inside, so it is of version 3 (RFC 5652 §5.1)."""
    signed = cms.ContentInfo.load(content)["content"]
    return _is_spelled(content, signed, signer_cert) and signed["version"].dump() == _VERSION_3


def hole_of(data: bytes, signature) -> bytes | None:
    """The bytes between the two ranges; None when their digits are of mixed case or no digits."""
    _, before, after, _ = (int(number) for number in signature.byte_range)
    hole = data[before:after]
    return bytes.fromhex(hole[1:-1].decode()) if _HEX.fullmatch(hole) else None


def raw_or_nothing(value) -> bytes:
    """Bytes of an optional part. Asking for its ``native`` form would take a timestamp apart, a second each time."""
    return b"" if isinstance(value, core.Void) else value.dump()


def _is_spelled(content: bytes, signed: cms.SignedData, certificate: asn1_x509.Certificate) -> bool:
    """``signed`` freshly read: what was taken apart once is spelled anew, slowly, instead of copied."""
    signer = signed["signer_infos"][0]
    parts = [signed["version"], signed["digest_algorithms"], signed["encap_content_info"]]
    certificates = _tlv(0xA0, b"".join(item.dump() for item in signed["certificates"]))
    lists = raw_or_nothing(signed["crls"])
    body = b"".join(part.dump() for part in parts) + certificates + lists + _tlv(0x31, _signer_info(signer))
    spelled = _tlv(0x30, _OID_SIGNED_DATA + _tlv(0xA0, _tlv(0x30, body)))
    return (
        content == spelled.ljust(len(content), b"\0")
        and [item.dump() for item in signed["digest_algorithms"]] == [signer["digest_algorithm"].dump()]
        and signer["sid"].chosen["issuer"].dump() == certificate.issuer.dump()
    )


def _signer_info(signer: cms.SignerInfo) -> bytes:
    attributes = signer["signed_attrs"].untag()
    return _tlv(
        0x30,
        _VERSION_1
        + signer["sid"].dump()
        + signer["digest_algorithm"].dump()
        + _tlv(0xA0, attributes.contents)
        + signer["signature_algorithm"].dump()
        + signer["signature"].dump()
        + (raw_or_nothing(signer["unsigned_attrs"])),
    )
