package dev.fovea.jobs.runs.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fovea.jobs.browser.Chromium;
import dev.fovea.jobs.browser.Chromium.Device;
import dev.fovea.jobs.runs.record.RunDescription;
import dev.fovea.jobs.runs.record.RunEvent;
import dev.fovea.jobs.runs.record.RunState;
import dev.fovea.jobs.runs.record.SamplePicture;
import dev.fovea.jobs.runs.record.Shown;
import dev.fovea.pictures.encode.PngEncoder;
import dev.fovea.pictures.picture.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page of a run in a real browser. */
@Tag("external")
class TrainingPageBrowserTest {
  private static final String ARROW_LEFT = "\uE012";
  private static final String LOSS = "document.querySelector('[data-curve=\"train/loss\"] ";

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Device.class)
  void curvesAreDrawnWithoutErrorsAndWithoutTheNetwork(Device device) throws Exception {
    in(
        device,
        browser -> {
          browser.navigate(page().toUri());
          browser.settle();

          assertThat(browser.evaluate("document.querySelectorAll('.curve .smooth').length").asInt())
              .isEqualTo(2);
          assertThat(
                  browser
                      .evaluate("document.documentElement.scrollWidth <= innerWidth")
                      .asBoolean())
              .as("no need to scroll sideways")
              .isTrue();
          assertThat(browser.console()).isEmpty();
          // The browser's own first page is among them.
          assertThat(browser.requests()).noneMatch(address -> address.startsWith("http"));
        });
  }

  @Test
  void valuesAreReadByTheKeyboardAndControlsChangeTheCurve() throws Exception {
    in(
        Device.DESKTOP,
        browser -> {
          browser.navigate(page().toUri());
          browser.evaluate(LOSS + "svg').focus()");
          browser.keys(ARROW_LEFT + ARROW_LEFT);
          assertThat(browser.evaluate(LOSS + ".now').textContent").asText())
              .isEqualTo("0.0102 at step 980");

          String linear = browser.evaluate(LOSS + ".smooth').getAttribute('d')").asText();
          browser.evaluate("document.getElementById('log').click()");
          String logarithmic = browser.evaluate(LOSS + ".smooth').getAttribute('d')").asText();
          browser.evaluate(
              "(() => { const s = document.getElementById('smoothing'); s.value = 0.95;"
                  + " s.dispatchEvent(new Event('input')); })()");
          String smoothed = browser.evaluate(LOSS + ".smooth').getAttribute('d')").asText();

          assertThat(List.of(linear, logarithmic, smoothed)).doesNotHaveDuplicates();
        });
  }

  @Test
  void evaluationsAreSteppedThrough() throws Exception {
    in(
        Device.PHONE,
        browser -> {
          browser.navigate(page().toUri());
          String last = browser.evaluate("document.getElementById('sample-0').src").asText();
          browser.evaluate("document.getElementById('evaluation').focus()");
          browser.keys(ARROW_LEFT);

          assertThat(
                  browser
                      .evaluate("document.getElementById('evaluation-shown').textContent")
                      .asText())
              .isEqualTo("step 500");
          assertThat(browser.evaluate("document.getElementById('sample-0').src").asText())
              .isNotEqualTo(last);
          assertThat(browser.evaluate("document.getElementById('sample-0').alt").asText())
              .startsWith("a<b>.png: bicubic, the model after step 500");
        });
  }

  private interface Visit {
    void with(Chromium browser) throws Exception;
  }

  private static void in(Device device, Visit visit) throws Exception {
    Chromium browser = Chromium.open(device);
    try {
      visit.with(browser);
    } finally {
      browser.close();
    }
  }

  private Path page() throws IOException {
    List<RunEvent> events = new ArrayList<>();
    for (int epoch = 1; epoch <= 100; epoch++) {
      events.add(event(10L * epoch, epoch, "train/loss", 1.0 / epoch));
      if (epoch % 50 == 0) {
        events.add(event(10L * epoch, epoch, "test/psnr", 20 + epoch / 10.0));
      }
    }
    List<Shown> shown = List.of(shown(500, 10), shown(1000, 200));
    RunDescription run =
        new RunDescription(
            "3f1c", "pretrain", Instant.parse("2026-11-01T12:00:00Z"), Map.of(), Map.of());
    return Files.writeString(
        folder.resolve("training.html"),
        new TrainingPageContent(run, events, shown, RunState.RUNNING).html());
  }

  private static Shown shown(long step, int grey) {
    byte[] samples = new byte[3 * 60 * 20];
    java.util.Arrays.fill(samples, (byte) grey);
    byte[] png = PngEncoder.encode(Picture.rgb(60, 20, samples));
    return new Shown(
        step, "2026-11-01T13:00:00Z", List.of(new SamplePicture("a<b>.png", 60, 20, png)));
  }

  private static RunEvent event(long step, long epoch, String name, double value) {
    return new RunEvent(
        step,
        epoch,
        name,
        value,
        Instant.parse("2026-11-01T12:00:00Z").plusSeconds(6 * step).toString());
  }
}
