"""Mails of a site that writes them into a folder."""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.waiting import wait_until


@dataclass
class Mailbox:
    folder: Path

    def link(self, to: str, part: str) -> str:
        """The newest link to `part` of the site that was sent to that address."""
        return wait_until(lambda: self._find(to, part), what=f"a mail to {to} with {part}")

    def _find(self, to: str, part: str) -> str:
        files = sorted(self.folder.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True)
        texts = [file.read_text() for file in files]
        found = [re.findall(rf"http://\S+{part}\S*", text) for text in texts if f"To: {to}" in text]
        return next((links[-1] for links in found if links), "")
