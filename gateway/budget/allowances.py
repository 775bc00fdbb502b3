"""Which budget of a policy is an analyst's own, and which is everyone's. Pure."""

from __future__ import annotations

from gateway.budget.cost import Allowance
from gateway.edges import Analyst
from gateway.errors import Code, Refusal
from gateway.policy.model import Budget, Policy


def allowance_for(policy: Policy, analyst: Analyst) -> Allowance:
    """The analyst's own allowance: the first line of `budgets` for the user or one of the roles.

    A line for a role gives each of its users an account of their own, so the holder is always
    `user:NAME`. The line for `everyone` caps all analysts together and is nobody's own. Raises
    `Refusal(FORBIDDEN)` where no line is for this analyst.
    """
    held = {f"user:{analyst.name}", *(f"role:{role}" for role in analyst.roles)}
    for budget in policy.budgets:
        if budget.holder in held:
            return _allowance(policy, budget, f"user:{analyst.name}")
    raise Refusal(
        Code.FORBIDDEN,
        f"You have no budget for {policy.dataset}.",
        f"The administrator can add a line for `user:{analyst.name}` or one of your roles to the "
        "`budgets` of its policy.",
    )


def everyone_for(policy: Policy) -> Allowance | None:
    """The cap on all analysts together; None where the policy has no line for `everyone`."""
    for budget in policy.budgets:
        if budget.holder == "everyone":
            return _allowance(policy, budget, "everyone")
    return None


def _allowance(policy: Policy, budget: Budget, holder: str) -> Allowance:
    return Allowance(
        holder=holder,
        guarantee=policy.privacy.guarantee,
        epsilon=budget.epsilon,
        delta=policy.privacy.delta,
        renews=budget.renews,
        zone=policy.timezone,
    )
