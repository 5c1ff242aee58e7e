package dev.fovea.pictures.benchmark;

import dev.fovea.pictures.decode.PictureDecoder;
import dev.fovea.pictures.pairs.PairMaker;
import dev.fovea.pictures.picture.ColourPolicy;
import dev.fovea.pictures.picture.Limits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Pictures a second on one core, per chain and size, with the JDK's JPEG reader as a rival.
 *
 * <pre>
 * mvn -q -pl datasets-prep test-compile exec:exec -Dexec.executable=java -Dexec.classpathScope=test \
 *   -Dexec.args="-cp %classpath org.openjdk.jmh.Main PictureBenchmark -f 3 -wi 5 -i 5 -w 5 -r 5"
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 3, time = 3)
public class PictureBenchmark {
  @Param({"small", "large"})
  public String pictures;

  private List<byte[]> files;
  private final float[] low = new float[3 * 64 * 64];
  private final float[] high = new float[3 * 256 * 256];
  private int turn;

  @Setup
  public void read() throws IOException {
    files = pictures.equals("small") ? BenchmarkPictures.small() : BenchmarkPictures.large();
  }

  @Benchmark
  public Object decode() throws IOException {
    return PictureDecoder.decode(next(), Limits.defaults(), ColourPolicy.SRGB);
  }

  @Benchmark
  public Object decodeByTheJdk() throws IOException {
    return ImageIO.read(new ByteArrayInputStream(next()));
  }

  @Benchmark
  public Object referenceChain() throws IOException {
    return pair(Chain.REFERENCE);
  }

  @Benchmark
  public Object nativeChain() throws IOException {
    return pair(Chain.NATIVE);
  }

  private Object pair(Chain chain) throws IOException {
    byte[] file = next();
    PairMaker.make(file, Limits.defaults(), chain.settings().orElseThrow(), turn, low, 0, high, 0);
    return high;
  }

  private byte[] next() {
    turn++;
    return files.get(turn % files.size());
  }
}
