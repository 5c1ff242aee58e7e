package dev.fovea.jobs.support.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class PlotTest {
  @Property
  void anAxisCoversItsValuesWithRoundTicks(
      @ForAll @DoubleRange(min = -1e4, max = 1e4) double a,
      @ForAll @DoubleRange(min = -1e4, max = 1e4) double b) {
    Axis axis = Axis.covering(Math.min(a, b), Math.max(a, b), 5);

    double room = 1e-6 * (axis.high() - axis.low());
    assertThat(axis.low()).isLessThanOrEqualTo(Math.min(a, b) + room);
    assertThat(axis.high()).isGreaterThanOrEqualTo(Math.max(a, b) - room);
    assertThat(axis.ticks()).hasSizeBetween(2, 12);
    assertThat(axis.ticks().stream().map(axis::label)).doesNotHaveDuplicates();
  }

  @Test
  void labelsHaveAsManyDigitsAsTheStepNeeds() {
    Axis axis = Axis.covering(0.62, 0.94, 4);

    assertThat(axis.ticks().stream().map(axis::label))
        .containsExactly("0.6", "0.7", "0.8", "0.9", "1.0");
  }

  @Test
  void aCurveIsInterruptedWhereAValueIsMissing() throws Exception {
    String html =
        new LinePlot(
                "loss <b>",
                "step",
                List.of(
                    new LinePlot.Series(
                        "a", List.of(0.0, 1.0, 2.0, 3.0), List.of(4.0, 3.0, Double.NaN, 1.0))))
            .figure();

    wellFormed(html);
    Matcher path = Pattern.compile("class=\"line s1\" d=\"([^\"]*)\"").matcher(html);
    assertThat(path.find()).isTrue();
    assertThat(path.group(1).chars().filter(c -> c == 'M')).hasSize(2);
    assertThat(html).contains("loss &lt;b&gt;").doesNotContain("NaN");
  }

  @Test
  void aStripHasADotForEachValueAndItsMedianInWords() throws Exception {
    String html =
        new StripPlot(
                "PSNR",
                List.of(
                    new StripPlot.Row("Set5", "bicubic", 6, List.of(35.0, 28.0, 30.0)),
                    new StripPlot.Row("", "<model>", 1, List.of(29.0, 31.0, 36.0))),
                2)
            .figure();

    wellFormed(html);
    assertThat(html.split("<circle", -1)).hasSize(7);
    assertThat(html)
        .contains("Set5 bicubic, median 30.00, from 28.00 to 35.00")
        .contains("Set5 &lt;model&gt;, median 31.00");
  }

  private static void wellFormed(String html) throws Exception {
    try {
      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(html)));
    } catch (IOException e) {
      throw new AssertionError("memory can be read", e);
    }
  }
}
