package dev.fovea.engine.nd4j;

import dev.fovea.engine.AdversarialTrainerContractTest;
import dev.fovea.engine.Engine;

class Nd4jAdversarialTrainerTest extends AdversarialTrainerContractTest {
  @Override
  protected Engine engine() {
    return new Nd4jEngine();
  }
}
