package dev.exodl.hub;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.exodl.fetch.SourceException;
import dev.exodl.fetch.Trouble;
import dev.exodl.model.BlobId;
import dev.exodl.model.Failure;
import dev.exodl.model.Hex;
import dev.exodl.model.Printable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One page of a tree listing: an array of items with {@code type}, {@code path}, {@code oid},
 * {@code size} and, for LFS files, {@code lfs: {oid, size}}, which is the true hash and size (the
 * top-level oid is the pointer's).
 */
final class TreePage {
  private TreePage() {}

  /** The files of a page; folders and what is neither are left out. */
  static List<ListedFile> read(Reply reply) throws SourceException {
    return HubJson.read(
        reply,
        json -> {
          List<ListedFile> files = new ArrayList<>();
          HubJson.expectArray(json, reply);
          while (json.nextToken() == JsonToken.START_OBJECT) {
            Item item = item(json);
            if (item.type.equals("file")) {
              files.add(item.checked(HubAddresses.shown(reply.address())));
            }
          }
          return files;
        });
  }

  private static final class Item {
    String type = "";
    String path = "";
    String oid = "";
    long size = -1;
    String lfsOid = "";
    long lfsSize = -1;
    boolean lfs;

    ListedFile checked(String where) throws SourceException {
      String hash = lfs ? lfsOid : oid;
      long bytes = lfs && lfsSize >= 0 ? lfsSize : size;
      if (path.isEmpty() || bytes < 0 || !Hex.is(hash, lfs ? 64 : 40)) {
        throw new SourceException(
            new Trouble.Refused(
                new Failure.Integrity(
                    "the listing's entry '" + Printable.of(path) + "' has no usable size and hash",
                    where,
                    "report it to whoever runs the endpoint")));
      }
      return new ListedFile(path, bytes, BlobId.of(hash));
    }
  }

  private static Item item(JsonParser json) throws IOException {
    Item item = new Item();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      JsonToken value = json.nextToken();
      switch (field) {
        case "type" -> item.type = HubJson.text(json);
        case "path" -> item.path = HubJson.text(json);
        case "oid" -> item.oid = HubJson.text(json);
        case "size" -> item.size = number(json);
        case "lfs" -> {
          if (value == JsonToken.START_OBJECT) {
            item.lfs = true;
            lfs(json, item);
          }
        }
        default -> json.skipChildren();
      }
    }
    return item;
  }

  private static void lfs(JsonParser json, Item item) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "oid" -> item.lfsOid = HubJson.text(json);
        case "size" -> item.lfsSize = number(json);
        default -> json.skipChildren();
      }
    }
  }

  private static long number(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      json.skipChildren();
      return -1;
    }
    return json.getLongValue();
  }
}
