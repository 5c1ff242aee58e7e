package dev.fovea.jobs.models.promotion;

import dev.fovea.jobs.models.registry.Entry;
import java.util.List;

/** What is to be done with a candidate. */
public sealed interface Verdict {
  /** It is better by more than the margin, with the comparisons that show it. */
  record Better(String reason, List<Entry.Evidence> evidence) implements Verdict {
    public Better {
      evidence = List.copyOf(evidence);
    }
  }

  /** It stays out of service. */
  record Refused(String reason) implements Verdict {}
}
