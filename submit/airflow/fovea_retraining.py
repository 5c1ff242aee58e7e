"""Retrains the upscaler on each day's new pictures and lets it into service only when it is better.

For every logical date: packs the pictures of that day into shards, trains a candidate that starts from
the model in service, measures both on the same pictures that neither was trained on, and promotes the
candidate if the measurement says so. Every task may be repeated: it finds what it has done.

Works with Airflow 2 and 3 and the provider apache-airflow-providers-apache-spark. What differs from
place to place is taken from the environment of Airflow's scheduler and workers:

  FOVEA_HOME               the unpacked application archive (lib/, conf/), on every worker that submits
  FOVEA_ROOT               where everything lies, such as s3a://pictures/fovea or hdfs:///fovea:
                             incoming/YYYY-MM-DD/  new pictures of a day, put there by others
                             shards/base/          what every candidate is trained on, made by hand
                             holdout/              pictures for measuring, never for training
                             shards/YYYY-MM-DD/, candidates/, runs/, reports/, registry/ are made here
  FOVEA_DAYS               how many days of new pictures a candidate is trained on; 7 unless set
  FOVEA_PREPARE_OPTIONS    further options of the commands, separated by blanks
  FOVEA_PRETRAIN_OPTIONS
  FOVEA_EVALUATE_OPTIONS
  FOVEA_PROMOTE_OPTIONS
  FOVEA_SPARK_CONF         Spark's settings, NAME=VALUE separated by blanks
  FOVEA_SPARK_CONNECTION   Airflow's connection to Spark; spark_default unless set
  FOVEA_START              first logical date, YYYY-MM-DD; 2026-01-01 unless set
"""

from __future__ import annotations

import os
import shlex
from datetime import datetime, timedelta, timezone
from pathlib import Path

try:
    from airflow.sdk import DAG
except ImportError:  # Airflow 2
    from airflow import DAG

from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator

HOME = Path(os.environ["FOVEA_HOME"])
ROOT = os.environ["FOVEA_ROOT"].rstrip("/")
DAYS = int(os.environ.get("FOVEA_DAYS", "7"))

START = datetime.strptime(os.environ.get("FOVEA_START", "2026-01-01"), "%Y-%m-%d")

# A glob names what is there, so that days without pictures are no fault.
TRAINED_ON = ",".join(["base"] + ["{{ macros.ds_add(ds, -%d) }}" % back for back in range(DAYS)])

CANDIDATE = f"{ROOT}/candidates/{{{{ ds }}}}"
REPORT = f"{ROOT}/reports/{{{{ ds }}}}"
REGISTRY = f"{ROOT}/registry"

COMMANDS = {
    "prepare": [
        "--images-path", f"{ROOT}/incoming/{{{{ ds }}}}",
        "--output-path", f"{ROOT}/shards/{{{{ ds }}}}",
        "--sub-image-size", "480",
        "--overwrite",
    ],
    "pretrain": [
        "--train-images-path", f"{ROOT}/shards/{{{TRAINED_ON}}}",
        "--test-images-path", f"{ROOT}/holdout",
        "--registry", REGISTRY,
        "--checkpoint-path", CANDIDATE,
        "--run-dir-path", f"{ROOT}/runs/{{{{ ds }}}}",
        "--seed", "{{ ds_nodash }}",
        "--resume",
    ],
    "evaluate": [
        "--images-path", f"{ROOT}/holdout",
        "--checkpoint-path", CANDIDATE,
        "--registry", REGISTRY,
        "--report-path", REPORT,
    ],
    "promote": [
        "--candidate", CANDIDATE,
        "--registry", REGISTRY,
        "--report-path", REPORT,
    ],
}  # fmt: skip


def java_options() -> str:
    """The one list of what Java has to open, as it lies in the application archive."""
    lines = (HOME / "conf" / "java-options").read_text(encoding="utf-8").splitlines()
    return " ".join(line for line in lines if line and not line.startswith("#"))


def jars() -> tuple[str, list[str]]:
    """The application's own jar, and those it needs beside Spark's."""
    found = sorted(str(path) for path in (HOME / "lib").glob("*.jar"))
    own = [path for path in found if Path(path).name.startswith("fovea-spark-jobs-")]
    if len(own) != 1:
        raise ValueError(f"FOVEA_HOME '{HOME}': lib/ holds {len(own)} files fovea-spark-jobs-*.jar; it needs one")
    return own[0], [path for path in found if path != own[0]]


def spark_conf() -> dict[str, str]:
    conf = {
        "spark.driver.extraJavaOptions": java_options() + " -Djava.awt.headless=true",
        "spark.executor.extraJavaOptions": java_options() + " -Djava.awt.headless=true",
    }
    for setting in shlex.split(os.environ.get("FOVEA_SPARK_CONF", "")):
        name, separator, value = setting.partition("=")
        if not separator:
            raise ValueError(f"FOVEA_SPARK_CONF '{setting}': NAME=VALUE is needed")
        conf[name] = f"{conf[name]} {value}" if name.endswith("extraJavaOptions") and name in conf else value
    return conf


def command(name: str) -> SparkSubmitOperator:
    application, libraries = jars()
    further = shlex.split(os.environ.get(f"FOVEA_{name.upper()}_OPTIONS", ""))
    return SparkSubmitOperator(
        task_id=name,
        conn_id=os.environ.get("FOVEA_SPARK_CONNECTION", "spark_default"),
        name=f"fovea {name} {{{{ ds }}}}",
        application=application,
        java_class="dev.fovea.jobs.cli.Fovea",
        jars=",".join(libraries),
        conf=spark_conf(),
        application_args=[name, *COMMANDS[name], *further],
        retries=2,
        retry_delay=timedelta(minutes=5),
    )


with DAG(
    dag_id="fovea_retraining",
    description="Retrain the upscaler on each day's pictures; promote it when it is better",
    schedule="@daily",
    start_date=START.replace(tzinfo=timezone.utc),
    catchup=True,
    # A candidate starts from the model in service, which the day before may have changed.
    max_active_runs=1,
    tags=["fovea"],
    doc_md=__doc__,
) as dag:
    prepare, pretrain, evaluate, promote = (command(name) for name in COMMANDS)
    prepare >> pretrain >> evaluate >> promote
