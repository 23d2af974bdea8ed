"""From files to a task: which protocol fits, and how files of every shape are cut by it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from zhanggui.recommend.engines.evaluation import protocols
from zhanggui.recommend.engines.evaluation.audit import Finding, Order
from zhanggui.recommend.engines.evaluation.tasks import Protocol, Task
from zhanggui.recommend.engines.interactions import Interactions
from zhanggui.recommend.errors import BadLog, NothingToAsk

from .columns import Columns, find_columns
from .files import File, read_file
from .logs import Raw, each_session, events_of, in_time, numbered, raw_lists, raw_rows, same_session
from .moments import to_moments
from .texts import as_text, split_lists
from .told import told_of

HELD = 0.1
_SEEN_REMOVED: frozenset[Protocol] = frozenset({"given-test"})


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """What to evaluate on.

    Attributes:
        data: file of behaviour.
        test: file of what came after it.
        protocol: how to cut; guessed from the files when None.
        columns: of both files; the empty ones are guessed.
        keep_seen: whether products of a history are ranked; None is no for given-test, else yes.
        held: share of events (`temporal`) or sessions that is asked for.
        cut: the moment of `temporal`, as text; empty for `held`.
        weights: strength by word of the event column.
    """

    data: Path
    test: Path | None = None
    protocol: Protocol | None = None
    columns: Columns = Columns()
    keep_seen: bool | None = None
    held: float = HELD
    cut: str = ""
    weights: dict[str, float] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A task and where it came from.

    Attributes:
        task: what models are asked.
        events: the whole log.
        test: events of a test file of pairs, else None.
        order: what times are.
        people: pyarrow text, label by `task.keys`; None where a key is a row of the test file, from 0.
        products: pyarrow text; product n is entry n - 1.
        columns: as found.
        left_out: rows that could not be used, by reason.
        told: what must be known of how the files were read.
    """

    task: Task
    events: Interactions
    test: Interactions | None
    order: Order
    people: Any
    products: Any
    columns: Columns
    left_out: dict[str, int] = field(default_factory=dict)
    told: tuple[Finding, ...] = ()


def ask(asking: Asking) -> Asked:
    """Read the files and cut them.

    Raises:
        BadLog: a file cannot be read as behaviour.
        UnknownColumn: columns are missing.
        NothingToAsk: no case is left.
    """
    data = read_file(asking.data)
    columns = find_columns(data, asking.columns)
    test = read_file(asking.test) if asking.test else None
    test_columns = find_columns(test, _own(asking.columns, test)) if test else None
    protocol = asking.protocol or _usual(columns, test_columns)
    keep_seen = protocol not in _SEEN_REMOVED if asking.keep_seen is None else asking.keep_seen
    if protocol == "given-test" and test is None:
        raise BadLog("given-test needs what came after in a second file.", hint="Name it: --test FILE")
    raw = _raw(data, columns, asking, protocol)
    cut = _Cut(asking=asking, raw=raw, columns=columns, protocol=protocol, keep_seen=keep_seen)
    if test is None or test_columns is None:
        asked = cut.alone()
    elif test_columns.prefix and test_columns.next:
        asked = cut.with_prefixes(test, test_columns)
    elif protocol == "sessions":
        asked = cut.with_sessions(_raw(test, test_columns, asking, protocol))
    elif protocol == "given-test":
        asked = cut.with_pairs(_raw(test, test_columns, asking, protocol))
    else:
        raise BadLog(f"{protocol} cuts one file and takes no --test.", hint="Leave --test out, or ask for given-test.")
    if asked.task.people == 0:
        raise NothingToAsk(f"{protocol} leaves nobody to ask in {data.name}{_seen(asked)}.", hint=_HINTS[protocol])
    return replace(asked, told=tuple(told_of(data, columns, test)))


def _seen(asked: Asked) -> str:
    """What was read, where nothing can be asked: another column may be meant."""
    person = asked.columns.user or asked.columns.session or asked.columns.basket
    lost = [f"{count} rows have {why}" for why, count in asked.left_out.items()]
    read = [f"{person} is read as the person"] if person else []
    return f" ({'; '.join(read + lost)})" if read or lost else ""


_HINTS: dict[Protocol, str] = {
    "leave-one-out": "It needs people with two events and more.",
    "last-basket": "It needs people with two baskets and more: name --basket COLUMN or --time COLUMN.",
    "temporal": "It needs people on both sides of the cut: choose another --cut or --held.",
    "given-test": "No person of the test file is in the data: check --user, and that both files number people alike.",
    "sessions": "It needs sessions of two events and more: name --session COLUMN or --time COLUMN.",
}


def _own(columns: Columns, file: File | None) -> Columns:
    """Names for the second file: those that it has."""
    names = file.columns if file else []
    kept = {role: name for role, name in msgspec.structs.asdict(columns).items() if name in names}
    return Columns(**kept)


def _usual(columns: Columns, test: Columns | None) -> Protocol:
    if (columns.items and not columns.user) or (test and test.prefix and test.next):
        return "sessions"
    if test:
        return "given-test"
    if not columns.user:
        return "sessions"
    return "last-basket" if columns.basket else "leave-one-out"


