package dev.exodl.emulator;

import java.time.Instant;
import java.util.SortedMap;

/** A commit: its 40-hex id and all files at that state. */
public record RepoCommit(String sha, String title, Instant date, SortedMap<String, Blob> files) {}
