/*
 * liblibchelper.a: what the image's Java code calls in C besides libc (1): process, threads, non-variadic faces of
 * variadic functions, the time zone. The names come from the @CFunction annotations of LibCHelper, LinuxLibCHelper,
 * CodeSynchronizationOperations, Fcntl and PosixVMThreads in svm.jar, the types from their Java signatures.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

extern char **environ;

/* LibCHelper.getEnviron */
char **getEnviron(void) { return environ; }

/* LinuxLibCHelper.getThreadId */
int getThreadId(void) { return (int)syscall(SYS_gettid); }

/*
 * LinuxLibCHelper.getThreadUserTimeSlow: nanoseconds of user time of a thread of this process, -1 when it is unknown.
 * proc(5): field 14 of /proc/self/task/TID/stat, in clock ticks; the name in field 2 may hold spaces and parentheses.
 */
long getThreadUserTimeSlow(int tid) {
  char path[64], line[1024];
  snprintf(path, sizeof path, "/proc/self/task/%d/stat", tid);
  FILE *file = fopen(path, "re");
  if (file == NULL) return -1;
  size_t length = fread(line, 1, sizeof line - 1, file);
  fclose(file);
  line[length] = '\0';
  char *after_name = strrchr(line, ')');
  unsigned long ticks;
  if (after_name == NULL
      || sscanf(after_name + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu", &ticks) != 1) {
    return -1;
  }
  return (long)(ticks * (1000000000UL / (unsigned long)sysconf(_SC_CLK_TCK)));
}

/* Fcntl.NoTransitions.open, openat */
int openSII(const char *path, int flags, int mode) { return open(path, flags, mode); }

int openatISII(int folder, const char *path, int flags, int mode) { return openat(folder, path, flags, mode); }

/* PosixVMThreads.fprintfSD: the format takes a string and an int */
int fprintfSD(FILE *stream, const char *format, const char *text, int number) {
  return fprintf(stream, format, text, number);
}

/* LinuxLibCHelper.NoTransitions.mremapP */
void *mremapP(void *old, size_t old_size, size_t new_size, int flags, void *target) {
  return mremap(old, old_size, new_size, flags, target);
}

/* CodeSynchronizationOperations.clearCache: start address and length of freshly written machine code */
void codeSynchronization_clearCache(long start, long length) {
  __builtin___clear_cache((char *)start, (char *)start + length);
}

/*
 * LibCHelper.SVM_FindJavaTZmd: the host's zone as a Java zone id, by libjava's TimeZone_md.c; the caller frees it. The zone
 * mappings that it is given are for other systems: on Linux that function does not look at its argument.
 */
extern char *findJavaTZ_md(const char *java_home);

char *SVM_FindJavaTZmd(const char *mappings, int length) { return findJavaTZ_md(mappings); }
