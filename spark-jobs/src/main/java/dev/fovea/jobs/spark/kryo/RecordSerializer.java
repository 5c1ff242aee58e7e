package dev.fovea.jobs.spark.kryo;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/**
 * Writes a record's components and reads it through its canonical constructor, so that its checks
 * hold. Kryo 4 sets fields, which records refuse.
 */
final class RecordSerializer extends Serializer<Record> {
  RecordSerializer() {
    super(false, true);
  }

  @Override
  public void write(Kryo kryo, Output output, Record object) {
    try {
      for (RecordComponent component : object.getClass().getRecordComponents()) {
        Method accessor = component.getAccessor();
        accessor.setAccessible(true);
        kryo.writeClassAndObject(output, accessor.invoke(object));
      }
    } catch (ReflectiveOperationException e) {
      throw new KryoException("cannot write the record " + object.getClass().getName(), e);
    }
  }

  @Override
  public Record read(Kryo kryo, Input input, Class<Record> type) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = kryo.readClassAndObject(input);
    }
    try {
      Constructor<Record> canonical =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      canonical.setAccessible(true);
      return canonical.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new KryoException("cannot read the record " + type.getName(), e);
    }
  }
}
