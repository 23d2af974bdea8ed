"""English words that lead to a person's name, read backwards from where the name begins."""

from __future__ import annotations

import re
from enum import IntEnum


class Lead(IntEnum):
    """How much the words before two capitalised ones say that they name somebody."""

    NONE = 0
    MAYBE = 1
    """Other things follow too: the words have to be names that are known."""
    SURE = 2
    """Any two words will do that are no words of the language."""


_PEOPLE = """
agent aunt boss boyfriend brother buyer cardholder classmate client colleague consignee courier cousin customer dad
daughter driver father fiance fiancee fiancé fiancée flatmate friend girlfriend granddaughter grandfather grandmother
grandson guest holder housemate husband landlord manager mother mum mom neighbor neighbour nephew niece nurse owner
partner passenger patient person recipient receiver rep resident roommate sender sister son student teacher tenant
uncle wife addressee adviser advisor assistant
"""
_CALLS = """
attn attention i'm name's c/o contact dear hello hey hi named signed signature regards sincerely yours truly
faithfully put print write engrave engraved embroider embroidered stitch spell spelled say says read refund cc
customer_name receiver_name recipient_name card_holder cardholder_name pinyin
"""
_SURE = frozenset((*_PEOPLE.split(), *_CALLS.split()))
_OTHERS = """
from for to with and under tell ask told asked user member nickname name call me thanks best love cheers it's im
"""
_MAYBE = frozenset(_OTHERS.split())
_FIELD = re.compile(
    r"[a-z]+ed_by|(?:first|last|full|legal|contact|buyer|sender|user|customer|receiver|recipient|consignee|shipping"
    r"|billing|account|holder|display|guest|client|driver|rider|courier|staff|agent)_?name|contact_person|[a-z]+ed_to"
)
"""Fields of data that hold a person: `signed_by`."""
_FOR_WHOM = """
parcel parcels package packages order orders gift gifts present presents delivery deliveries card cards box letter
invoice receipt refund booking reservation appointment account something it is meant intended registered booked ordered
filed saved it's ask care behalf name
"""
_TO_WHOM = """
handed gave given left it them that parcel package transfer transferred refund refunded bill billed invoice ship
shipped deliver delivered send sent addressed address recipient name label belongs out spoke speak speaking talked
talking registered sold pass forward
"""
_BEFORE = {
    "for": frozenset(_FOR_WHOM.split()),
    "under": frozenset(_FOR_WHOM.split()),
    "of": frozenset(("care", "behalf", "name")),
    "to": frozenset(_TO_WHOM.split()),
    "with": frozenset(_TO_WHOM.split()),
    "be": frozenset(("should", "must", "actually")),
    "am": frozenset("i"),
    "is": frozenset(("this", "name")),
    "called": frozenset(("someone", "somebody", "man", "woman", "lady", "guy", "person", "boy", "girl", "baby", "kid")),
    "name": frozenset(("my", "full", "first", "last", "real", "legal", "customer", "recipient", "receiver", "account"))
    | frozenset(("contact", "holder", "cardholder", "the", "buyer", "sender")),
    "order": frozenset(("on",)),
    "card": frozenset(("on", "the")),
    "you": frozenset(("thank",)),
    "wishes": frozenset(("best", "warm", "kind")),
}
"""What stands before a word that alone leads nowhere: `parcel for`, `handed to`, `this is`."""
_FORMS = frozenset(
    ("form", "invoice", "customs", "declaration", "label", "ticket", "certificate", "booking", "reservation")
)
"""Papers that a colon and who they are for follow."""
_DONE = ("ed", "en", "ld", "nt", "id", "ought")
_NAMING = frozenset(("from", "to", "name", "cc", "student", "owner"))
_CLOSING = frozenset(("cheers", "thanks", "best", "love", "you", "wishes"))
_GREETING = """
name i'm im regards sincerely cheers wishes thanks truly dear hello hi hey love wife husband friend son daughter
neighbour neighbor colleague mum mom dad brother sister mother father roommate flatmate housemate boyfriend girlfriend
boss assistant courier
"""
_GREETINGS = frozenset(_GREETING.split())
_TITLES = frozenset(("mr", "mrs", "ms", "miss", "dr", "prof", "sir", "mx"))
_WORD = re.compile(r"[a-zé]+(?:['/_][a-z]+)*")
_END = re.compile(r"(?:\b(?:mr|mrs|ms|miss|dr|prof|sir|mx)\.? )?[\s\"'<(:=,!-]*\Z")
_REACH = 40


def lead(low: str, start: int) -> tuple[Lead, bool]:
    """What the words before `start` say, and whether they greet, so that one known first name will do.

    Args:
        low: the text in small letters.
        start: where a capitalised word begins.
    """
    first = max(0, start - _REACH)
    words = _WORD.findall(low, first, start)
    if words and words[-1] in _TITLES:
        words.pop()
    if not words:
        return Lead.NONE, False
    tail = low[low.rfind(words[-1], first, start) + len(words[-1]) : start]
    if not _is_gap(tail):
        return Lead.NONE, False
    before = words[-2] if len(words) > 1 else ""
    return _weigh(before, words[-1], tail), _greets(before, words[-1])


def _is_gap(tail: str) -> bool:
    """Whether little but a sign stands between the lead and the name, a title perhaps."""
    rest = tail.strip(" \t\n\"'<(:=,-.!")
    return len(tail) <= 8 and (not rest or rest in _TITLES) and ("." not in tail or bool(rest))


def _weigh(before: str, word: str, tail: str) -> Lead:
    if word in _SURE or _FIELD.fullmatch(word) or before in _BEFORE.get(word, ()):
        return Lead.SURE
    if (word == "by" and (before == "for" or before.endswith(_DONE))) or (
        word in ("is", "was") and (before in _SURE or before == "name")
    ):
        return Lead.SURE
    if (("," in tail or "\n" in tail) and word in _CLOSING) or (word in _NAMING and (":" in tail or "=" in tail)):
        return Lead.SURE
    return Lead.MAYBE if word in _MAYBE or (":" in tail and word in _FORMS) else Lead.NONE


def _greets(before: str, word: str) -> bool:
    return word in _GREETINGS or (before, word) in {
        ("i", "am"), ("this", "is"), ("name", "is"), ("call", "me"), ("thank", "you")
    }  # fmt: skip
