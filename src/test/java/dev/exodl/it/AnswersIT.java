package dev.exodl.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.exodl.emulator.Fault;
import dev.exodl.emulator.Fixtures;
import dev.exodl.emulator.HubRepo;
import dev.exodl.emulator.RepoContent;
import dev.exodl.emulator.Where;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the program answers to who called it: stdout, exit codes, one line on stderr. */
class AnswersIT {
  @RegisterExtension final ItStage stage = new ItStage();

  private HubRepo model() {
    HubRepo repo = stage.hub().model("org/model");
    repo.git("config.json", "{}").lfs("model.bin", RepoContent.random(1, 5 << 20)).commit("first");
    return repo;
  }

  @Test
  void stdoutIsThePathAndNothingElse() throws Exception {
    HubRepo repo = model();
    Program.Ended first = stage.program().run(stage.sync(repo));
    stage.assertWhole(repo, first);
    assertTrue(first.err().contains("got 2 files (5.2 MB)"), first::toString);

    Program.Ended quiet = stage.program().run(stage.sync(repo, "-q"));
    stage.assertWhole(repo, quiet);
    assertEquals("", quiet.err());

    Program.Ended one = stage.program().run(stage.sync(repo, "-q", "config.json"));
    assertEquals(stage.snapshot(repo).resolve("config.json") + "\n", one.out());
  }

  @Test
  void jsonIsOneObjectAtTheEnd() throws Exception {
    HubRepo repo = model();
    Program.Ended ended = stage.program().run(stage.sync(repo, "--json"));
    assertEquals(0, ended.code(), ended::toString);
    JsonNode answer = new ObjectMapper().readTree(ended.out());
    assertTrue(answer.get("ok").asBoolean());
    assertEquals(stage.snapshot(repo).toString(), answer.get("path").asText());
    assertEquals(repo.head().sha(), answer.get("commit").asText());
    assertEquals(repo.totalSize(), answer.get("bytesFetched").asLong());
    assertEquals(2, answer.get("files").size());
  }

  /** As with {@code | head}; what ended it by SIGPIPE would end it at a closed connection too. */
  @Test
  void aReaderThatHasEnoughIsNoTrouble() throws Exception {
    String script = "{ sleep 0.5; \"$0\" --help; echo $? >&2; } | true";
    try (Program.Running run =
        stage
            .program()
            .command(
                "env", "--default-signal=PIPE", "sh", "-c", script, Program.LAUNCHER.toString())) {
      assertEquals("0\n", run.ended().err());
    }
  }

  private void fails(int code, String kind, HubRepo repo, String... more) throws Exception {
    Program.Ended plain = stage.program().run(stage.sync(repo, more));
    assertEquals(code, plain.code(), plain::toString);
    assertEquals("", plain.out(), plain::toString);
    assertTrue(plain.message().startsWith("exo-dl: "), plain::toString);
    assertTrue(plain.message().contains("; "), plain::toString);

    String[] json = Stream.concat(Stream.of(more), Stream.of("--json")).toArray(String[]::new);
    Program.Ended told = stage.program().run(stage.sync(repo, json));
    assertEquals(code, told.code(), told::toString);
    JsonNode answer = new ObjectMapper().readTree(told.out());
    assertEquals(code, answer.get("exitCode").asInt());
    assertEquals(kind, answer.get("failure").get("kind").asText());
  }

  @Test
  void twoForWrongUsage() throws Exception {
    fails(2, "usage", model(), "--max-connections", "0");
  }

  @Test
  void tenForAGatedModel() throws Exception {
    fails(10, "auth", model().gate("auto"));
  }

  @Test
  void elevenForAMissingModel() throws Exception {
    fails(11, "not-found", stage.hub().model("org/none").makePrivate());
  }

  @Test
  void twelveWhenTheNetworkDoesNotHelp() throws Exception {
    HubRepo repo = model();
    stage.hub().faults().on(Where.CDN).then(Fault.status(403));
    fails(12, "network", repo);
  }

  @Test
  void thirteenForHostileNames() throws Exception {
    HubRepo repo = stage.hub().model("org/hostile");
    Fixtures.hostile(repo, List.of("../x"));
    fails(13, "integrity", repo);
  }

  @Test
  void thirteenForContentThatStaysWrong() throws Exception {
    HubRepo repo = model();
    stage.hub().faults().on(Where.CDN).then(new Fault.WrongBytes(1000, 1));
    fails(13, "integrity", repo);
  }

  @Test
  void fourteenWhenThereIsNoRoom() throws Exception {
    fails(14, "storage", model(), "--min-free-space", "900TB");
  }

  @Test
  void sixteenWhenPartIsHereAndOffline() throws Exception {
    HubRepo repo = model();
    assertEquals(0, stage.program().run(stage.sync(repo, "config.json")).code());
    fails(16, "partial", repo, "--offline");
  }
}
