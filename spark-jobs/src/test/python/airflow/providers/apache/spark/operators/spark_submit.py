"""SparkSubmitOperator with the arguments the DAG uses, in the order in which the provider renders them."""

from airflow import BaseOperator


class SparkSubmitOperator(BaseOperator):
    template_fields = ("application", "conf", "jars", "name", "application_args")

    def __init__(self, *, conn_id, name, application, java_class, jars, conf, application_args, **kwargs):
        super().__init__(**kwargs)
        self.name = name
        self.application = application
        self.java_class = java_class
        self.jars = jars
        self.conf = conf
        self.application_args = application_args

    def words(self):
        words = ["spark-submit"]
        for name, value in self.conf.items():
            words += ["--conf", f"{name}={value}"]
        words += ["--jars", self.jars, "--name", self.name, "--class", self.java_class, self.application]
        return words + [str(word) for word in self.application_args]