def _raw(file: File, columns: Columns, asking: Asking, protocol: Protocol) -> Raw:
    if columns.items and not columns.item:
        return raw_lists(file, columns, is_ordered=protocol != "given-test")
    if not columns.item and columns.prefix:
        words = f"{file.name} holds questions ({columns.prefix}, {columns.next}), and nothing to learn from."
        raise BadLog(words, hint="Give them as --test, and as --data what they shall be answered from.")
    if not columns.item:
        raise BadLog(f"{file.name} has no column of products.", hint="Name it: --item COLUMN")
    by_session = protocol == "sessions"
    return raw_rows(file, columns, by_session=by_session, guests=protocol == "last-basket", weights=asking.weights)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cut:
    asking: Asking
    raw: Raw
    columns: Columns
    protocol: Protocol
    keep_seen: bool

    def alone(self) -> Asked:
        """One file, cut by the protocol."""
        people, (person,) = numbered([self.raw.person], sort=self.protocol != "sessions")
        products, (product,) = numbered([self.raw.product])
        events = events_of(self.raw, person, product + 1, len(products) + 1)
        if self.protocol == "sessions":
            has_sessions = bool(self.columns.session or self.columns.items)
            events = in_time(events if has_sessions else each_session(events), self.raw.order)
            people = None
        return self._asked(self._task(events), events, people, products)

    def _task(self, events: Interactions) -> Task:
        match self.protocol:
            case "last-basket":
                return protocols.last_basket(events, keep_seen=self.keep_seen)
            case "temporal":
                return protocols.temporal(events, cut_ms=self._cut_ms(events), keep_seen=self.keep_seen)
            case "sessions":
                return protocols.sessions(events, held=self.asking.held, keep_seen=self.keep_seen)
            case _:
                return protocols.leave_one_out(events, keep_seen=self.keep_seen)

    def _cut_ms(self, events: Interactions) -> int:
        import pyarrow as pa

        if self.raw.order == "none":
            raise BadLog("temporal needs times, and no column of the file looks like one.", hint="--time COLUMN")
        if self.columns.items and not self.columns.item:
            words = "temporal needs times, and lists of products have none: places say nothing across people."
            raise BadLog(words, hint="Ask for leave-one-out or sessions.")
        if not self.asking.cut:
            return protocols.moment_of(events, self.asking.held)
        if self.raw.order == "position":
            words = f"--cut names a moment, and the column {self.columns.time!r} holds places in a sequence."
            raise BadLog(words, hint="Leave --cut out: --held 0.1 asks for the last tenth.")
        at, _, _ = to_moments(pa.chunked_array([pa.array([self.asking.cut])]), "--cut")
        return int(at[0])

    def with_pairs(self, test: Raw) -> Asked:
        """A second file of pairs, its people and products those of the first."""
        people, (person, asked) = numbered([self.raw.person, test.person])
        products, (product, wanted) = numbered([self.raw.product, test.product])
        events = events_of(self.raw, person, product + 1, len(products) + 1)
        later = events_of(test, asked, wanted + 1, len(products) + 1)
        task = protocols.given_test(events, later, keep_seen=self.keep_seen)
        return self._asked(task, events, people, products, test=later, left_out=test.left_out)

    def with_sessions(self, test: Raw) -> Asked:
        """A second file of whole sessions, asked after every event."""
        _, (person,) = numbered([self.raw.person], sort=False)
        _, (asked,) = numbered([test.person], sort=False)
        products, (product, wanted) = numbered([self.raw.product, test.product])
        events = in_time(events_of(self.raw, person, product + 1, len(products) + 1), self.raw.order)
        later = in_time(events_of(test, asked, wanted + 1, len(products) + 1), test.order)
        histories, targets, owners = protocols.every_prefix(later)
        task = protocols.next_in_sessions(events, histories, targets, owners, keep_seen=self.keep_seen)
        return self._asked(task, events, None, products, left_out=test.left_out)

    def with_prefixes(self, test: File, columns: Columns) -> Asked:
        """A second file of questions: a list of products, and the next one."""
        import pyarrow as pa

        _, (person,) = numbered([self.raw.person], sort=False)
        owner, place, known = split_lists(test.column(columns.prefix), columns.prefix)
        wanted = as_text(test.column(columns.next), columns.next)
        if wanted.null_count or known.null_count:
            raise BadLog(f"{test.name} has questions without an answer.", hint=f"Fill the column {columns.next!r}.")
        products, (product, seen, target) = numbered([self.raw.product, known, wanted])
        events = in_time(events_of(self.raw, person, product + 1, len(products) + 1), self.raw.order)
        rows = len(owner)
        histories = events_of(
            Raw(
                person=pa.array([], type=pa.string()),
                product=known,
                at_ms=place,
                order="position",
                strength=np.ones(rows, dtype=np.float32),
                is_purchase=np.zeros(rows, dtype=bool),
            ),
            owner,
            seen + 1,
            len(products) + 1,
        )
        owners = same_session(histories, test.rows)
        targets = (target + 1).astype(np.int32)
        task = protocols.next_in_sessions(events, histories, targets, owners, keep_seen=self.keep_seen)
        return self._asked(task, events, None, products, left_out=test.left_out)

    def _asked(
        self,
        task: Task,
        events: Interactions,
        people: Any,
        products: Any,
        *,
        test: Interactions | None = None,
        left_out: dict[str, int] | None = None,
    ) -> Asked:
        both = Counter(self.raw.left_out)
        both.update(left_out or {})
        return Asked(
            task=task,
            events=events,
            test=test,
            order=self.raw.order,
            people=people,
            products=products,
            columns=self.columns,
            left_out=dict(both),
        )
