package dev.exodl.demo;

import dev.exodl.model.Failure;
import dev.exodl.model.FailureException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A hub with one model, {@value DemoModel#REPO}, on a free port of loopback. Its protocol is the
 * part of the Hugging Face hub's that a download meets when all goes well.
 */
public final class DemoHub implements AutoCloseable {
  /** The narrowest model that still has four weight files worth the name, in bytes. */
  public static final long SMALLEST = 1 << 20;

  private static final long SECONDS = 10;

  private final TempFolder folder;
  private final DemoModel model;
  private final HubRoutes routes;
  private final Vertx vertx;
  private final URI endpoint;

  private DemoHub(TempFolder folder, DemoModel model, HubRoutes routes, Vertx vertx, int port) {
    this.folder = folder;
    this.model = model;
    this.routes = routes;
    this.vertx = vertx;
    this.endpoint = URI.create("http://127.0.0.1:" + port);
  }

  /** As {@link #start(long, Path)}, in the system's folder for temporary files. */
  public static DemoHub start(long modelBytes) {
    return start(modelBytes, Path.of(System.getProperty("java.io.tmpdir", "/tmp")));
  }

  /**
   * Makes the model and serves it.
   *
   * @param modelBytes about how large; at least {@link #SMALLEST}
   * @param temp where the model's files are until the hub is closed
   * @throws FailureException usage failure for a size out of range, storage failure when the model
   *     does not fit
   */
  public static DemoHub start(long modelBytes, Path temp) {
    if (modelBytes < SMALLEST) {
      throw new FailureException(
          new Failure.Usage(
              "a model of " + modelBytes + " bytes is too small to show anything",
              "--model-size",
              "give 1MiB or more"));
    }
    TempFolder folder = folder(temp, modelBytes);
    try {
      DemoModel model = DemoModel.make(folder.path(), modelBytes);
      return serve(folder, model);
    } catch (IOException e) {
      folder.close();
      throw disk("the demo model could not be written: " + e.getMessage(), temp, e);
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  private static TempFolder folder(Path temp, long modelBytes) {
    try {
      long free = Files.getFileStore(temp).getUsableSpace();
      if (free < modelBytes) {
        throw new FailureException(
            new Failure.Storage(
                "the demo model needs " + modelBytes + " bytes, " + free + " are free",
                temp.toString(),
                "give a smaller --model-size, or another folder in TMPDIR"));
      }
      return TempFolder.in(temp);
    } catch (IOException e) {
      throw disk("no folder for the demo model can be made: " + e.getMessage(), temp, e);
    }
  }

  private static FailureException disk(String what, Path where, IOException e) {
    return new FailureException(
        new Failure.Storage(what, where.toString(), "name a folder with enough space in TMPDIR"),
        e);
  }

  private static DemoHub serve(TempFolder folder, DemoModel model) {
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(2)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(2)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    HubRoutes routes = new HubRoutes(model);
    try {
      HttpServer server =
          await(
              vertx
                  .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
                  .requestHandler(routes::answer)
                  .listen());
      return new DemoHub(folder, model, routes, vertx, server.actualPort());
    } catch (ExecutionException | TimeoutException e) {
      vertx.close();
      throw new FailureException(
          new Failure.Network(
              "the demo hub cannot listen: " + e.getMessage(),
              "127.0.0.1",
              "see whether this system lets programs open ports on loopback"),
          e);
    }
  }

  private static <T> T await(Future<T> future) throws ExecutionException, TimeoutException {
    try {
      return future.toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TimeoutException("interrupted");
    }
  }

  /** What {@code --endpoint} takes. */
  public URI endpoint() {
    return endpoint;
  }

  /** The model's files. */
  DemoModel model() {
    return model;
  }

  /** Requests answered so far, of all kinds. */
  public int requests() {
    return routes.requests();
  }

  /**
   * Bytes of files sent so far. A range that the client broke off counts in full, so this is never
   * too little.
   */
  public long bytesServed() {
    return routes.bytes();
  }

  /** Stops serving and removes the model. May be called twice and from any thread. */
  @Override
  public void close() {
    Future<Void> closed = vertx.close();
    folder.close();
    try {
      await(closed);
    } catch (ExecutionException | TimeoutException e) {
      // Nothing is left that could matter: its threads end with the process.
    }
  }
}
