package dev.fovea.jobs.upscaling.single;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fovea.jobs.upscaling.single.TilePlan.Core;
import dev.fovea.jobs.upscaling.single.TilePlan.Tile;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TilePlanTest {
  @Property(tries = 300)
  void coresCoverEveryPixelOnceWithTheOverlapAroundThem(
      @ForAll @IntRange(min = 1, max = 120) int height,
      @ForAll @IntRange(min = 1, max = 120) int width,
      @ForAll @IntRange(min = 0, max = 12) int overlap,
      @ForAll @IntRange(min = 1, max = 30) int beyond) {
    int size = 2 * overlap + beyond;
    TilePlan plan = TilePlan.of(height, width, size, overlap);

    int[] covered = new int[height * width];
    for (Tile tile : plan.tiles()) {
      Core core = tile.core();
      int tileBottom = tile.y() + plan.tileHeight();
      int tileRight = tile.x() + plan.tileWidth();
      assertThat(tile.y()).isNotNegative();
      assertThat(tile.x()).isNotNegative();
      assertThat(tileBottom).isLessThanOrEqualTo(height);
      assertThat(tileRight).isLessThanOrEqualTo(width);
      assertThat(tile.y() == 0 || core.y() - tile.y() >= overlap).isTrue();
      assertThat(tile.x() == 0 || core.x() - tile.x() >= overlap).isTrue();
      assertThat(tileBottom == height || tileBottom - core.y() - core.height() >= overlap).isTrue();
      assertThat(tileRight == width || tileRight - core.x() - core.width() >= overlap).isTrue();
      for (int y = core.y(); y < core.y() + core.height(); y++) {
        for (int x = core.x(); x < core.x() + core.width(); x++) {
          covered[y * width + x]++;
        }
      }
    }
    assertThat(covered).containsOnly(1);
    assertThat(plan.tileHeight()).isLessThanOrEqualTo(size);
    assertThat(plan.tileWidth()).isLessThanOrEqualTo(size);
  }

  @Test
  void aPictureThatFitsIsOneTile() {
    assertThat(TilePlan.of(40, 64, 64, 8).tiles())
        .containsExactly(new Tile(0, 0, new Core(0, 0, 40, 64)));
  }

  @Test
  void theLastTileIsShiftedInwards() {
    assertThat(TilePlan.of(10, 70, 64, 8).tiles())
        .containsExactly(
            new Tile(0, 0, new Core(0, 0, 10, 56)), new Tile(0, 6, new Core(0, 56, 10, 14)));
  }

  @Test
  void aTileMustHaveACore() {
    assertThatThrownBy(() -> TilePlan.of(10, 10, 16, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tile size 16 is not above twice the overlap 8");
  }
}
