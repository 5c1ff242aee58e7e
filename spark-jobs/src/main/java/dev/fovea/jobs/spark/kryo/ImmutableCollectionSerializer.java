package dev.fovea.jobs.spark.kryo;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Writes the collections of {@code List.of}, {@code Set.of}, {@code Map.of} and {@code
 * Collections.unmodifiable...}, which Kryo 4 would try to add to. They stay unmodifiable.
 */
final class ImmutableCollectionSerializer<T> extends Serializer<T> {
  private final Function<T, Object[]> elements;
  private final Function<Object[], T> rebuilt;

  private ImmutableCollectionSerializer(
      Function<T, Object[]> elements, Function<Object[], T> rebuilt) {
    super(false, true);
    this.elements = elements;
    this.rebuilt = rebuilt;
  }

  @SuppressWarnings("JdkObsolete") // A list without random access is what is meant.
  static void registerAll(Kryo kryo) {
    List.of(List.of(1), List.of(1, 2, 3), List.of(1, 2, 3).subList(0, 1))
        .forEach(list -> registerList(kryo, list));
    registerList(kryo, Collections.unmodifiableList(Arrays.asList(1)));
    registerList(kryo, Collections.unmodifiableList(new LinkedList<>()));
    for (Set<?> set :
        List.<Set<?>>of(Set.of(1), Set.of(1, 2, 3), Collections.unmodifiableSet(Set.of(1)))) {
      kryo.register(
          set.getClass(),
          new ImmutableCollectionSerializer<Set<?>>(
              Collection::toArray,
              values -> Collections.unmodifiableSet(new LinkedHashSet<>(Arrays.asList(values)))));
    }
    for (Map<?, ?> map :
        List.<Map<?, ?>>of(
            Map.of(1, 1), Map.of(1, 1, 2, 2), Collections.unmodifiableMap(new HashMap<>()))) {
      kryo.register(
          map.getClass(),
          new ImmutableCollectionSerializer<Map<?, ?>>(
              ImmutableCollectionSerializer::flat, ImmutableCollectionSerializer::map));
    }
  }

  private static void registerList(Kryo kryo, List<?> example) {
    kryo.register(
        example.getClass(),
        new ImmutableCollectionSerializer<List<?>>(
            Collection::toArray, values -> Collections.unmodifiableList(Arrays.asList(values))));
  }

  private static Object[] flat(Map<?, ?> map) {
    Object[] flat = new Object[2 * map.size()];
    int i = 0;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      flat[i++] = entry.getKey();
      flat[i++] = entry.getValue();
    }
    return flat;
  }

  private static Map<?, ?> map(Object[] flat) {
    Map<Object, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < flat.length; i += 2) {
      map.put(flat[i], flat[i + 1]);
    }
    return Collections.unmodifiableMap(map);
  }

  @Override
  public void write(Kryo kryo, Output output, T collection) {
    Object[] values = elements.apply(collection);
    output.writeInt(values.length);
    for (Object value : values) {
      kryo.writeClassAndObject(output, value);
    }
  }

  @Override
  public T read(Kryo kryo, Input input, Class<T> type) {
    Object[] values = new Object[input.readInt()];
    for (int i = 0; i < values.length; i++) {
      values[i] = kryo.readClassAndObject(input);
    }
    return rebuilt.apply(values);
  }
}
