package dev.fovea.jobs.spark.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StandaloneMastersTest {
  @Test
  void whereNothingListensThatIsSaidAtOnceAndNotByWhateverFailsFirst() throws IOException {
    int port = freePort();

    assertThatIllegalStateException()
        .isThrownBy(() -> StandaloneMasters.requireOne("spark://127.0.0.1:" + port, 0))
        .withMessageStartingWith(
            "--master 'spark://127.0.0.1:%d': no master answers".formatted(port))
        .withMessageContaining("submit/cluster start");
    assertThatIllegalStateException()
        .isThrownBy(() -> StandaloneMasters.requireOne("spark://there.invalid:7077", 0))
        .withMessageContaining("there.invalid:7077: there is no such host");
  }

  @Test
  void oneOfSeveralMastersIsEnough() throws IOException {
    try (ServerSocket master = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String url = "spark://127.0.0.1:%d,localhost:%d".formatted(freePort(), master.getLocalPort());

      assertThatCode(() -> StandaloneMasters.requireOne(url, 0)).doesNotThrowAnyException();
    }
  }

  @Test
  void aMasterThatIsJustStartingIsWaitedFor() throws Exception {
    int port = freePort();
    CompletableFuture<Void> waiting =
        CompletableFuture.runAsync(
            () -> StandaloneMasters.requireOne("spark://127.0.0.1:" + port, 60_000));
    TimeUnit.MILLISECONDS.sleep(200);
    try (ServerSocket master = new ServerSocket(port, 5, InetAddress.getLoopbackAddress())) {
      waiting.get(60, TimeUnit.SECONDS);

      assertThat(master.isBound()).isTrue();
    }
  }

  @Test
  void whatIsNoStandaloneClusterOrNoAddressIsLeftToSpark() {
    for (String master :
        new String[] {"local[2]", "yarn", "k8s://https://h:1", "spark://nonsense"}) {
      assertThatCode(() -> StandaloneMasters.requireOne(master, 0)).doesNotThrowAnyException();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
