package dev.exodl.cluster;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;

/** What is wrong with a file or folder, in words for people. */
final class FileTrouble {
  private FileTrouble() {}

  /** Why it failed, to stand behind a colon; the file itself is told elsewhere. */
  static String why(Exception e) {
    Throwable cause = e.getCause();
    return switch (cause instanceof IOException ? cause : e) {
      case AccessDeniedException _ -> "permission denied";
      case NoSuchFileException _ -> "it is not there";
      case NotDirectoryException _ -> "a file is where a folder is needed";
      case FileAlreadyExistsException _ -> "something else with that name is there";
      case FileSystemLoopException _ -> "links lead in a circle";
      case CharacterCodingException _ -> "it is no plain text";
      case FileSystemException f when f.getReason() != null -> inside(f.getReason());
      default -> e.getMessage() == null ? "the system does not say why" : inside(e.getMessage());
    };
  }

  /** The system's own sentence, as a part of ours. */
  private static String inside(String sentence) {
    return sentence.isEmpty()
        ? sentence
        : sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
  }
}
