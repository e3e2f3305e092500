"""Readers: a file or a pasted text in, a ``Paper`` of neutral blocks out; what may not be opened is refused."""
