"""Commands of khabar.

The linear algebra of one article is small: more threads than one only wait for each other (.7 ms an article with one, 3 to 24
on a busy machine with the default). Set before numpy is imported; workers inherit it.
"""

import os

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")
