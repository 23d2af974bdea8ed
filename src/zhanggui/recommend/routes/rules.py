"""Rules of recommendations over HTTP."""

from __future__ import annotations

from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from zhanggui.kernel.ids import Ulid
from zhanggui.kernel.listing import AnyRequest, actor_of
from zhanggui.recommend.service.rules.trials import RuleTrials
from zhanggui.recommend.types.rules import PutRule, Rule, RulePreview, TryRule

SCOPE = "recommend:admin"


class RuleRoutes(Controller):
    """What the merchant pins, lifts, caps, promotes and leaves out."""

    path = "/v1/{shop:str}/recommend-rules"
    tags = ("recommend",)

    @get(operation_id="ListRules", opt={"scope": SCOPE}, sync_to_thread=True)
    def rules(self, rule_trials: NamedDependency[RuleTrials]) -> list[Rule]:
        """The rules, the oldest first."""
        return rule_trials.rules.all()

    @post(operation_id="CreateRule", opt={"scope": SCOPE}, sync_to_thread=True)
    def create(self, request: AnyRequest, rule_trials: NamedDependency[RuleTrials], data: JSONBody[PutRule]) -> Rule:
        """Make a rule; it acts in the very next answer, and stands in the ledger."""
        return rule_trials.rules.create(data, actor_of(request))

    @post(
        "/preview",
        operation_id="PreviewRule",
        opt={"scope": SCOPE, "shows_shopper": True},
        status_code=200,
        sync_to_thread=True,
    )
    def preview(self, rule_trials: NamedDependency[RuleTrials], data: JSONBody[TryRule]) -> RulePreview:
        """A shopper's list without and with a rule that need not exist; nothing is logged as shown."""
        return rule_trials.preview(data)

    @get("/{rule_id:str}", operation_id="GetRule", opt={"scope": SCOPE}, sync_to_thread=True)
    def rule(self, rule_trials: NamedDependency[RuleTrials], rule_id: FromPath[Ulid]) -> Rule:
        """One rule."""
        return rule_trials.rules.get(rule_id)

    @put("/{rule_id:str}", operation_id="ChangeRule", opt={"scope": SCOPE}, sync_to_thread=True)
    def change(
        self,
        request: AnyRequest,
        rule_trials: NamedDependency[RuleTrials],
        rule_id: FromPath[Ulid],
        data: JSONBody[PutRule],
    ) -> Rule:
        """Put another rule in its place."""
        return rule_trials.rules.change(rule_id, data, actor_of(request))

    @delete("/{rule_id:str}", operation_id="RemoveRule", opt={"scope": SCOPE}, status_code=200, sync_to_thread=True)
    def remove(self, request: AnyRequest, rule_trials: NamedDependency[RuleTrials], rule_id: FromPath[Ulid]) -> Rule:
        """Take a rule away; undo brings it back."""
        return rule_trials.rules.remove(rule_id, actor_of(request))

    @post("/{rule_id:str}/undo", operation_id="UndoRule", opt={"scope": SCOPE}, status_code=200, sync_to_thread=True)
    def undo(self, request: AnyRequest, rule_trials: NamedDependency[RuleTrials], rule_id: FromPath[Ulid]) -> Rule:
        """Take the last act about a rule back."""
        return rule_trials.rules.undo(rule_id, actor_of(request))
