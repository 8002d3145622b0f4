"""Cases on which tablet and server must agree to the byte: Python writes them, tests/js/agreement.test.js reads them.

.venv/bin/python -m tests.declarations.cases     writes tests/js/cases.json anew
"""

import json
from pathlib import Path
from random import Random
from types import SimpleNamespace

from accounts.canonical import b64u, canonical_bytes, sha256_hex
from declarations import evidence, strokes
from declarations.roster import fold, matching
from declarations.sample_strokes import sample_capture

FILE = Path(__file__).parents[1] / "js" / "cases.json"
CHARACTERS = 'aZ09 "\\/\n<>&\u007f\u00a0\u2028\ufeffé漢\U0001f58b€ḿ'


def cases():
    random = Random(20241002)
    return {
        "drawings": [drawing_case(*capture) for capture in captures(random)],
        "values": [value_case(value(random)) for _ in range(60)],
        "texts": [{"text": text, "sha256": evidence.text_sha256(text)} for text in texts()],
        "searches": searches(),
    }


def captures(random):
    for seed in range(5):
        yield sample_capture(seed)
    for width, height in ((767.5, 341.25), (333.3, 512.1), (1180, 180.7)):
        yield (width, height), [scribble(random, width, height, random.randint(2, 40)) for _ in range(4)]
    yield (800, 320), [[(40.04, 50.06, 1.9)], [(400, 160, 2.6), (900, -70, 0.9), (901, -71, 0.9)]]
    yield (800, 320), [[(x, 100 + (x % 3) * 0.2, 1.5) for x in range(50, 700, 2)]]


def scribble(random, width, height, count):
    return [
        (random.uniform(-9, width + 9), random.uniform(-9, height + 9), random.uniform(0.9, 2.6))
        for _ in range(count)
    ]


def drawing_case(box, lines):
    lines = [[(round(x, 2), round(y, 2), round(w, 2)) for x, y, w in line] for line in lines]
    data = strokes.encode_capture(box, lines)
    metrics = strokes.measure(strokes.decode(data))
    return {
        "box": box,
        "strokes": lines,
        "s1": b64u(data),
        "metrics": list(metrics),
        "weak": metrics.is_weak,
        "blank": metrics.is_blank,
    }


def value(random, depth=0):
    kind = random.randint(0, 5 if depth < 3 else 3)
    if kind == 0:
        return random.choice([True, False])
    if kind == 1:
        return random.choice([0, -1, 2**53 - 1, -(2**53) + 1, random.randint(-(10**9), 10**9)])
    if kind in (2, 3):
        return "".join(random.choice(CHARACTERS) for _ in range(random.randint(0, 12)))
    if kind == 4:
        return [value(random, depth + 1) for _ in range(random.randint(0, 4))]
    return {random.choice("abcxyz_019") * random.randint(1, 3): value(random, depth + 1) for _ in range(4)}


def value_case(value):
    data = canonical_bytes(value)
    return {"value": value, "canonical": data.decode(), "sha256": sha256_hex(data), "b64u": b64u(data)}


def texts():
    points = ["Menjaga netralitas.", "Menolak “politik uang”."]
    yield {
        "title": "Ikrar",
        "opening": "Kami:",
        "points": points,
        "closing": "Demikian.",
        "consent": "Setuju.",
    }
    yield {"title": "Ikrar", "opening": "", "points": points}
    yield {"title": "Cafe\u0301", "points": ["a\r\nb"]}


PEOPLE = [
    ("Siti Aminah, S.Sos.", "Camat", "Kecamatan Cerme"),
    ("Ma’ruf Hidayat", "Kepala Desa", "Desa Cerme Kidul"),
    ("H. Ma'ruf Al-Anshori", "Kepala Desa", "Desa Betiting"),
    ("Bambang Cerme", "Sekretaris Desa", "Desa Betiting"),
    ("Nur Aisyah Désirée", "Kasi Pemerintahan", "Desa Cagak Agung"),
    ("", "Danramil", "Koramil 0817/09 Cerme"),
    ("I Gusti Ngurah İlham", "Staf 2", "Kelurahan Ünal"),
    *[(f"Ahmad Fauzi {n}", "Perangkat Desa", f"Desa Dadapkuning {n}") for n in range(9)],
]
QUERIES = """
ma maruf ma'ruf ma’ruf cerme kepala|desa aminah|siti minah al-ans S.SOS desiree Désirée ahmad fauzi|3 dadap danramil
0817 /// a|b|c cer|kid ilham unal agung|nur zzz perangkat
"""


def searches():
    """[query, count, places of the hits among ``people``]: fewer than three letters and too many show nobody."""
    people = [
        SimpleNamespace(name=name, position=position, agency=agency, village="", place=place)
        for place, (name, position, agency) in enumerate(PEOPLE)
    ]
    asked = [query.replace("|", " ") for query in QUERIES.split()]
    found = [(query, matching(people, query)) for query in asked]
    return {
        "people": PEOPLE,
        "folded": [fold(" ".join(person)) for person in PEOPLE],
        "queries": [[query, hits.count, [row.place for row in hits.rows]] for query, hits in found],
    }


def as_text():
    return json.dumps(cases(), ensure_ascii=True, separators=(",", ":")).replace('{"box"', '\n{"box"') + "\n"


if __name__ == "__main__":
    FILE.write_text(as_text())
