package dev.fovea.model.arrays;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicIntegerArray;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class HostLoopTest {
  @Property(tries = 50)
  void everyPartIsComputedOnce(
      @ForAll @IntRange(max = 100) int parts, @ForAll @LongRange(max = 1 << 20) long elements) {
    AtomicIntegerArray computed = new AtomicIntegerArray(parts);
    HostLoop.overParts(
        parts,
        elements,
        (from, to) -> {
          for (int part = from; part < to; part++) {
            computed.incrementAndGet(part);
          }
        });
    for (int part = 0; part < parts; part++) {
      assertThat(computed.get(part)).as("part %d", part).isEqualTo(1);
    }
  }
}
