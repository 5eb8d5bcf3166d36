package dev.exodl.cluster;

import dev.exodl.plan.swarm.SwarmMessage;
import java.io.IOException;

/**
 * Messages as bytes: one byte version, one byte kind, then the fields in the order of the record.
 * What comes from the network is hostile: no length is believed before as many bytes are there.
 */
final class MessageCodec {
  /** Goes up when a message is read in another way than before. */
  static final int VERSION = 7;

  /** Listings are the longest: about 100 bytes a file. */
  static final int LONGEST = 64 << 20;

  static final int CARD = 1;
  static final int ASK_LISTING = 2;
  static final int LISTED = 3;
  static final int NOT_LISTED = 4;
  static final int HAVE = 5;
  static final int ASK_LEASE = 6;
  static final int LEASE = 7;
  static final int REVOKE = 8;
  static final int SHUN = 9;
  static final int THROTTLED = 10;
  static final int LEAVING = 11;
  static final int ASK_STATUS = 12;
  static final int STATUS = 13;
  static final int ASK_HOLDERS = 14;
  static final int MEET = 15;
  static final int ALL_TOLD = 16;
  static final int ASK_SHARE = 17;
  static final int DEALT = 18;

  // A strategy's byte.
  static final int SWARM = 0;
  static final int LEADER = 1;
  static final int INDEPENDENT = 2;

  // The byte of how layers are dealt out.
  static final int EQUAL = 0;
  static final int BYTES = 1;
  static final int MEMORY = 2;

  /** What came of reading. */
  sealed interface Read {
    record Good(SwarmMessage message) implements Read {}

    /** Not a message, or not one of this version. */
    record Bad(String why) implements Read {}
  }

  private MessageCodec() {}

  static byte[] encode(SwarmMessage message) {
    try {
      return new MessageWriter().bytes(message);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory", e);
    }
  }

  static Read decode(byte[] bytes, int offset, int length) {
    if (length > LONGEST) {
      return new Read.Bad("it is longer than " + LONGEST + " bytes");
    }
    try {
      return new MessageReader(bytes, offset, length).message();
    } catch (IOException | RuntimeException e) {
      // Records check their values themselves, in their own ways.
      return new Read.Bad(e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }
}
