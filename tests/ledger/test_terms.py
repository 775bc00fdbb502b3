"""What charges mean is not changed in silence; a rebase closes accounts and keeps them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from gateway.budget.books import Books
from gateway.budget.terms import differences, terms_of
from gateway.errors import Refusal
from gateway.policy.faults import PolicyFaults
from gateway.policy.model import Guarantee, Policy, Renewal, Through
from tests.ledger.desk import EPSILON, Hands, allowance, ask, keep, policy, price, spent, tamper

OWN = allowance("user:ann")
PURE = allowance("user:ann", guarantee=Guarantee.PURE)


def faults(books: Books, stated: Policy) -> list[str]:
    with pytest.raises(PolicyFaults) as refused:
        books.terms.adopt([stated])
    assert all("noisegate budget rebase hospital" in str(one) for one in refused.value.faults)
    return [fault.path for fault in refused.value.faults]


def test_the_same_terms_are_adopted_again_and_again(books: Books) -> None:
    for _ in range(2):
        books.terms.adopt([policy()])
    with books.store.reading() as connection:
        assert connection.exec_driver_sql("SELECT COUNT(*) FROM terms").scalar_one() == 1


@pytest.mark.parametrize(
    ("stated", "path"),
    [
        (policy(guarantee=Guarantee.PURE), "privacy.guarantee"),
        (policy(unit="stay"), "privacy.unit"),
        (policy(stays="encounter_id"), "tables.stays.unit"),
        (policy(stays=None), "tables.stays.unit"),
        (policy(stays=Through(table="patients", on={"a": "b"})), "tables.stays.unit"),
    ],
)
def test_other_terms_are_refused_until_a_rebase(books: Books, stated: Policy, path: str) -> None:
    books.terms.adopt([policy()])
    assert faults(books, stated) == [path]
    books.terms.adopt([policy()])  # nothing was changed by the refusal
    books.terms.rebase(stated, by="root", reason="decided by the board")
    books.terms.adopt([stated])
    assert faults(books, policy()) == [path]


def test_a_table_that_goes_and_comes_back_is_remembered(books: Books) -> None:
    books.terms.adopt([policy(stays="patient_nbr", visits="patient_nbr")])
    books.terms.adopt([policy(stays="patient_nbr")])
    assert faults(books, policy(stays="patient_nbr", visits="visit_id")) == ["tables.visits.unit"]


def test_new_tables_contradict_nothing() -> None:
    one, two = terms_of(policy(a="x")), terms_of(policy(a="x", b="y"))
    assert differences(one, two) == differences(two, one) == ()


def test_all_datasets_are_adopted_or_none(books: Books) -> None:
    books.terms.adopt([policy()])
    other = replace(policy(), dataset="retail")
    with pytest.raises(PolicyFaults):
        books.terms.adopt([other, policy(unit="stay")])
    with books.store.reading() as connection:
        assert connection.exec_driver_sql("SELECT COUNT(*) FROM terms").scalar_one() == 1


def test_a_ledger_that_kept_no_terms_knows_the_guarantee_of_its_accounts(books: Books) -> None:
    books.ledger.charge(ask("q1", price("a", 1)))
    assert faults(books, policy(guarantee=Guarantee.PURE)) == ["privacy.guarantee"]
    books.terms.adopt([policy()])


def test_a_rebase_closes_accounts_and_keeps_what_they_spent(books: Books) -> None:
    books.terms.adopt([policy()])
    books.ledger.charge(ask("q1", price("a", EPSILON)))
    keep(books, "a")
    books.ledger.charge(ask("q2", price("b", 7), name="bob"))
    after = policy(guarantee=Guarantee.PURE)
    assert books.terms.rebase(after, by="root", reason="new rules") == ("user:ann", "user:bob")
    assert spent(books, PURE) == 0
    with pytest.raises(Refusal):
        books.ledger.charge(ask("q3", price("c", 1)))  # under the old guarantee
    assert books.answers.find("hospital", ["a"], "ann") == {}
    books.ledger.charge(ask("q3", price("c", 5), own=PURE))
    held = {(one.holder, one.held_amount) for one in books.replay()}
    assert held == {("user:ann", EPSILON), ("user:bob", 7), ("user:ann", 5), ("user:bob", 0)}
    assert "rebased" in [record.kind for record in books.audit.records()]
    with pytest.raises(Refusal):
        books.terms.rebase(after, by="root", reason=" ")


@pytest.mark.parametrize("renews", list(Renewal))
@pytest.mark.parametrize("backend", ["sqlite"])
def test_two_rebases_on_one_day_open_two_periods(books: Books, renews: Renewal) -> None:
    own = allowance("user:ann", renews=renews)
    for number in range(3):
        books.ledger.charge(ask(f"q{number}", price(f"{number}", EPSILON), own=own))
        assert spent(books, own) == EPSILON
        books.terms.rebase(policy(renews=renews), by="root", reason="a test")
        assert spent(books, own) == 0


@pytest.mark.parametrize("renews", list(Renewal))
@pytest.mark.parametrize("charged", ["before", "never"])
def test_after_a_rebase_grants_count_for_the_new_accounts_alone(
    books: Books, clock: Hands, renews: Renewal, charged: str
) -> None:
    """Whether they are made on that day or on one of the next, before or after a charge."""
    books.users.add("ann", ["analyst"])
    own = allowance("user:ann", renews=renews)

    def limit() -> int:
        return books.ledger.balance("hospital", own).limit.amount

    def grant() -> None:
        books.ledger.grant("hospital", "user:ann", Fraction(1, 2), by="root", reason="a study")

    if charged == "before":
        books.ledger.charge(ask("q1", price("a", EPSILON), own=own))
    grant()
    assert limit() == EPSILON * 3 // 2
    books.terms.rebase(policy(renews=renews), by="root", reason="a test")
    assert (limit(), spent(books, own)) == (EPSILON, 0)
    grant()
    assert limit() == EPSILON * 3 // 2
    for number in range(3):
        clock.time += dt.timedelta(days=1)
        before = limit()
        assert before == EPSILON or renews is not Renewal.DAILY
        grant()
        assert limit() == before + EPSILON // 2
        books.ledger.charge(ask(f"later{number}", price(f"{number}", 1), own=own))
        grant()
        assert limit() == before + EPSILON


def test_a_rebase_of_an_account_whose_period_is_over_opens_the_present_one(
    books: Books, clock: Hands
) -> None:
    own = allowance("user:ann", renews=Renewal.DAILY)
    daily = policy(renews=Renewal.DAILY)
    books.users.add("ann", ["analyst"])
    books.ledger.charge(ask("q1", price("a", EPSILON), own=own))
    clock.time += dt.timedelta(days=1)
    books.terms.rebase(daily, by="root", reason="a test")
    books.ledger.grant("hospital", "user:ann", Fraction(1), by="root", reason="a study")
    books.ledger.charge(ask("q2", price("b", 2 * EPSILON), own=own))
    assert books.ledger.balance("hospital", own).renews_at == dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
    with pytest.raises(Refusal):
        books.ledger.charge(ask("q3", price("c", 1), own=own))


def test_a_budget_is_lowered_and_raised_without_losing_what_was_spent(books: Books) -> None:
    books.ledger.charge(ask("q1", price("a", EPSILON // 2)))
    small, large = allowance("user:ann", epsilon="0.25"), allowance("user:ann", epsilon="2")
    with pytest.raises(Refusal) as refused:
        books.ledger.charge(ask("q2", price("b", 1), own=small))
    assert refused.value.facts["left"] == 0
    books.ledger.charge(ask("q2", price("b", EPSILON * 3 // 2), own=large))
    with pytest.raises(Refusal):
        books.ledger.charge(ask("q3", price("c", 1), own=large))


def test_loading_a_policy_fixes_when_running_periods_end(
    books: Books, clock: Hands, url: str
) -> None:
    """So the first boundary after the change counts, though nobody asks before it."""
    books.users.add("ann", ["analyst"])
    books.terms.adopt([policy()])
    books.ledger.charge(ask("q1", price("a", EPSILON)))
    monthly = policy(renews=Renewal.MONTHLY)
    books.terms.adopt([monthly])
    own = allowance("user:ann", renews=Renewal.MONTHLY)
    clock.time = clock.time.replace(month=3, day=31)
    assert spent(books, own) == 0  # it ended with February
    tamper(url, "UPDATE accounts SET renews = 'never', ends_at = NULL")
    assert spent(books, own) == EPSILON  # as if the change were only seen now
