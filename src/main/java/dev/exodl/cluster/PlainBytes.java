package dev.exodl.cluster;

import java.io.DataInput;
import java.io.IOException;
import org.jgroups.BytesMessage;

/** Bytes that came, never an object that was written as bytes. */
final class PlainBytes extends BytesMessage {
  @Override
  public void readFrom(DataInput in) throws IOException, ClassNotFoundException {
    super.readFrom(in);
    clearFlag(Flag.SERIALIZED);
  }

  @Override
  public void readPayload(DataInput in) throws IOException {
    int announced = in.readInt();
    if (announced > Stack.LONGEST_ON_THE_WIRE) {
      throw new IOException("a message announces " + announced + " bytes");
    }
    if (announced >= 0) {
      array = new byte[announced];
      in.readFully(array);
      length = announced;
    }
  }
}
