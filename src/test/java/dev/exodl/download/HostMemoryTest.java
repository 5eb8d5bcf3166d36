package dev.exodl.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostMemoryTest {
  @TempDir Path root;

  private void file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private long available() {
    return new HostMemory(root.resolve("proc"), root.resolve("groups")).available();
  }

  @Test
  void whatTheKernelSaysIsAvailable() throws IOException {
    file("proc/meminfo", "MemTotal:  8000000 kB\nMemFree:  1000 kB\nMemAvailable:    5000 kB\n");
    assertEquals(5000L << 10, available());
  }

  @Test
  void notMoreThanTheLimitsOfGroupsLeave() throws IOException {
    file("proc/meminfo", "MemAvailable:    5000 kB\n");
    file("proc/self/cgroup", "1:name=old:/elsewhere\n0::/outer/inner\n");
    file("groups/outer/inner/memory.max", "max\n");
    file("groups/outer/memory.max", "3000000\n");
    file("groups/outer/memory.current", "1000000\n");
    file("groups/elsewhere/memory.max", "1\n");
    assertEquals(2_000_000, available());
    file("groups/outer/inner/memory.max", "1500000\n");
    assertEquals(1_500_000, available());
    file("groups/outer/memory.current", "4000000\n");
    assertEquals(1, available(), "never nothing");
  }

  @Test
  void whatIsKeptOfFilesInMemoryIsNotInTheWay() throws IOException {
    file("proc/self/cgroup", "0::/group\n");
    file("groups/group/memory.max", "3000000\n");
    file("groups/group/memory.current", "2900000\n");
    String stat = "anon 1\nfile 2500000\ninactive_file 1500000\nactive_file 800000\nshmem 200000\n";
    file("groups/group/memory.stat", stat);
    assertEquals(2_400_000, available());
    file("groups/group/memory.current", "2000000\n");
    assertEquals(3_000_000, available(), "never more than the limit");
  }

  @Test
  void whereNothingIsToldWhatThisProcessMayHave() throws IOException {
    assertEquals(Runtime.getRuntime().maxMemory(), available());
    file("proc/meminfo", "MemAvailable: lots\n");
    file("proc/self/cgroup", "0::/../../etc\n");
    assertEquals(Runtime.getRuntime().maxMemory(), available());
  }

  @Test
  void thisHostHasSome() {
    assertTrue(HostMemory.HERE.available() > 1 << 20);
  }
}
