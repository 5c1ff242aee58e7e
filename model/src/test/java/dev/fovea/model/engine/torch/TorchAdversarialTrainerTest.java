package dev.fovea.model.engine.torch;

import dev.fovea.model.engine.AdversarialTrainerContractTest;
import dev.fovea.model.engine.Engine;

class TorchAdversarialTrainerTest extends AdversarialTrainerContractTest {
  @Override
  protected Engine engine() {
    return new TorchEngine();
  }
}
