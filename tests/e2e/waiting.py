"""Waiting for a condition, with a deadline for a machine under load."""

import time


def wait_until(holds, seconds, what, pause=0.05):
    """What `holds` gives, once it is true; `what` is text, or makes it."""
    until = time.monotonic() + seconds
    while True:
        found = holds()
        if found:
            return found
        if time.monotonic() > until:
            text = what() if callable(what) else what
            raise AssertionError(f"not within {seconds} s: {text}")
        time.sleep(pause)
