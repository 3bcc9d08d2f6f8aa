"""The views `latest.<table>` as SQL for DuckDB: an edited article counts its events once, and only whole runs are seen.

Newest version of an article: its highest `version_number`.  Newest analysis of a version: the rows of the newest
commit that wrote sentences of it.
"""

from glob import escape
from pathlib import Path
from typing import Final

from schemas.tables import TABLES

# DuckDB lists files in the order in which FROM names them: a run whose record is listed has all its files in place
# when those are listed after it, even while another run is being published.
_RUNS: Final = """\
CREATE OR REPLACE VIEW latest.runs AS
    SELECT commit AS run_id, number FROM read_json('{root}/_runs/*.json', columns = {{commit: 'VARCHAR', number: 'BIGINT'}})"""
_ARTICLES: Final = """\
CREATE OR REPLACE VIEW latest.articles AS
    SELECT a.* FROM latest.runs JOIN {source} a USING (run_id)
    QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY version_number DESC, run_id DESC) = 1"""
_ANALYSES: Final = """\
CREATE OR REPLACE VIEW latest.analyses AS
    SELECT version_id, arg_max(run_id, number) AS run_id
    FROM latest.runs JOIN (SELECT DISTINCT version_id, run_id FROM {source}) USING (run_id)
    GROUP BY version_id"""
_CHILDREN: Final = """\
CREATE OR REPLACE VIEW latest.{name} AS
    SELECT t.* FROM (SELECT version_id FROM latest.articles) JOIN latest.analyses USING (version_id)
    JOIN {source} t USING (version_id, run_id)"""
_OF_RUNS: Final = """\
CREATE OR REPLACE VIEW latest.{name} AS
    SELECT t.* FROM latest.runs JOIN {source} t USING (run_id)"""


def latest_sql(lake: str | Path) -> str:
    """Statements that create the schema `latest` with a view for each table that the lake has; nothing else is in it.

    The lake's path is written as it is given; where its name has characters of a glob or quotes, they stand for
    themselves.
    """
    root = escape(str(lake)).replace("'", "''")
    statements = ["CREATE SCHEMA IF NOT EXISTS latest", _RUNS.format(root=root)]
    for name in TABLES:
        if not any(Path(lake, name).glob("*/*.parquet")):
            continue
        source = f"read_parquet('{root}/{name}/*/*.parquet', hive_partitioning = true, union_by_name = true)"
        if name == "sentences":
            statements.append(_ANALYSES.format(source=source))
        view = {"articles": _ARTICLES, "rejects": _OF_RUNS, "fetches": _OF_RUNS}.get(name, _CHILDREN)
        statements.append(view.format(name=name, source=source))
    return ";\n".join(statements) + ";\n"
