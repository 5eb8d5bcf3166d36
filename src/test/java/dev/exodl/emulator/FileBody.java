package dev.exodl.emulator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/** Serves a content with ranges, or compressed. */
final class FileBody {

  private static final Set<String> TEXT =
      Set.of(
          "json",
          "txt",
          "md",
          "py",
          "yaml",
          "yml",
          "jinja",
          "csv",
          "tsv",
          "gitattributes",
          "xml",
          "html");

  private FileBody() {}

  /** 200, 206 or 416. */
  static Answer serve(Request request, RepoContent content, String etag) {
    long size = content.size();
    var ifRange = request.header("if-range");
    var header = ifRange == null || ifRange.equals(etag) ? request.header("range") : null;
    var range = ByteRange.parse(header, size);
    var answer = Answer.of(200).with("ETag", etag).with("Accept-Ranges", "bytes");
    if (range == null) {
      return answer.body(content, 0, size);
    }
    if (range.from() >= size) {
      return Answer.of(416).with("Content-Range", "bytes */" + size).with("ETag", etag);
    }
    return answer
        .status(206)
        .with("Content-Range", contentRange(range.from(), range.to(), size))
        .body(content, range.from(), range.to() - range.from());
  }

  static String contentRange(long from, long to, long size) {
    return "bytes " + from + "-" + (to - 1) + "/" + size;
  }

  static boolean isText(String path) {
    return TEXT.contains(path.substring(path.lastIndexOf('.') + 1));
  }

  /** The answer's body as gzip, chunked, without length or ranges. */
  static Answer compress(Answer answer) {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      var all = new byte[Math.toIntExact(answer.length())];
      answer.content().read(answer.offset(), all, 0, all.length);
      gzip.write(all);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var etag = answer.header("ETag");
    if (etag != null) {
      answer.replace("ETag", "W/" + etag);
    }
    return answer
        .without("Accept-Ranges")
        .with("Content-Encoding", "gzip")
        .with("Vary", "Accept-Encoding")
        .body(packed.toByteArray())
        .chunked();
  }
}
