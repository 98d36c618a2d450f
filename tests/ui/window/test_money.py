"""Today's money in the status bar."""

from nanodesk.document.identity import RunId
from nanodesk.document.run import Run


def spend(project, cost):
    project.spending.spend(Run(RunId("a"), 1, (), "gemini"), cost)


async def test_what_was_spent_and_may_be_is_said_as_soon_as_there_is_something_to_say(window, workspace):
    bar, project = window.status, window.page.project
    assert bar.spending.text() == ""
    spend(project, 0.0376)
    # The workspace of these tests counts in memory.
    assert bar.spending.text() == "Today $0.038"
    project.spending.set_day_ceiling(5.0)
    assert bar.spending.text() == "Today $0.038 of $5.00"
    project.spending.set_document_ceiling(2.0)
    assert bar.spending.toolTip() == "This document: $0.00 of $2.00"
    other = workspace.new()
    spend(other, 6.0)
    assert bar.spending.text() == "Today $6.04 of $5.00"
    bar.follow(None)
    assert bar.spending.text() == ""
