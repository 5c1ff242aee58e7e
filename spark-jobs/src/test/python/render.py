"""Prints what a DAG's SparkSubmitOperators would run on a logical date, one JSON list of words a line.

usage: render.py DAG_FILE YYYY-MM-DD

Stands in for Airflow, which the tests cannot install: the package `airflow` beside this file takes the
arguments that the real classes take, and refuses others. Templates are rendered as Airflow does, for
the few names that the DAG uses.
"""

import json
import re
import runpy
import sys
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator  # noqa: E402


def rendered(text: str, ds: date) -> str:
    def expression(match: re.Match) -> str:
        words = match.group(1).strip()
        if words == "ds":
            return ds.isoformat()
        if words == "ds_nodash":
            return ds.strftime("%Y%m%d")
        days = re.fullmatch(r"macros\.ds_add\(ds, (-?\d+)\)", words)
        if days:
            return (ds + timedelta(days=int(days.group(1)))).isoformat()
        raise ValueError(f"this renderer does not know the template '{words}'")

    return re.sub(r"\{\{(.*?)\}\}", expression, text)


def main() -> None:
    path, ds = sys.argv[1], date.fromisoformat(sys.argv[2])
    dag = runpy.run_path(path)["dag"]
    for task in dag.in_order():
        if not isinstance(task, SparkSubmitOperator):
            raise TypeError(f"task {task.task_id} is no SparkSubmitOperator")
        print(json.dumps([rendered(word, ds) for word in task.words()]))


main()
