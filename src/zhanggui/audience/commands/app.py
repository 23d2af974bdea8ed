"""The command `zhanggui audience`."""

from __future__ import annotations

from cyclopts import App

from .journeys import add_journey_commands
from .learned import add_learned_commands
from .plans import add_plan_commands
from .predictions import add_prediction_commands
from .profiles import OpenAudience, add_profile_commands
from .segments import add_segment_commands


def commands(open_room: OpenAudience) -> App:
    """All commands of the room."""
    app = App(name="audience", help="What the shop may know of its shoppers, and on what it rests.")
    add_profile_commands(app, open_room)
    add_prediction_commands(app, open_room)
    add_segment_commands(app, open_room)
    add_learned_commands(app, open_room)
    add_plan_commands(app, open_room)
    add_journey_commands(app, open_room)
    return app
