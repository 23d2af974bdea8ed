"""Gamma-Gamma: how much a customer spends a purchase, of the mean of a few purchases.

The value of a purchase is Gamma(p, ν) with ν ~ Gamma(q, γ), and does not hang together with how often one buys.

Source: Fader and Hardie, "The Gamma-Gamma model of monetary value", 2013,
http://www.brucehardie.com/notes/025/gamma_gamma.pdf
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .fitting import Fitted, maximise
from .histories import Doubles


@dataclass(frozen=True, slots=True, kw_only=True)
class GammaGamma:
    """The parameters, all positive; `gamma` has the unit of the values."""

    p: float
    q: float
    gamma: float

    @property
    def mean(self) -> float:
        """What a purchase of a customer nobody knows is worth; infinite where q is at most 1."""
        return self.p * self.gamma / (self.q - 1) if self.q > 1 else float("inf")

    def expected(self, frequency: Doubles, mean_value: Doubles) -> Doubles:
        """(n,) the value of a customer's next purchases: between their own mean and everybody's.

        With frequency 0 it is everybody's mean. Where that is infinite (q at most 1), those who came back still have
        a finite one.
        """
        said = np.where(frequency > 0, mean_value, 0.0)
        bottom = self.p * frequency + self.q - 1
        value: Doubles = np.where(
            bottom > 0,
            self.p * (self.gamma + frequency * said) / np.where(bottom > 0, bottom, 1.0),
            np.inf,
        )
        return value


def fit_gamma_gamma(frequency: Doubles, mean_value: Doubles) -> Fitted[GammaGamma]:
    """The parameters that make the mean values likeliest; rows without a repeat purchase or a value say nothing.

    Raises:
        ValueError: nobody is left to learn from.
    """
    used = (frequency > 0) & (mean_value > 0)
    if not used.any():
        raise ValueError("nobody came back and spent something; spending cannot be fitted")
    unit = float(np.mean(mean_value[used]))
    x, z = frequency[used], mean_value[used] / unit
    found = maximise(lambda log_theta: likelihood_and_slope(log_theta, x, z), np.log([2.0, 3.0, 1.0]), len(x))
    p, q, gamma = np.exp(found.log_theta)
    return Fitted(
        model=GammaGamma(p=float(p), q=float(q), gamma=float(gamma * unit)),
        log_likelihood=found.value - len(x) * float(np.log(unit)),
        is_inside=found.is_inside,
    )


def likelihood_and_slope(log_theta: Doubles, x: Doubles, z: Doubles) -> tuple[float, Doubles]:
    """Log-likelihood (equation 1a of the source) and its gradient by the logarithms of (p, q, γ)."""
    from scipy.special import gammaln, psi

    theta = np.exp(log_theta)
    p, q, gamma = theta
    px, spent = p * x, gamma + x * z
    log_share = np.log(x * z) - np.log(spent)
    value = gammaln(px + q) - gammaln(px) - gammaln(q)
    value += q * (np.log(gamma) - np.log(spent)) + px * log_share - np.log(z)
    slope = np.array(
        [
            float(np.sum(x * (psi(px + q) - psi(px) + log_share))),
            float(np.sum(psi(px + q) - psi(q) + np.log(gamma) - np.log(spent))),
            float(np.sum(q / gamma - (px + q) / spent)),
        ]
    )
    return float(np.sum(value)), slope * theta
