package dev.fovea.jobs.data.listing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FolderNamesTest {
  @Test
  void foldersOfOneLastNameAreToldApartByAsMuchOfTheirPathsAsItTakes() {
    assertThat(
            FolderNames.distinct(
                List.of("file:/a/card1/DCIM", "file:/a/card2/DCIM", "file:/b/card2/DCIM", "/c/d")))
        .isEqualTo(
            Map.of(
                "file:/a/card1/DCIM", "card1/DCIM",
                "file:/a/card2/DCIM", "a/card2/DCIM",
                "file:/b/card2/DCIM", "b/card2/DCIM",
                "/c/d", "d"));
  }

  @Test
  void aPathThatIsTheEndOfAnotherKeepsItsWhole() {
    assertThat(FolderNames.distinct(List.of("/x", "/a/x")).values()).doesNotHaveDuplicates();
  }
}
