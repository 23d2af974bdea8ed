"""The shoppers' world, a day at a time: a policy shows and prices, shoppers answer, and both have a memory."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from zhanggui.kernel.clock import HOUR_MS, to_ms
from zhanggui.kernel.logistic import sigmoid
from zhanggui.shop.types import EVENT_NUMBERS, EventName

from .crowd import Crowd, gather_a_crowd
from .days import Acts, Bools, DayLog, DayOutcome, Lists, Purchases, chosen, joined
from .luck import Luck
from .mind import Choices, Feelings, choose, match_of, need_of
from .plan import SimulationPlan
from .policy import HOME, Ask, HousePolicy, Policy
from .shelves import goods
from .stock import Longs, Stock, day_start, stock_the_shelves

WEEK = np.array([0.92, 0.9, 0.93, 0.97, 1.08, 1.14, 1.06])
"""Visits by day of the week, Monday first."""
_NEXT_LIST_MS = 100_000
_MOST_VISITS = 4
_SEARCHES = (0.6, 0.25)  # chance of a first and of a second search in a visit


class World:
    """A simulated shop in time. `step_day` may be called with any policy, any day another.

    The same plan, policies and calls give the same days.
    """

    def __init__(self, plan: SimulationPlan) -> None:
        seeds = np.random.SeedSequence(plan.seed).spawn(4)
        stock_rng, crowd_rng, self._rng, self._policy_rng = (np.random.default_rng(seed) for seed in seeds)
        self.plan = plan
        self._luck = Luck(self._rng)
        self.stock: Stock = stock_the_shelves(plan, stock_rng)
        self.crowd: Crowd = gather_a_crowd(plan, crowd_rng)
        self.day = 0
        self.house = HousePolicy(self.stock)
        self.searched = tuple(each.category[-1] for each in goods().shelf)  # what a search for a shelf says
        self._cycle = np.array([each.cycle_days for each in goods().shelf])
        shape = self.crowd.taste.shape
        self._bought_on = -self._rng.uniform(0.1, 2, shape) * np.where(self._cycle > 0, self._cycle, 200)
        self._seen_of_late = np.zeros(shape)
        self._mood = np.ones(self.crowd.size)
        self.on_hand = self._rng.integers(15, 60, plan.products)
        self._sold_this_week = np.zeros(plan.products, np.int64)
        self.wanted_units = np.zeros(plan.products, np.int64)  # sold, or asked for when there was none

    def step_day(self, policy: Policy | None = None) -> DayLog:
        """Live one day; without a policy the shop's own house policy serves."""
        server = policy or self.house
        self._restock()
        persons, start_ms, logged_out = self._visits()
        ask, session = self._asks(persons, start_ms)
        shown = server.rank(ask, self._policy_rng)
        lists = Lists(
            person=ask.persons,
            session=session,
            at_ms=ask.at_ms,
            shelf=ask.shelves,
            is_logged_out=logged_out[session],
            products=shown.products,
            propensities=shown.propensities,
        )
        prices = server.prices_minor(self.day)
        feelings = self._feel(lists, prices)
        choices = choose(self.plan.shoppers, feelings, lists, self._luck)
        purchases, lost = self._sell(lists, choices, feelings, prices)
        acts = self._acts(lists, choices, prices)
        satisfaction = self._remember(lists, choices, feelings, purchases, len(persons))
        log = DayLog(
            lists=lists,
            acts=acts,
            purchases=purchases,
            outcome=self._outcome(choices, purchases, visits=len(persons), satisfaction=satisfaction, lost_units=lost),
        )
        server.learn(log)
        self.day += 1
        return log

    def _outcome(
        self, choices: Choices, purchases: Purchases, *, visits: int, satisfaction: float, lost_units: int
    ) -> DayOutcome:
        profits_minor = purchases.unit_minor - self.stock.cost_minor[purchases.product]
        return DayOutcome(
            day=self.day,
            visits=visits,
            clicks=int(choices.clicked.sum()),
            orders=len(np.unique(purchases.session)),
            revenue_minor=int((purchases.unit_minor * purchases.quantity).sum()),
            profit_minor=int((profits_minor * purchases.quantity).sum()),
            satisfaction=satisfaction,
            lost_units=lost_units,
        )

    def _restock(self) -> None:
        """Each Monday two weeks' sales come in, and at least ten of each."""
        if self.day % 7 == 0 and self.day > 0:
            level = np.maximum(10, 2 * self._sold_this_week)
            self.on_hand = np.maximum(self.on_hand, level)
            self._sold_this_week[:] = 0

    def _visits(self) -> tuple[Longs, Longs, Bools]:
        """Who comes, when, and whether before logging in."""
        start = day_start(self.plan, self.day)
        local = self.plan.until - timedelta(days=self.plan.days - self.day)
        rate = self.plan.visits_per_day * self.crowd.activity * self._mood * WEEK[local.weekday()]
        everybody = np.arange(self.crowd.size)
        count = np.minimum(self._luck.counts(rate, "visits", self.day, everybody), _MOST_VISITS)
        persons = np.repeat(everybody, count)
        visit = self.day, persons, np.arange(len(persons)) - np.repeat(np.cumsum(count) - count, count)
        hour = self.crowd.hour[persons] + self._luck.around(1.8, "hour", *visit) - (local.weekday() >= 5)
        start_ms = to_ms(start) + (np.clip(hour, 0.05, 23.8) * HOUR_MS).astype(np.int64)
        start_ms += self._luck.below(60_000, "minute", *visit)
        logged_out = persons >= self.plan.customers
        logged_out |= self._luck.even("login", *visit) < np.append(self.crowd.device_logged_out, 0)[persons]
        order = np.argsort(start_ms, kind="stable")
        return persons[order], start_ms[order], logged_out[order]

    def _asks(self, persons: Longs, start_ms: Longs) -> tuple[Ask, Longs]:
        """A home list for every visit, and searches on shelves that one likes or needs."""
        sessions = [np.arange(len(persons))]
        for turn, chance in enumerate(_SEARCHES):
            sessions.append(np.flatnonzero(self._luck.even("search", turn, persons, start_ms) < chance))
        session = np.concatenate(sessions)
        turns = np.repeat(np.arange(len(sessions)), [len(each) for each in sessions])
        who, at_ms = persons[session], start_ms[session] + turns * _NEXT_LIST_MS
        need = need_of(self.day - self._bought_on[who], self._cycle)
        wish = np.cumsum(self.crowd.taste[who] * np.exp(need), axis=1)
        sought = (wish < self._luck.even("sought", who[:, None], at_ms[:, None]) * wish[:, -1:]).sum(axis=1)
        ask = Ask(
            day=self.day,
            persons=who,
            shelves=np.where(turns == 0, HOME, sought),
            at_ms=at_ms,
            length=self.plan.list_length,
            is_sellable=(self.stock.launch_day <= self.day) & (self.on_hand > 0),
        )
        return ask, session

    def _feel(self, lists: Lists, prices_minor: Longs) -> Feelings:
        model, stock = self.plan.shoppers, self.stock
        products, person = np.maximum(lists.products, 0), lists.person[:, None]
        match = match_of(model, self.crowd, stock, person, products)
        shelf = stock.shelf[products]
        dearer = stock.log_ratio + np.log(prices_minor / stock.usual_minor)
        month = (self.plan.until - timedelta(days=self.plan.days - self.day)).month
        utility = (
            match
            - model.price * self.crowd.price_sensitivity[person] * dearer[products]
            + model.season * stock.season[month - 1][products]
            + model.need * need_of(self.day - self._bought_on[person, shelf], self._cycle[shelf])
            - model.boredom * self._seen_of_late[person, shelf]
        )
        return Feelings(match=match, utility=utility)

    def _sell(self, lists: Lists, choices: Choices, feelings: Feelings, prices_minor: Longs) -> tuple[Purchases, int]:
        """Purchases within stock, first come first served; and how many units were asked for in vain."""
        row, place = np.nonzero(choices.bought)
        product, session = lists.products[row, place], lists.session[row]
        # A product that stands in two lists of a visit is bought once.
        _, first = np.unique(np.stack([session, product]), axis=1, return_index=True)
        row, place = row[first], place[first]
        product, session = product[first], session[first]
        end = np.zeros(int(lists.session.max(initial=-1)) + 1, np.int64)
        np.maximum.at(end, lists.session, lists.at_ms)
        at_ms = end[session] + 180_000
        is_used_up = self._cycle[self.stock.shelf[product]] > 0
        bought = lists.person[row], at_ms, product
        quantity = 1 + (self._luck.even("stocks up", *bought) < 0.25) * is_used_up
        quantity += self._luck.even("one more", *bought) < 0.06
        asked = Purchases(
            person=lists.person[row],
            session=session,
            product=product,
            quantity=quantity.astype(np.int64),
            unit_minor=prices_minor[product],
            at_ms=at_ms,
            match=feelings.match[row, place],
        )
        asked = chosen(asked, np.lexsort((asked.product, asked.session, asked.at_ms)))
        sold = _within_stock(asked, self.on_hand)
        np.add.at(self.wanted_units, asked.product, asked.quantity)
        lost = int(asked.quantity[~sold].sum())
        kept = chosen(asked, sold)
        self.on_hand = self.on_hand - np.bincount(kept.product, kept.quantity, len(self.on_hand)).astype(np.int64)
        np.add.at(self._sold_this_week, kept.product, kept.quantity)
        return kept, lost

    def _acts(self, lists: Lists, choices: Choices, prices_minor: Longs) -> Acts:
        """Events in columns: when a place further down is clicked, it is clicked later."""
        steps = (
            (EventName.SELECT_ITEM, choices.clicked, 0),
            (EventName.VIEW_ITEM, choices.clicked, 900),
            (EventName.ADD_TO_WISHLIST, choices.wished, 15_000),
            (EventName.ADD_TO_CART, choices.carted, 22_000),
            (EventName.REMOVE_FROM_CART, choices.removed, 55_000),
            (EventName.BEGIN_CHECKOUT, choices.bought, 70_000),
            (EventName.DISMISS, choices.dismissed, 3_000),
            (EventName.SHARE, choices.carted & self._passes_on(lists, 17), 24_000),
            (EventName.INVITE, choices.carted & self._passes_on(lists, 61), 26_000),
        )
        parts = [_searches(lists)]
        for name, mask, after_ms in steps:
            row, place = np.nonzero(mask)
            product = lists.products[row, place]
            counts = name in {EventName.ADD_TO_CART, EventName.REMOVE_FROM_CART, EventName.BEGIN_CHECKOUT}
            parts.append(
                Acts(
                    person=lists.person[row],
                    product=product,
                    kind=np.full(len(row), EVENT_NUMBERS[name]),
                    at_ms=lists.at_ms[row] + 2_000 + 4_000 * place + after_ms,
                    quantity=np.full(len(row), int(counts)),
                    value_minor=prices_minor[product],
                    list=row,
                    position=place,
                    is_logged_out=lists.is_logged_out[row],
                )
            )
        acts = joined(parts, Acts)
        return chosen(acts, np.lexsort((acts.kind, acts.person, acts.at_ms)))

    def _passes_on(self, lists: Lists, one_in: int) -> Bools:
        """Which products of which lists a shopper would tell others of: by who, what and when, without any chance."""
        told: Bools = (lists.person[:, None] * 7919 + lists.products * 104_729 + self.day * 31) % one_in == 0
        return told

    def _remember(self, lists: Lists, choices: Choices, feelings: Feelings, purchases: Purchases, visits: int) -> float:
        """Purchases still a need, sights tire, and a visit that found something good brings one back."""
        stock = self.stock
        self._bought_on[purchases.person, stock.shelf[purchases.product]] = self.day
        row, place = np.nonzero(choices.seen)
        self._seen_of_late *= 0.85
        np.add.at(self._seen_of_late, (lists.person[row], stock.shelf[lists.products[row, place]]), 0.05)
        best = np.full(visits, -2.0)
        row, place = np.nonzero(choices.clicked)
        np.maximum.at(best, lists.session[row], feelings.match[row, place])
        pleased = sigmoid(best - 0.5)
        home = lists.shelf == HOME  # one a visit
        np.add.at(self._mood, lists.person[home], 0.05 * (pleased[lists.session[home]] - 0.42))
        np.clip(self._mood, 0.4, 1.6, out=self._mood)
        return float(pleased.mean()) if visits else 0.0


def _within_stock(asked: Purchases, on_hand: Longs) -> Bools:
    """Which of these, in order, can be had: counted up product by product until the stock is out."""
    order = np.argsort(asked.product, kind="stable")
    product, quantity = asked.product[order], asked.quantity[order]
    total = np.cumsum(quantity)
    first = np.searchsorted(product, product)
    before = np.concatenate([[0], total])[first]
    is_sold = np.zeros(len(order), np.bool_)
    is_sold[order] = total - before <= on_hand[product]
    return is_sold


def _searches(lists: Lists) -> Acts:
    row = np.flatnonzero(lists.shelf != HOME)
    none: Longs = np.zeros(len(row), np.int64)
    return Acts(
        person=lists.person[row],
        product=none - 1,
        kind=none + EVENT_NUMBERS[EventName.SEARCH],
        at_ms=lists.at_ms[row] - 400,
        quantity=none,
        value_minor=none,
        list=row,
        position=none - 1,
        is_logged_out=lists.is_logged_out[row],
    )
