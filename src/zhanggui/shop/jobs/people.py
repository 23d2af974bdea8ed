"""Background work on people: customers from before there were lookups can be found by phone and e-mail too."""

from __future__ import annotations

import msgspec

from zhanggui.kernel.jobs import JobContext, JobHandler, Schedule
from zhanggui.shop.service.people import People

INDEX = "shop.index_people"
EVERY_S = 86_400


class IndexPeople(msgspec.Struct, frozen=True):
    """Keep by what each customer is found."""


def handler(people: People) -> JobHandler[IndexPeople]:
    """How it is done, some hundred a commit; once all are in, it finds nothing to do."""

    def index(_: IndexPeople, context: JobContext) -> None:
        while not context.is_cancelled() and people.index_some():
            pass

    return JobHandler(kind=INDEX, payload=IndexPeople, run=index)


def schedule() -> Schedule:
    """Each day, and as soon as a shop's work begins."""
    return Schedule(kind=INDEX, every_s=EVERY_S, payload=IndexPeople(), is_due_at_start=True)
