package dev.fovea.engine.torch;

import dev.fovea.engine.Engine;
import dev.fovea.engine.EngineContractTest;

class TorchEngineTest extends EngineContractTest {
  @Override
  protected Engine engine() {
    return new TorchEngine();
  }
}
