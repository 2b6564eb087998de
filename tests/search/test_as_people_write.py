"""Words are found as people write them: without blanks, with and without points, with other letters for the same."""

import pytest

from tests.casting import Cast
from tests.search.looking import say, search

pytestmark = pytest.mark.both_databases
OTHER = "Nothing of that kind 的 ก ກ က ក."

SAID = {
    "thai": "เราสนับสนุนการรักษาด้วยเซลล์ภูมิคุ้มกันในโรงพยาบาล",
    "lao": "ພວກເຮົາສະໜັບສະໜູນການປິ່ນປົວດ້ວຍຈຸລັງໃນໂຮງໝໍ",
    "khmer": "យើងគាំទ្រការព្យាបាលដោយកោសិកានៅមន្ទីរពេទ្យ",
    "burmese": "ကျွန်ုပ်တို့သည်ဆဲလ်ကုထုံးကိုဆေးရုံတွင်ထောက်ခံသည်",
    "khmer apart": "ការ\u200bពិនិត្យ\u200bសុខភាព",
    "mixed": "ใช้ CAR-T ในผู้ป่วย 12 คน และ mRNA疫苗",
    "hindi": "हम कोशिका चिकित्सा का समर्थन करते हैं",
    "arabic": "العِلاجُ بالخَلايا المَناعِيَّة في المستشفى", "arabic plain": "أدوية جديدة للمرضى",
    "hebrew": "טִפּוּל בְּתָאִים חִיסּוּנִיִּים", "german": "Die Maßnahme in der Straße kostet viel",
    "swiss": "Die grosse Massnahme", "turkish": "Kısıtlı ışık ve ılık su", "greek": "Ο ΣΊΣΥΦΟΣ και ο ίδιος λόγος",
    "wide": "用量 １２０ＭＧ、ＣＡＲ－Ｔ", "chemistry": "CO₂ and H₂O, 5×10⁶ cells/m² of Ca²⁺",
    "signs": "The donor’s first‑line “off‑the‑shelf” T‐cell",
    "accents": "Crème e\u0301tude x\u0304 Ångström naïve", "plain": "CO2 uptake at 10^6"}


@pytest.fixture
def said(cast: Cast) -> Cast:
    """A session in which all of these were written, and something else."""
    for text in (*SAID.values(), OTHER):
        say(cast, "ben", text)
    return cast


FOUND: list[tuple[str, list[str]]] = [
    ("เซลล์", ["thai"]), ("โรงพยาบาล", ["thai"]), ("ภูมิคุ้มกัน รักษา", ["thai"]),
    ("ผู้ป่วย", ["mixed"]), ("CAR-T ผู้ป่วย", ["mixed"]),
    ("疫苗", ["mixed"]), ("mRNA疫苗", ["mixed"]), ("จุ", []), ("ຈຸລັງ", ["lao"]), ("ໂຮງໝໍ", ["lao"]), ("កោសិកា", ["khmer"]),
    ("ព្យាបាល", ["khmer"]), ("ពិនិត្យសុខភាព", ["khmer apart"]), ("သုခ", []), ("ဆဲလ်", ["burmese"]), ("ဆေးရုံ", ["burmese"]),
    ("चिकित्सा", ["hindi"]), ("चकतस", []), ("कोशिका", ["hindi"]),
    ("العلاج", ["arabic"]), ("الخلايا", []), ("بالخلايا", ["arabic"]), ("المناعية", ["arabic"]),
    ("المُسْتَشفى", ["arabic"]),
    ("ادويه", ["arabic plain"]), ("أدوية", ["arabic plain"]), ("طفول", []), ("טיפול", []), ("טפול", ["hebrew"]),
    ("בתאים", ["hebrew"]), ("טִפּוּל", ["hebrew"]),
    ("strasse", ["german"]), ("Straße", ["german"]), ("STRASSE", ["german"]), ("massnahme", ["german", "swiss"]),
    ("Maßnahme", ["german", "swiss"]), ("große", ["swiss"]), ("isik", ["turkish"]), ("IŞIK", ["turkish"]),
    ("ılık", ["turkish"]), ("ilik", ["turkish"]), ("σίσυφος", ["greek"]), ("ΛΟΓΟΣ", ["greek"]), ("λογος", ["greek"]),
    ("120mg", ["wide"]), ("１２０ｍｇ", ["wide"]), ("用量", ["wide"]),
    ("CO2", ["chemistry", "plain"]), ("CO₂", ["chemistry", "plain"]), ("h2o", ["chemistry"]),
    ("10^6", ["chemistry", "plain"]),
    ("10⁶", ["chemistry", "plain"]), ("m2", ["chemistry"]), ("Ca2", ["chemistry"]), ("106", []),
    ("donor's", ["signs"]), ("first-line", ["signs"]), ('"off the shelf"', ["signs"]), ("T-cell", ["signs"]),
    ("creme", ["accents"]), ("étude", ["accents"]), ("Angstrom", ["accents"]), ("naive", ["accents"])]


def test_words_are_found_as_they_are_written(said: Cast, sign_in) -> None:
    browser, wrong = sign_in(said.person("cyn")), []
    for words, names in FOUND:
        texts = search(browser, said, words).texts
        found = sorted(name for name, text in SAID.items() if any(text[:10] in one for one in texts))
        if found != sorted(names) or OTHER in texts:
            wrong.append((words, found))
    assert wrong == [], wrong
