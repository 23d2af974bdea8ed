"""BG/NBD: customers buy at a rate of their own until, after some purchase, they silently leave.

While alive, purchases come as a Poisson process of rate λ ~ Gamma(r, α); after each one the customer leaves with
probability p ~ Beta(a, b).

Source: Fader, Hardie and Lee, "Counting your customers the easy way: an alternative to the Pareto/NBD model",
Marketing Science 24(2), 2005, doi:10.1287/mksc.1040.0098.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .fitting import Fitted, maximise
from .histories import Doubles, Histories

NEAR_ONE = 1e-5
"""The closed form of the expectation divides by a - 1; so near to it, its two sides are averaged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BgNbd:
    """The parameters, all positive; `alpha` has the unit of time of the histories."""

    r: float
    alpha: float
    a: float
    b: float

    def alive(self, past: Histories) -> Doubles:
        """(n,) the chance that each customer is still one at the end of their age; 1 for those who bought once."""
        stay, leave = _log_ways(np.array([self.r, self.alpha, self.a, self.b]), past)
        chance: Doubles = np.exp(stay - np.logaddexp(stay, leave))
        return chance

    def expected(self, past: Histories, time: float) -> Doubles:
        """(n,) how many purchases each customer makes in the next `time`."""
        return self.alive(past) * self._while_alive(past, time)

    def any_purchase(self, past: Histories, time: float) -> Doubles:
        """(n,) the chance of at least one purchase in the next `time`.

        Nobody leaves before their next purchase, so it is the chance of being alive times that of an arrival.
        """
        shape, rate = self.r + past.frequency, self.alpha + past.age
        arrival: Doubles = -np.expm1(-shape * np.log1p(time / rate))
        return self.alive(past) * arrival

    def _while_alive(self, past: Histories, time: float) -> Doubles:
        """What is expected of a customer known to be alive."""
        if abs(self.a - 1) < NEAR_ONE:
            sides = [_purchases(self.r, self.alpha, 1 + by, self.b, past, time) for by in (-NEAR_ONE, NEAR_ONE)]
            return (sides[0] + sides[1]) / 2
        return _purchases(self.r, self.alpha, self.a, self.b, past, time)


def _purchases(r: float, alpha: float, a: float, b: float, past: Histories, time: float) -> Doubles:
    """Equation 10 of the source without its denominator.

    Where customers buy often, the hypergeometric function as printed grows without bound while its factor vanishes;
    after Euler's transformation its first two arguments do not depend on the customer. Where they leave at once it is
    the other way round. Each customer is told by the form whose parts stay small.
    """
    from scipy.special import hyp2f1

    x = past.frequency
    share = time / (alpha + past.age + time)
    bottom = a + b + x - 1
    bottom = np.where(np.abs(bottom) < NEAR_ONE, NEAR_ONE, bottom)  # the product with the factor is finite there
    is_printed = a - 1 > r + x
    power = np.where(is_printed, r + x, a - 1)
    first, second = np.where(is_printed, r + x, a + b - 1 - r), np.where(is_printed, b + x, a - 1)
    left = np.exp(power * np.log1p(-share)) * hyp2f1(first, second, bottom, share)
    expected: Doubles = bottom / (a - 1) * (1 - left)
    return expected


def log_likelihood(model: BgNbd, past: Histories) -> float:
    """The natural logarithm of the likelihood of the histories, all customers together."""
    log_theta = np.log([model.r, model.alpha, model.a, model.b])
    return likelihood_and_slope(log_theta, past, np.ones(len(past)))[0]


def fit_bg_nbd(past: Histories) -> Fitted[BgNbd]:
    """The parameters that make the histories likeliest.

    Raises:
        ValueError: no customer, or nobody came back: every rate then explains what was seen.
    """
    if not np.any(past.frequency > 0):
        raise ValueError("nobody came back; a rate of coming back cannot be fitted")
    unit = float(np.mean(past.age)) or 1.0
    rows, count = past.compressed()
    # In units of the mean age all four parameters are near 1, whatever the unit of the caller.
    rows = Histories(frequency=rows.frequency, recency=rows.recency / unit, age=rows.age / unit)
    found = maximise(lambda log_theta: likelihood_and_slope(log_theta, rows, count), np.zeros(4), len(past))
    r, alpha, a, b = np.exp(found.log_theta)
    model = BgNbd(r=float(r), alpha=float(alpha * unit), a=float(a), b=float(b))
    return Fitted(
        model=model, log_likelihood=found.value - float(past.frequency.sum()) * np.log(unit), is_inside=found.is_inside
    )


def likelihood_and_slope(log_theta: Doubles, past: Histories, count: Doubles) -> tuple[float, Doubles]:
    """Log-likelihood and its gradient by the logarithms of (r, α, a, b), of rows that stand for `count` customers."""
    from scipy.special import gammaln, psi

    theta = np.exp(log_theta)
    r, alpha, a, b = theta
    x = past.frequency
    stay, leave = _log_ways(theta, past)
    both = np.logaddexp(stay, leave)
    left = np.exp(leave - both)
    value = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + both
    value += gammaln(a + b) - gammaln(a + b + x) + gammaln(b + x) - gammaln(b)
    until_end, until_last = alpha + past.age, alpha + past.recency
    slope = np.stack(
        [
            psi(r + x) - psi(r) + np.log(alpha) - (1 - left) * np.log(until_end) - left * np.log(until_last),
            r / alpha - (r + x) * ((1 - left) / until_end + left / until_last),
            psi(a + b) - psi(a + b + x) + left / a,
            psi(a + b) - psi(a + b + x) + psi(b + x) - psi(b) - left / _before_leaving(b, x),
        ]
    )
    return float(count @ value), (slope @ count) * theta


def _log_ways(theta: Doubles, past: Histories) -> tuple[Doubles, Doubles]:
    """Logarithms of the two ways to this history: still alive, or gone after the last purchase."""
    r, alpha, a, b = theta
    x = past.frequency
    stay = -(r + x) * np.log(alpha + past.age)
    leave = np.log(a) - np.log(_before_leaving(b, x)) - (r + x) * np.log(alpha + past.recency)
    return stay, np.where(x > 0, leave, -np.inf)


def _before_leaving(b: float, frequency: Doubles) -> Doubles:
    """b + x - 1, and 1 for those who never came back: they cannot have left."""
    return np.where(frequency > 0, b + frequency - 1, 1.0)
