"""What is looked at, by name. Behaviour only: nothing here says who somebody is."""

from __future__ import annotations

OF_ORDERS = (
    "idle_days",  # since the last purchase
    "orders",  # days with a purchase
    "orders_30",  # of the last 30 days
    "orders_90",
    "tenure_days",  # since the first purchase
    "usual_gap",  # mean days between purchases; 0 for one purchase
    "gap_spread",  # their standard deviation in means; 0 for fewer than three purchases
    "lateness",  # idle days in usual gaps; 0 for one purchase
    "order_value",  # mean value of a day with a purchase, minor units
    "last_value",
    "spent_90",
    "products",  # different ones, ever
    "refunds",
    "last_year",  # days with a purchase in the same window a year ago
)
OF_VISITS = ("visit_idle", "visits_7", "visits_30", "carts_7")
"""Days since anything but a purchase was done (NEVER for never), days with a visit, days with something in the cart."""
OF_LIFETIME = ("alive", "foreseen_orders", "foreseen_chance", "foreseen_value")
"""What BG/NBD and Gamma-Gamma say of the horizon; 0 where they could not be fitted."""
COLUMNS = (*OF_ORDERS, *OF_VISITS, *OF_LIFETIME)
NEVER = 9999.0
