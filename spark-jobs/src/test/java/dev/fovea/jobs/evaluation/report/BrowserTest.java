package dev.fovea.jobs.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fovea.jobs.browser.Chromium;
import dev.fovea.jobs.browser.Chromium.Device;
import dev.fovea.jobs.support.page.Html;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a report in a real browser. */
@Tag("external")
class BrowserTest {
  private static final String LEFT = "\uE012";
  private static final String END = "\uE010";
  private static final int PICTURES = 12;

  @TempDir static Path folder;

  private static Chromium browser;
  private static Path page;

  @BeforeAll
  static void open() throws Exception {
    browser = Chromium.open(Device.DESKTOP);
    page = SampleReports.write(folder, PICTURES);
  }

  @AfterAll
  static void close() throws Exception {
    if (browser != null) {
      browser.close();
    }
  }

  @Test
  void theDividerMovesByMouseTouchAndKeyboard() throws Exception {
    load();
    int[] stage = box("#stage");
    assertThat(divider()).isEqualTo(50);

    browser.drag(
        "mouse", stage[0] + stage[2] / 2, stage[1] + 40, stage[0] + stage[2] / 4, stage[1] + 40);
    assertThat(divider()).isEqualTo(25);
    browser.drag(
        "touch",
        stage[0] + stage[2] / 4,
        stage[1] + 40,
        stage[0] + stage[2] * 3 / 4,
        stage[1] + 40);
    assertThat(divider()).isBetween(74, 76);
    browser.evaluate("document.getElementById('divider').focus()");
    browser.keys(LEFT + LEFT);
    assertThat(divider()).isBetween(70, 72);
    browser.keys(END);

    assertThat(divider()).isEqualTo(100);
    assertThat(
            browser
                .evaluate("document.getElementById('divider').getAttribute('aria-valuetext')")
                .textValue())
        .startsWith("100 % bicubic");
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void versionsSwitchAndTheStageShowsThem() throws Exception {
    load();
    String before = pixels("#stage-canvas");

    press("#pick-left", "original");

    assertThat(text("#tag-left")).isEqualTo("original");
    assertThat(pixels("#stage-canvas")).isNotEqualTo(before);
    assertThat(browser.evaluate("document.activeElement.textContent").textValue())
        .isEqualTo("original");
    press("#pick-left", "low resolution");
    assertThat(text("#tag-left")).isEqualTo("low resolution");
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void zoomShowsTheSamePartOfAllVersions() throws Exception {
    load();
    click("#zoom-in");
    click("#zoom-in");

    JsonNode views =
        browser.evaluate(
            "[...document.querySelectorAll('#same canvas'), document.getElementById('stage')].map(e => e.dataset.view)");
    assertThat(views).hasSize(5);
    assertThat(views).allMatch(view -> view.equals(views.get(0)));
    assertThat(browser.console()).isEmpty();
    // Each canvas against the pixels of its own version, found by another way than the page's.
    JsonNode wrong =
        browser.evaluate(
            """
            (async () => {
              const shown = JSON.parse(document.getElementById("report-data").textContent).shown[0];
              const [vx, vy, vw, vh] = document.getElementById("stage").dataset.view.split(",").map(Number);
              const [wx, wy, ww, wh] = shown.window;
              let compared = 0; const wrong = [];
              for (const canvas of document.querySelectorAll("#same canvas")) {
                const source = shown.sources[canvas.dataset.source];
                const bitmap = await createImageBitmap(await (await fetch2(source.crop)));
                const own = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
                own.drawImage(bitmap, 0, 0);
                const drawn = canvas.getContext("2d");
                for (let i = 1; i < 8; i++) for (let j = 1; j < 8; j++) {
                  // The middle of a pixel of this version.
                  const k = ww / bitmap.width;
                  const px = Math.floor((vx + vw * i / 8 - wx) / k), py = Math.floor((vy + vh * j / 8 - wy) / k);
                  const x = Math.floor(((px + .5) * k + wx - vx) / vw * canvas.width), y = Math.floor(((py + .5) * k + wy - vy) / vh * canvas.height);
                  const a = own.getImageData(px, py, 1, 1).data, b = drawn.getImageData(x, y, 1, 1).data;
                  compared++;
                  if ([0, 1, 2].some((c) => Math.abs(a[c] - b[c]) > 2)) wrong.push([source.label, px, py, [...a].join(), [...b].join()].join(" "));
                }
              }
              return { compared, wrong };
              async function fetch2(uri) {
                const bytes = Uint8Array.from(atob(uri.split(",")[1]), (c) => c.charCodeAt(0));
                return new Blob([bytes], { type: "image/webp" });
              }
            })()""");
    assertThat(wrong.get("compared").intValue()).isEqualTo(4 * 49);
    assertThat(wrong.get("wrong")).isEmpty();
  }

  @Test
  void headingsSortAndTheFiltersFilter() throws Exception {
    load();
    assertThat(column(2)).hasSize(PICTURES);

    browser.evaluate("document.querySelector('[data-key=\"f1\"]').click()");
    List<Double> falling = column(3).stream().map(BrowserTest::number).toList();
    assertThat(falling).isSortedAccordingTo(Comparator.reverseOrder()).doesNotContainNull();
    assertThat(
            browser
                .evaluate(
                    "document.querySelector('[data-key=\"f1\"]').closest('th').getAttribute('aria-sort')")
                .textValue())
        .isEqualTo("descending");
    browser.evaluate("document.querySelector('[data-key=\"f1\"]').click()");
    assertThat(column(3).stream().map(BrowserTest::number).toList()).isSorted();

    browser.evaluate("document.getElementById('filter-name').focus()");
    browser.keys("picture-1");
    assertThat(column(1)).isNotEmpty().allMatch(name -> name.contains("picture-1"));
    assertThat(text("#pictures-count"))
        .isEqualTo("%d of %d pictures".formatted(column(1).size(), column(1).size()));
    browser.keys("zzz");
    assertThat(text("#pictures-count")).isEqualTo("No picture matches");
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void aHostileNameAppearsAsText() throws Exception {
    load();

    assertThat(column(1)).contains(Html.visible(SampleReports.HOSTILE));
    assertThat(
            browser
                .evaluate("window.hacked === undefined && !document.querySelector('img[src=x]')")
                .booleanValue())
        .isTrue();
    try (var files = Files.list(page.resolveSibling("pictures"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .isNotEmpty()
          .allMatch(name -> name.matches("\\d{3}-x\\d-[a-z]+\\d*\\.png"));
    }
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void nothingIsLoadedButThePageAndOnDemandThePicturesBesideIt() throws Exception {
    // A copy, because what other tests have shown need not be asked for again.
    Path fresh = SampleReports.write(Files.createDirectory(folder.resolve("fresh")), PICTURES);
    load(fresh);
    assertThat(browser.requests()).allMatch(address -> address.equals(fresh.toUri().toString()));

    browser.evaluate(
        """
        (() => {
          const shown = JSON.parse(document.getElementById("report-data").textContent).shown;
          const detail = shown.findIndex((each) => each.width > each.window[2]);
          document.dispatchEvent(new CustomEvent("showpicture", { detail }));
        })()""");
    browser.evaluate("document.getElementById('stage').scrollIntoView({behavior: 'instant'})");
    browser.settle();
    assertThat(browser.requests()).isEmpty();
    // Not by its place, which may shift while the picture's texts change.
    browser.evaluate("document.getElementById('zoom-whole').click()");

    List<String> requests = new ArrayList<>();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (requests.size() < 4 && System.nanoTime() < end) {
      browser.settle();
      requests.addAll(browser.requests());
    }
    String beside = fresh.resolveSibling("pictures").toUri().toString();
    assertThat(requests).hasSize(4).allMatch(address -> address.startsWith(beside));
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void aHundredPicturesLoadInUnderTwoSeconds() throws Exception {
    Path large = SampleReports.write(Files.createDirectory(folder.resolve("large")), 100);
    browser.navigate(large.toUri());
    browser.settle();

    double milliseconds =
        browser.evaluate("performance.getEntriesByType('navigation')[0].duration").doubleValue();
    System.out.printf("a page of 100 pictures loads in %.0f ms%n", milliseconds);
    assertThat(milliseconds).isPositive().isLessThan(2000);
  }

  @Test
  void aPhoneShowsItWithoutScrollingSideways() throws Exception {
    try (Chromium phone = Chromium.open(Device.PHONE)) {
      phone.navigate(page.toUri());
      phone.settle();

      assertThat(phone.evaluate("innerWidth").intValue()).isEqualTo(390);
      assertThat(phone.evaluate("document.documentElement.scrollWidth").intValue()).isEqualTo(390);
      phone.evaluate(
          "document.getElementById('stage').scrollIntoView({block: 'center', behavior: 'instant'})");
      phone.settle();
      JsonNode at =
          phone.evaluate(
              "(() => { const b = document.getElementById('stage').getBoundingClientRect(); return [b.x, b.y, b.width].map(Math.round); })()");
      int x = at.get(0).intValue();
      int y = at.get(1).intValue() + 30;
      int width = at.get(2).intValue();
      phone.drag("touch", x + width / 2, y, x + width / 5, y);
      assertThat(
              phone
                  .evaluate("+document.getElementById('divider').getAttribute('aria-valuenow')")
                  .intValue())
          .isBetween(18, 22);
      assertThat(phone.console()).isEmpty();
    }
  }

  private static void load() throws Exception {
    load(page);
  }

  private static void load(Path shown) throws Exception {
    browser.size(1440, 1000);
    browser.navigate(URI.create("about:blank"));
    browser.console();
    browser.requests();
    browser.navigate(shown.toUri());
    browser.evaluate(
        "Promise.all(JSON.parse(document.getElementById('report-data').textContent).shown[0].sources.map(s => { const i = new Image(); i.src = s.crop; return i.decode(); })).then(() => 1)");
    browser.evaluate("document.getElementById('stage').scrollIntoView({behavior: 'instant'})");
    browser.settle();
  }

  private static int divider() throws Exception {
    return browser
        .evaluate("+document.getElementById('divider').getAttribute('aria-valuenow')")
        .intValue();
  }

  private static String text(String selector) throws Exception {
    return browser
        .evaluate("document.querySelector('%s').textContent".formatted(selector))
        .textValue();
  }

  private static String pixels(String selector) throws Exception {
    return browser
        .evaluate("document.querySelector('%s').toDataURL()".formatted(selector))
        .textValue();
  }

  private static void press(String group, String label) throws Exception {
    browser.evaluate(
        "[...document.querySelectorAll('%s button')].find(b => b.textContent === '%s').click()"
            .formatted(group, label));
    browser.settle();
  }

  private static void click(String selector) throws Exception {
    int[] box = box(selector);
    browser.click(box[0] + box[2] / 2, box[1] + box[3] / 2);
  }

  private static int[] box(String selector) throws Exception {
    JsonNode box =
        browser.evaluate(
            "(() => { const b = document.querySelector('%s').getBoundingClientRect(); return [b.x, b.y, b.width, b.height].map(Math.round); })()"
                .formatted(selector));
    return new int[] {
      box.get(0).intValue(), box.get(1).intValue(), box.get(2).intValue(), box.get(3).intValue()
    };
  }

  private static List<String> column(int index) throws Exception {
    List<String> cells = new ArrayList<>();
    browser
        .evaluate(
            "[...document.querySelectorAll('#pictures-body tr')].map(r => r.children[%d].textContent)"
                .formatted(index))
        .forEach(cell -> cells.add(cell.textValue()));
    return cells;
  }

  private static double number(String cell) {
    return Double.parseDouble(cell.replace(" best", ""));
  }
}
