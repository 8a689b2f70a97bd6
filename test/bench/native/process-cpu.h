// CPU time (user and system) of another process, from /proc (proc(5), "stat"): in total, and by thread name.
#pragma once
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MAX_THREADS = 64 };

typedef struct {
  char name[32];
  double seconds;
} ThreadCpu;

typedef struct {
  double seconds;
  int threads;
  ThreadCpu thread[MAX_THREADS];
} ProcessCpu;

// The name is in brackets and may itself contain brackets and spaces, so fields are counted from the last bracket.
static double cpu_read(const char *path, char *name, size_t name_size) {
  char line[1024];
  FILE *file = fopen(path, "r");
  if (!file) return 0;
  line[fread(line, 1, sizeof line - 1, file)] = 0;
  fclose(file);
  char *opening = strchr(line, '('), *closing = strrchr(line, ')');
  unsigned long user = 0, system = 0;
  if (!opening || !closing) return 0;
  sscanf(closing + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
  if (name) snprintf(name, name_size, "%.*s", (int)(closing - opening - 1), opening + 1);
  return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

// Threads with the same name are added up: a pool is one number.
static void cpu_add_thread(ProcessCpu *cpu, const char *name, double seconds) {
  int i = 0;
  while (i < cpu->threads && strcmp(cpu->thread[i].name, name)) i++;
  if (i == MAX_THREADS) return;
  if (i == cpu->threads) snprintf(cpu->thread[cpu->threads++].name, sizeof cpu->thread[i].name, "%s", name);
  cpu->thread[i].seconds += seconds;
}

static void cpu_of_process(int pid, ProcessCpu *cpu) {
  char path[320], name[32];
  memset(cpu, 0, sizeof *cpu);
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  cpu->seconds = cpu_read(path, NULL, 0);
  snprintf(path, sizeof path, "/proc/%d/task", pid);
  DIR *tasks = opendir(path);
  for (struct dirent *task; tasks && (task = readdir(tasks));) {
    if (task->d_name[0] == '.') continue;
    snprintf(path, sizeof path, "/proc/%d/task/%s/stat", pid, task->d_name);
    name[0] = 0;
    double seconds = cpu_read(path, name, sizeof name);
    cpu_add_thread(cpu, name, seconds);
  }
  if (tasks) closedir(tasks);
}

static double cpu_of_thread(const ProcessCpu *cpu, const char *name) {
  for (int i = 0; i < cpu->threads; i++) {
    if (!strcmp(cpu->thread[i].name, name)) return cpu->thread[i].seconds;
  }
  return 0;
}
