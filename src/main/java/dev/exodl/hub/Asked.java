package dev.exodl.hub;

import dev.exodl.model.Repo;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What a request was about, for the messages about it.
 *
 * @param page where a person sees the repo
 * @param revision as asked for: a name, or a commit
 * @param path of a file, or null
 * @param withToken whether a token went along
 * @param tokenWithheld whether there is a token that did not go along, since the address is not at
 *     home
 */
record Asked(
    Repo repo,
    String page,
    String revision,
    @Nullable String path,
    boolean withToken,
    boolean tokenWithheld) {
  Asked(Repo repo, String page, String revision, @Nullable String path, boolean withToken) {
    this(repo, page, revision, path, withToken, false);
  }

  /** The same question asked at this address. */
  Asked at(URI address, HubAddresses addresses) {
    return addresses.isHome(address)
        ? this
        : new Asked(repo, page, revision, path, false, withToken);
  }

  String repoText() {
    return repo.type().word() + " " + repo.id();
  }
}
