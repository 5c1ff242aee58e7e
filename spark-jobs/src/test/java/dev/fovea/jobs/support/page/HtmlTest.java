package dev.fovea.jobs.support.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class HtmlTest {
  @Test
  void markupAppearsAsText() {
    assertThat(Html.text("<script>alert('1' & \"2\")</script>"))
        .isEqualTo("&lt;script&gt;alert(&#39;1&#39; &amp; &quot;2&quot;)&lt;/script&gt;");
  }

  @Test
  void whatHasNoSignGetsOne() {
    assertThat(Html.visible("a\nb\tc\u007F\u202Egnp.exe\u2028\uD800 \uD83D\uDC3C"))
        .isEqualTo("a\u240Ab\u2409c\u2421\uFFFDgnp.exe\uFFFD\uFFFD \uD83D\uDC3C");
  }

  @Property
  void noTextEndsAScriptAndEveryTextIsReadBack(@ForAll String name) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    String hostile = name + "</script><!--<script>\u2028]]>";

    String json = Html.scriptJson(mapper.writeValueAsString(Map.of("name", hostile)));

    assertThat(json).doesNotContain("<", ">", "&", "\u2028");
    assertThat(mapper.readTree(json).get("name").textValue()).isEqualTo(hostile);
  }

  @Test
  void aTitleCannotLeaveItsElement() {
    assertThat(new Page("</title><script>").add("<p>x</p>").html())
        .contains("<title>&lt;/title&gt;&lt;script&gt;</title>")
        .contains("default-src 'none'")
        .doesNotContain("http://", "https://");
  }
}
