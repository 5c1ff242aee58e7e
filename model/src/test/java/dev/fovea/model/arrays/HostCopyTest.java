package dev.fovea.model.arrays;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class HostCopyTest {
  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "DOUBLE"})
  void readsAndWritesViewsAtTheirOffset(DataType type) {
    INDArray whole = Nd4j.arange(20).castTo(type);
    INDArray view = whole.get(NDArrayIndex.interval(5, 15));
    double[] read = new double[4];
    HostCopy.read(view, 3, 4, read);
    assertThat(read).containsExactly(8, 9, 10, 11);
    HostCopy.write(new double[] {-1, -2}, 2, view, 1);
    assertThat(whole.toDoubleVector()).startsWith(0, 1, 2, 3, 4, 5, -1, -2, 8).endsWith(18, 19);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "DOUBLE"})
  void readsAndWritesInsideAWorkspace(DataType type) {
    WorkspaceConfiguration configuration =
        WorkspaceConfiguration.builder().initialSize(1 << 16).build();
    try (MemoryWorkspace workspace =
        Nd4j.getWorkspaceManager().getAndActivateWorkspace(configuration, "host-copy-test")) {
      Nd4j.create(type, 100);
      INDArray second = Nd4j.create(type, 2, 3).assign(7);
      assertThat(second.data().getParentWorkspace()).isSameAs(workspace);
      HostCopy.write(new double[] {1, 2, 3}, 3, second, 2);
      double[] read = new double[6];
      HostCopy.read(second, 0, 6, read);
      assertThat(read).containsExactly(7, 7, 1, 2, 3, 7);
    }
  }

  @Test
  void whatLiesOtherwiseIsRefused() {
    INDArray columns = Nd4j.rand(DataType.FLOAT, 3, 4).permute(1, 0);
    assertThat(HostCopy.contiguous(columns)).isFalse();
    assertThatThrownBy(() -> HostCopy.read(columns, 0, 12, new float[12]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("contiguous");
    INDArray rows = Nd4j.rand(DataType.FLOAT, 3, 4);
    assertThatThrownBy(() -> HostCopy.read(rows, 10, 3, new float[3]))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining("10 to 13 of an array of 12");
    assertThatThrownBy(() -> HostCopy.read(rows.castTo(DataType.INT32), 0, 1, new float[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("INT");
  }

  @Test
  void stridesOfSingleDimensionsDoNotCount() {
    INDArray single = Nd4j.rand(DataType.FLOAT, 2, 3, 5, 1).permute(0, 1, 3, 2);
    assertThat(HostCopy.contiguous(single)).isTrue();
  }
}
