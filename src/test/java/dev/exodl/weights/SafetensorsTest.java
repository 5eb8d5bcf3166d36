package dev.exodl.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.exodl.emulator.LayeredModel;
import dev.exodl.model.ByteRange;
import dev.exodl.model.ExitCode;
import dev.exodl.model.FailureException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
  private static Header read(String json, long data) {
    byte[] head = LayeredModel.header(json);
    return Safetensors.read("m.safetensors", head, head.length + data);
  }

  @Test
  void tensorsComeInTheOrderOfTheFile() {
    String json =
        """
        {"__metadata__":{"format":"pt"},
         "b":{"dtype":"F32","shape":[2,3],"data_offsets":[8,32]},
         "none":{"dtype":"I8","shape":[0,7],"data_offsets":[8,8]},
         "a":{"dtype":"F16","shape":[4],"data_offsets":[0,8]},
         "one":{"dtype":"U8","shape":[],"data_offsets":[32,33],"more":[1,{"x":2}]},
         "half":{"dtype":"F4","shape":[2],"data_offsets":[33,34]}}""";
    Header header = read(json, 34);
    long start = header.dataStart();
    assertEquals(LayeredModel.header(json).length, start);
    assertEquals(Map.of("format", "pt"), header.metadata());
    assertEquals(
        List.of("a", "none", "b", "one", "half"),
        header.tensors().stream().map(Tensor::name).toList());
    assertEquals(
        new Tensor("b", "F32", List.of(2L, 3L), new ByteRange(start + 8, start + 32)),
        header.tensors().get(2));
  }

  @Test
  void ofAHundredThousandTensorsToo() {
    StringBuilder json = new StringBuilder("{");
    for (int i = 0; i < 100_000; i++) {
      json.append(i == 0 ? "" : ",")
          .append("\"model.layers." + i % 60 + ".mlp.experts." + i + ".weight\":")
          .append("{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[" + i + "," + (i + 1) + "]}");
    }
    Header header = read(json.append('}').toString(), 100_000);
    assertEquals(100_000, header.tensors().size());
    assertEquals(header.dataStart() + 99_999, header.tensors().getLast().at().offset());
  }

  @Test
  void dataAfterALongHeaderIsNoPartOfIt() {
    StringBuilder json = new StringBuilder("{");
    for (int i = 0; i < 500; i++) {
      json.append(i == 0 ? "" : ",")
          .append("\"model.layers." + i + ".x\":")
          .append("{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[" + i + "," + (i + 1) + "]}");
    }
    byte[] head = LayeredModel.header(json.append('}').toString());
    byte[] file = Arrays.copyOf(head, head.length + 500);
    Arrays.fill(file, head.length, file.length, (byte) 0xff);
    assertEquals(500, Safetensors.read("m.safetensors", file, file.length).tensors().size());
  }

  @Test
  void ofAFileWithoutTensorsToo() {
    assertEquals(List.of(), read("{}", 0).tensors());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a':{'dtype':'U8','shape':[4],'data_offsets':[0,4]}} | 3 | ends after the file",
        "{'a':{'dtype':'U8','shape':[4],'data_offsets':[0,4]}} | 5 | at its end belong to no tensor",
        "{'a':{'dtype':'U8','shape':[4],'data_offsets':[1,5]}} | 5 | belong to no tensor",
        "{'a':{'dtype':'U8','shape':[4],'data_offsets':[0,4]},"
            + "'b':{'dtype':'U8','shape':[4],'data_offsets':[3,7]}} | 7 | overlaps",
        "{'a':{'dtype':'U8','shape':[2],'data_offsets':[0,2]},"
            + "'b':{'dtype':'U8','shape':[2],'data_offsets':[0,2]}} | 2 | overlaps",
        "{'a':{'dtype':'U8','shape':[2],'data_offsets':[0,2]},"
            + "'a':{'dtype':'U8','shape':[2],'data_offsets':[2,4]}} | 4 | JSON cannot be read",
        "{'a':{'dtype':'U8','dtype':'I8','shape':[2],'data_offsets':[0,2]}} | 2 | JSON cannot be read",
        "{'a':{'dtype':'F16','shape':[2],'data_offsets':[0,2]}} | 2 | its shape and F16 make 4",
        "{'a':{'dtype':'F4','shape':[3],'data_offsets':[0,2]}} | 2 | no whole number of bytes",
        "{'a':{'dtype':'X9','shape':[2],'data_offsets':[0,2]}} | 2 | unknown type",
        "{'a':{'dtype':'U8','shape':[4294967296,4294967296],'data_offsets':[0,0]}} | 0 | larger than any file",
        "{'a':{'dtype':'U8','shape':[-2],'data_offsets':[0,2]}} | 2 | no whole number",
        "{'a':{'dtype':'U8','shape':[2.5],'data_offsets':[0,2]}} | 2 | no whole number",
        "{'a':{'dtype':'U8','shape':[2],'data_offsets':[4,2]}} | 2 | impossible",
        "{'a':{'dtype':'U8','shape':[2],'data_offsets':[9223372036854775805,9223372036854775807]}} | 2"
            + " | impossible",
        "{'a':{'dtype':'U8','shape':[2],'data_offsets':[0,99999999999999999999]}} | 2 | JSON cannot be read",
        "{'a':{'dtype':'U8','shape':[2],'data_offsets':[0,1,2]}} | 2 | two data_offsets",
        "{'a':{'dtype':'U8','data_offsets':[0,2]}} | 2 | lacks dtype",
        "{'a':{'dtype':'U8','shape':7,'data_offsets':[0,2]}} | 2 | no array",
        "{'a':7} | 0 | is no object",
        "{'__metadata__':7} | 0 | is no object",
        "{'__metadata__':{'a':7}} | 0 | is no text",
        "{} {} | 0 | goes on after its end",
        "{ | 0 | JSON cannot be read",
        "[] | 0 | does not begin with {",
      })
  void whatDoesNotFitIsRefused(String json, long data, String what) {
    FailureException e =
        assertThrows(FailureException.class, () -> read(json.replace('\'', '"'), data));
    assertEquals(ExitCode.INTEGRITY, e.failure().exitCode());
    assertTrue(e.failure().what().contains(what), e.getMessage());
    assertEquals("m.safetensors", e.failure().where());
  }

  @Test
  void soManyTensorsThatTheyFillTheMemoryAreRefused() {
    String begin = "{\"0\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}";
    ByteBuffer head = ByteBuffer.allocate(70_000_000).order(ByteOrder.LITTLE_ENDIAN);
    head.putLong(head.capacity() - 8).put(begin.getBytes(StandardCharsets.US_ASCII));
    for (int i = 1; i <= 1_000_000; i++) {
      String next = begin.replace("{\"0", ",\"" + i);
      head.put(next.getBytes(StandardCharsets.US_ASCII));
    }
    head.put((byte) '}');
    while (head.hasRemaining()) {
      head.put((byte) ' ');
    }
    FailureException e =
        assertThrows(
            FailureException.class, () -> Safetensors.read("f", head.array(), head.capacity()));
    assertEquals("it would have over 1000000 tensors", e.failure().what());
  }

  @Test
  void aShapeThatIsAsLongAsAHeaderIsRefused() {
    String json = "{\"a\":{\"dtype\":\"U8\",\"shape\":[1%s],\"data_offsets\":[0,1]}}";
    assertEquals(64, read(json.formatted(",1".repeat(63)), 1).tensors().getFirst().shape().size());
    String longer = json.formatted(",1".repeat(64));
    FailureException e = assertThrows(FailureException.class, () -> read(longer, 1));
    assertEquals("tensor 'a' has over 64 dimensions", e.failure().what());
  }

  @Test
  void blanksBeforeTheHeaderAreRefused() {
    assertThrows(FailureException.class, () -> read(" {}", 0));
  }

  @Test
  void lengthsThatCannotBeAreRefusedBeforeTheHeaderIsThere() {
    for (long length : new long[] {100_000_001, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
      assertTrue(refused(length, Long.MAX_VALUE).contains("over 100 MB"));
    }
    assertTrue(refused(1000, 1007).contains("in a file of 1007"));
    assertEquals(1008, Safetensors.headerBytes("f", eight(1000), 1008));
    assertEquals(100_000_008, Safetensors.headerBytes("f", eight(100_000_000), 200_000_000));
    assertThrows(FailureException.class, () -> Safetensors.headerBytes("f", new byte[7], 7));
  }

  private static String refused(long length, long fileSize) {
    return assertThrows(
            FailureException.class, () -> Safetensors.headerBytes("f", eight(length), fileSize))
        .failure()
        .what();
  }

  private static byte[] eight(long length) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
  }
}
