package dev.fovea.jobs.upscaling.single;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.jobs.spark.session.SparkSetup;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

class ModelWeightsTest {
  @Test
  void executorsReceiveWhatTheDriverSent() {
    ModelWeights sent = TestModels.weights(TestModels.small(2), 9);
    ClassTag<ModelWeights> type = ClassTag$.MODULE$.apply(ModelWeights.class);

    ModelWeights received;
    try (JavaSparkContext spark =
        new SparkSetup(Optional.of("local[1]"), Map.of()).open("weights", cores -> 1)) {
      var serializer = spark.sc().env().serializer().newInstance();
      assertThat(serializer.getClass().getSimpleName()).contains("Kryo");
      received = serializer.deserialize(serializer.serialize(sent, type), type);
    }

    assertThat(received.config()).isEqualTo(sent.config());
    assertThat(Nchw.floats(received.parameters())).isEqualTo(Nchw.floats(sent.parameters()));
  }

  @Test
  void parametersMustFitTheShape() {
    assertThatThrownBy(() -> new ModelWeights(TestModels.small(2), Nd4j.zeros(1, 5)))
        .hasMessageStartingWith("5 parameters do not fit an upscaler of ");
  }
}
