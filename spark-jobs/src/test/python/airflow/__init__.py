"""The few names of Airflow 2 that the DAG uses; Airflow 3 has the same DAG in airflow.sdk."""



class DAG:
    current = None

    def __init__(self, dag_id, *, description, schedule, start_date, catchup, max_active_runs, tags, doc_md):
        if start_date.tzinfo is None:
            raise ValueError("start_date has no time zone")
        self.dag_id = dag_id
        self.tasks = []

    def __enter__(self):
        DAG.current = self
        return self

    def __exit__(self, *_):
        DAG.current = None

    def in_order(self):
        """The tasks, each behind those it waits for."""
        done = []
        while len(done) < len(self.tasks):
            ready = [t for t in self.tasks if t not in done and all(u in done for u in t.upstream)]
            if not ready:
                raise ValueError("the tasks wait for each other in a circle")
            done += ready
        return done


class BaseOperator:
    def __init__(self, *, task_id, retries, retry_delay):
        self.task_id = task_id
        self.upstream = []
        DAG.current.tasks.append(self)

    def __rshift__(self, other):
        other.upstream.append(self)
        return other


__all__ = ["DAG", "BaseOperator"]
