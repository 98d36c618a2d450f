"""What is spent is counted once, and ceilings hold what would pass them."""

import pytest

from nanodesk.document.identity import RunId
from nanodesk.document.run import Run, Usage
from nanodesk.editor.spending import Purse, Spending, Uncounted, Unlimited, dollars
from nanodesk.storage.settings import Settings
from nanodesk.storage.spending import SpendingLog


def run(name, expected, cost=None):
    return Run(RunId(name), 1, (), "gemini", expected_cost=expected, usage=Usage(cost))


@pytest.fixture
def purse(tmp_path):
    return Purse(SpendingLog(tmp_path / "spending.jsonl"), Settings())


def test_a_day_is_added_up_across_documents_and_programs(purse, tmp_path):
    one, other = Spending(purse, {}), Spending(purse, {})
    heard = []
    one.changed.connect(lambda: heard.append(1))
    one.spend(run("a", 0.1), 0.1)
    other.spend(run("b", 0.2), 0.2)
    assert one.today == other.today == pytest.approx(0.3)
    assert Purse(SpendingLog(tmp_path / "spending.jsonl"), Settings()).today == pytest.approx(0.3)
    assert len(heard) == 2


def test_only_what_is_new_of_a_run_is_put_down(purse):
    spending = Spending(purse, {})
    spending.spend(run("a", 0.1, cost=0.04), 0.06)
    spending.spend(run("a", 0.1, cost=0.06), 0.06)
    spending.spend(run("a", 0.1, cost=0.06), None)
    assert spending.today == pytest.approx(0.02)


def test_a_ceiling_counts_what_is_under_way(purse):
    spending = Spending(purse, {})
    spending.set_day_ceiling(0.25)
    first, second = run("a", 0.1), run("b", 0.1)
    for one in (first, second):
        assert spending.hold(one) == ""
        spending.expect(one)
    assert "Today's ceiling of $0.25" in spending.hold(run("c", 0.1))
    spending.spend(first, 0.02)
    assert purse.under_way() == pytest.approx(0.18)
    spending.settle(first)
    spending.settle(second)
    assert spending.hold(run("c", 0.1)) == ""


def test_a_documents_ceiling_is_its_own(purse):
    mine, theirs = run("a", 0.1, cost=0.15), run("b", 0.1)
    one, other = Spending(purse, {mine.id: mine}), Spending(purse, {theirs.id: theirs})
    one.set_document_ceiling(0.2)
    other.expect(theirs)
    assert one.document == pytest.approx(0.15)
    assert "This document's ceiling of $0.20" in one.hold(run("c", 0.1))
    assert other.hold(run("c", 0.05)) == ""
    assert other.hold(run("c", 0.15))
    one.set_document_ceiling(None)
    assert one.hold(run("c", 100.0)) == ""


def test_a_run_whose_price_is_not_known_goes_until_the_ceiling_is_reached(purse):
    spending = Spending(purse, {})
    spending.set_day_ceiling(0.1)
    assert spending.hold(run("a", None)) == ""
    spending.spend(run("a", None), 0.1)
    assert "not known" in spending.hold(run("b", None))
    assert spending.hold(run("free", 0.0)) == ""


def test_raising_the_ceilings_is_heard(purse):
    heard = []
    purse.changed.connect(lambda: heard.append(1))
    purse.set_ceilings(1.0, 0.5)
    assert (purse.ceilings.day_ceiling, purse.ceilings.document_ceiling, len(heard)) == (1.0, 0.5, 1)


def test_work_that_is_kept_nowhere_counts_nothing():
    spending = Spending(Purse(Uncounted(), Unlimited()), {})
    spending.spend(run("a", 0.1), 5.0)
    assert spending.today == 0.0
    assert (spending.day_ceiling, spending.document_ceiling) == (None, None)
    assert spending.hold(run("b", 100.0)) == ""


def test_dollars_have_the_digits_that_say_something():
    assert [dollars(cost) for cost in (0, 0.0376, 0.1, 12)] == ["$0.00", "$0.038", "$0.10", "$12.00"]
