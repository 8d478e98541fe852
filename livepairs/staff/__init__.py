"""Pages of staff: people, symbols, feed, announcements and the audit log. For everybody else they are not there."""
