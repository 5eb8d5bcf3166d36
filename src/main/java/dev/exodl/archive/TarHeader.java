package dev.exodl.archive;

import dev.exodl.model.Printable;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What stands before an entry's bytes in a tar file. Source: POSIX.1-2024, pax, "ustar Interchange
 * Format" and "pax Header Format".
 *
 * @param kind the type flag: {@code 0} for a plain file, {@code x} for records about the next entry
 */
record TarHeader(String name, long size, char kind) {
  /** Bytes; all in a tar file is a multiple of it. */
  static final int UNIT = 512;

  static final char FILE = '0';
  static final char RECORDS = 'x';

  /** The most that the field for the size can tell: 11 octal digits. */
  private static final long LARGEST = (1L << 33) - 1;

  private static final int NAME = 100;
  private static final int SIZE_AT = 124;
  private static final int SUM_AT = 148;
  private static final int KIND_AT = 156;
  private static final int MAGIC_AT = 257;
  private static final int PREFIX_AT = 345;
  private static final int PREFIX = 155;

  /** The header's bytes: those of a plain file, after records that tell a size of 8 GiB or more. */
  static byte[] file(String name, long size) {
    if (size <= LARGEST) {
      return new TarHeader(name, size, FILE).encode();
    }
    byte[] record = sizeRecord(size);
    byte[] all = new byte[3 * UNIT];
    System.arraycopy(new TarHeader("size", record.length, RECORDS).encode(), 0, all, 0, UNIT);
    System.arraycopy(record, 0, all, UNIT, record.length);
    System.arraycopy(new TarHeader(name, 0, FILE).encode(), 0, all, 2 * UNIT, UNIT);
    return all;
  }

  /** A record begins with its own length, whose digits count too. */
  private static byte[] sizeRecord(long size) {
    String rest = " size=" + size + "\n";
    int length = rest.length() + 2;
    return (length + rest).getBytes(StandardCharsets.US_ASCII);
  }

  /** How many bytes of zeros follow so many bytes. */
  static int padding(long size) {
    return (int) (-size & (UNIT - 1));
  }

  /** Owner, mode and time are the same for all, so that equal contents are equal bytes. */
  private byte[] encode() {
    byte[] header = new byte[UNIT];
    put(header, 0, name);
    put(header, 100, "0000644\0" + "0000000\0" + "0000000\0");
    put(header, SIZE_AT, String.format(Locale.ROOT, "%011o\0", size));
    put(header, 136, "00000000000\0" + "        " + kind);
    put(header, MAGIC_AT, "ustar\0" + "00");
    put(header, 329, "0000000\0" + "0000000\0");
    put(header, SUM_AT, String.format(Locale.ROOT, "%06o\0 ", sum(header)));
    return header;
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  /** The sum of all bytes, those of the sum itself taken for blanks. */
  private static int sum(byte[] header) {
    int sum = 0;
    for (int i = 0; i < UNIT; i++) {
      boolean own = i >= SUM_AT && i < SUM_AT + 8;
      sum += own ? ' ' : header[i] & 0xff;
    }
    return sum;
  }

  static boolean isZeros(byte[] unit) {
    for (byte b : unit) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Reads a header that is not all zeros.
   *
   * @throws IllegalArgumentException that says what is wrong with it
   */
  static TarHeader decode(byte[] header) {
    if (!text(header, MAGIC_AT, 5).equals("ustar") || octal(header, SUM_AT, 8) != sum(header)) {
      throw new IllegalArgumentException("what should be an entry's header is none");
    }
    String prefix = text(header, PREFIX_AT, PREFIX);
    String name = text(header, 0, NAME);
    char kind = (char) (header[KIND_AT] & 0xff);
    return new TarHeader(
        prefix.isEmpty() ? name : prefix + "/" + name,
        octal(header, SIZE_AT, 12),
        kind == 0 ? FILE : kind);
  }

  private static String text(byte[] header, int at, int length) {
    int end = at;
    while (end < at + length && header[end] != 0) {
      end++;
    }
    return new String(header, at, end - at, StandardCharsets.UTF_8);
  }

  private static long octal(byte[] header, int at, int length) {
    String digits = new String(header, at, length, StandardCharsets.ISO_8859_1);
    String number = digits.replaceAll("[\\x00 ]+$", "").stripLeading();
    if (!number.matches("[0-7]{1,12}")) {
      throw new IllegalArgumentException("a number in an entry's header is none");
    }
    return Long.parseLong(number, 8);
  }

  /**
   * The size that records tell of the entry after them.
   *
   * @return -1 when they tell none
   * @throws IllegalArgumentException that says what is wrong with them; also when they give the
   *     entry another name, which nothing here needs
   */
  static long sizeIn(byte[] records) {
    long size = -1;
    int at = 0;
    while (at < records.length) {
      int blank = at;
      while (blank < records.length && blank < at + 8 && records[blank] != ' ') {
        blank++;
      }
      String length = new String(records, at, blank - at, StandardCharsets.ISO_8859_1);
      int end = length.matches("[1-9][0-9]{0,6}") ? at + Integer.parseInt(length) : -1;
      if (end <= blank + 1 || end > records.length || records[end - 1] != '\n') {
        throw new IllegalArgumentException("an entry's records are none");
      }
      String text = new String(records, blank + 1, end - blank - 2, StandardCharsets.UTF_8);
      String key = text.replaceFirst("=.*", "");
      switch (key) {
        case "size" -> size = size(text.substring(Math.min(text.length(), 5)));
        case "path", "linkpath", "GNU.sparse.name", "GNU.sparse.major" ->
            throw new IllegalArgumentException("an entry has a record '" + key + "'");
        default -> {}
      }
      at = end;
    }
    return size;
  }

  private static long size(String digits) {
    if (!digits.matches("[0-9]{1,18}")) {
      throw new IllegalArgumentException("an entry has the size '" + Printable.of(digits) + "'");
    }
    return Long.parseLong(digits);
  }

  /** What the type flag stands for, for people. */
  String what() {
    return switch (kind) {
      case FILE -> "a file";
      case '1' -> "a hard link";
      case '2' -> "a symbolic link";
      case '3', '4' -> "a device";
      case '5' -> "a folder";
      case '6' -> "a pipe";
      default -> "of a kind '" + Printable.of(String.valueOf(kind)) + "'";
    };
  }
}
