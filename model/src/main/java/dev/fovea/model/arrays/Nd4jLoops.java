package dev.fovea.model.arrays;

import org.nd4j.linalg.factory.Environment;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How many threads ND4J's loops over arrays take, a setting of the whole JVM: one, except while
 * networks are open that ND4J executes.
 *
 * <p>A loop on several threads leaves an OpenMP team behind with the thread that ran it. Once the
 * teams of a process have more threads than it has cores, OpenMP sends threads to sleep between any
 * two operations, LibTorch's too: 3 to 5 % of an optimiser step on two cores. What is done with
 * ND4J outside networks, mostly copying vectors, gains less. Results do not depend on the number.
 */
public final class Nd4jLoops {
  private static final Environment ENVIRONMENT = Nd4j.getEnvironment();
  private static final int MOST = ENVIRONMENT.maxMasterThreads();

  private static int networks;

  private Nd4jLoops() {}

  /** Makes the setting; to be called before ND4J is used for anything large. */
  public static synchronized void settle() {
    ENVIRONMENT.setMaxMasterThreads(networks == 0 ? 1 : MOST);
  }

  /** A network that ND4J executes is about to be used. */
  public static synchronized void networkOpened() {
    networks++;
    settle();
  }

  /** Such a network is not used any more. */
  public static synchronized void networkClosed() {
    networks--;
    settle();
  }
}
