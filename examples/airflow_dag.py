"""An Airflow DAG of one polite round every ten minutes; copy it into the folder of DAGs.

The round's run id is the DAG run's: a task that is cleared and run again finds its own record and publishes nothing
twice.  khabar lives in an environment of its own, so that Airflow's packages and its own do not meet.
"""

import os
from datetime import timedelta

import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

HOME = os.environ.get("KHABAR_HOME", "/srv/khabar")
KHABAR = os.environ.get("KHABAR_COMMAND", f"{HOME}/.venv/bin/khabar")
MORE = os.environ.get("KHABAR_OPTIONS", "")

with DAG(
    dag_id="khabar_feeds",
    schedule="*/10 * * * *",
    start_date=pendulum.datetime(2024, 1, 1, tz="UTC"),
    # A round reads what is there now: rounds of the past cannot be made up.  `ingest --since --until` replays those kept.
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=5), "execution_timeout": timedelta(minutes=30)},
) as dag:
    BashOperator(
        task_id="round",
        bash_command=(
            f"{KHABAR} ingest --feeds={HOME}/feeds.opml --lake={HOME}/lake --keep_raw=30 {MORE}"
            " --run_id=airflow-{{ ts_nodash }}"
        ),
        # 75 (another publisher held the lake) is an error that a retry mends.  A round in which every feed failed (4) is
        # on record: its retry says so with 0, and `khabar status` tells the sources that fail.
    )
