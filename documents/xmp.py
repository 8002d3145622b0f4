"""PURE: the XMP packet of a paper: what WeasyPrint leaves out when writing, and reading it back when checking.

WeasyPrint writes one PDF variant; PDF/UA identification and our own namespace are added inside ``rdf:RDF``, each with
the extension schema that PDF/A-3 asks for (ISO 19005-3 §6.6.2.3; without it validators reject the file).
"""

from xml.etree import ElementTree
from xml.sax.saxutils import escape

NAMESPACE = "urn:netralitas:dokumen:1#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
MAX_BYTES = 1024 * 1024

PROPERTIES = {
    "documentNumber": "Number of the letter or declaration",
    "documentKind": "Kind of the paper",
    "eventCode": "Code of the event",
    "textSha256": "SHA-256 of the canonical text",
    "merkleRoot": "Root of the Merkle tree over the signatories",
    "revision": "Revision of the paper",
}

_SCHEMA = """<rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>{name}</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{uri}</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>{prefix}</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property>
</rdf:li>"""

_PROPERTY = """<rdf:li rdf:parseType="Resource">
<pdfaProperty:name>{name}</pdfaProperty:name>
<pdfaProperty:valueType>{type}</pdfaProperty:valueType>
<pdfaProperty:category>{category}</pdfaProperty:category>
<pdfaProperty:description>{description}</pdfaProperty:description>
</rdf:li>"""

_ADDITION = """
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:netralitas="{uri}">{values}</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag>{schemas}</rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""


def _schema(name: str, uri: str, prefix: str, properties: list[tuple[str, str, str, str]]) -> str:
    listed = "".join(
        _PROPERTY.format(name=name, type=type_, category=category, description=description)
        for name, type_, category, description in properties
    )
    return _SCHEMA.format(name=name, uri=uri, prefix=prefix, properties=listed)


def extend(rdf: bytes, values: dict[str, str]) -> bytes:
    """Insert PDF/UA-1 identification and our properties before the end of the ``rdf:RDF`` element.

    ``values`` holds names of PROPERTIES; empty ones are left out.
    """
    unknown = values.keys() - PROPERTIES.keys()
    if unknown:
        raise ValueError(f"unknown XMP properties: {sorted(unknown)}")
    head, closing, tail = rdf.rpartition(b"</rdf:RDF>")
    if not closing:
        raise ValueError("no rdf:RDF element")
    schemas = _schema(
        "PDF/UA Universal Accessibility",
        "http://www.aiim.org/pdfua/ns/id/",
        "pdfuaid",
        [("part", "Integer", "internal", "Part of ISO 14289 to which the file conforms")],
    ) + _schema(
        "Netralitas",
        NAMESPACE,
        "netralitas",
        [(name, "Text", "external", description) for name, description in PROPERTIES.items()],
    )
    filled = "".join(
        f"<netralitas:{name}>{escape(values[name])}</netralitas:{name}>"
        for name in PROPERTIES
        if values.get(name)
    )
    addition = _ADDITION.format(uri=NAMESPACE, values=filled, schemas=schemas)
    return head + addition.encode() + closing + tail


def read(packet: bytes) -> dict[str, str]:
    """Our properties and ``title`` from an XMP packet; ValueError when it cannot be read."""
    if len(packet) > MAX_BYTES or b"<!DOCTYPE" in packet or b"<!ENTITY" in packet:
        raise ValueError("XMP packet too large or with a document type")
    try:
        root = ElementTree.fromstring(packet)  # noqa: S314  expat without entities, see above
    except (ElementTree.ParseError, RecursionError) as problem:
        raise ValueError("XMP packet is not well-formed") from problem
    found = {
        name: element.text.strip()
        for name in PROPERTIES
        for element in root.iter(f"{{{NAMESPACE}}}{name}")
        if element.text
    }
    title = root.find(f".//{{http://purl.org/dc/elements/1.1/}}title//{{{RDF}}}li")
    if title is not None and title.text:
        found["title"] = title.text
    return found
