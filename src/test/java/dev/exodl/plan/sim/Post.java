package dev.exodl.plan.sim;

import dev.exodl.plan.swarm.SwarmMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** News on its way: what is sent in a step is there in the next one. */
final class Post {
  private List<Mail> sent = new ArrayList<>();

  private record Mail(Letter letter, List<SimNode> to) {}

  /** News of another node. */
  record Letter(SimNode from, SwarmMessage.Have have) {}

  void send(SimNode from, List<SimNode> to, SwarmMessage.Have have) {
    sent.add(new Mail(new Letter(from, have), to));
  }

  /**
   * Puts what was sent in the last step into the inboxes, and tells who may begin something now.
   * Who has no stream to spare reads it when it looks for something. Who has all chooses nothing
   * any more, and gets none.
   */
  void deliver(Consumer<SimNode> begins) {
    List<Mail> mails = sent;
    sent = new ArrayList<>();
    for (Mail mail : mails) {
      for (SimNode node : mail.to) {
        if (!node.whole()) {
          node.inbox.add(mail.letter);
          if (node.hasStreams()) {
            begins.accept(node);
          }
        }
      }
    }
  }
}
