package dev.exodl.download;

import dev.exodl.store.HostCopies;

/** Tells what is read on this host, by events and on the board. */
record ReadingVoice(SyncVoice voice) implements HostCopies.Events {
  @Override
  public void checking(int files, long bytes) {
    voice.board().toRead(bytes);
    voice.tell(new SyncEvent.Checking(files, bytes));
  }

  @Override
  public void more(long bytes) {
    voice.board().toRead(bytes);
  }

  @Override
  public void read(long bytes) {
    voice.board().read(bytes);
  }

  @Override
  public void detail(String text) {
    voice.detail(text);
  }
}
