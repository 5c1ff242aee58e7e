package dev.fovea.model.checkpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForeignFormatTest {
  @ParameterizedTest
  @CsvSource({
    "version https://git-lfs.github.com/spec/v1, git lfs pull",
    "<!DOCTYPE html><html><body>Not found</body></html>, web page",
    "PK\u0003\u0004 then a pickle and its storages, PyTorch",
    "'\u0008\u0007\u0012\u0007pytorch and then a graph', ONNX",
    "an essay on something else entirely, header of"
  })
  void aFileThatIsSomethingElseIsCalledWhatItIs(String content, String said) {
    byte[] bytes = content.getBytes(ISO_8859_1);

    assertThatThrownBy(
            () -> new SafetensorsReader("weights", new ByteArrayInputStream(bytes), bytes.length))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("weights")
        .hasMessageContaining(said);
  }
}
