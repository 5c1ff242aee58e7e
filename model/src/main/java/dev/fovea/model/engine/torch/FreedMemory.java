package dev.fovea.model.engine.torch;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.openblas.presets.openblas_nolapack.MklDomainSetNumThreads;
import org.bytedeco.openblas.presets.openblas_nolapack.MklSetNumThreadsLocal;

/**
 * What becomes of memory on the CPU that LibTorch frees.
 *
 * <p>Activations are allocated and freed with each pass. By default glibc hands buffers of this
 * size back to the kernel, which has to clear every page anew for the next pass: 15,000 page faults
 * an optimiser step of the benchmark, 50 of its 700 ms of processor time. So the process keeps it,
 * until a network is opened or closed. Does nothing where the C library is another.
 */
final class FreedMemory {
  /** From {@code malloc.h}. */
  private static final int M_TRIM_THRESHOLD = -1;

  private static final int M_TOP_PAD = -2;
  private static final int M_MMAP_THRESHOLD = -3;

  /** Up to this size, glibc's limit, buffers come from its heaps; above, from the kernel. */
  private static final int LARGEST_KEPT = 32 << 20;

  /** The size of a heap of a thread: with less to spare, a heap that falls empty is unmapped. */
  private static final int HEAP = 64 << 20;

  private FreedMemory() {}

  /** Has the process keep it, from now on, for the next allocation. */
  static void keep() {
    mallopt(M_MMAP_THRESHOLD, LARGEST_KEPT);
    mallopt(M_TRIM_THRESHOLD, Integer.MAX_VALUE);
    mallopt(M_TOP_PAD, HEAP);
  }

  /** Hands what was kept back to the kernel. */
  static void giveBack() {
    Pointer function = Loader.addressof("malloc_trim");
    if (function != null) {
      try (PointerPointer<Pointer> place = placeOf(function)) {
        new MklSetNumThreadsLocal(place).call(0);
      }
    }
  }

  private static void mallopt(int parameter, int value) {
    Pointer function = Loader.addressof("mallopt");
    if (function != null) {
      try (PointerPointer<Pointer> place = placeOf(function)) {
        // The presets have no mallopt, but they can call any function of its type.
        new MklDomainSetNumThreads(place).call(parameter, value);
      }
    }
  }

  /** JavaCPP's function pointers look at the place where a function's address lies. */
  private static PointerPointer<Pointer> placeOf(Pointer function) {
    return new PointerPointer<Pointer>(2).put(0, function).put(1, (Pointer) null);
  }
}
