"""What codes about customers mean to a reader."""

from __future__ import annotations

from collections.abc import Mapping

from zhanggui.kernel.words import N_

REASONS: Mapping[str, str] = {
    "delivery": N_("To deliver an order"),
    "refund": N_("To handle a refund"),
    "asked": N_("The person asked us to check"),
    "law": N_("An authority has the right to know"),
    "other": N_("Another reason, said below"),
}
"""Why somebody may want to see who a customer is."""
BASES: Mapping[str, str] = {
    "contract": N_("For an order (contract)"),
    "consent": N_("By consent"),
    "public-data": N_("Published data"),
}
CHANNELS: Mapping[str, str] = {
    "email": N_("By e-mail"),
    "sms": N_("By text message"),
    "wechat": N_("By WeChat"),
    "phone": N_("By phone call"),
    "app": N_("In the app"),
    "web": N_("On this site"),
    "post": N_("By letter"),
}
PURPOSES: Mapping[str, str] = {
    "service": N_("Serving the orders"),
    "personalization": N_("Personalization"),
    "marketing": N_("Marketing messages"),
    "analytics": N_("Business analysis"),
    "training": N_("Training models"),
}
AGES: Mapping[str, str] = {
    "under-18": N_("Under 18"),
    "18-24": N_("18 to 24"),
    "25-34": N_("25 to 34"),
    "35-44": N_("35 to 44"),
    "45-54": N_("45 to 54"),
    "55+": N_("55 and older"),
}
GENDERS: Mapping[str, str] = {"female": N_("Female"), "male": N_("Male"), "other": N_("Another gender")}
