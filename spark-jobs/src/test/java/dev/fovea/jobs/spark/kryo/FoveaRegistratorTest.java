package dev.fovea.jobs.spark.kryo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import scala.reflect.ClassTag$;

class FoveaRegistratorTest {
  private static final SerializerInstance KRYO = kryo();

  private static SerializerInstance kryo() {
    SparkConf conf = new SparkConf(false);
    FoveaRegistrator.SPARK_SETTINGS.forEach(conf::set);
    return new KryoSerializer(conf).newInstance();
  }

  private static <T> T sent(T value) {
    ByteBuffer bytes = KRYO.serialize(value, ClassTag$.MODULE$.<T>apply(Object.class));
    return KRYO.deserialize(bytes, ClassTag$.MODULE$.<T>apply(Object.class));
  }

  static List<INDArray> arrays() {
    INDArray matrix = Nd4j.linspace(-3, 1, 24, DataType.FLOAT).reshape('c', 4, 6);
    return List.of(
        matrix,
        matrix.dup('f'),
        matrix.transpose(),
        matrix.get(NDArrayIndex.interval(1, 3), NDArrayIndex.interval(2, 5)),
        matrix.getColumn(2),
        Nd4j.scalar(3.5f),
        Nd4j.rand(DataType.FLOAT, 1, 100_003),
        Nd4j.rand(DataType.DOUBLE, 3, 5),
        Nd4j.createFromArray(1, 2, 3),
        Nd4j.empty(DataType.FLOAT));
  }

  @ParameterizedTest
  @MethodSource("arrays")
  void arraysArriveWithTheirShapeTypeAndValues(INDArray array) {
    INDArray arrived = sent(array);

    assertThat(arrived.shape()).isEqualTo(array.shape());
    assertThat(arrived.dataType()).isEqualTo(array.dataType());
    if (!array.isEmpty()) {
      assertThat(arrived.dup('c').data().asDouble()).isEqualTo(array.dup('c').data().asDouble());
    }
  }

  @Test
  void notANumberArrivesToTheBit() {
    INDArray odd = Nd4j.createFromArray(Float.NaN, Float.NEGATIVE_INFINITY, -0f, Float.MIN_VALUE);

    assertThat(sent(odd).data().asFloat()).isEqualTo(odd.data().asFloat());
  }

  @Test
  void arraysAreNotFreedWhileTheyAreWritten() throws InterruptedException {
    INDArray array = Nd4j.rand(DataType.FLOAT, 1, 1_000_003);
    float[] values = array.data().asFloat();
    AtomicBoolean done = new AtomicBoolean();
    Thread collector =
        new Thread(
            () -> {
              while (!done.get()) {
                System.gc();
              }
            });
    collector.start();
    try {
      // A collection takes longer in a JVM that has run many tests.
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
      for (int i = 0; i < 40 && System.nanoTime() < end; i++) {
        assertThat(sent(array).data().asFloat()).isEqualTo(values);
      }
    } finally {
      done.set(true);
      collector.join();
    }
  }

  record Inner(String name, Optional<Integer> number) {}

  record Outer(int size, double value, List<Inner> inner, Map<String, Long> counts, Inner none) {
    Outer {
      if (size < 0) {
        throw new IllegalArgumentException("size");
      }
    }
  }

  @Test
  void recordsArriveThroughTheirConstructors() {
    Inner inner = new Inner("a", Optional.of(7));
    Outer outer = new Outer(3, 0.5, List.of(inner), Map.of("x", 1L), null);

    Outer arrived = sent(outer);

    assertThat(arrived).usingRecursiveComparison().isEqualTo(outer);
    assertThat(arrived.inner()).containsExactly(inner);
  }

  static List<Object> collections() {
    return List.of(
        List.of(),
        List.of(1),
        List.of(1, 2, 3),
        List.of(1, 2, 3, 4).subList(1, 3),
        Collections.unmodifiableList(new ArrayList<>(List.of(4, 5))),
        List.of(1, 2, 3).stream().map(i -> i + 1).toList(),
        Set.of(),
        Set.of(1),
        Set.of(1, 2, 3),
        Map.of(),
        Map.of("a", 1),
        Map.of("a", 1, "b", 2),
        Collections.unmodifiableMap(Map.of("c", 3)));
  }

  @ParameterizedTest
  @MethodSource("collections")
  void immutableCollectionsArrive(Object collection) {
    assertThat(sent(collection)).isEqualTo(collection);
  }

  @Test
  void immutableListsStaySo() {
    List<Integer> arrived = sent(List.of(1, 2));

    assertThatThrownBy(() -> arrived.add(3)).isInstanceOf(UnsupportedOperationException.class);
  }
}
