/*
 * libsvm_container.a: the limits that a container or a systemd unit puts on this process, by cgroups(7), version 2 and 1. Names
 * and types from the @CFunction annotations of ContainerLibrary in svm.jar, result codes from its constants; bytes everywhere,
 * -1 for "no limit" or "not known". A limit of a folder holds for all below it, so the tightest on the way up counts.
 */
#include <limits.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { IS_NOT_CONTAINERIZED = 0, IS_CONTAINERIZED = 1, LIBRARY_TOO_OLD = 2, LIBRARY_TOO_NEW = 3 };

/* The contract that this file was written to: ContainerLibrary.VERSION. */
enum { CONTRACT = 240100 };

/* Where a controller's files of this process are: root is the mount point, or empty when there is none. */
typedef struct {
  char root[PATH_MAX];
  char folder[PATH_MAX];
} group;

static group memory, cpu;
static int version; /* of the cgroups, 0: none */

static int has_word(const char *list, const char *word, char separator) {
  size_t length = strlen(word);
  for (const char *at = list; at != NULL; at = strchr(at, separator)) {
    if (*at == separator) at++;
    if (strncmp(at, word, length) == 0 && (at[length] == separator || at[length] == '\0')) return 1;
  }
  return 0;
}

/* The path of this process in a hierarchy: proc(5), /proc/self/cgroup, lines "id:controllers:path". */
static int path_in(const char *controller, char *path, size_t size) {
  char line[PATH_MAX + 256];
  FILE *file = fopen("/proc/self/cgroup", "re");
  if (file == NULL) return 0;
  int found = 0;
  while (!found && fgets(line, sizeof line, file) != NULL) {
    line[strcspn(line, "\n")] = '\0';
    char *controllers = strchr(line, ':');
    char *where = controllers == NULL ? NULL : strchr(controllers + 1, ':');
    if (where == NULL) continue;
    *where++ = '\0';
    controllers++;
    found = version == 2 ? *controllers == '\0' : has_word(controllers, controller, ',');
    if (found) snprintf(path, size, "%s", where);
  }
  fclose(file);
  return found;
}

/* proc(5): mountinfo writes blanks, line breaks and backslashes (systemd's names have them) as \ and three octal digits. */
static void decode(char *text) {
  char *to = text;
  for (const char *from = text; *from != '\0'; to++) {
    unsigned value;
    if (*from == '\\' && sscanf(from + 1, "%3o", &value) == 1 && strspn(from + 1, "01234567") >= 3) {
      *to = (char)value;
      from += 4;
    } else {
      *to = *from++;
    }
  }
  *to = '\0';
}

/* The mount of a hierarchy: proc(5), /proc/self/mountinfo: "… root mountpoint options … - type source super-options". */
static int mount_of(const char *type, const char *controller, char *root, char *point) {
  char line[4 * PATH_MAX];
  FILE *file = fopen("/proc/self/mountinfo", "re");
  if (file == NULL) return 0;
  int found = 0;
  while (!found && fgets(line, sizeof line, file) != NULL) {
    char *rest = strstr(line, " - ");
    if (rest == NULL) continue;
    *rest = '\0';
    char found_type[64], options[1024];
    if (sscanf(rest + 3, "%63s %*s %1023s", found_type, options) != 2 || strcmp(found_type, type) != 0) continue;
    if (controller != NULL && !has_word(options, controller, ',')) continue;
    found = sscanf(line, "%*d %*d %*s %4095s %4095s", root, point) == 2;
  }
  fclose(file);
  if (found) {
    decode(root);
    decode(point);
  }
  return found;
}

static int exists(const char *folder) { return access(folder, R_OK | X_OK) == 0; }

static void locate(const char *type, const char *controller, group *g) {
  char root[PATH_MAX], path[PATH_MAX];
  g->root[0] = g->folder[0] = '\0';
  if (!mount_of(type, version == 2 ? NULL : controller, root, g->root)) return;
  if (!path_in(controller, path, sizeof path)) path[0] = '\0';
  /* A bind mount of the container's own folder shows its inside only: the path starts with the mount's root. */
  const char *below = path;
  size_t length = strcmp(root, "/") == 0 ? 0 : strlen(root);
  if (strncmp(path, root, length) == 0 && (path[length] == '/' || path[length] == '\0')) below = path + length;
  if (strcmp(below, "/") == 0) below = "";
  int whole = snprintf(g->folder, sizeof g->folder, "%s%s", g->root, below) < (int)sizeof g->folder;
  /* In a cgroup namespace, or where the host's path is not mounted, the mount point itself is ours. */
  if (!whole || strstr(below, "/..") != NULL || !exists(g->folder)) snprintf(g->folder, sizeof g->folder, "%s", g->root);
}

/* The first line of a file of the group, empty when there is none. */
static void first_line(const char *folder, const char *name, char *line, int size) {
  char path[PATH_MAX + 64];
  line[0] = '\0';
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "re");
  if (file == NULL) return;
  if (fgets(line, size, file) == NULL) line[0] = '\0';
  line[strcspn(line, "\n")] = '\0';
  fclose(file);
}

/* "max", nothing, and what version 1 writes for "no limit" (the largest multiple of a page) are all -1. */
static int64_t amount(const char *text) {
  if (*text < '0' || *text > '9') return -1;
  unsigned long long value = strtoull(text, NULL, 10);
  return value >= INT64_MAX - 1024 * 1024 ? -1 : (int64_t)value;
}

