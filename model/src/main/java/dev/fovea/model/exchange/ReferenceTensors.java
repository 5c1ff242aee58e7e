package dev.fovea.model.exchange;

import dev.fovea.model.checkpoint.DamagedFileException;
import dev.fovea.model.checkpoint.NetworkLayout;
import dev.fovea.model.checkpoint.NetworkLayout.ParameterSlice;
import dev.fovea.model.checkpoint.TensorInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which tensors of a file are which of the network's: all that are needed, each in its shape, and
 * no other.
 */
final class ReferenceTensors {
  private static final int NAMED = 5;

  /** The convolutions by name, in the order of the flat vector. */
  private final Map<String, Convolution> convolutions = new LinkedHashMap<>();

  private final Map<String, Place> places = new LinkedHashMap<>();

  /** The parameters of one convolution in the flat vector. */
  record Convolution(ParameterSlice direction, ParameterSlice gain, ParameterSlice bias) {
    int channels() {
      return Math.toIntExact(bias.shape().get(0));
    }

    int fanIn() {
      return Math.toIntExact(direction.shape().stream().skip(1).reduce(1L, (a, b) -> a * b));
    }
  }

  /**
   * Where a tensor of the file goes.
   *
   * @param name in the reference, without what {@code torch.compile} adds
   * @param slice of the flat vector
   * @param folded whether it is a kernel without weight norm, whose gain is its norm
   */
  record Place(String name, ParameterSlice slice, boolean folded) {}

  ReferenceTensors(NetworkLayout layout) {
    Map<String, Map<ReferenceName, ParameterSlice>> slices = new LinkedHashMap<>();
    for (ParameterSlice slice : layout.parameters()) {
      slices
          .computeIfAbsent(ReferenceName.convolution(slice.name()), name -> new TreeMap<>())
          .put(ReferenceName.ofOurs(slice.name()), slice);
    }
    slices.forEach(
        (name, parts) -> {
          convolutions.put(
              name,
              new Convolution(
                  parts.get(ReferenceName.DIRECTION),
                  parts.get(ReferenceName.GAIN),
                  parts.get(ReferenceName.BIAS)));
          parts.forEach((part, slice) -> put(part.of(name), slice, false));
          put(folded(name), parts.get(ReferenceName.DIRECTION), true);
        });
  }

  private void put(String name, ParameterSlice slice, boolean folded) {
    places.put(name, new Place(name, slice, folded));
  }

  /** The convolutions by name. */
  Map<String, Convolution> convolutions() {
    return convolutions;
  }

  /** The name of a convolution's kernel where weight norm was folded. */
  static String folded(String convolution) {
    return convolution + "." + ReferenceName.FOLDED;
  }

  /**
   * Finds the place of every tensor.
   *
   * @return by the names in the file
   * @throws DamagedFileException naming what is missing, surplus or of another shape
   */
  Map<String, Place> match(String file, List<TensorInfo> tensors) throws DamagedFileException {
    Map<String, Place> matched = new LinkedHashMap<>();
    Set<String> present = new TreeSet<>();
    List<String> surplus = new ArrayList<>();
    List<String> misshapen = new ArrayList<>();
    for (TensorInfo tensor : tensors) {
      String name = tensor.name();
      boolean compiled = name.startsWith(ReferenceName.COMPILED);
      Place place = places.get(compiled ? name.substring(ReferenceName.COMPILED.length()) : name);
      if (place == null) {
        surplus.add(name);
      } else if (!present.add(place.name())) {
        surplus.add(name + " (there with and without " + ReferenceName.COMPILED + ")");
      } else if (!place.slice().shape().equals(tensor.shape())) {
        misshapen.add("%s %s instead of %s".formatted(name, tensor.shape(), place.slice().shape()));
      }
      matched.put(name, place);
    }
    List<String> missing = new ArrayList<>();
    convolutions.keySet().forEach(name -> check(name, present, missing, surplus));
    refuse(file, missing, surplus, misshapen);
    return matched;
  }

  private static void check(
      String convolution, Set<String> present, List<String> missing, List<String> surplus) {
    if (!present.contains(ReferenceName.BIAS.of(convolution))) {
      missing.add(ReferenceName.BIAS.of(convolution));
    }
    String folded = folded(convolution);
    List<String> weightNorm =
        List.of(ReferenceName.GAIN.of(convolution), ReferenceName.DIRECTION.of(convolution));
    List<String> there = weightNorm.stream().filter(present::contains).toList();
    if (there.isEmpty()) {
      if (!present.contains(folded)) {
        missing.add("%s (or %s)".formatted(folded, String.join(" and ", weightNorm)));
      }
      return;
    }
    if (present.contains(folded)) {
      surplus.add(folded + " (its weight norm is there as well)");
    }
    weightNorm.stream().filter(name -> !present.contains(name)).forEach(missing::add);
  }

  private static void refuse(
      String file, List<String> missing, List<String> surplus, List<String> misshapen)
      throws DamagedFileException {
    if (missing.isEmpty() && surplus.isEmpty() && misshapen.isEmpty()) {
      return;
    }
    List<String> problems = new ArrayList<>();
    describe(problems, "missing", missing);
    describe(problems, "surplus", surplus);
    describe(problems, "of another shape", misshapen);
    throw new DamagedFileException(
        file, "tensors do not fit the shape: " + String.join("; ", problems));
  }

  private static void describe(List<String> problems, String kind, List<String> names) {
    if (!names.isEmpty()) {
      String more = names.size() > NAMED ? " and %d more".formatted(names.size() - NAMED) : "";
      problems.add(
          "%d %s: %s%s"
              .formatted(
                  names.size(),
                  kind,
                  String.join(", ", names.subList(0, Math.min(NAMED, names.size()))),
                  more));
    }
  }
}
