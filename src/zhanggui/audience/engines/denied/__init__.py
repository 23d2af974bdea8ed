"""What may not be inferred of anybody, whatever they bought.

PIPL art. 28 names what is sensitive: biometrics, religious belief, specific identities, medical health, financial
accounts, whereabouts, and everything of minors under 14; art. 29 and 30 ask for separate consent and for a reason,
art. 31 for the parents' consent. (Cited by number; neither the text nor the standard on
sensitive personal information was read here.) A profile of a shopper needs none of it, so no consent opens it here.

Two shields, by what a product's or a search's own words say:

- `Shield.NOTHING` (health, religion, sexuality, politics, identity): its events give no interest at any level, no
  place in the taste vector, no evidence, no remembered search. What remains is that somebody came and that an order
  had so much value: counts without a product.
- `Shield.PRODUCT` (minors: what is for babies and children): the product itself may be an interest, so that it can be
  bought again; no category, trait, price level, tag or taste is made of it. It says nothing about who has a child.

And some words that many harmless goods carry (养胃, 无糖) are never told as a trait or a search; their goods speak.

Words are looked for in the whole spelling, so the list is on the safe side: 山药 (a vegetable) is spared by name, what
is not spared by name is shielded.
"""

from .shields import Shield, denied, is_gendered, is_unsaid, shield_of
from .topics import SPARED, Topic, words_of

__all__ = ["SPARED", "Shield", "Topic", "denied", "is_gendered", "is_unsaid", "shield_of", "words_of"]
