package dev.fovea.jobs.training.loop;

import dev.fovea.jobs.support.console.Console;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.util.SignalUtils;

/**
 * Whether somebody has asked this process to stop: SIGTERM, as cluster managers and schedulers send
 * it, or SIGINT, as Ctrl-C does. The first signal is a request, which a run follows at the end of
 * its round; the second ends the process at once, as does one while nothing is trained.
 */
final class StopRequest implements AutoCloseable {
  private static final List<String> SIGNALS = List.of("TERM", "INT");

  /** Handlers stay for as long as the process lives; what they tell changes with the run. */
  private static final AtomicReference<StopRequest> LISTENING = new AtomicReference<>();

  private static boolean registered;

  private final Console console;
  private final AtomicReference<String> signal = new AtomicReference<>("");

  private StopRequest(Console console) {
    this.console = console;
  }

  /** Listens until it is closed. */
  static StopRequest listen(Console console) {
    register();
    StopRequest request = new StopRequest(console);
    LISTENING.set(request);
    return request;
  }

  private static synchronized void register() {
    if (!registered) {
      registered = true;
      SIGNALS.forEach(name -> SignalUtils.register(name, () -> heard("SIG" + name)));
    }
  }

  /** Returns whether the process goes on. */
  private static boolean heard(String name) {
    StopRequest request = LISTENING.get();
    if (request == null || !request.signal.compareAndSet("", name)) {
      return false;
    }
    request.console.note(
        name + ": the run saves and ends after this round; a second signal ends it at once");
    return true;
  }

  /** The signal that asked for it, such as SIGTERM; empty where none has come. */
  String signal() {
    return signal.get();
  }

  boolean made() {
    return !signal().isEmpty();
  }

  @Override
  public void close() {
    LISTENING.compareAndSet(this, null);
  }
}
