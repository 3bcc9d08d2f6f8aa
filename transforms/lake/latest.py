"""The views `latest.<table>` as SQL for DuckDB: an edited article counts its events once.

Newest version of an article: its highest `version_number`.  Newest analysis of a version: the rows of the newest
commit that wrote sentences of it.
"""

from pathlib import Path

from schemas.tables import TABLES


def latest_sql(lake: str | Path) -> str:
    """Statements that create the schema `latest` with a view for each table that the lake has."""
    root = str(Path(lake).absolute()).replace("'", "''")
    there = [name for name in TABLES if any(Path(lake, name).glob("*/*.parquet"))]
    statements = ["CREATE SCHEMA IF NOT EXISTS latest"]
    for name in there:
        source = f"read_parquet('{root}/{name}/*/*.parquet', hive_partitioning=true, union_by_name=true)"
        if name == "articles":
            body = (
                f"SELECT * FROM {source} "
                "QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY version_number DESC, run_id DESC) = 1"
            )
        elif name == "rejects":
            body = f"SELECT * FROM {source}"
        else:
            body = (
                f"SELECT t.* FROM {source} t JOIN latest.analyses a USING (version_id, run_id) "
                "WHERE t.version_id IN (SELECT version_id FROM latest.articles)"
            )
        if name == "sentences":
            runs = f"read_json('{root}/_runs/*.json', columns={{'commit': 'VARCHAR', 'number': 'BIGINT'}})"
            statements.append(
                "CREATE OR REPLACE VIEW latest.analyses AS SELECT version_id, arg_max(run_id, number) AS run_id "
                f"FROM (SELECT DISTINCT version_id, run_id FROM {source}) s JOIN {runs} r ON r.commit = s.run_id "
                "GROUP BY version_id"
            )
        statements.append(f"CREATE OR REPLACE VIEW latest.{name} AS {body}")
    return ";\n".join(statements) + ";\n"
