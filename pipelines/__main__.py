"""`python -m pipelines`: nothing else stands here, so nothing is ever pickled from `__main__`."""

from pipelines.cli import main

raise SystemExit(main())
