package dev.exodl.plan.swarm;

import java.util.ArrayList;
import java.util.List;

/** Reads addresses as they are written; no name is looked up. */
final class AddressBytes {
  private AddressBytes() {}

  /** 4 or 16 bytes, or none when this is no address. An IPv4 address within IPv6 counts as IPv4. */
  static byte[] of(String text) {
    String address = text.startsWith("[") && text.endsWith("]") ? inside(text) : text;
    int scope = address.indexOf('%');
    address = scope < 0 ? address : address.substring(0, scope);
    try {
      return address.indexOf(':') < 0 ? four(address) : mapped(sixteen(address));
    } catch (NumberFormatException e) {
      return new byte[0];
    }
  }

  private static String inside(String text) {
    return text.substring(1, text.length() - 1);
  }

  private static byte[] four(String text) {
    String[] parts = text.split("\\.", -1);
    byte[] bytes = new byte[parts.length];
    for (int i = 0; i < parts.length; i++) {
      bytes[i] = (byte) number(parts[i], 10, 255);
    }
    return bytes.length == 4 ? bytes : new byte[0];
  }

  private static int number(String text, int radix, int most) {
    int number = Integer.parseInt(text, radix);
    if (number < 0 || number > most) {
      throw new NumberFormatException(text);
    }
    return number;
  }

  private static byte[] sixteen(String text) {
    int gap = text.indexOf("::");
    List<Integer> head = groups(gap < 0 ? text : text.substring(0, gap));
    List<Integer> tail = gap < 0 ? List.of() : groups(text.substring(gap + 2));
    int missing = 8 - head.size() - tail.size();
    if (gap < 0 ? missing != 0 : missing < 1) {
      return new byte[0];
    }
    byte[] bytes = new byte[16];
    for (int i = 0; i < head.size(); i++) {
      put(bytes, i, head.get(i));
    }
    for (int i = 0; i < tail.size(); i++) {
      put(bytes, head.size() + missing + i, tail.get(i));
    }
    return bytes;
  }

  private static List<Integer> groups(String text) {
    List<Integer> groups = new ArrayList<>();
    for (String group : text.isEmpty() ? new String[0] : text.split(":", -1)) {
      byte[] four = group.indexOf('.') < 0 ? new byte[0] : four(group);
      if (four.length == 4) {
        groups.add(((four[0] & 255) << 8) | (four[1] & 255));
        groups.add(((four[2] & 255) << 8) | (four[3] & 255));
      } else {
        groups.add(number(group, 16, 0xffff));
      }
    }
    return groups;
  }

  private static void put(byte[] bytes, int group, int value) {
    bytes[2 * group] = (byte) (value >> 8);
    bytes[2 * group + 1] = (byte) value;
  }

  private static byte[] mapped(byte[] bytes) {
    boolean four = bytes.length == 16 && bytes[10] == -1 && bytes[11] == -1;
    for (int i = 0; four && i < 10; i++) {
      four = bytes[i] == 0;
    }
    return four ? new byte[] {bytes[12], bytes[13], bytes[14], bytes[15]} : bytes;
  }
}
