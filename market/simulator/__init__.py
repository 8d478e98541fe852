"""A local exchange that speaks the venue's own websocket and REST protocol on one port.

Everything but `server` is free of sockets: `protocol` (control messages), `rest` (queries), `market` (prices and
trades as a pure function of seed and time), `recording` (recorded frames), `faults` (what goes wrong on the way),
`ledger` (every trade that exists, the truth tests compare with).
"""
