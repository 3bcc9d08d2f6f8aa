"""What is raised where an engine cannot be used."""


class Unavailable(Exception):
    """An engine, or what it needs, is not there or is broken; the message says what would help."""