static int64_t here(const group *g, const char *name) {
  char line[64];
  if (g->root[0] == '\0') return -1;
  first_line(g->folder, name, line, sizeof line);
  return amount(line);
}

/* The least value of a limit from the group's folder up to the mount point. */
static int64_t tightest(const group *g, int64_t (*limit)(const char *folder)) {
  char folder[PATH_MAX];
  int64_t least = -1;
  if (g->root[0] == '\0') return -1;
  snprintf(folder, sizeof folder, "%s", g->folder);
  for (;;) {
    int64_t value = limit(folder);
    if (value >= 0 && (least < 0 || value < least)) least = value;
    char *slash = strrchr(folder, '/');
    if (strlen(folder) <= strlen(g->root) || slash == NULL) return least;
    *slash = '\0';
  }
}

static int64_t limit_named(const char *folder, const char *name) {
  char line[64];
  first_line(folder, name, line, sizeof line);
  return amount(line);
}

static int64_t memory_limit(const char *folder) {
  return limit_named(folder, version == 2 ? "memory.max" : "memory.limit_in_bytes");
}

/* Version 2 counts swap apart from memory. */
static int64_t memory_and_swap_limit(const char *folder) {
  if (version == 1) return limit_named(folder, "memory.memsw.limit_in_bytes");
  int64_t memory_part = limit_named(folder, "memory.max");
  int64_t swap_part = limit_named(folder, "memory.swap.max");
  return memory_part < 0 || swap_part < 0 ? -1 : memory_part + swap_part;
}

static int64_t soft_limit(const char *folder) {
  return limit_named(folder, version == 2 ? "memory.high" : "memory.soft_limit_in_bytes");
}

/* Whole processors that the quota amounts to, rounded up. */
static int64_t processors(const char *folder) {
  char line[64];
  long long quota = -1, period = -1;
  if (version == 2) {
    first_line(folder, "cpu.max", line, sizeof line);
    if (sscanf(line, "%lld %lld", &quota, &period) != 2) return -1;
  } else {
    quota = limit_named(folder, "cpu.cfs_quota_us");
    period = limit_named(folder, "cpu.cfs_period_us");
  }
  return quota <= 0 || period <= 0 ? -1 : (quota + period - 1) / period;
}

/* A value of memory.stat, lines "name value". */
static int64_t counted(const char *name) {
  char path[PATH_MAX + 64];
  char line[128];
  size_t length = strlen(name);
  int64_t value = -1;
  if (memory.root[0] == '\0') return -1;
  snprintf(path, sizeof path, "%s/memory.stat", memory.folder);
  FILE *file = fopen(path, "re");
  if (file == NULL) return -1;
  while (value < 0 && fgets(line, sizeof line, file) != NULL) {
    if (strncmp(line, name, length) == 0 && line[length] == ' ') value = amount(line + length + 1);
  }
  fclose(file);
  return value;
}

/*
 * Finds the groups of this process. The argument is the contract that the image was built with; a process with neither a memory
 * limit nor a quota is not in a container as far as memory and processors go.
 */
int svm_container_initialize(int contract) {
  char root[PATH_MAX], point[PATH_MAX];
  if (contract != CONTRACT) return contract > CONTRACT ? LIBRARY_TOO_OLD : LIBRARY_TOO_NEW;
  memory.root[0] = cpu.root[0] = '\0';
  /* Where both are mounted ("hybrid"), version 1 has the controllers. */
  version = mount_of("cgroup", "memory", root, point) ? 1 : mount_of("cgroup2", NULL, root, point) ? 2 : 0;
  if (version == 0) return IS_NOT_CONTAINERIZED;
  const char *type = version == 2 ? "cgroup2" : "cgroup";
  locate(type, "memory", &memory);
  locate(type, "cpu", &cpu);
  int limited = tightest(&memory, memory_limit) >= 0 || tightest(&cpu, processors) >= 0;
  return limited ? IS_CONTAINERIZED : IS_NOT_CONTAINERIZED;
}

/* Of the machine, not of the container. */
size_t svm_container_physical_memory(void) { return (size_t)sysconf(_SC_PHYS_PAGES) * (size_t)sysconf(_SC_PAGESIZE); }

long svm_container_memory_limit_in_bytes(void) { return tightest(&memory, memory_limit); }

long svm_container_memory_and_swap_limit_in_bytes(void) { return tightest(&memory, memory_and_swap_limit); }

long svm_container_memory_soft_limit_in_bytes(void) { return tightest(&memory, soft_limit); }

long svm_container_memory_usage_in_bytes(void) {
  return here(&memory, version == 2 ? "memory.current" : "memory.usage_in_bytes");
}

long svm_container_memory_max_usage_in_bytes(void) {
  return here(&memory, version == 2 ? "memory.peak" : "memory.max_usage_in_bytes");
}

long svm_container_rss_usage_in_bytes(void) { return counted(version == 2 ? "anon" : "rss"); }

long svm_container_cache_usage_in_bytes(void) { return counted(version == 2 ? "file" : "cache"); }

/* What the affinity allows, and no more than the quota. */
int svm_container_active_processor_count(void) {
  cpu_set_t set;
  long allowed = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : sysconf(_SC_NPROCESSORS_ONLN);
  int64_t quota = tightest(&cpu, processors);
  if (quota > 0 && quota < allowed) allowed = quota;
  return allowed > 0 ? (int)allowed : 1;
}
