"""What higher apps add to the words of what locking users would do. They know what users hold; accounts does not."""

from collections.abc import Callable, Collection

#: each gets the ids of users, and answers in a sentence without its full stop; "" where it has nothing to say
of_locking: list[Callable[[Collection[int]], str]] = []
