package dev.exodl.weights;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where in the model a tensor works. */
public sealed interface Position {
  /** In the layer of this number, from 0. */
  record Layer(int number) implements Position {}

  /** In none. */
  enum Shared implements Position {
    /** What makes vectors of tokens: needed before the first layer. */
    EMBED,
    /** The norm after the last layer. */
    NORM,
    /**
     * What makes tokens of vectors, and what predicts further ones: needed after the last layer.
     */
    HEAD,
    /** All else, such as what sees or hears: taken for needed before the first layer. */
    OTHER
  }

  /** No model has longer ones; the patterns below nest as deep as a name has parts. */
  int LONGEST_NAME = 1000;

  /** Names of what a language model may be inside of: layers of a vision tower are not counted. */
  String INSIDE =
      "(?:(?:model|transformer|transformer\\.encoder|language_model|text_model|gpt_neox|decoder"
          + "|backbone|llm|base_model|thinker)\\.)*";

  Pattern LAYER = Pattern.compile(INSIDE + "(?:layers|h|blocks|blk)\\.([0-9]{1,6})\\..+");

  Pattern EMBED =
      Pattern.compile(
          INSIDE
              + "(?:embed_tokens|embed_positions|embed_in|embeddings?|tok_embeddings|wte|wpe"
              + "|word_embeddings|word_embeddings_layernorm|token_embd|token_embd_norm|position_embd)"
              + "(?:\\..+)?");

  Pattern NORM =
      Pattern.compile(
          INSIDE + "(?:norm|norm_f|ln_f|final_layernorm|final_layer_norm|output_norm)\\..+");

  Pattern HEAD = Pattern.compile(INSIDE + "(?:lm_head|embed_out|output|output_layer|mtp)\\..+");

  /**
   * The position that a tensor's name tells.
   *
   * <p>Names: {@code model.layers.N.} of most models on the hub, {@code transformer.h.N.} of GPT-2
   * and its kin, {@code blk.N.} of GGUF, {@code language_model.model.layers.N.} of multimodal ones.
   */
  static Position of(String tensor) {
    if (tensor.length() > LONGEST_NAME) {
      return Shared.OTHER;
    }
    Matcher layer = LAYER.matcher(tensor);
    if (layer.matches()) {
      int number = Integer.parseInt(layer.group(1));
      return number < Layers.MOST ? new Layer(number) : Shared.OTHER;
    }
    if (EMBED.matcher(tensor).matches()) {
      return Shared.EMBED;
    }
    if (NORM.matcher(tensor).matches()) {
      return Shared.NORM;
    }
    return HEAD.matcher(tensor).matches() ? Shared.HEAD : Shared.OTHER;
  }
}
