"""Print a link with which somebody may sign up."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.urls import reverse

from accounts import invitations


class Command(BaseCommand):
    help = "Print a link with which one person may sign up, once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=invitations.LIFETIME.days, help="how long it works")
        parser.add_argument("--admin", action="store_true", help="for the first administrator, 24 hours")
        parser.add_argument("--site", default="http://localhost:8000", help="address of the pages")

    def handle(self, *args: Any, days: int, admin: bool, site: str, **options: Any) -> None:
        if not 1 <= days <= 365:
            raise CommandError(f"--days {days}: use 1 to 365.")
        secret = invitations.invite_first_admin() if admin else invitations.invite(lifetime=timedelta(days=days))
        if secret is None:
            raise CommandError("There is an administrator. Others are made in the administration, under Users.")
        self.stdout.write(f"{site.rstrip('/')}{reverse('invitation', args=[secret])}")
