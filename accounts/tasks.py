"""Celery tasks of accounts."""

from celery import shared_task

from accounts import removal


@shared_task(name="accounts.tasks.remove_accounts")
def remove_accounts() -> None:
    """Remove the accounts whose 14 days to undo are over."""
    removal.remove_due()
