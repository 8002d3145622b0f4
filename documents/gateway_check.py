"""PURE: did the gateway only add its signature to our paper? pyHanko again (slow import)."""

import io

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DocInfoRule,
    DSSCompareRule,
    FormUpdatingRule,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    SuspiciousModification,
    XrefStreamRule,
)
from pyhanko.sign.fields import MDPPerm

# Gateways rewrite Info and XMP when they sign; whether ours still stands in the XMP is asked by the evidence check.
_SIGNING = StandardDiffPolicy(
    global_rules=[
        CatalogModificationRule(
            ignored_keys={"/AcroForm", "/DSS", "/Extensions", "/Metadata", "/Perms", "/Version"}
        ),
        DocInfoRule().as_qualified(ModificationLevel.LTA_UPDATES),
        MetadataUpdateRule().as_qualified(ModificationLevel.LTA_UPDATES),
        XrefStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
        ObjectStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
        DSSCompareRule().as_qualified(ModificationLevel.LTA_UPDATES),
    ],
    form_rule=FormUpdatingRule(
        field_rules=[SigFieldCreationRule(), SigFieldModificationRule()],
        ignored_acroform_keys={"/Fields", "/SigFlags", "/DR", "/DA", "/Q", "/NeedAppearances"},
    ),
)


def only_signed(unsigned: bytes, signed: bytes) -> bool:
    """Our bytes stand at the beginning, and what follows is one invisible signature and nothing else of the paper."""
    if not signed.startswith(unsigned) or len(signed) == len(unsigned):
        return False
    try:
        before = PdfFileReader(io.BytesIO(unsigned)).xrefs.total_revisions
        reader = PdfFileReader(io.BytesIO(signed))
        outcome = _SIGNING.review_file(reader, before - 1, doc_mdp=MDPPerm.FILL_FORMS)
        signatures = reader.embedded_regular_signatures
        return (
            not isinstance(outcome, SuspiciousModification)
            and len(signatures) == 1
            and _is_invisible(signatures[0])
        )
    except (PdfError, SuspiciousModification, ValueError, KeyError, IndexError, TypeError):
        return False


def _is_invisible(signature) -> bool:
    """No area on the page: a drawn seal would stand in the appearance of a box."""
    left, low, right, high = (float(number) for number in signature.sig_field.get("/Rect", (0, 0, 0, 0)))
    return left == right or low == high or max(left, right) <= 0 or max(low, high) <= 0
