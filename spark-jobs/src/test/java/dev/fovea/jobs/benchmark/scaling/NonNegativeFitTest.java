package dev.fovea.jobs.benchmark.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class NonNegativeFitTest {
  @Property(tries = 100)
  void plantedCoefficientsAreRecoveredWhicheverOfThemAreZero(@ForAll long seed) {
    Random random = new Random(seed);
    double[] planted = new double[3];
    for (int i = 0; i < planted.length; i++) {
      planted[i] = random.nextInt(3) == 0 ? 0 : Math.pow(10, random.nextInt(5) - 3);
    }
    double[][] terms = new double[8][];
    double[] observed = new double[terms.length];
    for (int row = 0; row < terms.length; row++) {
      terms[row] = new double[] {1, 60 * random.nextDouble(), 500 * random.nextDouble()};
      observed[row] = NonNegativeFit.value(terms[row], planted);
    }

    assertThat(NonNegativeFit.coefficients(terms, observed)).containsExactly(planted, within(1e-6));
  }

  @Test
  void aTermThatWouldBeNegativeIsLeftOutAndTheOthersFitWithoutIt() {
    double[][] terms = {{1, 1}, {1, 2}, {1, 3}};

    // The line through these falls.
    assertThat(NonNegativeFit.coefficients(terms, new double[] {3, 2, 1}))
        .containsExactly(new double[] {2, 0}, within(1e-9));
  }

  @Test
  void termsThatCannotBeToldApartAreNotBothUsed() {
    double[][] terms = {{1, 5, 5}, {1, 7, 7}};

    double[] fitted = NonNegativeFit.coefficients(terms, new double[] {11, 15});

    assertThat(fitted[0]).isCloseTo(1, within(1e-9));
    assertThat(fitted[1] + fitted[2]).isCloseTo(2, within(1e-9));
  }
}
