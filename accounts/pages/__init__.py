"""Pages of accounts, one file each."""
