package dev.fovea.jobs.spark.kryo;

import com.esotericsoftware.kryo.Kryo;
import java.util.Map;
import org.apache.spark.serializer.KryoRegistrator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Teaches Spark's Kryo what DL4J's trainer and our jobs send: ND4J arrays, records and immutable
 * collections. Classes that it does not name need no registration.
 */
public final class FoveaRegistrator implements KryoRegistrator {
  /**
   * The Spark settings that every session needs which trains or sends arrays. Parameters are random
   * bits, so compressing them costs time and saves nothing; a broadcast may be larger than Spark's
   * default limit.
   */
  public static final Map<String, String> SPARK_SETTINGS =
      Map.of(
          "spark.serializer", "org.apache.spark.serializer.KryoSerializer",
          "spark.kryo.registrator", FoveaRegistrator.class.getName(),
          "spark.kryoserializer.buffer.max", "2047m",
          "spark.broadcast.compress", "false",
          "spark.shuffle.compress", "false");

  @Override
  public void registerClasses(Kryo kryo) {
    kryo.register(float[].class, new FloatsSerializer());
    kryo.addDefaultSerializer(INDArray.class, new ArraySerializer());
    kryo.addDefaultSerializer(Record.class, new RecordSerializer());
    ImmutableCollectionSerializer.registerAll(kryo);
  }
}
