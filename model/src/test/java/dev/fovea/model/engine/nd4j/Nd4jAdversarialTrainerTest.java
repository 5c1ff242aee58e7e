package dev.fovea.model.engine.nd4j;

import dev.fovea.model.engine.AdversarialTrainerContractTest;
import dev.fovea.model.engine.Engine;

class Nd4jAdversarialTrainerTest extends AdversarialTrainerContractTest {
  @Override
  protected Engine engine() {
    return new Nd4jEngine();
  }
}
