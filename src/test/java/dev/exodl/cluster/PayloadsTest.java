package dev.exodl.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.EmptyMessage;
import org.jgroups.Message;
import org.jgroups.MessageFactory;
import org.jgroups.ObjectMessage;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.FD_SOCK2;
import org.jgroups.util.ByteArrayDataOutputStream;
import org.jgroups.util.Digest;
import org.jgroups.util.SeqnoList;
import org.jgroups.util.UUID;
import org.jgroups.util.Util;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is read of a message, with JGroups' own writing of it. */
class PayloadsTest {
  private static final AtomicInteger MADE = new AtomicInteger();

  /** Counts how often JGroups makes an object of it. */
  static final class Gadget implements java.io.Serializable {
    private static final long serialVersionUID = 1;

    private void readObject(java.io.ObjectInputStream in)
        throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      MADE.incrementAndGet();
    }
  }

  @BeforeAll
  static void restrict() {
    DetailLog.install();
    Payloads.restrict();
  }

  private static byte[] written(Message m) throws Exception {
    ByteArrayDataOutputStream out = new ByteArrayDataOutputStream(100);
    out.writeShort(m.getType());
    m.writeTo(out);
    return Arrays.copyOf(out.buffer(), out.position());
  }

  private static Message read(byte[] bytes) throws Exception {
    return Util.messageFromBuffer(bytes, 0, bytes.length);
  }

  @Test
  void anObjectThatAMemberSendsIsNeverMade() throws Exception {
    byte[] object = written(new ObjectMessage(null, new Gadget()));
    assertThrows(IOException.class, () -> read(object));
    byte[] asBytes = written(new BytesMessage(null).setObject(new Gadget()));
    Object got = read(asBytes).getObject();
    assertTrue(got instanceof byte[], "" + got);
    byte[] primitive = written(new ObjectMessage(null, "text"));
    assertThrows(IOException.class, () -> read(primitive));
    assertEquals(0, MADE.get());
  }

  @Test
  void whatProtocolsSayIsRead() throws Exception {
    SeqnoList missing = new SeqnoList(1000, 5).add(6, 77, 1004);
    assertEquals(
        missing.toString(), read(written(new ObjectMessage(null, missing))).getObject() + "");
    Digest digest = new Digest(new Address[] {UUID.randomUUID()}, new long[] {3, 4});
    assertEquals(digest, read(written(new ObjectMessage(null, digest))).getObject());
    assertArrayEquals(
        new byte[] {1, 2}, read(written(new BytesMessage(null, new byte[] {1, 2}))).getArray());
    assertFalse(read(written(new ObjectMessage(null))).hasPayload());
  }

  @Test
  void nothingIsTakenByWhatABytesOrAListAnnounces() throws Exception {
    byte[] bytes = written(new BytesMessage(null, new byte[8]));
    bytes[bytes.length - 12] = 0x17; // 400 MB
    assertThrows(IOException.class, () -> read(bytes));
    byte[] list = written(new ObjectMessage(null, new SeqnoList(64, 1)));
    list[list.length - 20] = 0x7f;
    assertThrows(IOException.class, () -> read(list));
  }

  @Test
  void otherKindsOfMessagesAreRefused() {
    for (short type = 0; type < 100; type++) {
      short t = type;
      switch (type) {
        case Message.BYTES_MSG, Message.EMPTY_MSG, Message.LONG_MSG, Message.OBJ_MSG ->
            assertEquals(type, MessageFactory.create(type).getType());
        default ->
            assertThrows(IllegalArgumentException.class, () -> MessageFactory.create(t), "" + t);
      }
    }
  }

  private static byte[] watching(FD_SOCK2.FdHeader header) throws Exception {
    short id = ClassConfigurator.getProtocolId(FD_SOCK2.class);
    Message m = new EmptyMessage().setSrc(UUID.randomUUID()).putHeader(id, header);
    ByteArrayDataOutputStream out = new ByteArrayDataOutputStream(100);
    m.writeTo(out);
    return Arrays.copyOf(out.buffer(), out.position());
  }

  private static boolean isRead(byte[] bytes) {
    short id = ClassConfigurator.getProtocolId(FD_SOCK2.class);
    return WatchPort.isOfAWatcher(bytes, id);
  }

  @Test
  void theWatchPortReadsWhatWatchersSayAndNothingElse() throws Exception {
    byte[] asked =
        watching(new FD_SOCK2.FdHeader(FD_SOCK2.FdHeader.CONNECT).serverAddress(UUID.randomUUID()));
    byte[] answered =
        watching(
            new FD_SOCK2.FdHeader(FD_SOCK2.FdHeader.CONNECT_RSP)
                .cluster("x".repeat(64))
                .serverAddress(UUID.randomUUID()));
    assertTrue(isRead(asked));
    assertTrue(isRead(answered));
    assertTrue(answered.length < WatchPort.LONGEST / 2, answered.length + " bytes");
    for (int length = 0; length < answered.length; length++) {
      assertFalse(isRead(Arrays.copyOf(answered, length)), length + " bytes");
    }
    assertFalse(isRead(Arrays.copyOf(answered, answered.length + 1)), "one byte more");
    assertFalse(isRead(watching(new FD_SOCK2.FdHeader(FD_SOCK2.FdHeader.SUSPECT))));
    byte[] suspects = asked.clone();
    suspects[suspects.length - 22] = 1;
    assertFalse(isRead(suspects));
  }
}
