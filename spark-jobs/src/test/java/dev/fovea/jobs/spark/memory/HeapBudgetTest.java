package dev.fovea.jobs.spark.memory;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class HeapBudgetTest {
  private final HeapBudget budget = new HeapBudget(10 << 20);

  @Test
  void whatFitsIsHeldSideBySide() throws InterruptedException {
    try (HeapBudget.Held first = budget.take(4 << 20);
        HeapBudget.Held second = budget.take(5 << 20)) {
      assertThat(first).isNotSameAs(second);
    }
  }

  @Test
  void whatDoesNotFitWaitsForWhatIsHeld() throws Exception {
    HeapBudget.Held first = budget.take(6 << 20);
    CompletableFuture<HeapBudget.Held> second = taken(6 << 20);
    assertThat(second).isNotDone();

    first.close();

    second.get(20, SECONDS).close();
  }

  @Test
  void whatNeedsMoreThanThereIsGetsAllOfItAlone() throws Exception {
    HeapBudget.Held all = budget.take(Long.MAX_VALUE / 2);
    CompletableFuture<HeapBudget.Held> little = taken(1);
    assertThat(little).isNotDone();

    all.close();

    little.get(20, SECONDS).close();
    assertThat(budget.total()).isEqualTo(10 << 20);
  }

  @Test
  void shareIsThatOfTheHeap() {
    assertThat(HeapBudget.ofHeap(0.5).total())
        .isBetween(
            Runtime.getRuntime().maxMemory() / 2 - (1 << 16), Runtime.getRuntime().maxMemory() / 2);
  }

  private CompletableFuture<HeapBudget.Held> taken(long bytes) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return budget.take(bytes);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }
}
