package dev.fovea.engine.torch;

import dev.fovea.engine.AdversarialTrainerContractTest;
import dev.fovea.engine.Engine;

class TorchAdversarialTrainerTest extends AdversarialTrainerContractTest {
  @Override
  protected Engine engine() {
    return new TorchEngine();
  }
}
