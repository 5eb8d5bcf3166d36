package dev.exodl.hub;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import dev.exodl.model.Commit;
import dev.exodl.model.Failure;
import dev.exodl.model.Hex;
import dev.exodl.model.Printable;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads the hub's JSON answers as a stream; fields that are not known are passed over. */
final class HubJson {
  static final long LONGEST_BODY = 64L << 20;

  private static final JsonFactory JSON = new JsonFactory();

  /** Reads one shape of answer. */
  interface Shape<T> {
    T read(JsonParser json) throws IOException, SourceException;
  }

  private HubJson() {}

  /**
   * Reads a reply to its end and gives its connection back.
   *
   * @throws SourceException broken when it ended early; refused when it is not what the hub answers
   */
  static <T> T read(Reply reply, Shape<T> shape) throws SourceException {
    String where = HubAddresses.shown(reply.address());
    boolean whole = false;
    try (InputStream body = new BoundedBody(reply.body(), LONGEST_BODY);
        JsonParser json = JSON.createParser(body)) {
      T value = shape.read(json);
      json.nextToken();
      whole = true;
      return value;
    } catch (JsonEOFException e) {
      throw new SourceException(
          new Trouble.Broken(
              reply.address().getAuthority() + " broke off in the middle of an answer"),
          e);
    } catch (BoundedBody.TooLong | StreamConstraintsException e) {
      throw refused(
          new Failure.Integrity(
              "the hub's answer is endless or absurd: " + e.getMessage(),
              where,
              "report it to whoever runs the endpoint"),
          e);
    } catch (JsonProcessingException e) {
      throw refused(notTheHub(reply, "something that is not JSON"), e);
    } catch (IOException e) {
      throw new SourceException(
          new Trouble.Broken(
              "the answer of "
                  + reply.address().getAuthority()
                  + " broke off: "
                  + Printable.of(String.valueOf(e.getMessage()))),
          e);
    } finally {
      if (!whole) {
        reply.drop();
      }
    }
  }

  private static SourceException refused(Failure failure, Throwable cause) {
    return new SourceException(new Trouble.Refused(failure), cause);
  }

  private static Failure notTheHub(Reply reply, String what) {
    String type = reply.header("Content-Type");
    boolean html = type != null && type.startsWith("text/html");
    return new Failure.Network(
        reply.address().getAuthority()
            + " is not the hub, or a proxy is in between: it answered with "
            + (html ? "a web page" : what),
        HubAddresses.shown(reply.address()),
        "check HF_ENDPOINT, the proxy settings, and whether this network wants a log-in in a browser");
  }

  private static SourceException unexpected(Reply reply, String what) {
    return new SourceException(new Trouble.Refused(notTheHub(reply, what)));
  }

  /** {@code /api/models/ID/revision/REV}. */
  static RepoInfo repoInfo(Reply reply) throws SourceException {
    return read(
        reply,
        json -> {
          String sha = "";
          String id = "";
          boolean isPrivate = false;
          boolean isGated = false;
          expectObject(json, reply);
          while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            switch (field) {
              case "sha" -> sha = text(json);
              case "id" -> id = text(json);
              case "private" -> isPrivate = value == JsonToken.VALUE_TRUE;
              // false, "auto" or "manual"
              case "gated" ->
                  isGated = value == JsonToken.VALUE_TRUE || value == JsonToken.VALUE_STRING;
              default -> {}
            }
            json.skipChildren();
          }
          if (!Hex.is(sha, 40)) {
            throw unexpected(reply, "JSON without a commit");
          }
          return new RepoInfo(new Commit(sha), Printable.of(id), isPrivate, isGated);
        });
  }

  /** {@code /api/whoami-v2}. */
  static Whoami whoami(Reply reply) throws SourceException {
    return read(
        reply,
        json -> {
          String name = "";
          String type = "";
          String role = "";
          int depth = 0;
          String inside = "";
          expectObject(json, reply);
          for (JsonToken t = json.nextToken(); t != null && depth >= 0; t = json.nextToken()) {
            switch (t) {
              case START_OBJECT, START_ARRAY -> {
                depth++;
                inside = depth == 1 ? String.valueOf(json.currentName()) : inside;
              }
              case END_OBJECT, END_ARRAY -> depth--;
              case VALUE_STRING -> {
                String field = String.valueOf(json.currentName());
                if (depth == 0 && field.equals("name")) {
                  name = text(json);
                } else if (depth == 0 && field.equals("type")) {
                  type = text(json);
                } else if (field.equals("role") && inside.equals("auth")) {
                  role = text(json);
                }
              }
              default -> {}
            }
          }
          if (name.isEmpty()) {
            throw unexpected(reply, "JSON without a user's name");
          }
          return new Whoami(Printable.of(name), Printable.of(type), Printable.of(role));
        });
  }

  static void expectObject(JsonParser json, Reply reply) throws IOException, SourceException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw unexpected(reply, "JSON of another kind");
    }
  }

  static void expectArray(JsonParser json, Reply reply) throws IOException, SourceException {
    if (json.nextToken() != JsonToken.START_ARRAY) {
      throw unexpected(reply, "JSON of another kind");
    }
  }

  /** The current value as a text; empty when it is not one. */
  static String text(JsonParser json) throws IOException {
    @Nullable String value = json.currentToken() == JsonToken.VALUE_STRING ? json.getText() : null;
    return value == null ? "" : value;
  }
}
