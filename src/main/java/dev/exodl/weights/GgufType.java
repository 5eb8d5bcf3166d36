package dev.exodl.weights;

import java.util.HashMap;
import java.util.Map;

/**
 * How a GGUF tensor's numbers are packed (ggml, {@code ggml.h} and {@code ggml.c}).
 *
 * @param elements in a block
 * @param bytes of a block
 */
record GgufType(String name, int elements, int bytes) {
  private static final Map<Integer, GgufType> KNOWN = new HashMap<>();

  static {
    know(0, "F32", 1, 4);
    know(1, "F16", 1, 2);
    know(2, "Q4_0", 32, 18);
    know(3, "Q4_1", 32, 20);
    know(6, "Q5_0", 32, 22);
    know(7, "Q5_1", 32, 24);
    know(8, "Q8_0", 32, 34);
    know(9, "Q8_1", 32, 36);
    know(10, "Q2_K", 256, 84);
    know(11, "Q3_K", 256, 110);
    know(12, "Q4_K", 256, 144);
    know(13, "Q5_K", 256, 176);
    know(14, "Q6_K", 256, 210);
    know(15, "Q8_K", 256, 292);
    know(16, "IQ2_XXS", 256, 66);
    know(17, "IQ2_XS", 256, 74);
    know(18, "IQ3_XXS", 256, 98);
    know(19, "IQ1_S", 256, 50);
    know(20, "IQ4_NL", 32, 18);
    know(21, "IQ3_S", 256, 110);
    know(22, "IQ2_S", 256, 82);
    know(23, "IQ4_XS", 256, 136);
    know(24, "I8", 1, 1);
    know(25, "I16", 1, 2);
    know(26, "I32", 1, 4);
    know(27, "I64", 1, 8);
    know(28, "F64", 1, 8);
    know(29, "IQ1_M", 256, 56);
    know(30, "BF16", 1, 2);
    know(34, "TQ1_0", 256, 54);
    know(35, "TQ2_0", 256, 66);
    know(39, "MXFP4", 32, 17);
  }

  private static void know(int number, String name, int elements, int bytes) {
    KNOWN.put(number, new GgufType(name, elements, bytes));
  }

  /** Of a number that is not known nothing is known but where the next tensor begins. */
  static GgufType of(int number) {
    GgufType known = KNOWN.get(number);
    return known == null ? new GgufType("type " + Integer.toUnsignedString(number), 0, 0) : known;
  }

  boolean isKnown() {
    return elements > 0;
  }
}
