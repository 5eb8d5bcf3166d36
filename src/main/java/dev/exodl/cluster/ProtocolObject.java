package dev.exodl.cluster;

import java.io.DataInput;
import java.io.IOException;
import org.jgroups.ObjectMessage;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.util.ByteArrayDataInputStream;
import org.jgroups.util.ByteArrayDataOutputStream;
import org.jgroups.util.Digest;
import org.jgroups.util.MutableDigest;
import org.jgroups.util.SeqnoList;
import org.jgroups.util.SizeStreamable;
import org.jspecify.annotations.Nullable;

/**
 * What protocols say to each other in objects: which messages are missing (UNICAST3, NAKACK2) and
 * which have come (STABLE). JGroups itself would make an object of any class that is told.
 */
final class ProtocolObject extends ObjectMessage {
  /** Twice what is asked for at once (UNICAST3's and NAKACK2's max_xmit_req_size). */
  private static final int MISSING = 1 << 20;

  @Override
  public void readFrom(DataInput in) throws IOException, ClassNotFoundException {
    super.readFrom(in);
    clearFlag(Flag.SERIALIZED);
  }

  @Override
  public void readPayload(DataInput in) throws IOException, ClassNotFoundException {
    obj = in.readByte() == 0 ? null : read(in);
  }

  private static @Nullable SizeStreamable read(DataInput in)
      throws IOException, ClassNotFoundException {
    short type = in.readShort();
    if (type == ClassConfigurator.getMagicNumber(SeqnoList.class)) {
      return missing(in);
    }
    boolean mutable = type == ClassConfigurator.getMagicNumber(MutableDigest.class);
    if (!mutable && type != ClassConfigurator.getMagicNumber(Digest.class)) {
      throw new IOException("an object of type " + type + " is refused");
    }
    Digest digest = mutable ? new MutableDigest() : new Digest();
    digest.readFrom(in);
    return digest;
  }

  private static SeqnoList missing(DataInput in) throws IOException {
    int size = in.readInt();
    if (size < 0 || size > MISSING) {
      throw new IOException("a list of " + size + " missing messages");
    }
    int words = (size + Long.SIZE - 1) / Long.SIZE;
    ByteArrayDataOutputStream copy = new ByteArrayDataOutputStream(12 + 8 * words);
    copy.writeInt(size);
    for (int i = 0; i <= words; i++) {
      copy.writeLong(in.readLong());
    }
    SeqnoList list = new SeqnoList();
    list.readFrom(new ByteArrayDataInputStream(copy.buffer(), 0, copy.position()));
    return list;
  }
}
