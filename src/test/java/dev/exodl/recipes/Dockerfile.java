package dev.exodl.recipes;

import java.util.ArrayList;
import java.util.List;

/** A Dockerfile as its instructions. */
record Dockerfile(List<Instruction> instructions) {
  /**
   * One instruction.
   *
   * @param name in capitals
   * @param rest what is behind it, on one line or several
   */
  record Instruction(String name, String rest) {
    /** What RUN gives to the shell: all but its {@code --mount}s. */
    String command() {
      return rest.replaceAll("--mount=\\S+\\s+(\\\\\\n\\s*)?", "");
    }
  }

  static Dockerfile parse(String text) {
    List<Instruction> instructions = new ArrayList<>();
    StringBuilder open = new StringBuilder();
    for (String line : text.lines().toList()) {
      if (line.startsWith("#") || (line.isBlank() && open.isEmpty())) {
        continue;
      }
      open.append(line).append('\n');
      if (!line.endsWith("\\")) {
        String[] parts = open.toString().strip().split("\\s+", 2);
        instructions.add(new Instruction(parts[0], parts.length == 1 ? "" : parts[1]));
        open.setLength(0);
      }
    }
    if (!open.isEmpty()) {
      throw new IllegalArgumentException("goes on after the end: " + open);
    }
    return new Dockerfile(instructions);
  }

  List<Instruction> all(String name) {
    return instructions.stream().filter(i -> i.name().equals(name)).toList();
  }

  /** The scripts of all RUN. */
  List<String> runs() {
    return all("RUN").stream().map(Instruction::command).toList();
  }
}
