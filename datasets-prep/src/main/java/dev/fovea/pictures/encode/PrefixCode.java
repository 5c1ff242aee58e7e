package dev.fovea.pictures.encode;

import java.util.PriorityQueue;

/** A Huffman code of limited length in the canonical form that VP8L stores. */
final class PrefixCode {
  private static final int[] LENGTH_ORDER = {
    17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
  };

  private final int[] lengths;
  private final int[] codes;
  private final int used;

  private PrefixCode(int[] lengths, int used) {
    this.lengths = lengths;
    this.used = used;
    this.codes = canonical(lengths);
  }

  /**
   * The code for symbols that occur so often.
   *
   * @param longest bits of the longest code word allowed
   */
  static PrefixCode of(int[] counts, int longest) {
    int[] weights = counts.clone();
    int used = 0;
    for (int count : counts) {
      used += count > 0 ? 1 : 0;
    }
    if (used == 0) {
      weights[0] = 1;
      used = 1;
    }
    while (true) {
      int[] lengths = lengths(weights);
      int deepest = 0;
      for (int length : lengths) {
        deepest = Math.max(deepest, length);
      }
      if (deepest <= longest) {
        return new PrefixCode(lengths, used);
      }
      for (int i = 0; i < weights.length; i++) {
        weights[i] = weights[i] > 0 ? (weights[i] >> 1) + 1 : 0; // Flattens the tree.
      }
    }
  }

  private record Node(long weight, int order, int symbol, Node left, Node right) {}

  private static int[] lengths(int[] weights) {
    PriorityQueue<Node> queue =
        new PriorityQueue<>(
            (a, b) ->
                a.weight() != b.weight()
                    ? Long.compare(a.weight(), b.weight())
                    : Integer.compare(a.order(), b.order()));
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        queue.add(new Node(weights[i], i, i, null, null));
      }
    }
    int[] lengths = new int[weights.length];
    if (queue.size() == 1) {
      lengths[queue.remove().symbol()] = 1;
      return lengths;
    }
    int order = weights.length;
    while (queue.size() > 1) {
      Node a = queue.remove();
      Node b = queue.remove();
      queue.add(new Node(a.weight() + b.weight(), order++, -1, a, b));
    }
    assign(queue.remove(), 0, lengths);
    return lengths;
  }

  private static void assign(Node node, int depth, int[] lengths) {
    if (node.symbol() >= 0) {
      lengths[node.symbol()] = depth;
    } else {
      assign(node.left(), depth + 1, lengths);
      assign(node.right(), depth + 1, lengths);
    }
  }

  private static int[] canonical(int[] lengths) {
    int[] codes = new int[lengths.length];
    int code = 0;
    for (int length = 1; length <= 15; length++) {
      for (int i = 0; i < lengths.length; i++) {
        if (lengths[i] == length) {
          codes[i] = Integer.reverse(code++) >>> (32 - length);
        }
      }
      code <<= 1;
    }
    return codes;
  }

  /** Writes a symbol; nothing where it is the only one. */
  void put(LowBits out, int symbol) {
    if (used > 1) {
      out.write(codes[symbol], lengths[symbol]);
    }
  }

  /** Writes the code itself. */
  void describe(LowBits out) {
    if (used <= 2 && describeSimply(out)) {
      return;
    }
    out.write(0, 1);
    int[] tokens = new int[lengths.length];
    int count = tokens(tokens);
    int[] counts = new int[19];
    for (int i = 0; i < count; i++) {
      counts[tokens[i] & 31]++;
    }
    PrefixCode lengthCode = of(counts, 7);
    int described = 19;
    while (described > 4 && lengthCode.lengths[LENGTH_ORDER[described - 1]] == 0) {
      described--;
    }
    out.write(described - 4, 4);
    for (int i = 0; i < described; i++) {
      out.write(lengthCode.lengths[LENGTH_ORDER[i]], 3);
    }
    out.write(0, 1); // All lengths follow.
    for (int i = 0; i < count; i++) {
      int token = tokens[i] & 31;
      lengthCode.put(out, token);
      if (token >= 16) {
        out.write(tokens[i] >> 5, token == 16 ? 2 : token == 17 ? 3 : 7);
      }
    }
  }

  private boolean describeSimply(LowBits out) {
    int first = -1;
    int second = -1;
    for (int i = 0; i < lengths.length; i++) {
      if (lengths[i] > 0) {
        second = first < 0 ? -1 : i;
        first = first < 0 ? i : first;
      }
    }
    if (Math.max(first, second) > 255) {
      return false;
    }
    out.write(1, 1);
    out.write(second < 0 ? 0 : 1, 1);
    out.write(1, 1);
    out.write(first, 8);
    if (second >= 0) {
      out.write(second, 8);
    }
    return true;
  }

  /** Lengths with their runs: token + 32 * what its extra bits say. */
  private int tokens(int[] tokens) {
    int count = 0;
    int i = 0;
    while (i < lengths.length) {
      int run = 1;
      while (i + run < lengths.length && lengths[i + run] == lengths[i]) {
        run++;
      }
      if (lengths[i] == 0 && run >= 3) {
        run = Math.min(run, 138);
        tokens[count++] = run <= 10 ? 17 + 32 * (run - 3) : 18 + 32 * (run - 11);
      } else if (lengths[i] != 0 && run >= 4) {
        run = Math.min(run, 7);
        tokens[count++] = lengths[i];
        tokens[count++] = 16 + 32 * (run - 4);
      } else {
        run = 1;
        tokens[count++] = lengths[i];
      }
      i += run;
    }
    return count;
  }
}
