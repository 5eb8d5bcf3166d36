package dev.exodl.cluster;

import org.jgroups.EmptyMessage;
import org.jgroups.LongMessage;
import org.jgroups.Message;
import org.jgroups.MessageFactory;

/**
 * The kinds of messages that the protocols of {@link Stack} send; JGroups reads no other. It has
 * one list of them for the process.
 */
final class Payloads extends MessageFactory {
  private Payloads() {}

  /** To be called before the first channel. */
  static void restrict() {
    for (int type = 0; type < creators.length; type++) {
      switch (type) {
        case Message.BYTES_MSG -> creators[type] = PlainBytes::new;
        case Message.EMPTY_MSG -> creators[type] = EmptyMessage::new;
        case Message.LONG_MSG -> creators[type] = LongMessage::new;
        case Message.OBJ_MSG -> creators[type] = ProtocolObject::new;
        default -> creators[type] = Payloads::refused;
      }
    }
    map.clear();
  }

  private static Message refused() {
    throw new IllegalArgumentException("messages of this kind are refused");
  }
}
