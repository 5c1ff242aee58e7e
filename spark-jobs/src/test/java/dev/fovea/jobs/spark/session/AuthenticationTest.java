package dev.fovea.jobs.spark.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

/** Who may say something to Spark while a job runs, and what. */
public class AuthenticationTest {
  public static final String UNKNOWN_CLASS = "probe.OfNoSuchClass";
  private static final byte RPC_REQUEST = 3;
  private static final int PATIENCE_MILLIS = 3000;

  @Test
  void aStrangersObjectIsRefusedBeforeItsClassIsLookedFor() throws IOException {
    SparkSetup setup = new SparkSetup(Optional.of("local[1]"), Map.of());
    try (JavaSparkContext spark = setup.open("probe", cores -> 1)) {
      int rpc = spark.getConf().getInt("spark.driver.port", 0);
      int blocks = SparkEnv.get().blockManager().blockManagerId().port();

      for (int port : List.of(rpc, blocks)) {
        assertThat(answer(port, "localhost", rpc)).doesNotContain(UNKNOWN_CLASS);
      }
      assertThat(spark.parallelize(List.of(1, 2, 3), 2).count()).isEqualTo(3);
    }
  }

  @Test
  void theProbeReachesSparkWhereNobodyHasToSayWhoHeIs() throws IOException {
    SparkSetup setup =
        new SparkSetup(Optional.of("local[1]"), Map.of("spark.authenticate", "false"));
    try (JavaSparkContext spark = setup.open("probe", cores -> 1)) {
      int rpc = spark.getConf().getInt("spark.driver.port", 0);

      assertThat(answer(rpc, "localhost", rpc)).contains(UNKNOWN_CLASS);
    }
  }

  @Test
  void aLocalClusterGetsANewSecretEachTime() {
    SparkSetup setup = new SparkSetup(Optional.of("local-cluster[1,1,1024]"), Map.of());

    SparkConf first = setup.conf("test", cores -> 1);
    SparkConf second = setup.conf("test", cores -> 1);

    assertThat(first.get("spark.authenticate.secret"))
        .hasSize(64)
        .isNotEqualTo(second.get("spark.authenticate.secret"));
  }

  @Test
  void objectsThatAreKnownToRunCodeAreNotMade() {
    assertThatExceptionOfType(InvalidClassException.class)
        .isThrownBy(
            () ->
                new ObjectInputStream(
                        new ByteArrayInputStream(
                            object("javax.management.BadAttributeValueExpException")))
                    .readObject())
        .withMessageContaining("REJECTED");
  }

  /** What Spark answers to an object of a class that is nowhere, or nothing. */
  public static String answer(int port, String host, int rpcPort) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    DataOutputStream message = new DataOutputStream(body);
    message.writeBoolean(false); // no address of a sender
    message.writeBoolean(true);
    message.writeUTF(host);
    message.writeInt(rpcPort);
    message.writeUTF("endpoint-verifier");
    message.write(object(UNKNOWN_CLASS));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.writeLong(Long.BYTES + 1 + Long.BYTES + Integer.BYTES + body.size());
      out.writeByte(RPC_REQUEST);
      out.writeLong(1);
      out.writeInt(body.size());
      body.writeTo(out);
      out.flush();
      byte[] answer = new byte[1 << 16];
      int read = socket.getInputStream().read(answer);
      return read < 0 ? "" : new String(answer, 0, read, StandardCharsets.ISO_8859_1);
    } catch (SocketTimeoutException e) {
      return "";
    }
  }

  private static byte[] object(String name) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(0xACED0005); // the stream's head
    out.writeShort(0x7372); // an object, and the description of its class
    out.writeUTF(name);
    out.writeLong(1);
    out.writeByte(2); // serialisable
    out.writeShort(0); // without fields
    out.writeShort(0x7870); // and without a superclass
    return bytes.toByteArray();
  }
}
